/* Resize, Upsample: x of any rank -> y of the same rank, each axis on its own.
 *
 *     y[i, j, ...] = sum over k, l, ... of w0[i][k] w1[j][l] ... x[k, l, ...]      dx by the transposed sum
 *
 * The weights of an axis are tables (resize-axis.h), made when the plan is.  Float32 in all modes; nearest
 * also int64 and bool.  Both orders of memory. */
#include "engine/ops/ops.h"
#include "engine/ops/resize-read.h"
#include "engine/ops/support.h"

#include <string.h>

/* The memory as (planes, middle axes, lanes): the middle reaches from the first to the last resized axis. */
typedef struct {
  int64_t planes, lanes;
  int n; /* middle axes, may be 0 */
  ResizeTable table[TENSOR_MAX_RANK];
  float extrapolation;
  bool nearest;
} Prepared;

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  ResizeRequest request;
  if (!check_one_output(n_outputs, error) || !resize_read(node, n_inputs, x, &request, error))
    return false;
  if (request.axis[0].mode != RESIZE_NEAREST && request.rank > 0 && x[0]->type != TENSOR_FLOAT32)
    return input_error(error, "whole numbers can be resized in mode nearest only");
  Shape shape = x[0]->shape;
  for (int i = 0; i < shape.rank; i++)
    shape.dim[i] = request.axis[i].out;
  return output_set(y[0], x[0]->type, &shape, error);
}

static void *prepare(const Node *node, int n_inputs, const Tensor *const *x, Tensor *const *y) {
  Prepared *p = g_new0(Prepared, 1);
  ResizeRequest request;
  int axes[TENSOR_MAX_RANK], first = 0, end = x[0]->shape.rank;
  resize_read(node, n_inputs, x, &request, NULL);
  memory_axes(x[0], axes);
  while (first < end && !request.resized[axes[first]])
    first++;
  while (end > first && !request.resized[axes[end - 1]])
    end--;
  p->planes = p->lanes = 1;
  p->nearest = request.axis[0].mode == RESIZE_NEAREST;
  p->extrapolation = request.extrapolation;
  for (int i = 0; i < x[0]->shape.rank; i++) {
    ResizeAxis *axis = &request.axis[axes[i]];
    if (i < first)
      p->planes *= axis->in;
    else if (i >= end)
      p->lanes *= axis->in;
    else
      resize_table_init(&p->table[p->n++], axis);
  }
  return p;
}

static void release(void *pointer) {
  Prepared *p = pointer;
  for (int i = 0; p && i < p->n; i++)
    resize_table_clear(&p->table[i]);
  g_free(p);
}

/* Rows run along the last middle axis; this is one row of y and one of the rows of x that it reads. */
typedef struct {
  const ResizeTaps *taps[TENSOR_MAX_RANK]; /* of the middle axes before the last */
  int64_t combinations;                    /* rows of x; 0: the row of y lies outside */
  int64_t plane;
} Row;

static int64_t rows_of_plane(const Prepared *p) {
  int64_t rows = 1;
  for (int i = 0; i < p->n - 1; i++)
    rows *= p->table[i].out;
  return rows;
}

static Row row_at(const Prepared *p, int64_t row) {
  Row result = {.combinations = 1};
  for (int i = p->n - 2; i >= 0; i--) {
    result.taps[i] = &p->table[i].taps[row % p->table[i].out];
    result.combinations *= result.taps[i]->count;
    row /= p->table[i].out;
  }
  result.plane = row;
  return result;
}

/* The offset in x of one of the rows, and its weight. */
static int64_t source_row(const Prepared *p, const Row *row, int64_t combination, float *weight) {
  int64_t offset = 0, step = 1;
  *weight = 1;
  for (int i = p->n - 2; i >= 0; i--) {
    const ResizeTaps *taps = row->taps[i];
    int64_t k = combination % taps->count;
    combination /= taps->count;
    *weight *= p->table[i].weight[taps->weights + k];
    offset += (taps->first + k) * step;
    step *= p->table[i].in;
  }
  return (row->plane * step + offset) * p->table[p->n - 1].in * p->lanes;
}

static void add_row(const ResizeTable *table, int64_t lanes, float factor, const float *x, float *y) {
  for (int64_t o = 0; o < table->out; o++, y += lanes) {
    const ResizeTaps *taps = &table->taps[o];
    const float *from = x + taps->first * lanes, *weight = table->weight + taps->weights;
    for (int k = 0; k < taps->count; k++, from += lanes) {
      float w = factor * weight[k];
      for (int64_t c = 0; c < lanes; c++)
        y[c] += w * from[c];
    }
  }
}

static void add_row_back(const ResizeTable *table, int64_t lanes, float factor, const float *dy, float *dx) {
  for (int64_t o = 0; o < table->out; o++, dy += lanes) {
    const ResizeTaps *taps = &table->taps[o];
    float *to = dx + taps->first * lanes;
    const float *weight = table->weight + taps->weights;
    for (int k = 0; k < taps->count; k++, to += lanes) {
      float w = factor * weight[k];
      for (int64_t c = 0; c < lanes; c++)
        to[c] += w * dy[c];
    }
  }
}

