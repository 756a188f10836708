/* Conv by its definition, without packed weights: for weights that are not known before the run, and for the
 * gradients with respect to weights and bias.
 *
 *     y[n, o, p]  = b[o] + sum over c, t of w[o, c, t] x[n, c, q(p, t)]
 *     dx[n, c, q] = sum over o, (p, t) with q(p, t) = q of w[o, c, t] dz[n, o, p]
 *     dw[o, c, t] = sum over n, p of dz[n, o, p] x[n, c, q(p, t)]        db[o] = sum over n, p of dz[n, o, p]
 *
 * dz is dy where the fused activation lets it pass. */
#include "engine/kernels/conv-plain.h"

#include "engine/activation.h"
#include "engine/kernels/epilogue.h"
#include "engine/kernels/kernels.h"
#include "engine/ops/support.h"

#include <string.h>

/* Element (channel, pixel) of one image stands at channel * by_channel + pixel * by_pixel. */
typedef struct {
  int64_t by_channel, by_pixel;
} Steps;

static Steps steps(const ConvShape *shape, int64_t channels, const int64_t size[SPACE]) {
  bool last = shape->order == ORDER_CHANNELS_LAST;
  return (Steps){last ? 1 : space_count(size), last ? channels : 1};
}

/* The input pixel that tap t of output pixel p reads, -1 in the padding. */
static int64_t source(const Window *w, int64_t p, int64_t t) {
  int64_t index = 0, out = space_count(w->out), taps = space_count(w->kernel);
  for (int i = 0; i < SPACE; i++) {
    out /= w->out[i];
    taps /= w->kernel[i];
    int64_t at = p / out % w->out[i] * w->stride[i] - w->before[i] + t / taps % w->kernel[i] * w->dilation[i];
    if (at < 0 || at >= w->in[i])
      return -1;
    index = index * w->in[i] + at;
  }
  return index;
}

static bool fits(const ConvShape *shape) {
  return true;
}

static size_t packed(const ConvShape *shape) {
  return 0;
}

static void prepare(const ConvShape *shape, const float *w, float *to) {
}

static size_t scratch(const ConvShape *shape) {
  return sizeof(float) * (size_t)(shape->outputs * space_count(shape->window.out));
}

static void forward_image(const OpCall *call, const void *data, int64_t image, int64_t end, int worker) {
  const ConvShape *shape = data;
  const Window *w = &shape->window;
  int64_t n_in = shape->inputs / shape->groups, n_out = shape->outputs / shape->groups;
  int64_t pixels = space_count(w->out), taps = space_count(w->kernel);
  Steps sx = steps(shape, shape->inputs, w->in), sy = steps(shape, shape->outputs, w->out);
  const float *x = tensor_floats(call->x[0]) + image * shape->inputs * space_count(w->in);
  float *y = tensor_floats(call->y[0]) + image * shape->outputs * pixels;
  for (int64_t o = 0; o < shape->outputs; o++)
    for (int64_t p = 0; p < pixels; p++) {
      const float *weights = tensor_floats(call->x[1]) + o * n_in * taps;
      float sum = 0;
      for (int64_t t = 0; t < taps; t++) {
        int64_t q = source(w, p, t);
        for (int64_t c = 0; q >= 0 && c < n_in; c++)
          sum += weights[c * taps + t] * x[(o / n_out * n_in + c) * sx.by_channel + q * sx.by_pixel];
      }
      y[o * sy.by_channel + p * sy.by_pixel] = sum;
    }
  epilogue_forward(call, shape, image, 0, pixels);
}

static void forward(const OpCall *call, const ConvShape *shape, const float *weights) {
  call_ranges(call, shape->batch, 1, forward_image, shape);
}

