/* Plans: every rewrite leaves the numbers as they are, gradients are those of finite differences, and what is
 * not on a path is left out. */
#include "engine/plan.h"
#include "tests/support/toy.h"

#include <math.h>
#include <string.h>
#include <time.h>

typedef struct {
  bool row_major, no_fusion, pooled;
} Variant;

static const Variant variants[] = {{true, true, false},
                                   {false, true, false},
                                   {true, false, false},
                                   {false, false, false},
                                   {false, false, true}};

static void fill(Tensor *tensor, uint64_t seed) {
  Random random = {seed, RANDOM_PATTERN, 0};
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    tensor_floats(tensor)[i] = (float)random_normal(&random, (uint64_t)i);
}

/* The loss sum_i w_i z_i of the toy network with its gradient to the input and to its block. */
typedef struct {
  double loss;
  Tensor *z, *input_gradient, *block_gradient;
} Result;

static void result_clear(Result *result) {
  tensor_unref(result->z);
  tensor_unref(result->input_gradient);
  tensor_unref(result->block_gradient);
}

static Result run_toy(const FrozenModel *model, const Variant *variant, int64_t nudged, float by) {
  const Graph *graph = model->graph;
  ValueId input = g_array_index(graph->inputs, ValueId, 0),
          output = g_array_index(graph->outputs, ValueId, 0);
  ValueId gradients[] = {input, graph_find(graph, "block"), VALUE_NONE};
  Pool *pool = variant->pooled ? pool_new(3) : NULL;
  PlanOptions options = {.batch = 2,
                         .target = output,
                         .gradients = gradients,
                         .row_major = variant->row_major,
                         .no_fusion = variant->no_fusion,
                         .pool = pool};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  fill(workspace_input(workspace, input), 5);
  if (nudged >= 0)
    tensor_floats(workspace_input(workspace, input))[nudged] += by;
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *z = workspace_output(workspace, output);
  Result result = {0, tensor_from_floats(&z->shape, tensor_floats(z)), NULL, NULL};
  fill(workspace_seed(workspace), 6);
  for (int64_t i = 0; i < tensor_count(z); i++)
    result.loss += (double)tensor_floats(workspace_seed(workspace))[i] * tensor_floats(z)[i];
  g_assert_true(workspace_backward(workspace, NULL));
  const Tensor *dx = workspace_gradient(workspace, input),
               *dblock = workspace_gradient(workspace, gradients[1]);
  result.input_gradient = tensor_from_floats(&dx->shape, tensor_floats(dx));
  result.block_gradient = tensor_from_floats(&dblock->shape, tensor_floats(dblock));
  pool_free(pool);
  return result;
}

static double relative(const Tensor *a, const Tensor *b) {
  double difference = 0, size = 0;
  g_assert_cmpint(tensor_count(a), ==, tensor_count(b));
  for (int64_t i = 0; i < tensor_count(a); i++) {
    double d = (double)tensor_floats(a)[i] - tensor_floats(b)[i];
    difference += d * d;
    size += (double)tensor_floats(b)[i] * tensor_floats(b)[i];
  }
  g_assert_cmpfloat(size, >, 0);
  return sqrt(difference / size);
}

static void test_variants_agree(void) {
  g_autoptr(FrozenModel) model = toy_model(1);
  Result first = run_toy(model, &variants[0], -1, 0);
  for (size_t i = 1; i < G_N_ELEMENTS(variants); i++) {
    Result other = run_toy(model, &variants[i], -1, 0);
    g_assert_cmpfloat(relative(other.z, first.z), <, 1e-5);
    g_assert_cmpfloat(relative(other.input_gradient, first.input_gradient), <, 1e-5);
    g_assert_cmpfloat(relative(other.block_gradient, first.block_gradient), <, 1e-5);
    result_clear(&other);
  }
  result_clear(&first);
}

/* Threads inside an op must not change a bit. */
static void test_pool_keeps_bits(void) {
  g_autoptr(FrozenModel) model = toy_model(1);
  Result alone = run_toy(model, &variants[3], -1, 0), pooled = run_toy(model, &variants[4], -1, 0);
  g_assert_cmpmem(alone.z->data, tensor_bytes(alone.z), pooled.z->data, tensor_bytes(pooled.z));
  g_assert_cmpmem(alone.input_gradient->data, tensor_bytes(alone.input_gradient), pooled.input_gradient->data,
                  tensor_bytes(pooled.input_gradient));
  result_clear(&alone);
  result_clear(&pooled);
}

static void test_finite_differences(void) {
  g_autoptr(FrozenModel) model = toy_model(2);
  const float step = 1e-2f;
  for (size_t v = 0; v < G_N_ELEMENTS(variants); v++) {
    Result here = run_toy(model, &variants[v], -1, 0);
    double worst = 0, size = 0;
    for (int64_t i = 0; i < tensor_count(here.input_gradient); i += 37) {
      Result up = run_toy(model, &variants[v], i, step), down = run_toy(model, &variants[v], i, -step);
      double numeric = (up.loss - down.loss) / (2 * (double)step),
             exact = tensor_floats(here.input_gradient)[i];
      worst = MAX(worst, fabs(numeric - exact));
      size = MAX(size, fabs(exact));
      result_clear(&up);
      result_clear(&down);
    }
    g_assert_cmpfloat(worst, <, 0.03 * size); /* a Relu may bend between the two points */
    result_clear(&here);
  }
}

