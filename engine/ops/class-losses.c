/* NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss: scores x (n, classes, space...), labels (n,
 * space...), weights (classes) -> one loss a label, or their sum or weighted mean, by `reduction`.
 *
 *     likelihood:  loss_i = -w_label x_i,label                      dx_i,label = -w_label dloss_i
 *     softmax:     the same of p = log-softmax(x) over the classes, which is the second output;
 *                  dp as above plus what the second output gets,    dx_j = dp_j - exp(p_j) sum_k dp_k
 *     mean:        sum loss_i / sum w_label
 *
 * Labels that are `ignore_index` count nothing; others outside 0..classes-1 give a loss that is not a number.
 */
#include "engine/ops/ops.h"
#include "engine/ops/rows.h"

#include <math.h>
#include <string.h>

typedef enum { REDUCTION_MEAN, REDUCTION_SUM, REDUCTION_NONE, N_REDUCTIONS } ReductionKind;

static int reduction_of(const Node *node) {
  static const char *const names[] = {"mean", "sum", "none"};
  const char *text = node_text(node, "reduction", "mean");
  int kind = 0;
  while (kind < N_REDUCTIONS && strcmp(names[kind], text) != 0)
    kind++;
  return kind;
}

static bool is_softmax(const Node *node) {
  return node->op == &op_softmax_cross_entropy_loss;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  const Shape *shape = &x[0]->shape;
  Shape labels = *shape, single = {0};
  int kind = reduction_of(node);
  if (!check_type(x[0], TENSOR_FLOAT32, "the scores", error) ||
      !check_type(x[1], TENSOR_INT64, "the labels", error))
    return false;
  if (kind == N_REDUCTIONS)
    return input_error(error, "its reduction '%s' is not supported; mean, sum and none are",
                       node_text(node, "reduction", ""));
  if (n_outputs > (is_softmax(node) ? 2 : 1))
    return input_error(error, "it has %d outputs", n_outputs);
  if (shape->rank >= 2) {
    labels.rank--;
    memmove(labels.dim + 1, labels.dim + 2, sizeof(int64_t) * (size_t)(shape->rank - 2));
  }
  if (shape->rank < 2 || shape->dim[1] < 1 || !shape_equal(&labels, &x[1]->shape)) {
    g_autofree char *scores_text = shape_text(shape), *labels_text = shape_text(&x[1]->shape);
    return input_error(error, "scores of shape %s and labels of shape %s do not go together", scores_text,
                       labels_text);
  }
  if (n_inputs > 2 && x[2] && (x[2]->type != TENSOR_FLOAT32 || shape_count(&x[2]->shape) != shape->dim[1]))
    return input_error(error, "its weights must be %" G_GINT64_FORMAT " float32 numbers, one a class",
                       shape->dim[1]);
  return output_set(y[0], TENSOR_FLOAT32, kind == REDUCTION_NONE ? &labels : &single, error) &&
         (n_outputs < 2 || output_set(y[1], TENSOR_FLOAT32, shape, error));
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(0) | KEEP_INPUT(1) | KEEP_INPUT(2) : 0;
}

typedef struct {
  Rows rows; /* along the classes; row i has label i */
  const int64_t *labels;
  const float *weights; /* NULL: 1 */
  bool ignores;
  int64_t ignored;
} Labels;

static Labels labels_of(const OpCall *call) {
  const Attribute *ignored = node_attribute(call->node, "ignore_index");
  return (Labels){.rows = rows_along(&call->x[0]->shape, 1),
                  .labels = tensor_ints(call->x[1]),
                  .weights = call->n_inputs > 2 && call->x[2] ? tensor_floats(call->x[2]) : NULL,
                  .ignores = ignored != NULL,
                  .ignored = ignored ? ignored->i : 0};
}

/* The weight of label i: 0 when it is ignored, not a number when there is no such class. */
static float weight_of(const Labels *labels, int64_t i) {
  int64_t label = labels->labels[i];
  if (labels->ignores && label == labels->ignored)
    return 0;
  if (label < 0 || label >= labels->rows.n)
    return NAN;
  return labels->weights ? labels->weights[label] : 1;
}

