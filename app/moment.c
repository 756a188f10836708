#include "app/moment.h"

Moment moment_copy(const Moment *moment) {
  Moment copy = *moment;
  Tensor **tensors[] = {&copy.pattern, &copy.omega, &copy.bias, &copy.own_omega, &copy.own_bias};
  for (guint i = 0; i < G_N_ELEMENTS(tensors); i++)
    if (*tensors[i])
      tensor_ref(*tensors[i]);
  return copy;
}

void moment_clear(Moment *moment) {
  tensor_unref(moment->pattern);
  tensor_unref(moment->omega);
  tensor_unref(moment->bias);
  tensor_unref(moment->own_omega);
  tensor_unref(moment->own_bias);
  *moment = (Moment){0};
}

Tensor *moment_freeze(const Tensor *tensor) {
  return tensor_from_floats(&tensor->shape, tensor_floats(tensor));
}
