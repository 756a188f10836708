/* Splices: what is put in at a site of a small transformer, its gradient, and graphs whose sizes are
 * constants. */
#include "engine/splice.h"

#include "engine/plan.h"
#include "tests/support/small-transformer.h"

#include <math.h>
#include <string.h>

#define BATCH    2
#define TOKENS   SMALL_TOKENS
#define CHANNELS SMALL_CHANNELS
#define HEADS    SMALL_HEADS
#define WIDTH    SMALL_WIDTH

/* A table of tokens at a site. */
typedef struct {
  const Site *site;
  ValueId table;
  int64_t position, tokens;
  ValueId mask; /* keys: added to the scores */
} Put;

static ValueId put_in(void *data, Graph *graph, ValueId x) {
  const Put *put = data;
  return tokens_insert(graph, x, put->site->token_axis, put->position, put->table);
}

static ValueId add_row(void *data, Graph *graph, ValueId x) {
  return GRAPH_ADD(graph, "Add", "steered", x, ((const Put *)data)->table);
}

static ValueId scale(void *data, Graph *graph, ValueId x) {
  return GRAPH_ADD(graph, "Mul", "scaled", x, ((const Put *)data)->table);
}

static ValueId write_over(void *data, Graph *graph, ValueId x) {
  const Put *put = data;
  return tokens_overwrite(graph, x, put->site->token_axis, put->position, put->tokens, put->table);
}

/* Builds f with the splices, runs it on drawn rows, and leaves the answers and the gradient of
 * sum_i w_i answer_i to the parameter. */
static void run(const FrozenModel *model, Splice *splices, int n, Put *puts, Tensor *numbers, float *answers,
                float *gradient, GError **error) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(-1, TOKENS, CHANNELS));
  ValueId table = numbers ? graph_parameter(graph, "numbers", numbers) : VALUE_NONE;
  for (int i = 0; i < n; i++) {
    puts[i].table = table;
    splices[i].data = &puts[i];
  }
  g_autoptr(GArray) map = splice_import(graph, model, &x, splices, n);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.batch = BATCH, .outputs = outputs, .target = gradient ? y : VALUE_NONE};
  g_autoptr(Plan) plan = plan_new(graph, &options, error);
  if (!plan)
    return;
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  for (int i = 0; i < BATCH * TOKENS * CHANNELS; i++)
    tensor_floats(workspace_input(workspace, x))[i] = small_draw(20, (uint64_t)i);
  g_assert_true(workspace_forward(workspace, NULL));
  memcpy(answers, workspace_output(workspace, y)->data, sizeof(float) * BATCH * 3);
  if (!gradient)
    return;
  for (int i = 0; i < BATCH * 3; i++)
    tensor_floats(workspace_seed(workspace))[i] = small_draw(21, (uint64_t)i);
  g_assert_true(workspace_backward(workspace, NULL));
  memcpy(gradient, workspace_gradient(workspace, table)->data, tensor_bytes(numbers));
}

static double largest_difference(const float *a, const float *b, int n) {
  double most = 0;
  for (int i = 0; i < n; i++)
    most = MAX(most, fabs((double)a[i] - b[i]));
  return most;
}

/* One kind of splice: where, what, and the shape of its numbers. */
typedef struct {
  const char *name, *site;
  SpliceBuild build;
  int64_t tokens, position;
  Shape numbers;
  bool keys; /* the values get the same table */
} Kind;

static const Kind kinds[] = {
    {"tokens behind positions", "embedding+positions", put_in, 2, 1, {2, {2, CHANNELS}}, false},
    {"tokens in front of positions", "embedded", put_in, 3, 0, {2, {3, CHANNELS}}, false},
    {"tokens at the end", "positioned", put_in, 2, TOKENS, {2, {2, CHANNELS}}, false},
    {"tokens behind a block", "block", put_in, 2, 1, {2, {2, CHANNELS}}, false},
    {"prefix", "k", put_in, 3, 0, {3, {HEADS, 3, WIDTH}}, true},
    {"steering", "positioned", add_row, 0, 0, {1, {CHANNELS}}, false},
    {"scale", "block", scale, 0, 0, {1, {CHANNELS}}, false},
    {"overwriting", "block", write_over, 0, 0, {2, {1, CHANNELS}}, false},
};

#define PREFIX 4 /* its row */

static int make_splices(const FrozenModel *model, const Kind *kind, Splice *splices, Put *puts) {
  const char *names[] = {kind->site, kind->keys ? "v" : NULL};
  int n = 0;
  for (; n < 2 && names[n]; n++) {
    const Site *site = frozen_model_site(model, names[n]);
    if (!site)
      site = frozen_model_site(model, "positioned");
    puts[n] = (Put){.site = site, .position = kind->position, .tokens = kind->numbers.dim[0]};
    splices[n] =
        (Splice){.site = site, .build = kind->build, .tokens = kind->tokens, .position = kind->position};
  }
  return n;
}

static void answers_of(const FrozenModel *model, const Kind *kind, Tensor *numbers, float *answers,
                       float *gradient) {
  Splice splices[2];
  Put puts[2];
  int n = make_splices(model, kind, splices, puts);
  g_autoptr(GError) error = NULL;
  run(model, splices, n, puts, numbers, answers, gradient, &error);
  g_assert_no_error(error);
}

