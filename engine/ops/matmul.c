/* MatMul: y (batch..., m, n) = a (batch..., m, k) b (batch..., k, n), batch axes broadcast; an operand of
 * rank 1 is a row (a) or a column (b), whose axis y does not have.
 *
 *     da = reduce(dy b^T)        db = reduce(a^T dy)        reduce: sum over repeated batch axes
 *
 * Linear is the same with one frozen matrix b for all batches and a frozen number for each column of y that
 * is added.  Of no operator set: the pass fuse-bias.c writes it. */
#include "engine/ops/contraction.h"
#include "engine/ops/loops.h"
#include "engine/ops/ops.h"
#include "engine/ops/product.h"
#include "engine/ops/support.h"

#include <string.h>

/* The sizes of a product, with the batch axes taken apart. */
typedef struct {
  int64_t m, n, k;
  Shape batch[3]; /* of a, b and y: their axes without the last two */
  int64_t batches[3];
} Sizes;

static bool read_sizes(const Shape *a, const Shape *b, Sizes *sizes, Shape *y, GError **error) {
  *sizes = (Sizes){0};
  bool row = a->rank == 1, column = b->rank == 1;
  g_autofree char *a_text = shape_text(a), *b_text = shape_text(b);
  if (a->rank < 1 || b->rank < 1)
    return input_error(error, "it cannot multiply %s by %s", a_text, b_text);
  sizes->m = row ? 1 : a->dim[a->rank - 2];
  sizes->k = a->dim[a->rank - 1];
  sizes->n = column ? 1 : b->dim[b->rank - 1];
  if (sizes->k != b->dim[column ? 0 : b->rank - 2])
    return input_error(error, "the matrices %s and %s cannot be multiplied", a_text, b_text);
  sizes->batch[0] = *a;
  sizes->batch[1] = *b;
  sizes->batch[0].rank = MAX(a->rank - 2, 0);
  sizes->batch[1].rank = MAX(b->rank - 2, 0);
  if (!broadcast_shape(&sizes->batch[0], &sizes->batch[1], &sizes->batch[2], error))
    return false;
  *y = sizes->batch[2];
  if (!row)
    y->dim[y->rank++] = sizes->m;
  if (!column)
    y->dim[y->rank++] = sizes->n;
  for (int i = 0; i < 3; i++)
    sizes->batches[i] = shape_count(&sizes->batch[i]);
  /* A single b for all batches of a: their rows are one tall matrix. */
  if (sizes->batches[1] == 1 && sizes->batches[0] == sizes->batches[2] && !row) {
    sizes->m *= sizes->batches[0];
    for (int i = 0; i < 3; i++) {
      sizes->batch[i].rank = 0;
      sizes->batches[i] = 1;
    }
  }
  return true;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Sizes sizes;
  Shape shape;
  if (x[0]->type != x[1]->type || x[0]->type == TENSOR_BOOL)
    return input_error(error, "its inputs must both be float32 or both int64");
  return check_one_output(n_outputs, error) &&
         read_sizes(&x[0]->shape, &x[1]->shape, &sizes, &shape, error) &&
         output_set(y[0], x[0]->type, &shape, error);
}

static bool linear_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,
                         Tensor *const *y, GError **error) {
  int64_t columns = x[1]->shape.rank == 2 ? x[1]->shape.dim[1] : -1;
  if (x[0]->shape.rank < 2 || x[0]->type != TENSOR_FLOAT32 || x[2]->type != TENSOR_FLOAT32 ||
      shape_count(&x[2]->shape) != columns)
    return input_error(error, "it needs rows, a matrix and a number for each of its columns, in float32");
  return infer(node, 2, x, n_outputs, y, error);
}

static unsigned keeps(const Node *node, unsigned wanted) {
  return (wanted & 1 ? KEEP_INPUT(1) : 0) | (wanted & 2 ? KEEP_INPUT(0) : 0);
}

/* Which batch of operand k belongs to batch `index` of y. */
static int64_t batch_of(const Sizes *sizes, int k, int64_t index) {
  const Shape *y = &sizes->batch[2], *x = &sizes->batch[k];
  int64_t found = 0, step = 1;
  for (int i = y->rank - 1; i >= y->rank - x->rank; i--) {
    int64_t dim = x->dim[i - (y->rank - x->rank)];
    if (dim != 1)
      found += index % y->dim[i] * step;
    step *= dim;
    index /= y->dim[i];
  }
  return found;
}

/* Both products that a piece may compute: y itself, or a gradient, whose batch `of` collects all of y's that
 * belong to it. */
typedef struct {
  Sizes sizes;
  Product product; /* with data of batch 0 */
  int target;      /* 0: da, 1: db, 2: y */
  int64_t step[3]; /* elements of one matrix of a, b, y */
} Work;