/* x + x: two gradients meet in one value; y * x: both factors are kept. */
static void test_shared_value(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(3));
  ValueId twice = GRAPH_ADD(graph, "Add", "twice", x, x);
  ValueId product = GRAPH_ADD(graph, "Mul", "product", twice, x);
  graph_set_output(graph, product);
  PlanOptions options = {.target = product, .gradients = (ValueId[]){x, VALUE_NONE}};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  memcpy(workspace_input(workspace, x)->data, (float[]){1, -2, 3}, 3 * sizeof(float));
  workspace_forward(workspace, NULL);
  g_assert_cmpfloat(tensor_floats(workspace_output(workspace, product))[1], ==, 8);
  for (int i = 0; i < 3; i++)
    tensor_floats(workspace_seed(workspace))[i] = 1;
  workspace_backward(workspace, NULL);
  const float *dx = tensor_floats(workspace_gradient(workspace, x));
  g_assert_cmpfloat(dx[0], ==, 4); /* d(2 x^2)/dx = 4 x */
  g_assert_cmpfloat(dx[1], ==, -8);
  g_assert_cmpfloat(dx[2], ==, 12);
}

static void test_no_path(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(2));
  g_autoptr(Tensor) numbers = tensor_from_floats(&SHAPE(2), (float[]){1, 2});
  ValueId aside = graph_parameter(graph, "aside", numbers);
  ValueId y = GRAPH_ADD(graph, "Relu", "y", x);
  PlanOptions options = {
      .target = y, .outputs = (ValueId[]){y, VALUE_NONE}, .gradients = (ValueId[]){aside, x, VALUE_NONE}};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  workspace_forward(workspace, NULL);
  workspace_backward(workspace, NULL);
  g_assert_cmpfloat(tensor_floats(workspace_gradient(workspace, aside))[1], ==, 0);
}

static void test_errors_name_the_node(void) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(2, 3));
  g_autoptr(Tensor) numbers = tensor_new(TENSOR_FLOAT32, &SHAPE(5, 4), NULL);
  GRAPH_ADD(graph, "MatMul", "the product", x, graph_constant(graph, "w", numbers));
  graph_set_output(graph, graph_find(graph, "the product"));
  g_autoptr(GError) error = NULL;
  g_assert_null(plan_new(graph, &(PlanOptions){.batch = 1}, &error));
  g_assert_nonnull(strstr(error->message, "the product"));
  g_autoptr(Graph) unknown = graph_new();
  GRAPH_ADD(unknown, "Frobnicate", "here", graph_input(unknown, "x", TENSOR_FLOAT32, &SHAPE(1)));
  g_autoptr(GError) missing = NULL;
  g_assert_null(plan_new(unknown, &(PlanOptions){.batch = 1}, &missing));
  g_assert_nonnull(strstr(missing->message, "Frobnicate"));
  g_assert_nonnull(strstr(missing->message, "here"));
}

static void test_stop(void) {
  g_autoptr(FrozenModel) model = toy_model(1);
  g_autoptr(Plan) plan = plan_new(model->graph, &(PlanOptions){.batch = 1}, NULL);
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  StopFlag stop = 1;
  g_assert_false(workspace_forward(workspace, &stop));
  atomic_store(&stop, 0);
  g_assert_true(workspace_forward(workspace, &stop));
}

/* A file of some hundred KiB can hold so many nodes, one behind the other. */
#define CHAIN        20000
#define MOST_SECONDS 20 /* of processor time; the work grew with the square of the nodes once, to minutes */

/* Buffers that are freed at once (Relu forward), and those that live until the way back (Tanh). */
static void test_long_chain(void) {
  static const char *const ops[] = {"Relu", "Tanh"};
  for (guint i = 0; i < G_N_ELEMENTS(ops); i++) {
    g_autoptr(Graph) graph = graph_new();
    ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(1, 3, 8, 8)), y = x;
    for (int k = 0; k < CHAIN; k++)
      y = GRAPH_ADD(graph, ops[i], "y", y);
    graph_set_output(graph, y);
    ValueId gradients[] = {x, VALUE_NONE};
    PlanOptions options = {.batch = 1, .target = i ? y : VALUE_NONE, .gradients = gradients};
    g_autoptr(GError) error = NULL;
    clock_t start = clock();
    g_autoptr(Plan) plan = plan_new(graph, &options, &error);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    g_assert_no_error(error);
    g_test_message("%s: %d nodes planned in %.2f s, %zu bytes", ops[i], CHAIN, seconds,
                   plan_workspace_bytes(plan));
    g_assert_cmpfloat(seconds, <, MOST_SECONDS);
    g_assert_cmpuint(plan_workspace_bytes(plan), >=, i ? CHAIN * 768u : 2 * 768u);
    g_assert_cmpuint(plan_workspace_bytes(plan), <=, i ? (CHAIN + 8) * 768u : 4 * 768u);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/plan/variants-agree", test_variants_agree);
  g_test_add_func("/plan/pool-keeps-bits", test_pool_keeps_bits);
  g_test_add_func("/plan/finite-differences", test_finite_differences);
  g_test_add_func("/plan/shared-value", test_shared_value);
  g_test_add_func("/plan/no-path", test_no_path);
  g_test_add_func("/plan/errors-name-the-node", test_errors_name_the_node);
  g_test_add_func("/plan/stop", test_stop);
  g_test_add_func("/plan/long-chain", test_long_chain);
  return g_test_run();
}
