#include "app/inside-parts.h"

#include <math.h>
#include <string.h>

static void look_at_tokens(HfPart *part, const float *start, const Neighbours *neighbours, guint index) {
  part->looks = g_new0(TokenLook, part->rows + 1);
  for (int t = 0; t < part->rows; t++) {
    const size_t at = (size_t)t * (size_t)part->width;
    part->looks[t] = (TokenLook){
        .cosine = NAN, .turned = start ? hf_part_cosine(part->numbers + at, start + at, part->width) : NAN};
  }
  if (neighbours)
    neighbours_find(neighbours, index, part->numbers, part->rows, part->width, part->looks);
}

static HfPart *make_part(const ManipulationPart *from, const float *numbers, const float *start,
                         const Neighbours *neighbours, guint index) {
  HfPart *part = g_new0(HfPart, 1);
  const Shape *shape = &from->shape;
  bool tokens = from->token_axis >= 0;
  int axis = tokens ? from->token_axis : MAX(from->channel_axis, 0);
  int64_t rows = shape->rank ? shape->dim[axis] : 1, rest = shape_count(shape) / MAX(rows, 1);
  bool plane = !tokens && shape->rank >= 2 && axis != shape->rank - 1;
  part->site = g_strdup(from->site->alias ? from->site->alias : from->site->name);
  part->kind = tokens ? PART_TOKENS : PART_CHANNELS;
  part->rows = (int)rows;
  part->width = plane ? (int)shape->dim[shape->rank - 1] : tokens ? (int)rest : 1;
  part->height = part->width ? (int)(rest / part->width) : 0;
  memcpy(part->halves, from->halves, sizeof part->halves);
  part->numbers = hf_part_turned(numbers, shape->dim, shape->rank, axis);
  if (tokens) {
    g_autofree float *before = start ? hf_part_turned(start, shape->dim, shape->rank, axis) : NULL;
    look_at_tokens(part, before, neighbours, index);
  }
  return part;
}

GPtrArray *inside_parts(const GArray *parts, const Tensor *pattern, const Tensor *start,
                        const Neighbours *neighbours) {
  g_autoptr(GPtrArray) made = hf_parts_new();
  int64_t count = tensor_count(pattern);
  bool same = start && tensor_count(start) == count;
  for (guint i = 0; i < parts->len; i++) {
    const ManipulationPart *part = &g_array_index(parts, ManipulationPart, i);
    bool inside = part->site && part->site->location != LOCATION_INPUT;
    if (inside && part->first + shape_count(&part->shape) <= count)
      g_ptr_array_add(made, make_part(part, tensor_floats(pattern) + part->first,
                                      same ? tensor_floats(start) + part->first : NULL, neighbours, i));
  }
  return made->len ? g_steal_pointer(&made) : NULL;
}
