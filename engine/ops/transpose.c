/* Transpose: y[i_0, i_1, ...] = x with axis k of y being axis perm[k] of x; without perm all axes are
 * reversed. The chain rule is the transpose back. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

static bool read_perm(const Node *node, int rank, int perm[TENSOR_MAX_RANK], GError **error) {
  int n;
  bool seen[TENSOR_MAX_RANK] = {false};
  const int64_t *ints = node_ints(node, "perm", &n);
  if (ints && n != rank)
    return input_error(error, "its attribute perm has %d numbers; its input has rank %d", n, rank);
  for (int i = 0; i < rank; i++) {
    int64_t axis = ints ? ints[i] : rank - 1 - i;
    if (axis < 0 || axis >= rank || seen[axis])
      return input_error(error, "its attribute perm is no order of %d axes", rank);
    perm[i] = (int)axis;
    seen[axis] = true;
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  int perm[TENSOR_MAX_RANK];
  Shape shape = {.rank = x[0]->shape.rank};
  if (!check_one_output(n_outputs, error) || !read_perm(node, shape.rank, perm, error))
    return false;
  for (int i = 0; i < shape.rank; i++)
    shape.dim[i] = x[0]->shape.dim[perm[i]];
  return output_set(y[0], x[0]->type, &shape, error);
}

/* Walks y; operand 0 is x. */
static void transpose_loops(const OpCall *call, Loops *loops) {
  int perm[TENSOR_MAX_RANK], rank = call->x[0]->shape.rank;
  int64_t strides[TENSOR_MAX_RANK], dim[TENSOR_MAX_RANK], step[TENSOR_MAX_RANK];
  read_perm(call->node, rank, perm, NULL);
  memory_strides(call->x[0], strides);
  for (int i = 0; i < rank; i++) {
    dim[i] = call->x[0]->shape.dim[perm[i]];
    step[i] = strides[perm[i]];
  }
  loops_init(loops, rank, dim, step, NULL);
}

static void forward(const OpCall *call) {
  Loops loops;
  transpose_loops(call, &loops);
  loops_gather(call, &loops, tensor_type_size(call->y[0]->type), call->x[0]->data, call->y[0]->data);
}

static void backward(const OpCall *call) {
  Loops loops;
  if (!call->dx[0])
    return;
  transpose_loops(call, &loops);
  loops_scatter(call, &loops, sizeof(float), call->dy[0]->data, call->dx[0]->data);
}

const Op op_transpose = {.name = "Transpose",
                         .min_inputs = 1,
                         .max_inputs = 1,
                         .infer = infer,
                         .forward = forward,
                         .backward = backward};
