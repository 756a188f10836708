/* Gemm: y (m, n) = alpha A' B' + beta C, A' = A or its transpose (m, k), B' likewise (k, n), C broadcast to
 * (m, n).
 *
 *     dA' = alpha dy B'^T        dB' = alpha A'^T dy        dC = beta reduce(dy) */
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/product.h"
#include "engine/ops/support.h"

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Shape sum;
  if (!check_one_output(n_outputs, error))
    return false;
  for (int k = 0; k < n_inputs; k++)
    if (x[k] && !check_type(x[k], TENSOR_FLOAT32, "an input", error))
      return false;
  if (x[0]->shape.rank != 2 || x[1]->shape.rank != 2)
    return input_error(error, "its inputs have the ranks %d and %d; both must be 2", x[0]->shape.rank,
                       x[1]->shape.rank);
  bool ta = node_int(node, "transA", 0) != 0, tb = node_int(node, "transB", 0) != 0;
  Shape shape = SHAPE(x[0]->shape.dim[ta ? 1 : 0], x[1]->shape.dim[tb ? 0 : 1]);
  if (x[0]->shape.dim[ta ? 0 : 1] != x[1]->shape.dim[tb ? 1 : 0]) {
    g_autofree char *a = shape_text(&x[0]->shape), *b = shape_text(&x[1]->shape);
    return input_error(error, "the matrices %s and %s cannot be multiplied", a, b);
  }
  if (n_inputs > 2 && x[2]) {
    if (!broadcast_shape(&shape, &x[2]->shape, &sum, error))
      return false;
    if (!shape_equal(&shape, &sum))
      return input_error(error, "its third input has more elements than the product");
  }
  return output_set(y[0], TENSOR_FLOAT32, &shape, error);
}

/* The sizes and both operands; data may be NULL in backward. */
static Product product_of(const OpCall *call) {
  const Tensor *a = call->x[0], *b = call->x[1];
  bool ta = node_int(call->node, "transA", 0) != 0, tb = node_int(call->node, "transB", 0) != 0;
  return (Product){.m = a->shape.dim[ta ? 1 : 0],
                   .n = b->shape.dim[tb ? 0 : 1],
                   .k = a->shape.dim[ta ? 0 : 1],
                   .alpha = node_float(call->node, "alpha", 1),
                   .a = {tensor_floats(a), a->shape.dim[1], ta},
                   .b = {tensor_floats(b), b->shape.dim[1], tb}};
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 1 ? KEEP_INPUT(1) : 0) | (wanted & 2 ? KEEP_INPUT(0) : 0);
}

static void forward(const OpCall *call) {
  Product product = product_of(call);
  const Tensor *c = call->n_inputs > 2 ? call->x[2] : NULL;
  float *y = tensor_floats(call->y[0]), beta = node_float(call->node, "beta", 1);
  product.c = y;
  product.c_stride = product.n;
  if (c) {
    Loops loops;
    loops_broadcast(&loops, call->y[0], c, NULL);
    loops_gather(call, &loops, sizeof(float), tensor_floats(c), y);
    product.beta = beta;
  }
  product_run(call, &product);
}

static Matrix transpose(Matrix matrix) {
  matrix.transposed = !matrix.transposed;
  return matrix;
}

static void backward_c(const OpCall *call) {
  Loops loops;
  loops_broadcast(&loops, call->dy[0], call->x[2], NULL);
  loops_sum(call, &loops, node_float(call->node, "beta", 1), tensor_floats(call->dy[0]),
            tensor_floats(call->dx[2]), tensor_count(call->dx[2]));
}

static void backward(const OpCall *call) {
  Product y = product_of(call);
  Matrix dy = {tensor_floats(call->dy[0]), y.n, false};
  if (call->dx[0]) {
    Product da = {
        .alpha = y.alpha, .beta = call->accumulate, .c = tensor_floats(call->dx[0]), .c_stride = y.a.stride};
    bool flip = y.a.transposed;
    da.m = flip ? y.k : y.m;
    da.n = flip ? y.m : y.k;
    da.k = y.n;
    da.a = flip ? y.b : dy;
    da.b = flip ? transpose(dy) : transpose(y.b);
    product_run(call, &da);
  }
  if (call->dx[1]) {
    Product db = {.alpha = y.alpha, .c = tensor_floats(call->dx[1]), .c_stride = y.b.stride};
    bool flip = y.b.transposed;
    db.m = flip ? y.n : y.k;
    db.n = flip ? y.k : y.n;
    db.k = y.m;
    db.a = flip ? transpose(dy) : transpose(y.a);
    db.b = flip ? y.a : dy;
    product_run(call, &db);
  }
  if (call->n_inputs > 2 && call->dx[2])
    backward_c(call);
}

const Op op_gemm = {.name = "Gemm",
                    .min_inputs = 2,
                    .max_inputs = 3,
                    .adds_gradient = true,
                    .infer = infer,
                    .keeps = keeps,
                    .forward = forward,
                    .backward = backward};