static double weighted(const float *answers) {
  double sum = 0;
  for (int i = 0; i < BATCH * 3; i++)
    sum += (double)answers[i] * small_draw(21, (uint64_t)i);
  return sum;
}

/* Every kind of splice against finite differences, whether the sizes follow or are constants. */
static void test_gradients(void) {
  for (int variant = 0; variant < 4; variant++)
    for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
      g_autoptr(FrozenModel) model =
          small_transformer(variant & 1 ? SIZES_CONSTANT : SIZES_FOLLOW, variant & 2);
      g_autoptr(Tensor) numbers = small_drawn(30, kinds[k].numbers);
      float answers[BATCH * 3], above[BATCH * 3], below[BATCH * 3], gradient[64];
      g_test_message("%s", kinds[k].name);
      answers_of(model, &kinds[k], numbers, answers, gradient);
      double most = 0;
      for (int i = 0; i < tensor_count(numbers); i++) {
        float *number = tensor_floats(numbers) + i, here = *number, h = 0.02f;
        *number = here + h;
        answers_of(model, &kinds[k], numbers, above, NULL);
        *number = here - h;
        answers_of(model, &kinds[k], numbers, below, NULL);
        *number = here;
        double slope = (weighted(above) - weighted(below)) / (2 * h);
        most = MAX(most, fabs(slope));
        g_assert_cmpfloat(fabs(slope - gradient[i]), <, 2e-3 + 1e-2 * fabs(slope));
      }
      g_assert_cmpfloat(most, >, 1e-3);
    }
}

/* The same network whether its sizes are constants or follow. */
static void test_constant_sizes(void) {
  for (guint k = 0; k < G_N_ELEMENTS(kinds); k++) {
    g_autoptr(FrozenModel) follow = small_transformer(SIZES_FOLLOW, true),
                           constant = small_transformer(SIZES_CONSTANT, true);
    g_autoptr(Tensor) numbers = small_drawn(31, kinds[k].numbers);
    float a[BATCH * 3], b[BATCH * 3];
    answers_of(follow, &kinds[k], numbers, a, NULL);
    answers_of(constant, &kinds[k], numbers, b, NULL);
    g_assert_cmpfloat(largest_difference(a, b, BATCH * 3), <, 1e-6);
  }
}

/* Nothing put in changes nothing; rows of zeros do, since they take their share of the softmax. */
static void test_nothing_and_zeros(void) {
  g_autoptr(FrozenModel) model = small_transformer(SIZES_CONSTANT, true);
  float plain[BATCH * 3], answers[BATCH * 3];
  run(model, NULL, 0, NULL, NULL, plain, NULL, NULL);
  for (guint k = 0; k < 5; k++) {
    Kind kind = kinds[k];
    g_autoptr(Tensor) zeros = tensor_new(TENSOR_FLOAT32, &kind.numbers, NULL);
    answers_of(model, &kind, zeros, answers, NULL);
    g_assert_cmpfloat(largest_difference(plain, answers, BATCH * 3), >, 1e-4);
    kind.tokens = 0;
    kind.numbers.dim[kind.numbers.rank - 2] = 0;
    g_autoptr(Tensor) none = tensor_new(TENSOR_FLOAT32, &kind.numbers, NULL);
    answers_of(model, &kind, none, answers, NULL);
    g_assert_cmpfloat(largest_difference(plain, answers, BATCH * 3), <, 1e-6);
  }
}

/* Tokens that no attention looks at change nothing in what the others say. */
static void test_unseen(void) {
  for (int masked = 0; masked < 2; masked++) {
    g_autoptr(FrozenModel) model = small_transformer(SIZES_CONSTANT, masked);
    float plain[BATCH * 3], answers[BATCH * 3], seen[BATCH * 3];
    run(model, NULL, 0, NULL, NULL, plain, NULL, NULL);
    g_autoptr(Tensor) numbers = small_drawn(33, kinds[PREFIX].numbers);
    Splice splices[2];
    Put puts[2];
    int n = make_splices(model, &kinds[PREFIX], splices, puts);
    g_autoptr(GError) error = NULL;
    run(model, splices, n, puts, numbers, seen, NULL, &error);
    for (int i = 0; i < n; i++)
      splices[i].unseen = true;
    run(model, splices, n, puts, numbers, answers, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat(largest_difference(plain, seen, BATCH * 3), >, 1e-3);
    for (int i = 0; i < BATCH * 3; i++)
      g_assert_cmpfloat(fabs(plain[i] - answers[i]), <=, 1e-6 * fabs(plain[i]));
  }
}

static void test_torn(void) {
  g_autoptr(FrozenModel) model = small_transformer(SIZES_TORN, false);
  g_autoptr(Tensor) numbers = small_drawn(32, SHAPE(2, CHANNELS));
  Splice splices[2];
  Put puts[2];
  int n = make_splices(model, &kinds[0], splices, puts);
  float answers[BATCH * 3];
  g_autoptr(GError) error = NULL;
  run(model, splices, n, puts, numbers, answers, NULL, &error);
  g_assert_nonnull(error);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, "'joined' (Reshape)"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/splice/gradients", test_gradients);
  g_test_add_func("/splice/constant-sizes", test_constant_sizes);
  g_test_add_func("/splice/nothing-and-zeros", test_nothing_and_zeros);
  g_test_add_func("/splice/unseen", test_unseen);
  g_test_add_func("/splice/torn", test_torn);
  return g_test_run();
}
