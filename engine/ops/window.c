#include "engine/ops/window.h"

#include "engine/ops/support.h"

#include <string.h>

/* Sizes, steps and pads beyond this are refused, so that no product of two of them overflows. */
#define SIZE_LIMIT ((int64_t)1 << 31)

bool window_sizes(const Node *node, const char *name, int wanted, int64_t lowest, int64_t *numbers,
                  GError **error) {
  int n;
  const int64_t *ints = node_ints(node, name, &n);
  if (!ints || n == 0)
    return true;
  if (n != wanted)
    return input_error(error, "its attribute %s has %d numbers; %d belong to its input", name, n, wanted);
  for (int i = 0; i < n; i++) {
    if (ints[i] < lowest || ints[i] > SIZE_LIMIT)
      return input_error(error, "its attribute %s holds %" G_GINT64_FORMAT ", which is out of range", name,
                         ints[i]);
    numbers[i] = ints[i];
  }
  return true;
}

static bool output_size(Window *window, int i, bool ceil_mode, GError **error) {
  int64_t reach = (window->kernel[i] - 1) * window->dilation[i] + 1;
  int64_t padded = window->in[i] + window->before[i] + window->after[i];
  if (reach > padded || window->in[i] < 1)
    return input_error(
        error, "its window of %" G_GINT64_FORMAT " does not fit into the padded input of %" G_GINT64_FORMAT,
        reach, padded);
  int64_t free_steps = padded - reach;
  window->out[i] = free_steps / window->stride[i] + 1;
  /* With ceil_mode a last window may reach past the padding, but must begin inside the input or its front
   * padding. */
  if (ceil_mode && free_steps % window->stride[i] != 0 &&
      window->out[i] * window->stride[i] < window->in[i] + window->before[i])
    window->out[i]++;
  return true;
}

/* SAME_UPPER and SAME_LOWER: out = ceil(in / stride), the padding halved, an odd rest at the end or at the
 * start. */
static void pad_same(Window *window, int i, bool lower) {
  int64_t out = (window->in[i] + window->stride[i] - 1) / window->stride[i];
  int64_t reach = (window->kernel[i] - 1) * window->dilation[i] + 1;
  int64_t total = MAX((out - 1) * window->stride[i] + reach - window->in[i], 0);
  window->before[i] = lower ? total - total / 2 : total / 2;
  window->after[i] = total - window->before[i];
}

static bool read_padding(const Node *node, WindowPadding *padding, GError **error) {
  static const char *const names[] = {"NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"};
  const char *text = node_text(node, "auto_pad", "NOTSET");
  *padding = PADDING_EXPLICIT;
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (strcmp(text, names[i]) == 0) {
      *padding = (WindowPadding)i;
      return true;
    }
  return !*text ||
         input_error(error, "its attribute auto_pad is '%s'; NOTSET, VALID, SAME_UPPER, SAME_LOWER are known",
                     text);
}

bool window_steps(Window *window, const Node *node, int spatial, const int64_t *kernel,
                  WindowPadding *padding, GError **error) {
  int first = SPACE - spatial;
  int64_t pads[2 * SPACE] = {0}, shape[SPACE];
  if (spatial < 1 || spatial > SPACE)
    return input_error(error, "its input has rank %d; ranks 3 to 5 are supported", spatial + 2);
  for (int i = 0; i < SPACE; i++)
    window->kernel[i] = window->stride[i] = window->dilation[i] = 1;
  memset(window->before, 0, sizeof window->before);
  memset(window->after, 0, sizeof window->after);
  if (kernel)
    memcpy(window->kernel + first, kernel, sizeof(int64_t) * (size_t)spatial);
  else if (!node_attribute(node, "kernel_shape"))
    return input_error(error, "its attribute kernel_shape is missing");
  memcpy(shape, window->kernel + first, sizeof(int64_t) * (size_t)spatial);
  if (!window_sizes(node, "kernel_shape", spatial, 1, shape, error) ||
      !window_sizes(node, "strides", spatial, 1, window->stride + first, error) ||
      !window_sizes(node, "dilations", spatial, 1, window->dilation + first, error) ||
      !window_sizes(node, "pads", 2 * spatial, 0, pads, error) || !read_padding(node, padding, error))
    return false;
  if (kernel && memcmp(shape, kernel, sizeof(int64_t) * (size_t)spatial) != 0)
    return input_error(error, "its attribute kernel_shape differs from the shape of its weights");
  memcpy(window->kernel + first, shape, sizeof(int64_t) * (size_t)spatial);
  for (int i = 0; i < spatial && *padding == PADDING_EXPLICIT; i++) {
    window->before[first + i] = pads[i];
    window->after[first + i] = pads[i + spatial];
  }
  return true;
}

bool window_read(Window *window, const Node *node, const Shape *input, const int64_t *kernel,
                 GError **error) {
  int spatial = input->rank - 2, first = SPACE - spatial;
  WindowPadding padding;
  if (!window_steps(window, node, spatial, kernel, &padding, error))
    return false;
  for (int i = 0; i < SPACE; i++)
    window->in[i] = window->out[i] = 1;
  memcpy(window->in + first, input->dim + 2, sizeof(int64_t) * (size_t)spatial);
  for (int i = first; i < SPACE; i++) {
    if (window->in[i] > SIZE_LIMIT || window->kernel[i] < 1 || window->kernel[i] > SIZE_LIMIT)
      return input_error(
          error, "a window of %" G_GINT64_FORMAT " on an axis of %" G_GINT64_FORMAT " is not possible",
          window->kernel[i], window->in[i]);
    if (padding == PADDING_SAME_UPPER || padding == PADDING_SAME_LOWER)
      pad_same(window, i, padding == PADDING_SAME_LOWER);
    if (!output_size(window, i, node_int(node, "ceil_mode", 0) != 0, error))
      return false;
  }
  return true;
}

Shape window_output(const Window *window, const Shape *input, int64_t channels) {
  Shape shape = {.rank = input->rank, .dim = {input->dim[0], channels}};
  int first = SPACE - (input->rank - 2);
  for (int i = first; i < SPACE; i++)
    shape.dim[2 + i - first] = window->out[i];
  return shape;
}
