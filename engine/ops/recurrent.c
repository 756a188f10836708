/* RNN, GRU, LSTM, forward only: x (steps, batch, inputs) -> y (steps, directions, batch, hidden) and the last
 * states; with layout 1 the batch comes first.
 *
 *     RNN   h' = f(W x + R h + b)
 *     GRU   z, r = f(W x + R h + b),  n = g(W x + R (r h) + b) or g(W x + b + r (R h + b)),  h' = (1-z) n + z
 * h LSTM  i, f = s(W x + R h + P c + b),  c' = f c + i g(W x + R h + b), o = s(W x + R h + P c' + b),  h' = o
 * g(c')
 *
 * The gates lie in the order z r n and i o f c; P in the order i o f. */
#include "engine/ops/moments.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

enum { X, W, R, BIAS, LENGTHS, FIRST_H, FIRST_C, PEEPHOLES, N_INPUTS };

typedef struct {
  int64_t gates, steps, batch, inputs, hidden, directions;
  bool batch_first, reverse;
} Sizes;

static bool is(const char *a, const char *b) {
  return strcmp(a, b) == 0;
}

static int64_t gates_of(const Node *node) {
  return node->op == &op_lstm ? 4 : node->op == &op_gru ? 3 : 1;
}

static bool read_sizes(const Node *node, const Tensor *const *x, Sizes *sizes, GError **error) {
  const char *direction = node_text(node, "direction", "forward");
  *sizes = (Sizes){0};
  if (x[X]->shape.rank != 3 || x[W]->shape.rank != 3 || x[R]->shape.rank != 3)
    return input_error(error, "its input and weights must have rank 3");
  bool batch_first = node_int(node, "layout", 0) != 0;
  *sizes = (Sizes){.gates = gates_of(node),
                   .steps = x[X]->shape.dim[batch_first ? 1 : 0],
                   .batch = x[X]->shape.dim[batch_first ? 0 : 1],
                   .inputs = x[X]->shape.dim[2],
                   .hidden = x[R]->shape.dim[2],
                   .directions = is(direction, "bidirectional") ? 2 : 1,
                   .batch_first = batch_first,
                   .reverse = is(direction, "reverse")};
  return sizes->reverse || sizes->directions == 2 || is(direction, "forward") ||
         input_error(error, "its direction '%s' is not supported", direction);
}

static Shape state_shape(const Sizes *sizes) {
  return sizes->batch_first ? SHAPE(sizes->batch, sizes->directions, sizes->hidden)
                            : SHAPE(sizes->directions, sizes->batch, sizes->hidden);
}

static bool check_inputs(int n_inputs, const Tensor *const *x, const Sizes *sizes, GError **error) {
  Shape state = state_shape(sizes);
  int64_t d = sizes->directions, h = sizes->hidden, rows = sizes->gates * h;
  const Shape shapes[N_INPUTS] = {x[X]->shape,
                                  SHAPE(d, rows, sizes->inputs),
                                  SHAPE(d, rows, h),
                                  SHAPE(d, 2 * rows),
                                  SHAPE(sizes->batch),
                                  state,
                                  state,
                                  SHAPE(d, 3 * h)};
  for (int k = 0; k < n_inputs; k++) {
    if (!x[k])
      continue;
    if (x[k]->type != (k == LENGTHS ? TENSOR_INT64 : TENSOR_FLOAT32) ||
        !shape_equal(&x[k]->shape, &shapes[k])) {
      g_autofree char *has = shape_text(&x[k]->shape), *needs = shape_text(&shapes[k]);
      return input_error(error, "input %d is %s of shape %s; its shape must be %s", k + 1,
                         tensor_type_name(x[k]->type), has, needs);
    }
  }
  return true;
}