static void run_batch(const Work *work, Product product, int64_t index, int64_t tile, float beta) {
  int64_t a = batch_of(&work->sizes, 0, index) * work->step[0],
          b = batch_of(&work->sizes, 1, index) * work->step[1];
  int64_t y = index * work->step[2];
  static const int first[] = {2, 0, 0}, second[] = {1, 2, 1};
  const int64_t offset[] = {a, b, y};
  product.a.data += offset[first[work->target]];
  product.b.data += offset[second[work->target]];
  product.c += offset[work->target];
  product.beta = beta;
  product_tile(&product, tile);
}

static void run_piece(const OpCall *call, const void *data, int64_t piece, int64_t end, int worker) {
  const Work *work = data;
  const Sizes *sizes = &work->sizes;
  int64_t tiles = product_tiles(&work->product), batch = piece / tiles, tile = piece % tiles;
  if (sizes->batches[work->target] == sizes->batches[2]) {
    run_batch(work, work->product, batch, tile, 0);
    return;
  }
  float beta = 0;
  for (int64_t i = 0; i < sizes->batches[2]; i++)
    if (batch_of(sizes, work->target, i) == batch) {
      run_batch(work, work->product, i, tile, beta);
      beta = 1;
    }
}

static void run(const OpCall *call, int target, Tensor *result) {
  Work work = {.target = target};
  Shape y;
  read_sizes(&call->x[0]->shape, &call->x[1]->shape, &work.sizes, &y, NULL);
  int64_t m = work.sizes.m, n = work.sizes.n, k = work.sizes.k;
  Matrix a = {tensor_floats(call->x[0]), k, false}, b = {tensor_floats(call->x[1]), n, false};
  Matrix dy = {target == 2 ? NULL : tensor_floats(call->dy[0]), n, false};
  Matrix at = {a.data, k, true}, bt = {b.data, n, true};
  const Product products[] = {
      {.m = m, .n = k, .k = n, .a = dy, .b = bt, .c_stride = k},
      {.m = k, .n = n, .k = m, .a = at, .b = dy, .c_stride = n},
      {.m = m, .n = n, .k = k, .a = a, .b = b, .c_stride = n},
  };
  work.product = products[target];
  work.product.alpha = 1;
  work.product.c = tensor_floats(result);
  if (target == 2 && call->n_inputs > 2)
    work.product.bias = tensor_floats(call->x[2]);
  work.step[0] = m * k;
  work.step[1] = k * n;
  work.step[2] = m * n;
  if (tensor_count(result) > 0 && work.sizes.batches[2] == 0)
    memset(result->data, 0, tensor_bytes(result));
  call_ranges(call, work.sizes.batches[target] * product_tiles(&work.product), 1, run_piece, &work);
}

/* Whole numbers: one letter for each axis of the batch, then m, n, k. */
static void run_whole(const OpCall *call) {
  const Tensor *operands[] = {call->x[0], call->x[1]};
  Sizes sizes;
  Shape y;
  read_sizes(&operands[0]->shape, &operands[1]->shape, &sizes, &y, NULL);
  const Shape *batch = &sizes.batch[2];
  int m = batch->rank, n = m + 1, k = m + 2;
  Contraction c = {.n_letters = m + 3, .n_operands = 2, .y = call->y[0]};
  int64_t stride[] = {sizes.m * sizes.k, sizes.k * sizes.n, sizes.m * sizes.n};
  for (int i = m - 1; i >= 0; i--) {
    c.dim[i] = batch->dim[i];
    c.y_step[i] = stride[2];
    stride[2] *= batch->dim[i];
    for (int o = 0; o < 2; o++) {
      int axis = i - (m - sizes.batch[o].rank);
      int64_t dim = axis < 0 ? 1 : sizes.batch[o].dim[axis];
      c.step[o][i] = dim == 1 ? 0 : stride[o];
      stride[o] *= dim;
    }
  }
  c.dim[m] = sizes.m;
  c.dim[n] = sizes.n;
  c.dim[k] = sizes.k;
  c.y_step[m] = sizes.n;
  c.step[0][m] = sizes.k;
  c.step[1][k] = sizes.n;
  c.y_step[n] = c.step[1][n] = c.step[0][k] = 1;
  c.operand[0] = operands[0];
  c.operand[1] = operands[1];
  contraction_run(call, &c);
}

static void forward(const OpCall *call) {
  if (call->y[0]->type == TENSOR_INT64)
    run_whole(call);
  else
    run(call, 2, call->y[0]);
}

static void backward(const OpCall *call) {
  for (int k = 0; k < 2; k++)
    if (call->dx[k])
      run(call, k, call->dx[k]);
}

const Op op_matmul = {.name = "MatMul",
                      .min_inputs = 2,
                      .max_inputs = 2,
                      .infer = infer,
                      .keeps = keeps,
                      .forward = forward,
                      .backward = backward};
const Op op_linear = {.name = "Linear",
                      .min_inputs = 3,
                      .max_inputs = 3,
                      .no_gradient = 1u << 2,
                      .infer = linear_infer,
                      .keeps = keeps,
                      .forward = forward,
                      .backward = backward};
