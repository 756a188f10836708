/* The patterns of a program: their leaves, their nodes at the input and inside f, and their numbers as they
 * are now. */
#include "engine/program-internal.h"

#include <string.h>

static ValueId add_leaf(Program *self, const Manipulation *manipulation, guint i) {
  g_autofree char *name = i ? g_strdup_printf("pattern %u", i + 1) : g_strdup("pattern");
  return program_add_parameter(self, name, manipulation->parameters,
                               manipulation->format == FORMAT_LEARNABLE);
}

ValueId program_add_manipulations(Program *self, GPtrArray *manipulations, const char *when, ValueId x) {
  for (guint i = 0; i < manipulations->len; i++) {
    Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (manipulation->parts || !settings_is(manipulation->settings, "add", when))
      continue;
    x = manipulation->kind->build(manipulation, self->graph, x, add_leaf(self, manipulation, i));
    self->pattern = self->pattern
                        ? GRAPH_ADD(self->graph, "Add", "patterns", self->pattern, manipulation->pattern)
                        : manipulation->pattern;
  }
  return x;
}

GArray *program_import(Program *self, const FrozenModel *model, GPtrArray *manipulations,
                       const ValueId *inputs) {
  g_autoptr(GArray) splices = g_array_new(FALSE, FALSE, sizeof(Splice));
  for (guint i = 0; manipulations && i < manipulations->len; i++) {
    Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (manipulation->parts)
      manipulation_splice(manipulation, self->graph, add_leaf(self, manipulation, i), splices);
  }
  return splice_import(self->graph, model, inputs, (const Splice *)(const void *)splices->data,
                       (int)splices->len);
}

ValueId program_channel_means(Program *self, const Site *site, ValueId value) {
  int64_t axes[TENSOR_MAX_RANK];
  int n = 0;
  for (int d = 1; d < site->shape.rank; d++)
    if (d != site->channel_axis)
      axes[n++] = d;
  if (n == 0)
    return value;
  ValueId means = GRAPH_ADD(self->graph, "ReduceMean", "means of channels", value);
  if (means) {
    node_set_ints(graph_last(self->graph), "axes", n, axes);
    node_set_int(graph_last(self->graph), "keepdims", 0);
  }
  return means;
}

static bool plan_pattern(Program *self, GError **error) {
  ValueId outputs[] = {self->pattern, VALUE_NONE};
  PlanOptions options = {.batch = 1, .outputs = outputs};
  self->pattern_plan = plan_new(self->graph, &options, error);
  self->pattern_workspace = self->pattern_plan ? workspace_new(self->pattern_plan, error) : NULL;
  if (!self->pattern_workspace)
    g_clear_pointer(&self->pattern_plan, plan_free);
  return self->pattern_workspace != NULL;
}

/* The sum of the patterns at the input; NULL where it cannot be had.  Borrowed. */
static const Tensor *input_pattern(Program *self, GError **error) {
  if (!self->pattern_workspace && !plan_pattern(self, error))
    return NULL;
  return workspace_forward(self->pattern_workspace, NULL)
             ? workspace_output(self->pattern_workspace, self->pattern)
             : NULL;
}

/* The pattern at the input, then the numbers of those inside f (manipulation.h). */
static Tensor *whole_pattern(Program *self, GPtrArray *manipulations, const Shape *shape, GError **error) {
  g_autoptr(Tensor) pattern = tensor_new(TENSOR_FLOAT32, shape, error);
  if (!pattern)
    return NULL;
  float *to = tensor_floats(pattern);
  if (self->pattern) {
    const Tensor *input = input_pattern(self, error);
    if (!input)
      return NULL;
    memcpy(to, input->data, tensor_bytes(input));
    to += tensor_count(input);
  }
  for (guint i = 0; manipulations && i < manipulations->len; i++) {
    const Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (!manipulation->parts)
      continue;
    memcpy(to, manipulation->parameters->data, tensor_bytes(manipulation->parameters));
    to += tensor_count(manipulation->parameters);
  }
  return g_steal_pointer(&pattern);
}

Tensor *program_pattern(Program *self, GError **error) {
  Shape shape = SHAPE(self->channels, self->height, self->width);
  if (self->manipulations && self->manipulations->len > 0)
    shape = manipulation_pattern_shape(self->manipulations);
  return whole_pattern(self, self->manipulations, &shape, error);
}

Tensor *program_first_pattern(GPtrArray *manipulations, GError **error) {
  const Manipulation *first = g_ptr_array_index(manipulations, 0);
  g_autoptr(Program) self = g_new0(Program, 1);
  self->parameters = g_array_new(FALSE, FALSE, sizeof(Parameter));
  self->graph = graph_new();
  Shape picture = SHAPE(1, first->channels, first->height, first->width);
  ValueId x = graph_input(self->graph, "picture", TENSOR_FLOAT32, &picture);
  x = program_add_manipulations(self, manipulations, "before", x);
  program_add_manipulations(self, manipulations, "after", x);
  Shape shape = manipulation_pattern_shape(manipulations);
  return whole_pattern(self, manipulations, &shape, error);
}
