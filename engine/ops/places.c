#include "engine/ops/places.h"

#include "engine/ops/support.h"

static bool refuse(const Shape *data, const Shape *indices, GError **error) {
  g_autofree char *text = shape_text(data), *other = shape_text(indices);
  return input_error(error, "indices of shape %s do not fit data of shape %s", other, text);
}

bool places_of_elements(Places *places, const Shape *data, int64_t axis, const Tensor *indices,
                        GError **error) {
  const Shape *own = &indices->shape;
  *places = (Places){.n = shape_count(own), .inner = 1, .rank = data->rank, .width = 1};
  places->axis = check_axis(data, axis, error);
  if (places->axis < 0 || !check_type(indices, TENSOR_INT64, "the list of indices", error))
    return false;
  if (own->rank != data->rank)
    return refuse(data, own, error);
  int64_t stride = 1;
  for (int i = data->rank - 1; i >= 0; i--) {
    if (i != places->axis && own->dim[i] > data->dim[i])
      return refuse(data, own, error);
    places->dim[i] = data->dim[i];
    places->own[i] = own->dim[i];
    places->stride[i] = stride;
    stride *= data->dim[i];
  }
  return true;
}

bool places_of_slices(Places *places, const Shape *data, int64_t batch_axes, const Tensor *indices,
                      GError **error) {
  const Shape *own = &indices->shape;
  if (!check_type(indices, TENSOR_INT64, "the list of indices", error))
    return false;
  int64_t width = own->rank > 0 ? own->dim[own->rank - 1] : -1;
  if (batch_axes < 0 || batch_axes >= own->rank || width < 0 || width > data->rank - batch_axes)
    return refuse(data, own, error);
  int batch = (int)batch_axes, first = batch + (int)width;
  for (int i = 0; i < batch; i++)
    if (own->dim[i] != data->dim[i])
      return refuse(data, own, error);
  *places = (Places){.n = shape_product(own, 0, own->rank - 1),
                     .inner = shape_product(data, first, data->rank),
                     .rank = (int)width,
                     .width = (int)width,
                     .axis = -1,
                     .batch_pieces = shape_product(own, batch, own->rank - 1),
                     .batch_elements = shape_product(data, batch, data->rank)};
  for (int i = 0; i < (int)width; i++) {
    places->dim[i] = data->dim[batch + i];
    places->stride[i] = shape_product(data, batch + i + 1, data->rank);
  }
  if (places->n > OP_COUNT_LIMIT)
    return refuse(data, own, error);
  return true;
}

/* The index in 0..dim-1, -1: out of range. */
static int64_t in_range(int64_t index, int64_t dim) {
  index = index < 0 ? index + dim : index;
  return index >= 0 && index < dim ? index : -1;
}

int64_t places_at(const Places *places, const int64_t *indices, int64_t k) {
  int64_t offset = 0;
  if (places->axis < 0) {
    for (int i = 0; i < places->width; i++) {
      int64_t index = in_range(indices[k * places->width + i], places->dim[i]);
      if (index < 0)
        return -1;
      offset += index * places->stride[i];
    }
    return offset + k / places->batch_pieces * places->batch_elements;
  }
  int64_t index = in_range(indices[k], places->dim[places->axis]);
  for (int i = places->rank - 1; i >= 0; i--) {
    offset += (i == places->axis ? index : k % places->own[i]) * places->stride[i];
    k /= places->own[i];
  }
  return index < 0 ? -1 : offset;
}

bool places_check(const Places *places, const Tensor *indices, GError **error) {
  for (int64_t k = 0; indices->data && places->inner > 0 && k < places->n; k++)
    if (places_at(places, tensor_ints(indices), k) < 0)
      return input_error(error, "an index of its piece %" G_GINT64_FORMAT " is out of range", k);
  return true;
}
