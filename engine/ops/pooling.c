#include "engine/ops/pooling.h"

#include "engine/ops/ops.h"

static bool is_global(const Node *node) {
  return node->op == &op_global_max_pool || node->op == &op_global_lp_pool;
}

bool pooling_window(const Node *node, const Shape *input, Window *window, GError **error) {
  if (!is_global(node))
    return window_read(window, node, input, NULL, error);
  *window = (Window){0};
  if (input->rank < 3 || input->rank > 5)
    return input_error(error, "its input has rank %d; ranks 3 to 5 are supported", input->rank);
  for (int i = 0; i < SPACE; i++) {
    int axis = i - (SPACE - (input->rank - 2));
    window->in[i] = window->kernel[i] = axis < 0 ? 1 : input->dim[2 + axis];
    window->out[i] = window->stride[i] = window->dilation[i] = 1;
  }
  return space_count(window->in) > 0 || input_error(error, "its input has no pixels");
}

bool pooling_infer(const Node *node, const Tensor *x, Tensor *y, GError **error) {
  Window window;
  if (!pooling_window(node, &x->shape, &window, error))
    return false;
  if (window.kernel[0] > OP_COUNT_LIMIT / window.kernel[1] / window.kernel[2])
    return input_error(error, "its window is too large");
  Shape shape = window_output(&window, &x->shape, x->shape.dim[1]);
  return output_set(y, x->type, &shape, error);
}

Pooling pooling_of(const OpCall *call) {
  Pooling pool;
  pooling_window(call->node, &call->x[0]->shape, &pool.window, NULL);
  pool.planes = tensor_planes(call->x[0]);
  pool.planes.pixels = space_count(pool.window.out);
  pool.in_pixels = space_count(pool.window.in);
  pool.taps = space_count(pool.window.kernel);
  pool.count_padding = node_int(call->node, "count_include_pad", 0) != 0;
  return pool;
}