/* log sum exp of a row */
static double log_sum(const Rows *rows, const float *x) {
  float most = -INFINITY;
  double sum = 0;
  for (int64_t j = 0; j < rows->n; j++)
    most = MAX(most, x[j * rows->step]);
  for (int64_t j = 0; j < rows->n; j++)
    sum += exp((double)x[j * rows->step] - most);
  return most + log(sum);
}

static double weight_sum(const Labels *labels) {
  double sum = 0;
  for (int64_t i = 0; i < labels->rows.rows; i++)
    sum += weight_of(labels, i);
  return sum;
}

static void forward(const OpCall *call) {
  Labels labels = labels_of(call);
  const Rows *rows = &labels.rows;
  int kind = reduction_of(call->node);
  double sum = 0;
  for (int64_t i = 0; i < rows->rows; i++) {
    int64_t start = row_start(rows, i);
    const float *x = tensor_floats(call->x[0]) + start;
    double shift = is_softmax(call->node) ? log_sum(rows, x) : 0;
    float weight = weight_of(&labels, i);
    double loss =
        weight == 0 || weight != weight ? weight : -weight * (x[labels.labels[i] * rows->step] - shift);
    sum += loss;
    if (kind == REDUCTION_NONE)
      tensor_floats(call->y[0])[i] = (float)loss;
    for (int64_t j = 0; call->n_outputs > 1 && j < rows->n; j++)
      tensor_floats(call->y[1])[start + j * rows->step] = (float)(x[j * rows->step] - shift);
  }
  if (kind != REDUCTION_NONE)
    tensor_floats(call->y[0])[0] = (float)(kind == REDUCTION_MEAN ? sum / weight_sum(&labels) : sum);
}

/* dx of one row from the gradient of its loss and of its second output (NULL: none). */
static void backward_row(const OpCall *call, const Labels *labels, int64_t i, double dloss, const float *dp) {
  const Rows *rows = &labels->rows;
  const float *x = tensor_floats(call->x[0]) + row_start(rows, i);
  float *dx = tensor_floats(call->dx[0]) + row_start(rows, i), weight = weight_of(labels, i);
  int64_t label = weight == 0 || weight != weight ? -1 : labels->labels[i];
  double at_label = label < 0 ? 0 : -weight * dloss, sum = at_label;
  double shift = is_softmax(call->node) ? log_sum(rows, x) : 0;
  for (int64_t j = 0; dp && j < rows->n; j++)
    sum += dp[j * rows->step];
  for (int64_t j = 0; j < rows->n; j++) {
    double d = (j == label ? at_label : 0) + (dp ? dp[j * rows->step] : 0);
    if (is_softmax(call->node))
      d -= exp(x[j * rows->step] - shift) * sum;
    dx[j * rows->step] = (float)d;
  }
}

static void backward(const OpCall *call) {
  if (!call->dx[0])
    return;
  Labels labels = labels_of(call);
  int kind = reduction_of(call->node);
  const float *dy = call->dy[0] ? tensor_floats(call->dy[0]) : NULL;
  const float *dp = call->n_outputs > 1 && call->dy[1] ? tensor_floats(call->dy[1]) : NULL;
  double factor = kind == REDUCTION_MEAN ? 1 / weight_sum(&labels) : 1;
  for (int64_t i = 0; i < labels.rows.rows; i++)
    backward_row(call, &labels, i, dy ? factor * dy[kind == REDUCTION_NONE ? i : 0] : 0,
                 dp ? dp + row_start(&labels.rows, i) : NULL);
}

#define LOSS_OP(symbol, onnx_name)                                                                           \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 2,                                                                        \
                     .max_inputs = 3,                                                                        \
                     .no_gradient = ~1u,                                                                     \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
LOSS_OP(op_negative_log_likelihood_loss, "NegativeLogLikelihoodLoss");
LOSS_OP(op_softmax_cross_entropy_loss, "SoftmaxCrossEntropyLoss");
