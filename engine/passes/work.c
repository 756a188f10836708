/* About how many numbers a node reads, writes and multiplies: an upper bound for what a file of a few bytes
 * could ask for before the run.  Ops without a row go over their inputs and outputs once. */
#include "engine/passes/passes.h"

#include <string.h>

typedef double (*Work)(const Node *node, const Tensor *const *x, Tensor *const *y);

static double count(const Tensor *tensor) {
  return tensor ? (double)tensor_count(tensor) : 0;
}

static double last_axis(const Tensor *tensor) {
  int rank = tensor->shape.rank;
  return rank ? (double)tensor->shape.dim[rank - 1] : 1;
}

static double matrices(const Node *node, const Tensor *const *x, Tensor *const *y) {
  return count(y[0]) * last_axis(x[0]);
}

static double gemm(const Node *node, const Tensor *const *x, Tensor *const *y) {
  return count(y[0]) * (double)x[0]->shape.dim[node_int(node, "transA", 0) ? 0 : 1];
}

/* Each of the first has to do with each of the second, at most. */
static double pairs(const Node *node, const Tensor *const *x, Tensor *const *y) {
  return count(x[0]) * MAX(count(x[1]), 1);
}

static double all_pairs(const Node *node, const Tensor *const *x, Tensor *const *y) {
  return count(x[0]) * count(x[0]);
}

static double weights(const Node *node, const Tensor *const *x, Tensor *const *y) {
  return MAX(count(x[0]), count(y[0])) * count(x[1]);
}

static double window(const Node *node, const Tensor *const *x, Tensor *const *y) {
  int n;
  const int64_t *kernel = node_ints(node, "kernel_shape", &n);
  double work = count(y[0]) * (double)MAX(node_int(node, "size", 1), 1);
  for (int i = 0; i < n; i++)
    work *= (double)MAX(kernel[i], 1);
  return work;
}

static const struct {
  const char *operators; /* between spaces */
  Work work;
} rows[] = {
    {" MatMul ", matrices},
    {" Gemm ", gemm},
    {" Einsum ", pairs},
    {" Conv ConvTranspose DeformConv GRU LSTM RNN ", weights},
    {" AveragePool LRN LpPool MaxPool ", window},
    {" Det NonMaxSuppression Unique ", all_pairs},
};

double plan_work(const PlanNode *node, const Tensor *const *x, Tensor *const *y) {
  double work = 0;
  for (int i = 0; i < node->n_inputs; i++)
    work += node->node.op->shape_only ? 0 : count(x[i]);
  for (int i = 0; i < node->n_outputs; i++)
    work += count(y[i]);
  g_autofree char *word = g_strdup_printf(" %s ", node->node.op->name);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strstr(rows[i].operators, word))
      work = MAX(work, rows[i].work(&node->node, x, y));
  return work;
}
