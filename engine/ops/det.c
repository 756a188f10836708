/* Det: determinants of the matrices in the last two axes, by elimination in doubles.
 *
 *     dx_ij = dy times the cofactor of x_ij (also where the matrix has no inverse) */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape shape = x[0]->shape;
  if (!check_one_output(n_outputs, error) || !check_type(x[0], TENSOR_FLOAT32, "the input", error))
    return false;
  if (shape.rank < 2 || shape.dim[shape.rank - 1] != shape.dim[shape.rank - 2]) {
    g_autofree char *text = shape_text(&shape);
    return input_error(error, "its input of shape %s holds no square matrices", text);
  }
  shape.rank -= 2;
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return wanted ? KEEP_INPUT(0) : 0;
}

static int64_t edge_of(const OpCall *call) {
  return call->x[0]->shape.dim[call->x[0]->shape.rank - 1];
}

/* One matrix. */
static size_t scratch(const OpCall *call) {
  return sizeof(double) * (size_t)(edge_of(call) * edge_of(call));
}

/* Of the n x n matrix a, which is used up. */
static double determinant(double *a, int64_t n) {
  double result = 1;
  for (int64_t k = 0; k < n; k++) {
    int64_t pivot = k;
    for (int64_t i = k + 1; i < n; i++)
      if (fabs(a[i * n + k]) > fabs(a[pivot * n + k]))
        pivot = i;
    double head = a[pivot * n + k];
    for (int64_t j = k; pivot != k && j < n; j++) {
      double old = a[k * n + j];
      a[k * n + j] = a[pivot * n + j];
      a[pivot * n + j] = old;
    }
    result *= pivot == k ? head : -head;
    if (head == 0)
      return 0;
    for (int64_t i = k + 1; i < n; i++) {
      double factor = a[i * n + k] / head;
      for (int64_t j = k + 1; j < n; j++)
        a[i * n + j] -= factor * a[k * n + j];
    }
  }
  return result;
}

/* Copies x without one row and one column (-1: with all) and takes the determinant. */
static double minor_of(const float *x, int64_t n, int64_t row, int64_t column, double *to) {
  double *p = to;
  for (int64_t i = 0; i < n; i++)
    for (int64_t j = 0; j < n; j++)
      if (i != row && j != column)
        *p++ = x[i * n + j];
  return determinant(to, row < 0 ? n : n - 1);
}

static void forward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  int64_t n = edge_of(call);
  for (int64_t k = from; k < to; k++)
    tensor_floats(call->y[0])[k] =
        (float)minor_of(tensor_floats(call->x[0]) + k * n * n, n, -1, -1, call_scratch(call, worker));
}

static void backward_range(const OpCall *call, const void *data, int64_t from, int64_t to, int worker) {
  int64_t n = edge_of(call);
  for (int64_t k = from; k < to; k++) {
    const float *x = tensor_floats(call->x[0]) + k * n * n;
    float *dx = tensor_floats(call->dx[0]) + k * n * n, dy = tensor_floats(call->dy[0])[k];
    for (int64_t i = 0; i < n && !stop_requested(call->stop); i++)
      for (int64_t j = 0; j < n; j++) {
        double cofactor = minor_of(x, n, i, j, call_scratch(call, worker));
        dx[i * n + j] = (float)(dy * ((i + j) % 2 ? -cofactor : cofactor));
      }
  }
}

static void forward(const OpCall *call) {
  call_ranges(call, tensor_count(call->y[0]), 1, forward_range, NULL);
}

static void backward(const OpCall *call) {
  if (call->dx[0])
    call_ranges(call, tensor_count(call->dy[0]), 1, backward_range, NULL);
}

const Op op_det = {.name = "Det",
                   .min_inputs = 1,
                   .max_inputs = 1,
                   .infer = infer,
                   .keeps = keeps,
                   .scratch = scratch,
                   .forward = forward,
                   .backward = backward};
