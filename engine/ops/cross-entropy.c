/* CrossEntropy (no ONNX operator): logits z (n, k), labels (n) int64 -> losses (n).
 *
 *     loss_i = log(sum_j exp(z_ij)) - z_i,label        dz_ij = dloss_i (softmax(z_i)_j - [j = label])
 *
 * The maximum of each row is taken out first.  Labels must be in 0..k-1; others give a loss that is not a
 * number. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the logits", error) ||
      !check_type(x[1], TENSOR_INT64, "the labels", error))
    return false;
  if (x[0]->shape.rank != 2 || x[1]->shape.rank != 1 || x[0]->shape.dim[0] != x[1]->shape.dim[0] ||
      x[0]->shape.dim[1] < 1) {
    g_autofree char *logits = shape_text(&x[0]->shape), *labels = shape_text(&x[1]->shape);
    return input_error(error, "logits of shape %s and labels of shape %s do not go together", logits, labels);
  }
  return output_set(y[0], TENSOR_FLOAT32, &x[1]->shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted & 1 ? KEEP_INPUT(0) | KEEP_INPUT(1) : 0;
}

/* log(sum_j exp(z_j)) */
static double log_sum(const float *z, int64_t k) {
  float most = -INFINITY;
  double sum = 0;
  for (int64_t j = 0; j < k; j++)
    most = MAX(most, z[j]);
  for (int64_t j = 0; j < k; j++)
    sum += exp((double)z[j] - most);
  return most + log(sum);
}

static void forward(const OpCall *call) {
  int64_t n = call->x[0]->shape.dim[0], k = call->x[0]->shape.dim[1];
  const int64_t *labels = tensor_ints(call->x[1]);
  for (int64_t i = 0; i < n; i++) {
    const float *z = tensor_floats(call->x[0]) + i * k;
    bool valid = labels[i] >= 0 && labels[i] < k;
    tensor_floats(call->y[0])[i] = valid ? (float)(log_sum(z, k) - z[labels[i]]) : NAN;
  }
}

static void backward(const OpCall *call) {
  int64_t n = call->x[0]->shape.dim[0], k = call->x[0]->shape.dim[1];
  const int64_t *labels = tensor_ints(call->x[1]);
  for (int64_t i = 0; call->dx[0] && i < n; i++) {
    const float *z = tensor_floats(call->x[0]) + i * k;
    float *dz = tensor_floats(call->dx[0]) + i * k, dloss = tensor_floats(call->dy[0])[i];
    double log_of_sum = log_sum(z, k);
    for (int64_t j = 0; j < k; j++)
      dz[j] = dloss * (float)(exp(z[j] - log_of_sum) - (j == labels[i]));
  }
}

const Op op_cross_entropy = {.name = "CrossEntropy",
                             .min_inputs = 2,
                             .max_inputs = 2,
                             .infer = infer,
                             .keeps = keeps,
                             .forward = forward,
                             .backward = backward};
