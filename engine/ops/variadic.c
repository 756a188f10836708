/* Sum, Mean, Max, Min of any number of inputs with numpy broadcasting (ONNX operator sets 8 and later).
 *
 *     Sum   dx_k = reduce(dy)        Max, Min   dx_k = reduce(dy where x_k is the first that y is equal to)
 *     Mean  dx_k = reduce(dy) / n
 *
 * Max and Min keep a byte an element for the way back: which input won.  NaN wins. */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/pairs.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT(OP_MAX_INPUTS <= 256);

typedef struct {
  PairRun add[TENSOR_BOOL + 1]; /* y = y o a */
  PairRun win;                  /* winner = data where a beats b, which is y; NULL: it keeps none */
  bool mean;
} Variadic;

PAIR_ROW(sum_floats, float, float, float, y[i] + p)
PAIR_ROW(sum_ints, uint64_t, uint64_t, uint64_t, y[i] + p)
PAIR_ROW(max_floats, float, float, float, (p > y[i]) | (p != p) ? p : y[i])
PAIR_ROW(max_ints, int64_t, int64_t, int64_t, p > y[i] ? p : y[i])
PAIR_ROW(min_floats, float, float, float, (p < y[i]) | (p != p) ? p : y[i])
PAIR_ROW(min_ints, int64_t, int64_t, int64_t, p < y[i] ? p : y[i])

static inline uint8_t winner_of(bool beats, uint8_t number, uint8_t before) {
  return beats ? number : before;
}

#define NUMBER (*(const uint8_t *)row->data)
PAIR_ROW(max_win, float, float, uint8_t, winner_of((p > q) | ((p != p) & (q == q)), NUMBER, y[i]))
PAIR_ROW(min_win, float, float, uint8_t, winner_of((p < q) | ((p != p) & (q == q)), NUMBER, y[i]))
PAIR_ROW(mean_floats, float, float, float, p / *(const float *)row->data)

PAIR_GRADIENT(same, float, float, g)
PAIR_GRADIENT(share, float, float, g / *(const float *)row->data)
PAIR_GRADIENT(won, float, uint8_t, Q == NUMBER ? g : 0)

static const Variadic sum = {.add = {sum_floats, sum_ints}}, mean = {.add = {sum_floats}, .mean = true},
                      max = {.add = {max_floats, max_ints}, .win = max_win},
                      min = {.add = {min_floats, min_ints}, .win = min_win};

static bool infer(const Variadic *kind, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape = {0};
  for (int k = 0; k < n_inputs; k++) {
    if (!x[k])
      return input_error(error, "its input %d is missing", k);
    if (x[k]->type != x[0]->type || !kind->add[x[k]->type])
      return input_error(error, "its input %d has the type %s; all must have one type that it takes", k,
                         tensor_type_name(x[k]->type));
    if (!broadcast_shape(&shape, &x[k]->shape, &shape, error))
      return false;
  }
  return check_one_output(n_outputs, error) && output_set(y[0], x[0]->type, &shape, error);
}

static size_t saved(const OpCall *call) {
  return (size_t)tensor_count(call->y[0]);
}

/* The winners beside y. */
static Tensor winners(const OpCall *call) {
  return (Tensor){
      .type = TENSOR_BOOL, .order = call->y[0]->order, .shape = call->y[0]->shape, .data = call->saved};
}

static void forward(const OpCall *call, const Variadic *kind) {
  Tensor *y = call->y[0], winner = winners(call);
  bool keeps = kind->win && call->saved && y->type == TENSOR_FLOAT32;
  Loops loops;
  loops_broadcast(&loops, y, call->x[0], NULL);
  loops_gather(call, &loops, tensor_type_size(y->type), call->x[0]->data, y->data);
  if (keeps)
    memset(winner.data, 0, tensor_bytes(&winner));
  for (int k = 1; k < call->n_inputs; k++) {
    uint8_t number = (uint8_t)k;
    if (keeps)
      pairs_run(call, kind->win, &number, call->x[k], y, &winner);
    pairs_run(call, kind->add[y->type], NULL, call->x[k], call->x[k], y);
  }
  float n = (float)call->n_inputs;
  if (kind->mean && call->n_inputs > 1)
    pairs_run(call, mean_floats, &n, y, y, y);
}

static void backward(const OpCall *call, const Variadic *kind) {
  float n = (float)call->n_inputs;
  Tensor winner = winners(call);
  for (int k = 0; k < call->n_inputs; k++) {
    uint8_t number = (uint8_t)k;
    if (call->dx[k] && kind->win)
      pairs_gradient(call, won, &number, call->x[k], &winner, call->dy[0], 0, call->dx[k]);
    else if (call->dx[k])
      pairs_gradient(call, kind->mean ? share : same, &n, call->x[k], NULL, call->dy[0], 0, call->dx[k]);
  }
}

#define VARIADIC(symbol, onnx_name, kind, saved_call)                                                        \
  static bool symbol##_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,          \
                             Tensor *const *y, GError **error) {                                             \
    return infer(&kind, n_inputs, x, n_outputs, y, error);                                                   \
  }                                                                                                          \
  static void symbol##_forward(const OpCall *call) {                                                         \
    forward(call, &kind);                                                                                    \
  }                                                                                                          \
  static void symbol##_backward(const OpCall *call) {                                                        \
    backward(call, &kind);                                                                                   \
  }                                                                                                          \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = OP_MAX_INPUTS,                                                            \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = ~0u,                                                                   \
                     .infer = symbol##_infer,                                                                \
                     .scratch = pairs_scratch,                                                               \
                     .saved = saved_call,                                                                    \
                     .forward = symbol##_forward,                                                            \
                     .backward = symbol##_backward}
VARIADIC(op_max, "Max", max, saved);
VARIADIC(op_mean, "Mean", mean, NULL);
VARIADIC(op_min, "Min", min, saved);
VARIADIC(op_sum, "Sum", sum, NULL);