static void backward_image(const OpCall *call, const void *data, int64_t image, int64_t end, int worker) {
  const ConvShape *shape = data;
  const Window *w = &shape->window;
  int64_t n_in = shape->inputs / shape->groups, n_out = shape->outputs / shape->groups;
  int64_t pixels = space_count(w->out), taps = space_count(w->kernel),
          size = shape->inputs * space_count(w->in);
  Steps sx = steps(shape, shape->inputs, w->in), sy = steps(shape, shape->outputs, w->out);
  float *dx = tensor_floats(call->dx[0]) + image * size;
  const float *dz = epilogue_backward(call, shape, image, call_scratch(call, worker));
  if (!call->accumulate)
    memset(dx, 0, sizeof(float) * (size_t)size);
  for (int64_t o = 0; o < shape->outputs; o++)
    for (int64_t p = 0; p < pixels; p++) {
      const float *weights = tensor_floats(call->x[1]) + o * n_in * taps;
      float g = dz[o * sy.by_channel + p * sy.by_pixel];
      for (int64_t t = 0; t < taps; t++) {
        int64_t q = source(w, p, t);
        for (int64_t c = 0; q >= 0 && c < n_in; c++)
          dx[(o / n_out * n_in + c) * sx.by_channel + q * sx.by_pixel] += weights[c * taps + t] * g;
      }
    }
}

static void backward(const OpCall *call, const ConvShape *shape, const float *weights) {
  call_ranges(call, shape->batch, 1, backward_image, shape);
}

/* dz[image, o, p] */
static float gradient_at(const OpCall *call, const ConvShape *shape, int64_t image, int64_t o, int64_t p) {
  bool last = shape->order == ORDER_CHANNELS_LAST;
  int64_t plane = conv_plane(shape), n = last ? image : image * shape->outputs + o,
          i = last ? p * shape->outputs + o : p;
  const uint8_t *bits = call->saved;
  if (call->node->activation.kind != ACTIVATION_NONE &&
      !(bits[n * activation_bytes(plane) + i / 8] >> i % 8 & 1))
    return 0;
  return tensor_floats(call->dy[0])[n * plane + i];
}

/* All taps of output channel o. */
static void weights_of_output(const OpCall *call, const void *data, int64_t o, int64_t end, int worker) {
  const ConvShape *shape = data;
  const Window *w = &shape->window;
  int64_t n_in = shape->inputs / shape->groups, first = o / (shape->outputs / shape->groups) * n_in;
  int64_t pixels = space_count(w->out), taps = space_count(w->kernel),
          size = shape->inputs * space_count(w->in);
  Steps sx = steps(shape, shape->inputs, w->in);
  for (int64_t c = 0; c < n_in; c++)
    for (int64_t t = 0; t < taps; t++) {
      double sum = 0;
      for (int64_t n = 0; n < shape->batch; n++)
        for (int64_t p = 0; p < pixels; p++) {
          int64_t q = source(w, p, t);
          if (q >= 0)
            sum += (double)gradient_at(call, shape, n, o, p) *
                   tensor_floats(call->x[0])[n * size + (first + c) * sx.by_channel + q * sx.by_pixel];
        }
      tensor_floats(call->dx[1])[(o * n_in + c) * taps + t] = (float)sum;
    }
}

void conv_weight_gradient(const OpCall *call, const ConvShape *shape) {
  call_ranges(call, shape->outputs, 1, weights_of_output, shape);
}

static void bias_of_output(const OpCall *call, const void *data, int64_t o, int64_t end, int worker) {
  const ConvShape *shape = data;
  double sum = 0;
  for (int64_t n = 0; n < shape->batch; n++)
    for (int64_t p = 0; p < space_count(shape->window.out); p++)
      sum += gradient_at(call, shape, n, o, p);
  tensor_floats(call->dx[2])[o] = (float)sum;
}

void conv_bias_gradient(const OpCall *call, const ConvShape *shape) {
  call_ranges(call, shape->outputs, 1, bias_of_output, shape);
}

const Kernel conv_plain = {.op = "Conv",
                           .name = "plain",
                           .fits = fits,
                           .packed = packed,
                           .prepare = prepare,
                           .scratch = scratch,
                           .forward = forward,
                           .backward = backward};
