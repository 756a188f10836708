/* Pad: numbers around x; negative pads cut off.  opset 2 has the pads as an attribute, later ones as input 1,
 * with the value (input 2) and the axes (input 3, opset 18).  The modes are constant, edge (the outermost
 * number again), reflect (mirrored about it) and wrap (from the other end).  Both orders of memory.
 *
 *     constant:       y = x in the middle, the value around it     dx = the middle of dy
 *     others:         y[i] = x[source(i)] along each axis          dx[j] = sum of dy[i] with source(i) = j */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

typedef enum { PAD_CONSTANT, PAD_EDGE, PAD_REFLECT, PAD_WRAP } PadMode;

typedef struct {
  PadMode mode;
  int64_t before[TENSOR_MAX_RANK], after[TENSOR_MAX_RANK];
} Pads;

static bool read_mode(const Node *node, PadMode *mode, GError **error) {
  static const char *const names[] = {"constant", "edge", "reflect", "wrap"};
  const char *text = node_text(node, "mode", "constant");
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
    if (strcmp(text, names[i]) == 0) {
      *mode = (PadMode)i;
      return true;
    }
  return input_error(error, "its mode '%s' is not supported; constant, edge, reflect and wrap are", text);
}

static bool read_pads(const Node *node, int n_inputs, const Tensor *const *x, Pads *pads, GError **error) {
  int rank = x[0]->shape.rank, n, n_axes = rank;
  const int64_t *list, *axes = NULL;
  *pads = (Pads){0};
  if (!read_mode(node, &pads->mode, error))
    return false;
  if (n_inputs > 1 && x[1]) {
    if (!known_ints(x[1], "the list of pads", 2 * TENSOR_MAX_RANK, &list, &n, error))
      return false;
  } else {
    list = node_ints(node, "pads", &n);
  }
  if (n_inputs > 3 && x[3] && !known_ints(x[3], "the list of axes", rank, &axes, &n_axes, error))
    return false;
  if (!list || n != 2 * n_axes)
    return input_error(error, "it has %d pads; %d belong to %d axes", n, 2 * n_axes, n_axes);
  for (int i = 0; i < n_axes; i++) {
    int axis = check_axis(&x[0]->shape, axes ? axes[i] : i, error);
    int64_t before = list[i], after = list[i + n_axes];
    if (axis < 0)
      return false;
    if (MAX(ABS(before / 2), ABS(after / 2)) > OP_COUNT_LIMIT / 2)
      return input_error(error, "its pads %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT " are too large",
                         before, after);
    pads->before[axis] = before;
    pads->after[axis] = after;
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Pads pads;
  Shape shape = x[0]->shape;
  if (!check_one_output(n_outputs, error) || !read_pads(node, n_inputs, x, &pads, error))
    return false;
  if (n_inputs > 2 && x[2] && (x[2]->type != x[0]->type || shape_count(&x[2]->shape) != 1))
    return input_error(error, "its value must be one number of its input's type");
  for (int i = 0; i < shape.rank; i++) {
    int64_t most = MAX(pads.before[i], pads.after[i]), dim = shape.dim[i];
    if ((pads.mode == PAD_REFLECT && most >= dim && most > 0) ||
        (pads.mode != PAD_CONSTANT && dim == 0 && most > 0))
      return input_error(
          error, "axis %d of size %" G_GINT64_FORMAT " cannot be padded by %" G_GINT64_FORMAT " in this mode",
          i, dim, most);
    shape.dim[i] += pads.before[i] + pads.after[i];
  }
  return output_set(y[0], x[0]->type, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(1) | KEEP_INPUT(3) : 0;
}

/* Walks the part of x that y has; operand 0 is y, operand 1 is x, from their offsets on.  False when there is
 * none. */
static bool middle_loops(const Pads *pads, const Tensor *x, const Tensor *y, Loops *loops,
                         int64_t offset[2]) {
  int axes[TENSOR_MAX_RANK], rank = x->shape.rank;
  int64_t sx[TENSOR_MAX_RANK], sy[TENSOR_MAX_RANK];
  int64_t dim[TENSOR_MAX_RANK], step_x[TENSOR_MAX_RANK], step_y[TENSOR_MAX_RANK];
  memory_axes(x, axes);
  memory_strides(x, sx);
  memory_strides(y, sy);
  offset[0] = offset[1] = 0;
  for (int i = 0; i < rank; i++) {
    int axis = axes[i];
    int64_t first = MAX(0, -pads->before[axis]),
            end = MIN(x->shape.dim[axis], x->shape.dim[axis] + pads->after[axis]);
    dim[i] = end - first;
    if (dim[i] <= 0)
      return false;
    step_x[i] = sx[axis];
    step_y[i] = sy[axis];
    offset[0] += (first + pads->before[axis]) * sy[axis];
    offset[1] += first * sx[axis];
  }
  loops_init(loops, rank, dim, step_y, step_x);
  return true;
}

typedef struct {
  Loops loops;
  size_t size;
  char *y;
  char *x;
  bool back; /* x gets y's middle, instead of y getting x */
} Middle;

static void middle_rows(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Middle *middle = data;
  const Loops *loops = &middle->loops;
  int last = loops->rank - 1;
  int64_t n = loops->dim[last], sy = loops->step[0][last], sx = loops->step[1][last],
          size = (int64_t)middle->size;
  for (int64_t row = from; row < to; row++) {
    int64_t offset[2];
    loops_row(loops, row, offset);
    char *y = middle->y + offset[0] * size, *x = middle->x + offset[1] * size;
    if (sx == 1 && sy == 1)
      memcpy(middle->back ? x : y, middle->back ? y : x, (size_t)(n * size));
    else
      for (int64_t i = 0; i < n; i++)
        memcpy((middle->back ? x + i * sx * size : y + i * sy * size),
               (middle->back ? y + i * sy * size : x + i * sx * size), middle->size);
  }
}

static void copy_middle(const OpCall *call, const Pads *pads, const Tensor *x, const Tensor *y, bool back) {
  int64_t offset[2];
  Middle middle = {.size = tensor_type_size(x->type), .back = back};
  if (!middle_loops(pads, x, y, &middle.loops, offset))
    return;
  middle.y = (char *)y->data + offset[0] * (int64_t)middle.size;
  middle.x = (char *)x->data + offset[1] * (int64_t)middle.size;
  int64_t n = middle.loops.dim[middle.loops.rank - 1];
  call_ranges(call, loops_rows(&middle.loops), MAX(1, RANGE_ELEMENTS / n), middle_rows, &middle);
}

static void fill(Tensor *y, const void *value) {
  size_t size = tensor_type_size(y->type);
  int64_t count = tensor_count(y);
  for (int64_t i = 0; value && i < count; i++)
    memcpy((char *)y->data + i * (int64_t)size, value, size);
  if (!value && count > 0)
    memset(y->data, 0, (size_t)count * size);
}

/* Where y's memory element i comes from, for all modes but constant. */
static int64_t source(const Pads *pads, const Tensor *x, const Tensor *y, const int axes[],
                      const int64_t sx[], int64_t i) {
  int64_t offset = 0;
  for (int k = y->shape.rank - 1; k >= 0; k--) {
    int axis = axes[k];
    int64_t dim = x->shape.dim[axis], at = i % y->shape.dim[axis] - pads->before[axis];
    i /= y->shape.dim[axis];
    if (pads->mode == PAD_EDGE)
      at = CLAMP(at, 0, dim - 1);
    else if (pads->mode == PAD_WRAP)
      at = at % dim < 0 ? at % dim + dim : at % dim;
    else if (at < 0)
      at = -at;
    else if (at >= dim)
      at = 2 * (dim - 1) - at;
    offset += at * sx[axis];
  }
  return offset;
}

static void copy_mapped(const Pads *pads, const Tensor *x, const Tensor *y, bool back) {
  int axes[TENSOR_MAX_RANK];
  int64_t sx[TENSOR_MAX_RANK], count = tensor_count(y), size = (int64_t)tensor_type_size(y->type);
  memory_axes(y, axes);
  memory_strides(x, sx);
  for (int64_t i = 0; i < count; i++) {
    int64_t from = source(pads, x, y, axes, sx, i);
    if (back)
      tensor_floats(x)[from] += tensor_floats(y)[i];
    else
      memcpy((char *)y->data + i * size, (char *)x->data + from * size, (size_t)size);
  }
}

static void forward(const OpCall *call) {
  Pads pads;
  const Tensor *x = call->x[0];
  read_pads(call->node, call->n_inputs, call->x, &pads, NULL);
  if (pads.mode != PAD_CONSTANT) {
    copy_mapped(&pads, x, call->y[0], false);
    return;
  }
  float old = node_float(call->node, "value", 0);
  const void *value = x->type == TENSOR_FLOAT32 && old != 0 ? &old : NULL;
  if (call->n_inputs > 2 && call->x[2])
    value = call->x[2]->data;
  fill(call->y[0], value);
  copy_middle(call, &pads, x, call->y[0], false);
}

static void backward(const OpCall *call) {
  Pads pads;
  if (!call->dx[0])
    return;
  read_pads(call->node, call->n_inputs, call->x, &pads, NULL);
  fill(call->dx[0], NULL);
  if (pads.mode == PAD_CONSTANT)
    copy_middle(call, &pads, call->dx[0], call->dy[0], true);
  else
    copy_mapped(&pads, call->dx[0], call->dy[0], true);
}

const Op op_pad = {.name = "Pad",
                   .min_inputs = 1,
                   .max_inputs = 4,
                   .layout = LAYOUT_FOLLOWS,
                   .layout_inputs = 1,
                   .no_gradient = ~1u,
                   .infer = infer,
                   .keeps = keeps,
                   .forward = forward,
                   .backward = backward};
