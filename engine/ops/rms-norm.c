/* RMSNormalization (Zhang and Sennrich 2019, arXiv 1910.07467; ONNX operator set 23): the axes from `axis` on
 * (the last unless given) are divided by their root mean square, then scaled.
 *
 *     r = 1 / sqrt(mean x^2 + epsilon),  z_i = x_i r,  y_i = scale_i z_i
 *     g_i = dy_i scale_i:  dx_i = r (g_i - z_i mean(g z))        dscale = sum dy z */
#include "engine/ops/moments.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* n neighbours in memory a group. */
typedef struct {
  int64_t groups, n;
  float epsilon;
} Groups;

static bool read_groups(const Node *node, const Shape *shape, Groups *groups, GError **error) {
  int axis = check_axis(shape, node_int(node, "axis", -1), error);
  if (axis < 0)
    return false;
  *groups = (Groups){shape_product(shape, 0, axis), shape_product(shape, axis, shape->rank),
                     node_float(node, "epsilon", 1e-5f)};
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Groups groups;
  if (!infer_same_float(node, n_inputs, x, n_outputs, y, error) ||
      !read_groups(node, &x[0]->shape, &groups, error))
    return false;
  return (x[1]->type == TENSOR_FLOAT32 && shape_count(&x[1]->shape) == groups.n) ||
         input_error(error, "its scale must be %" G_GINT64_FORMAT " float32 numbers", groups.n);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 3 ? KEEP_INPUT(0) : 0) | (wanted & 1 ? KEEP_INPUT(1) : 0);
}

static float inverse_root(const Groups *groups, const float *x) {
  double mean = LANE_SUM(groups->n, (double)x[i] * x[i]) / (double)groups->n;
  return (float)(1 / sqrt(mean + groups->epsilon));
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Groups *groups = data;
  const float *scale = tensor_floats(call->x[1]);
  for (int64_t g = from; g < to; g++) {
    const float *x = tensor_floats(call->x[0]) + g * groups->n;
    float *y = tensor_floats(call->y[0]) + g * groups->n, r = inverse_root(groups, x);
    for (int64_t i = 0; i < groups->n; i++)
      y[i] = x[i] * r * scale[i];
  }
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Groups *groups = data;
  const float *scale = tensor_floats(call->x[1]);
  for (int64_t g = from; g < to; g++) {
    const float *x = tensor_floats(call->x[0]) + g * groups->n;
    const float *dy = tensor_floats(call->dy[0]) + g * groups->n;
    float *dx = tensor_floats(call->dx[0]) + g * groups->n, r = inverse_root(groups, x);
    double mean = LANE_SUM(groups->n, (double)dy[i] * scale[i] * x[i]) / (double)groups->n;
    float slope = (float)(mean * r * r);
    for (int64_t i = 0; i < groups->n; i++)
      dx[i] = r * (dy[i] * scale[i] - slope * x[i]);
  }
}

static int64_t groups_in_piece(const Groups *groups) {
  return MAX(1, RANGE_ELEMENTS / groups->n);
}

static void forward(const OpCall *call) {
  Groups groups;
  read_groups(call->node, &call->x[0]->shape, &groups, NULL);
  if (tensor_count(call->x[0]) > 0)
    call_ranges(call, groups.groups, groups_in_piece(&groups), forward_range, &groups);
}

/* One group after the other. */
static void backward_scale(const OpCall *call, const Groups *groups) {
  float *dscale = tensor_floats(call->dx[1]);
  memset(dscale, 0, tensor_bytes(call->dx[1]));
  for (int64_t g = 0; groups->n > 0 && g < groups->groups && !stop_requested(call->stop); g++) {
    const float *x = tensor_floats(call->x[0]) + g * groups->n;
    const float *dy = tensor_floats(call->dy[0]) + g * groups->n;
    float r = inverse_root(groups, x);
    for (int64_t i = 0; i < groups->n; i++)
      dscale[i] += dy[i] * (x[i] * r);
  }
}

static void backward(const OpCall *call) {
  Groups groups;
  read_groups(call->node, &call->x[0]->shape, &groups, NULL);
  if (call->dx[0] && tensor_count(call->x[0]) > 0)
    call_ranges(call, groups.groups, groups_in_piece(&groups), backward_range, &groups);
  if (call->dx[1])
    backward_scale(call, &groups);
}

const Op op_rms_normalization = {.name = "RMSNormalization",
                                 .min_inputs = 2,
                                 .max_inputs = 2,
                                 .infer = infer,
                                 .keeps = keeps,
                                 .forward = forward,
                                 .backward = backward};
