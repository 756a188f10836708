/* LayerNormalization, InstanceNormalization, GroupNormalization: x is cut into groups of neighbours in
 * memory, each gets mean 0 and variance 1, then a scale and a shift.
 *
 *     m = mean x,  r = 1 / sqrt(variance x + epsilon),  z_i = (x_i - m) r,  y_i = scale z_i + shift
 *     g_i = dy_i scale:  dx_i = r (g_i - mean g - z_i mean(g z))        dscale = sum dy z        dshift = sum
 * dy
 *
 * LayerNormalization (Ba et al. 2016, arXiv 1607.06450) also answers m and r, with gradients
 *     dx_i += dm / n - dr r^2 z_i / n.
 * A group is the axes from `axis` on; a channel of a picture (Ulyanov et al. 2016, arXiv 1607.08022); or
 * channels / num_groups channels (Wu and He 2018, arXiv 1803.08494), with numbers a group (operator set 18)
 * or a channel (21). */
#include "engine/ops/moments.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* Element i of group g has the scale at (g % cycle) * width + i / span. */
typedef struct {
  int64_t groups, n, cycle, width, span;
  float epsilon;
} Groups;

static bool layer_groups(const Node *node, const Tensor *const *x, Groups *groups, GError **error) {
  const Shape *shape = &x[0]->shape;
  int axis = check_axis(shape, node_int(node, "axis", -1), error);
  if (axis < 0)
    return false;
  groups->groups = shape_product(shape, 0, axis);
  groups->n = shape_product(shape, axis, shape->rank);
  groups->cycle = groups->span = 1;
  groups->width = groups->n;
  return true;
}

static bool channel_groups(const Node *node, const Tensor *const *x, Groups *groups, GError **error) {
  const Shape *shape = &x[0]->shape;
  if (shape->rank < 3)
    return input_error(error, "its input has rank %d; at least 3 are needed", shape->rank);
  int64_t channels = shape->dim[1], pixels = shape_product(shape, 2, shape->rank);
  int64_t parts = node->op == &op_instance_normalization ? channels : node_int(node, "num_groups", 0);
  if (parts != channels && (parts < 1 || channels % parts != 0))
    return input_error(error, "%" G_GINT64_FORMAT " channels cannot be cut into %" G_GINT64_FORMAT " groups",
                       channels, parts);
  bool each = shape_count(&x[1]->shape) == parts;
  int64_t together = parts == 0 ? 1 : channels / parts;
  groups->groups = shape->dim[0] * parts;
  groups->n = together * pixels;
  groups->cycle = parts;
  groups->width = each ? 1 : together;
  groups->span = MAX(each ? groups->n : pixels, 1);
  return true;
}

static bool read_groups(const Node *node, const Tensor *const *x, Groups *groups, GError **error) {
  bool layer = node->op == &op_layer_normalization;
  groups->epsilon = node_float(node, "epsilon", 1e-5f);
  return layer ? layer_groups(node, x, groups, error) : channel_groups(node, x, groups, error);
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Groups groups;
  Shape wide = x[0]->shape;
  if (!check_type(x[0], TENSOR_FLOAT32, "the input", error) || !read_groups(node, x, &groups, error))
    return false;
  for (int k = 1; k < n_inputs; k++)
    if (x[k] && (x[k]->type != TENSOR_FLOAT32 || shape_count(&x[k]->shape) != groups.cycle * groups.width))
      return input_error(error, "input %d must be %" G_GINT64_FORMAT " float32 numbers", k + 1,
                         groups.cycle * groups.width);
  bool layer = node->op == &op_layer_normalization;
  if (n_outputs > (layer ? 3 : 1))
    return input_error(error, "it has %d outputs; %d are possible", n_outputs, layer ? 3 : 1);
  for (int i = layer ? check_axis(&wide, node_int(node, "axis", -1), NULL) : 0; i < wide.rank; i++)
    wide.dim[i] = 1;
  for (int k = 1; k < n_outputs; k++)
    if (!output_set(y[k], TENSOR_FLOAT32, &wide, error))
      return false;
  return output_set(y[0], TENSOR_FLOAT32, &x[0]->shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 3 ? KEEP_INPUT(0) : 0) | (wanted & 1 ? KEEP_INPUT(1) : 0);
}

/* m and r of a group. */
static void moments(const Groups *groups, const float *x, float *mean, float *inverse) {
  double m = mean_of(x, groups->n);
  *mean = (float)m;
  *inverse = (float)(1 / sqrt(variance_of(x, groups->n, m) + groups->epsilon));
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Groups *groups = data;
  const float *shifts = call->n_inputs > 2 && call->x[2] ? tensor_floats(call->x[2]) : NULL;
  for (int64_t g = from; g < to; g++) {
    const float *x = tensor_floats(call->x[0]) + g * groups->n;
    float *y = tensor_floats(call->y[0]) + g * groups->n, m, r;
    moments(groups, x, &m, &r);
    if (call->n_outputs > 1)
      tensor_floats(call->y[1])[g] = m;
    if (call->n_outputs > 2)
      tensor_floats(call->y[2])[g] = r;
    const float *scale = tensor_floats(call->x[1]) + g % groups->cycle * groups->width;
    const float *shift = shifts ? shifts + g % groups->cycle * groups->width : NULL;
    if (groups->span == 1 && shift)
      for (int64_t i = 0; i < groups->n; i++)
        y[i] = (x[i] - m) * r * scale[i] + shift[i];
    else
      for (int64_t i = 0, k = 0; i < groups->n; k++) {
        float a = scale[k], b = shift ? shift[k] : 0;
        for (int64_t end = i + groups->span; i < end; i++)
          y[i] = (x[i] - m) * r * a + b;
      }
  }
}

