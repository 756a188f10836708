/* Where with numpy broadcasting (ONNX operator sets 9 and later).
 *
 *     y = c ? a : b        da = reduce(c ? dy : 0),  db = reduce(c ? 0 : dy) */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/pairs.h"

#define SELECT(name, T) PAIR_ROW(name, uint8_t, T, T, p ? q : y[i])
SELECT(select_floats, float)
SELECT(select_ints, int64_t)
SELECT(select_truths, uint8_t)
static const PairRun selects[] = {
    [TENSOR_FLOAT32] = select_floats, [TENSOR_INT64] = select_ints, [TENSOR_BOOL] = select_truths};

PAIR_GRADIENT(where_true, uint8_t, float, P ? g : 0)
PAIR_GRADIENT(where_false, uint8_t, float, P ? 0 : g)

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape;
  if (x[1]->type != x[2]->type)
    return input_error(error, "it chooses between the types %s and %s; both must be the same",
                       tensor_type_name(x[1]->type), tensor_type_name(x[2]->type));
  return check_type(x[0], TENSOR_BOOL, "the condition", error) && check_one_output(n_outputs, error) &&
         broadcast_shape(&x[0]->shape, &x[1]->shape, &shape, error) &&
         broadcast_shape(&shape, &x[2]->shape, &shape, error) && output_set(y[0], x[1]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

static void forward(const OpCall *call) {
  Tensor *y = call->y[0];
  Loops loops;
  loops_broadcast(&loops, y, call->x[2], NULL);
  loops_gather(call, &loops, tensor_type_size(y->type), call->x[2]->data, y->data);
  pairs_run(call, selects[y->type], NULL, call->x[0], call->x[1], y);
}

static void backward(const OpCall *call) {
  const PairGradient gradients[] = {NULL, where_true, where_false};
  for (int k = 1; k <= 2; k++)
    if (call->dx[k])
      pairs_gradient(call, gradients[k], NULL, call->x[0], call->x[k], call->dy[0], 1, call->dx[k]);
}

const Op op_where = {.name = "Where",
                     .min_inputs = 3,
                     .max_inputs = 3,
                     .layout = LAYOUT_FOLLOWS,
                     .layout_inputs = 7,
                     .no_gradient = 1,
                     .infer = infer,
                     .keeps = keeps,
                     .scratch = pairs_scratch,
                     .forward = forward,
                     .backward = backward};
