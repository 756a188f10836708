#include "engine/ops/resize-read.h"

#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

/* An optional list: absent, or present without numbers, is NULL. */
static const Tensor *list_at(int n_inputs, const Tensor *const *x, int k) {
  return k < n_inputs && x[k] && shape_count(&x[k]->shape) != 0 ? x[k] : NULL;
}

static bool known_floats(const Tensor *x, const char *what, int wanted, const float **floats,
                         GError **error) {
  if (!check_type(x, TENSOR_FLOAT32, what, error))
    return false;
  if (!x->data)
    return input_error(error, "%s depend on the input's numbers; they must be known before the run", what);
  if (x->shape.rank != 1 || x->shape.dim[0] != wanted)
    return input_error(error, "%s must be a list of %d numbers", what, wanted);
  *floats = tensor_floats(x);
  return true;
}

static bool read_mode(const Node *node, ResizeAxis *all, GError **error) {
  static const struct {
    const char *name;
    ResizeMode mode;
  } modes[] = {{"nearest", RESIZE_NEAREST},
               {"linear", RESIZE_LINEAR},
               {"bilinear", RESIZE_LINEAR},
               {"trilinear", RESIZE_LINEAR},
               {"cubic", RESIZE_CUBIC}};
  bool upsample = node->op == &op_upsample;
  const char *text = node_text(node, "mode", "nearest");
  const char *transform =
      upsample ? "asymmetric" : node_text(node, "coordinate_transformation_mode", "half_pixel");
  const char *nearest = upsample ? "floor" : node_text(node, "nearest_mode", "round_prefer_floor");
  size_t i = 0;
  while (i < G_N_ELEMENTS(modes) && strcmp(modes[i].name, text) != 0)
    i++;
  if (i == G_N_ELEMENTS(modes))
    return input_error(error, "its mode '%s' is not supported; nearest, linear and cubic are", text);
  *all = (ResizeAxis){.mode = modes[i].mode,
                      .transform = resize_transform(transform),
                      .round = resize_round(nearest),
                      .crops = strcmp(transform, "tf_crop_and_resize") == 0,
                      .antialias = node_int(node, "antialias", 0) != 0,
                      .exclude_outside = node_int(node, "exclude_outside", 0) != 0,
                      .cubic = node_float(node, "cubic_coeff_a", -0.75f),
                      .scale = 1,
                      .end = 1};
  if (!all->transform || !all->round)
    return input_error(error, "its %s '%s' is not known",
                       all->transform ? "nearest_mode" : "coordinate_transformation_mode",
                       all->transform ? nearest : transform);
  return true;
}

static bool read_scales(const float *scales, const int *axes, int n, ResizeRequest *request, GError **error) {
  for (int i = 0; i < n; i++) {
    ResizeAxis *axis = &request->axis[axes[i]];
    /* In float32, as the operator's own shape inference has it. */
    float out = floorf((float)axis->in * scales[i]);
    if (!(scales[i] > 0) || !(out <= (float)OP_COUNT_LIMIT))
      return input_error(error, "its scale %g of axis %d is out of range", scales[i], axes[i]);
    axis->scale = scales[i];
    axis->out = (int64_t)out;
  }
  return true;
}

static bool read_sizes(const Node *node, const int64_t *sizes, const int *axes, int n, ResizeRequest *request,
                       GError **error) {
  const char *policy = node_text(node, "keep_aspect_ratio_policy", "stretch");
  bool stretch = strcmp(policy, "stretch") == 0, larger = strcmp(policy, "not_smaller") == 0;
  if (!stretch && !larger && strcmp(policy, "not_larger") != 0)
    return input_error(error, "its keep_aspect_ratio_policy '%s' is not known", policy);
  double common = larger ? 0 : INFINITY;
  for (int i = 0; i < n; i++) {
    ResizeAxis *axis = &request->axis[axes[i]];
    if (sizes[i] < 0 || sizes[i] > OP_COUNT_LIMIT || (axis->in < 1 && axis->in != sizes[i]))
      return input_error(error, "axis %d of size %" G_GINT64_FORMAT " cannot become %" G_GINT64_FORMAT,
                         axes[i], axis->in, sizes[i]);
    axis->out = sizes[i];
    axis->scale = axis->in > 0 ? (double)sizes[i] / (double)axis->in : 1;
    common = larger ? MAX(common, axis->scale) : MIN(common, axis->scale);
  }
  for (int i = 0; i < n && !stretch; i++) {
    ResizeAxis *axis = &request->axis[axes[i]];
    double out = floor(common * (double)axis->in + 0.5);
    if (!(out <= (double)OP_COUNT_LIMIT))
      return input_error(error, "its sizes and its keep_aspect_ratio_policy lead to %g elements", out);
    axis->scale = common;
    axis->out = (int64_t)out;
  }
  return true;
}

