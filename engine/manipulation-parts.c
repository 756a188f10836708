/* Methods inside f: their tables, the splices that put them in, and what a pattern of them looks like. */
#include "engine/error.h"
#include "engine/manipulation.h"

#include <string.h>

#define MOST_NUMBERS ((int64_t)1 << 28) /* in a pattern: 1 GiB */

ManipulationPart *manipulation_add_part(Manipulation *self, const Site *site) {
  ManipulationPart *part = g_new0(ManipulationPart, 1);
  *part = (ManipulationPart){.site = site, .token_axis = -1, .channel_axis = -1, .self = self};
  g_ptr_array_add(self->parts, part);
  return part;
}

/* The shape of several tables in one: see manipulation.h. */
static Shape joined_shape(const ManipulationPart *const *parts, guint n) {
  int64_t total = 0;
  bool equal = n > 0 && parts[0]->shape.rank < TENSOR_MAX_RANK;
  for (guint i = 0; i < n; i++) {
    total += shape_count(&parts[i]->shape);
    equal = equal && shape_equal(&parts[i]->shape, &parts[0]->shape);
  }
  if (n == 1)
    return parts[0]->shape;
  if (!equal)
    return SHAPE(total);
  Shape shape = {.rank = parts[0]->shape.rank + 1, .dim = {(int64_t)n}};
  for (int d = 0; d < parts[0]->shape.rank; d++)
    shape.dim[d + 1] = parts[0]->shape.dim[d];
  return shape;
}

bool manipulation_allocate(Manipulation *self, GError **error) {
  int64_t total = 0;
  for (guint i = 0; i < self->parts->len; i++) {
    ManipulationPart *part = g_ptr_array_index(self->parts, i);
    int64_t count = shape_count(&part->shape);
    if (count < 0 || count > MOST_NUMBERS - total)
      return input_error(error, "the method %s would have more than %" G_GINT64_FORMAT " numbers here",
                         self->kind->name, MOST_NUMBERS);
    part->first = total;
    total += count;
  }
  Shape shape = joined_shape((const ManipulationPart *const *)self->parts->pdata, self->parts->len);
  self->parameters = tensor_new(TENSOR_FLOAT32, &shape, error);
  self->trainable = total;
  return self->parameters != NULL;
}

static ValueId ints(Graph *graph, int n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(graph, "numbers", tensor);
}

/* The part's table out of all numbers. */
static ValueId cut_table(const ManipulationPart *part, Graph *graph, ValueId row) {
  int64_t from = part->first, to = part->first + shape_count(&part->shape);
  ValueId cut = GRAPH_ADD(graph, "Slice", "part's numbers", row, ints(graph, 1, &from), ints(graph, 1, &to));
  ValueId table =
      GRAPH_ADD(graph, "Reshape", "part's table", cut, ints(graph, part->shape.rank, part->shape.dim));
  if (table) /* a table without tokens has an axis of 0 */
    node_set_int(graph_last(graph), "allowzero", 1);
  return table;
}

void manipulation_splice(Manipulation *self, Graph *graph, ValueId numbers, GArray *splices) {
  ValueId row = numbers;
  if (self->parts->len > 1)
    row = GRAPH_ADD(graph, "Reshape", "all numbers", numbers, ints(graph, 1, (int64_t[]){-1}));
  for (guint i = 0; i < self->parts->len; i++) {
    ManipulationPart *part = g_ptr_array_index(self->parts, i);
    part->table = self->parts->len > 1 ? cut_table(part, graph, row) : numbers;
    Splice splice = {part->site, part->build, part, part->tokens, part->position};
    g_array_append_val(splices, splice);
  }
}

ValueId manipulation_insert_tokens(void *data, Graph *graph, ValueId x) {
  const ManipulationPart *part = data;
  return tokens_insert(graph, x, part->site->token_axis, part->position, part->table);
}

ValueId manipulation_overwrite_tokens(void *data, Graph *graph, ValueId x) {
  const ManipulationPart *part = data;
  int64_t count = part->shape.dim[part->token_axis];
  return tokens_overwrite(graph, x, part->site->token_axis, part->position, count, part->table);
}

GArray *manipulation_parts(GPtrArray *manipulations, const FrozenModel *model) {
  GArray *all = g_array_new(FALSE, TRUE, sizeof(ManipulationPart));
  int64_t first = 0;
  for (guint i = 0; i < manipulations->len && all->len == 0; i++) {
    Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (manipulation->parts)
      continue;
    ManipulationPart part = {.site = frozen_model_site(model, "input"),
                             .shape =
                                 SHAPE(manipulation->channels, manipulation->height, manipulation->width),
                             .token_axis = -1,
                             .channel_axis = 0,
                             .self = manipulation};
    first = shape_count(&part.shape);
    g_array_append_val(all, part);
  }
  for (guint i = 0; i < manipulations->len; i++) {
    const Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    for (guint k = 0; manipulation->parts && k < manipulation->parts->len; k++) {
      ManipulationPart part = *(ManipulationPart *)g_ptr_array_index(manipulation->parts, k);
      part.first = first;
      first += shape_count(&part.shape);
      g_array_append_val(all, part);
    }
  }
  return all;
}

Shape manipulation_pattern_shape(GPtrArray *manipulations) {
  const Manipulation *only = NULL;
  int64_t total = 0, pictures = 0;
  for (guint i = 0; i < manipulations->len; i++) {
    const Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    int64_t count = (int64_t)manipulation->channels * manipulation->height * manipulation->width;
    if (manipulation->parts)
      total += tensor_count(manipulation->parameters);
    else
      pictures = count;
    only = manipulation;
  }
  if (total > 0 && (pictures > 0 || manipulations->len > 1))
    return SHAPE(total + pictures);
  return only->parts ? only->parameters->shape : SHAPE(only->channels, only->height, only->width);
}

static bool is_estimated(const Manipulation *manipulation) {
  return manipulation->parts && manipulation->format == FORMAT_FIXED;
}

bool manipulation_any_estimated(GPtrArray *manipulations) {
  for (guint i = 0; i < manipulations->len; i++)
    if (is_estimated(g_ptr_array_index(manipulations, i)))
      return true;
  return false;
}

bool manipulation_take_estimates(GPtrArray *manipulations, const Tensor *pattern) {
  Shape shape = manipulation_pattern_shape(manipulations);
  int64_t left = tensor_count(pattern);
  if (shape_count(&shape) != left)
    return false;
  for (guint i = manipulations->len; i-- > 0;) {
    const Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (!manipulation->parts)
      continue;
    left -= tensor_count(manipulation->parameters);
    if (is_estimated(manipulation))
      memcpy(manipulation->parameters->data, tensor_floats(pattern) + left,
             tensor_bytes(manipulation->parameters));
  }
  return true;
}