static void copy_row(const ResizeTable *table, int64_t lanes, size_t size, const char *x, char *y) {
  size_t bytes = (size_t)lanes * size;
  for (int64_t o = 0; o < table->out; o++) {
    const ResizeTaps *taps = &table->taps[o];
    if (taps->count && bytes == sizeof(float))
      memcpy(y + (size_t)o * sizeof(float), x + (size_t)taps->first * sizeof(float), sizeof(float));
    else if (taps->count)
      memcpy(y + (size_t)o * bytes, x + (size_t)taps->first * bytes, bytes);
  }
}

static void fill(const Tensor *y, int64_t at, int64_t n, float value) {
  for (int64_t i = at; i < at + n; i++)
    if (y->type == TENSOR_FLOAT32)
      tensor_floats(y)[i] = value;
    else if (y->type == TENSOR_INT64)
      tensor_ints(y)[i] = (int64_t)CLAMP(value, -0x1p62f, 0x1p62f);
    else
      ((uint8_t *)y->data)[i] = value != 0;
}

static void forward_rows(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Prepared *p = data;
  const ResizeTable *last = &p->table[p->n - 1];
  Tensor *y = call->y[0];
  int64_t length = last->out * p->lanes;
  size_t size = tensor_type_size(y->type);
  float weight;
  for (int64_t i = from; i < to; i++) {
    Row row = row_at(p, i);
    if (p->nearest && row.combinations)
      copy_row(last, p->lanes, size,
               (const char *)call->x[0]->data + (size_t)source_row(p, &row, 0, &weight) * size,
               (char *)y->data + (size_t)(i * length) * size);
    else if (!p->nearest)
      memset(tensor_floats(y) + i * length, 0, sizeof(float) * (size_t)length);
    for (int64_t k = 0; !p->nearest && k < row.combinations; k++) {
      int64_t at = source_row(p, &row, k, &weight);
      add_row(last, p->lanes, weight, tensor_floats(call->x[0]) + at, tensor_floats(y) + i * length);
    }
    if (!row.combinations)
      fill(y, i * length, length, p->extrapolation);
    for (int64_t o = 0; o < last->out; o++)
      if (!last->taps[o].count)
        fill(y, i * length + o * p->lanes, p->lanes, p->extrapolation);
  }
}

static void forward(const OpCall *call) {
  const Prepared *p = call->prepared;
  if (tensor_count(call->y[0]) == 0)
    return;
  if (p->n == 0)
    memcpy(call->y[0]->data, call->x[0]->data, tensor_bytes(call->y[0]));
  else
    call_ranges(call, p->planes * rows_of_plane(p),
                MAX(1, RANGE_ELEMENTS / (p->table[p->n - 1].out * p->lanes)), forward_rows, p);
}

static void backward_planes(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  const Prepared *p = data;
  const ResizeTable *last = &p->table[p->n - 1];
  int64_t rows = rows_of_plane(p), length = last->out * p->lanes, size = p->lanes;
  for (int i = 0; i < p->n; i++)
    size *= p->table[i].in;
  memset(tensor_floats(call->dx[0]) + from * size, 0, sizeof(float) * (size_t)((to - from) * size));
  for (int64_t i = from * rows; i < to * rows; i++) {
    Row row = row_at(p, i);
    for (int64_t k = 0; k < row.combinations; k++) {
      float weight;
      int64_t at = source_row(p, &row, k, &weight);
      add_row_back(last, p->lanes, weight, tensor_floats(call->dy[0]) + i * length,
                   tensor_floats(call->dx[0]) + at);
    }
  }
}

static void backward(const OpCall *call) {
  const Prepared *p = call->prepared;
  if (!call->dx[0] || tensor_count(call->dx[0]) == 0)
    return;
  if (p->n == 0)
    memcpy(call->dx[0]->data, call->dy[0]->data, tensor_bytes(call->dx[0]));
  else
    call_ranges(call, p->planes, MAX(1, RANGE_ELEMENTS * p->planes / tensor_count(call->dx[0])),
                backward_planes, p);
}

#define RESIZE_OP(symbol, onnx_name, most_inputs)                                                            \
  const Op symbol = {.name = onnx_name,                                                                      \
                     .min_inputs = 1,                                                                        \
                     .max_inputs = most_inputs,                                                              \
                     .layout = LAYOUT_FOLLOWS,                                                               \
                     .layout_inputs = 1,                                                                     \
                     .no_gradient = ~1u,                                                                     \
                     .infer = infer,                                                                         \
                     .prepare = prepare,                                                                     \
                     .release = release,                                                                     \
                     .forward = forward,                                                                     \
                     .backward = backward}
RESIZE_OP(op_resize, "Resize", 4);
RESIZE_OP(op_upsample, "Upsample", 2);
