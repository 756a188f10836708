#include "ui/snapshot-pictures.h"

#include <math.h>
#include <string.h>

#define ROUNDING 2e-6f /* what undoing the normalisation leaves */

/* In pixels; everything where the snapshot names no place. */
typedef struct {
  int left, top, width, height;
} Place;

static Place place_of(const HfSnapshot *shown) {
  int width = (int)shown->picture->shape.dim[2], height = (int)shown->picture->shape.dim[1];
  const Place named = {shown->left, shown->top, shown->width, shown->height};
  bool inside = named.width > 0 && named.height > 0 && named.left >= 0 && named.top >= 0 &&
                named.left + named.width <= width && named.top + named.height <= height;
  return inside ? named : (Place){0, 0, width, height};
}

graphene_rect_t snapshot_frame(const HfSnapshot *shown) {
  if (!shown->picture)
    return GRAPHENE_RECT_INIT(0, 0, 1, 1);
  float width = (float)shown->picture->shape.dim[2], height = (float)shown->picture->shape.dim[1];
  Place place = place_of(shown);
  return GRAPHENE_RECT_INIT(place.left / width, place.top / height, place.width / width,
                            place.height / height);
}

Tensor *snapshot_sample(const HfSnapshot *shown) {
  if (!shown->picture)
    return NULL;
  const int64_t *dim = shown->picture->shape.dim;
  Place place = place_of(shown);
  Tensor *sample = tensor_new(TENSOR_FLOAT32, &SHAPE(dim[0], place.height, place.width), NULL);
  for (int64_t c = 0; sample && c < dim[0]; c++)
    for (int64_t y = 0; y < place.height; y++)
      memcpy(tensor_floats(sample) + (c * place.height + y) * place.width,
             tensor_floats(shown->picture) + (c * dim[1] + place.top + y) * dim[2] + place.left,
             sizeof(float) * (size_t)place.width);
  return sample;
}

Tensor *snapshot_difference(const HfSnapshot *shown) {
  if (!shown->received || !shown->picture || !shape_equal(&shown->received->shape, &shown->picture->shape))
    return NULL;
  Tensor *difference = tensor_new(TENSOR_FLOAT32, &shown->received->shape, NULL);
  if (!difference)
    return NULL;
  const float *received = tensor_floats(shown->received), *picture = tensor_floats(shown->picture);
  bool masked = shown->mask && shape_equal(&shown->mask->shape, &difference->shape);
  float *out = tensor_floats(difference);
  for (int64_t i = 0, n = tensor_count(difference); i < n; i++) {
    float pattern = received[i] - picture[i] - (masked ? tensor_floats(shown->mask)[i] : 1) * shown->neutral;
    out[i] = fabsf(pattern) > ROUNDING ? pattern : 0;
  }
  return difference;
}
