#include "app/moment.h"

Moment moment_copy(const Moment *moment) {
  Moment copy = *moment;
  Tensor **tensors[] = {&copy.pattern, &copy.omega,     &copy.bias,
                        &copy.counts,  &copy.own_omega, &copy.own_bias};
  for (guint i = 0; i < G_N_ELEMENTS(tensors); i++)
    if (*tensors[i])
      tensor_ref(*tensors[i]);
  return copy;
}

void moment_clear(Moment *moment) {
  tensor_unref(moment->pattern);
  tensor_unref(moment->omega);
  tensor_unref(moment->bias);
  tensor_unref(moment->counts);
  tensor_unref(moment->own_omega);
  tensor_unref(moment->own_bias);
  *moment = (Moment){0};
}

bool moment_is_map(const Tensor *omega) {
  for (int64_t i = 0; i < tensor_count(omega); i++)
    if (tensor_floats(omega)[i] != 0)
      return true;
  return false;
}

Tensor *moment_counts(const AlignmentKind *kind, const RunState *state, int n_source, int n_target) {
  if (!kind->counted || !kind->one_to_one || state->counts->len != (guint)(n_source * n_target))
    return NULL;
  Tensor *counts = tensor_new(TENSOR_FLOAT32, &SHAPE(n_source, n_target), NULL);
  for (guint i = 0; counts && i < state->counts->len; i++)
    tensor_floats(counts)[i] = (float)g_array_index(state->counts, double, i);
  return counts;
}

Tensor *moment_freeze(const Tensor *tensor) {
  return tensor_from_floats(&tensor->shape, tensor_floats(tensor));
}