/* Whether the axis stays as it is. */
static bool stays(const ResizeAxis *axis) {
  return axis->in == axis->out && axis->scale == 1 && (!axis->crops || (axis->start == 0 && axis->end == 1));
}

/* Products for each number that is read or written: what a stretched filter on one axis and many elements on
 * another would need without bound. */
#define MOST_PRODUCTS 4096.0

static bool check_work(const ResizeRequest *request, GError **error) {
  double work = 1, in = 1, out = 1;
  for (int i = 0; i < request->rank; i++) {
    const ResizeAxis *axis = &request->axis[i];
    in *= (double)axis->in;
    out *= (double)axis->out;
    work *= (double)axis->out * (request->resized[i] ? (double)resize_axis_taps(axis) : 1);
  }
  return work <= MOST_PRODUCTS * (in + out) ||
         input_error(error, "its antialiasing would take %g products; resize one axis after the other", work);
}

/* From the first resized axis on, all are small enough for a table; the memory's order does not matter then.
 */
static bool check_limits(ResizeRequest *request, GError **error) {
  bool any = false;
  for (int i = 0; i < request->rank; i++) {
    const ResizeAxis *axis = &request->axis[i];
    request->resized[i] = !stays(axis);
    any = any || request->resized[i];
    if (any && MAX(axis->in, axis->out) > RESIZE_AXIS_LIMIT)
      return input_error(error,
                         "axis %d goes from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                         " elements; at most %" G_GINT64_FORMAT " are possible",
                         i, axis->in, axis->out, RESIZE_AXIS_LIMIT);
    if (request->resized[i] && axis->in < 1 && axis->out > 0)
      return input_error(error, "axis %d is empty and cannot be resized", i);
  }
  return check_work(request, error);
}

bool resize_read(const Node *node, int n_inputs, const Tensor *const *x, ResizeRequest *request,
                 GError **error) {
  bool upsample = node->op == &op_upsample;
  const Tensor *roi = list_at(upsample ? 0 : n_inputs, x, 1),
               *scales = list_at(n_inputs, x, upsample ? 1 : 2),
               *sizes = list_at(upsample ? 0 : n_inputs, x, 3);
  int rank = x[0]->shape.rank, n, axes[TENSOR_MAX_RANK];
  const float *numbers = NULL;
  const int64_t *ints;
  ResizeAxis all;
  if (!read_mode(node, &all, error) || !read_axes(node, 0, NULL, rank, axes, &n, error))
    return false;
  if (n < 0)
    for (n = 0; n < rank; n++)
      axes[n] = n;
  *request = (ResizeRequest){.rank = rank, .extrapolation = node_float(node, "extrapolation_value", 0)};
  for (int i = 0; i < rank; i++) {
    request->axis[i] = all;
    request->axis[i].in = request->axis[i].out = x[0]->shape.dim[i];
  }
  if (!scales == !sizes)
    return input_error(error, "it must have either scales or sizes");
  if (all.crops) {
    if (!roi)
      return input_error(error, "it crops, but has no region (input roi)");
    if (!known_floats(roi, "its region's numbers", 2 * n, &numbers, error))
      return false;
    for (int i = 0; i < n; i++) {
      request->axis[axes[i]].start = numbers[i];
      request->axis[axes[i]].end = numbers[i + n];
    }
  }
  if (scales) {
    if (!known_floats(scales, "its scales", n, &numbers, error) ||
        !read_scales(numbers, axes, n, request, error))
      return false;
  } else {
    int count;
    if (!known_ints(sizes, "the list of sizes", n, &ints, &count, error))
      return false;
    if (count != n)
      return input_error(error, "it has %d sizes; %d belong to its axes", count, n);
    if (!read_sizes(node, ints, axes, n, request, error))
      return false;
  }
  return check_limits(request, error);
}