/* Groups for one piece of work. */
static int64_t groups_in_piece(const Groups *groups) {
  return MAX(1, RANGE_ELEMENTS / groups->n);
}

static void forward(const OpCall *call) {
  Groups groups;
  read_groups(call->node, call->x, &groups, NULL);
  if (tensor_count(call->x[0]) > 0)
    call_ranges(call, groups.groups, groups_in_piece(&groups), forward_range, &groups);
  for (int k = 1; k < call->n_outputs && groups.n == 0; k++)
    memset(call->y[k]->data, 0, tensor_bytes(call->y[k]));
}

/* to = g, the gradient of z. */
static void times_scale(const Groups *groups, const float *dy, const float *scale, float *to) {
  if (groups->span == 1)
    for (int64_t i = 0; i < groups->n; i++)
      to[i] = dy[i] * scale[i];
  else
    for (int64_t i = 0, k = 0; i < groups->n; k++)
      for (int64_t end = i + groups->span; i < end; i++)
        to[i] = dy[i] * scale[k];
}

static float gradient_of(const OpCall *call, int output, int64_t g) {
  return output < call->n_outputs && call->dy[output] ? tensor_floats(call->dy[output])[g] : 0;
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Groups *groups = data;
  int64_t n = groups->n;
  for (int64_t g = from; g < to; g++) {
    const float *x = tensor_floats(call->x[0]) + g * n;
    const float *scale = tensor_floats(call->x[1]) + g % groups->cycle * groups->width;
    float *dx = tensor_floats(call->dx[0]) + g * n, m, r;
    moments(groups, x, &m, &r);
    if (call->dy[0])
      times_scale(groups, tensor_floats(call->dy[0]) + g * n, scale, dx);
    else
      memset(dx, 0, sizeof(float) * (size_t)n);
    float mean = (float)(LANE_SUM(n, (double)dx[i]) / (double)n);
    float slope = (float)(LANE_SUM(n, (double)dx[i] * ((x[i] - m) * r)) / (double)n);
    float add = gradient_of(call, 1, g) / (float)n - r * mean;
    slope = r * slope + gradient_of(call, 2, g) * r * r / (float)n;
    for (int64_t i = 0; i < n; i++)
      dx[i] = r * dx[i] - slope * ((x[i] - m) * r) + add;
  }
}

/* dscale and dshift (either may be NULL), one group after the other. */
static void backward_affine(const OpCall *call, const Groups *groups, float *dscale, float *dshift) {
  for (int64_t i = 0; i < groups->cycle * groups->width; i++) {
    if (dscale)
      dscale[i] = 0;
    if (dshift)
      dshift[i] = 0;
  }
  for (int64_t g = 0; call->dy[0] && groups->n > 0 && g < groups->groups && !stop_requested(call->stop);
       g++) {
    const float *dy = tensor_floats(call->dy[0]) + g * groups->n;
    const float *x = dscale ? tensor_floats(call->x[0]) + g * groups->n : NULL;
    int64_t first = g % groups->cycle * groups->width, span = groups->span;
    float m = 0, r = 0;
    if (dscale)
      moments(groups, x, &m, &r);
    for (int64_t i = 0; i < groups->n; i++) {
      if (dscale)
        dscale[first + i / span] += dy[i] * ((x[i] - m) * r);
      if (dshift)
        dshift[first + i / span] += dy[i];
    }
  }
}

static void backward(const OpCall *call) {
  Groups groups;
  read_groups(call->node, call->x, &groups, NULL);
  if (call->dx[0] && tensor_count(call->x[0]) > 0)
    call_ranges(call, groups.groups, groups_in_piece(&groups), backward_range, &groups);
  float *dscale = call->dx[1] ? tensor_floats(call->dx[1]) : NULL;
  float *dshift = call->n_inputs > 2 && call->dx[2] ? tensor_floats(call->dx[2]) : NULL;
  if (dscale || dshift)
    backward_affine(call, &groups, dscale, dshift);
}

#define NORM_OP(symbol, onnx_name, least)                                                                    \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = least,                                                                    \
                     .max_inputs = 3,                                                                        \
                     .infer = infer,                                                                         \
                     .keeps = keeps,                                                                         \
                     .forward = forward,                                                                     \
                     .backward = backward}
NORM_OP(op_layer_normalization, "LayerNormalization", 2);
NORM_OP(op_instance_normalization, "InstanceNormalization", 3);
NORM_OP(op_group_normalization, "GroupNormalization", 3);