/* Only the usual functions of each cell. */
static bool check_attributes(const Node *node, GError **error) {
  static const char *const unusual[] = {"activations", "activation_alpha", "activation_beta", "clip",
                                        "input_forget"};
  for (size_t i = 0; i < G_N_ELEMENTS(unusual); i++) {
    const Attribute *attribute = node_attribute(node, unusual[i]);
    if (attribute && (attribute->n_numbers > 0 || attribute->f != 0 || attribute->i != 0 || attribute->text))
      return input_error(error, "its attribute '%s' is not supported", unusual[i]);
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Sizes sizes;
  if (!check_attributes(node, error) || !read_sizes(node, x, &sizes, error) ||
      !check_inputs(n_inputs, x, &sizes, error))
    return false;
  if (n_outputs > (node->op == &op_lstm ? 3 : 2))
    return input_error(error, "it has %d outputs", n_outputs);
  Shape state = state_shape(&sizes), all = SHAPE(sizes.steps, sizes.directions, sizes.batch, sizes.hidden);
  if (sizes.batch_first)
    all = SHAPE(sizes.batch, sizes.steps, sizes.directions, sizes.hidden);
  for (int k = 0; k < n_outputs; k++)
    if (!output_set(y[k], TENSOR_FLOAT32, k == 0 ? &all : &state, error))
      return false;
  return true;
}

/* Gates, h and c of one sequence. */
static size_t scratch(const OpCall *call) {
  return sizeof(float) * (size_t)((gates_of(call->node) + 3) * call->x[R]->shape.dim[2]);
}

static const float *floats_at(const OpCall *call, int input, int64_t at) {
  return input < call->n_inputs && call->x[input] ? tensor_floats(call->x[input]) + at : NULL;
}

/* One sequence in one direction. */
typedef struct {
  const Sizes *sizes;
  const float *w, *r, *bias, *peepholes; /* of this direction; bias and peepholes may be NULL */
  float *gates, *h, *c, *reset;          /* reset: r h of a GRU */
  bool before_reset;                     /* GRU: the matrix comes before the reset gate */
} Cell;

static float dot(const float *a, const float *b, int64_t n) {
  return (float)LANE_SUM(n, (double)a[i] * b[i]);
}

static float sigmoid(float x) {
  return 1 / (1 + expf(-x));
}

/* Row `row` of W x + b, and of R h + b. */
static float input_part(const Cell *cell, const float *x, int64_t row) {
  return dot(cell->w + row * cell->sizes->inputs, x, cell->sizes->inputs) +
         (cell->bias ? cell->bias[row] : 0);
}
static float state_part(const Cell *cell, const float *h, int64_t row) {
  int64_t n = cell->sizes->hidden, rows = cell->sizes->gates * n;
  return dot(cell->r + row * n, h, n) + (cell->bias ? cell->bias[rows + row] : 0);
}

static void fill_gates(const Cell *cell, const float *x, int64_t rows) {
  for (int64_t row = 0; row < rows; row++)
    cell->gates[row] = input_part(cell, x, row) + state_part(cell, cell->h, row);
}

static void rnn_step(const Cell *cell, const float *x) {
  fill_gates(cell, x, cell->sizes->hidden);
  for (int64_t i = 0; i < cell->sizes->hidden; i++)
    cell->h[i] = tanhf(cell->gates[i]);
}

static void gru_step(const Cell *cell, const float *x) {
  int64_t n = cell->sizes->hidden;
  float *z = cell->gates, *r = z + n, *fresh = r + n;
  fill_gates(cell, x, 2 * n);
  for (int64_t i = 0; i < n; i++) {
    z[i] = sigmoid(z[i]);
    r[i] = sigmoid(r[i]);
    cell->reset[i] = r[i] * cell->h[i];
  }
  for (int64_t i = 0; i < n; i++) {
    float state = cell->before_reset ? r[i] * state_part(cell, cell->h, 2 * n + i)
                                     : state_part(cell, cell->reset, 2 * n + i);
    fresh[i] = tanhf(input_part(cell, x, 2 * n + i) + state);
  }
  for (int64_t i = 0; i < n; i++)
    cell->h[i] = (1 - z[i]) * fresh[i] + z[i] * cell->h[i];
}

static void lstm_step(const Cell *cell, const float *x) {
  int64_t n = cell->sizes->hidden;
  const float *p = cell->peepholes, *gate = cell->gates;
  fill_gates(cell, x, 4 * n);
  for (int64_t i = 0; i < n; i++) {
    float c = cell->c[i];
    float in = sigmoid(gate[i] + (p ? p[i] * c : 0)),
          forget = sigmoid(gate[2 * n + i] + (p ? p[2 * n + i] * c : 0));
    c = forget * c + in * tanhf(gate[3 * n + i]);
    cell->h[i] = sigmoid(gate[n + i] + (p ? p[n + i] * c : 0)) * tanhf(c);
    cell->c[i] = c;
  }
}

static void start_state(float *state, const float *first, int64_t n) {
  if (first)
    memcpy(state, first, sizeof(float) * (size_t)n);
  else
    memset(state, 0, sizeof(float) * (size_t)n);
}

/* Steps behind the end of a sequence are 0. */
static void run_sequence(const OpCall *call, const Sizes *s, int64_t d, int64_t b, float *memory) {
  void (*step)(const Cell *, const float *) = s->gates == 4 ? lstm_step : s->gates == 3 ? gru_step : rnn_step;
  int64_t n = s->hidden, rows = s->gates * n,
          state = (s->batch_first ? b * s->directions + d : d * s->batch + b) * n;
  Cell cell = {s,
               floats_at(call, W, d * rows * s->inputs),
               floats_at(call, R, d * rows * n),
               floats_at(call, BIAS, d * 2 * rows),
               floats_at(call, PEEPHOLES, d * 3 * n),
               memory,
               memory + rows,
               memory + rows + n,
               memory + rows + 2 * n,
               node_int(call->node, "linear_before_reset", 0) != 0};
  bool known = call->n_inputs > LENGTHS && call->x[LENGTHS], backwards = s->reverse || d == 1;
  int64_t length = known ? CLAMP(tensor_ints(call->x[LENGTHS])[b], 0, s->steps) : s->steps;
  start_state(cell.h, floats_at(call, FIRST_H, state), n);
  start_state(cell.c, floats_at(call, FIRST_C, state), n);
  for (int64_t k = 0; k < s->steps && !stop_requested(call->stop); k++) {
    int64_t t = backwards && k < length ? length - 1 - k : k;
    int64_t at = s->batch_first ? b * s->steps + t : t * s->batch + b;
    float *y = tensor_floats(call->y[0]) +
               (s->batch_first ? at * s->directions + d : (t * s->directions + d) * s->batch + b) * n;
    if (k < length)
      step(&cell, tensor_floats(call->x[X]) + at * s->inputs);
    start_state(y, k < length ? cell.h : NULL, n);
  }
  if (call->n_outputs > 1)
    start_state(tensor_floats(call->y[1]) + state, cell.h, n);
  if (call->n_outputs > 2)
    start_state(tensor_floats(call->y[2]) + state, cell.c, n);
}

static void run_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Sizes *sizes = data;
  for (int64_t i = from; i < to; i++)
    run_sequence(call, sizes, i / sizes->batch, i % sizes->batch, call_scratch(call, worker));
}

static void forward(const OpCall *call) {
  Sizes sizes;
  read_sizes(call->node, call->x, &sizes, NULL);
  if (sizes.hidden > 0)
    call_ranges(call, sizes.directions * sizes.batch, 1, run_range, &sizes);
}

#define RECURRENT_OP(symbol, onnx_name, most)                                                                \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 3,                                                                        \
                     .max_inputs = most,                                                                     \
                     .infer = infer,                                                                         \
                     .scratch = scratch,                                                                     \
                     .forward = forward}
RECURRENT_OP(op_gru, "GRU", 6);
RECURRENT_OP(op_lstm, "LSTM", 8);
RECURRENT_OP(op_rnn, "RNN", 6);
