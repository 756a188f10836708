/* Sites and splices in graphs as exporters write them: register tokens, heads in the batch, several masks,
 * tables whose sizes are computed, ids that are reshaped, lengths that are fixed. */
#include "data/onnx.h"
#include "engine/manipulation.h"
#include "engine/plan.h"
#include "tests/support/graph-of-lines.h"
#include "tests/support/small-transformer.h"

#include <math.h>
#include <string.h>

#define BATCH 3
#define MOST  64 /* answers of a graph here */

/* (transfer full) */
static FrozenModel *model_of(const char *lines) {
  FrozenModel *model = frozen_model_new();
  graph_free(model->graph);
  model->name = g_strdup("lines");
  model->graph = graph_of_lines(lines);
  graph_recognise(model->graph, model->structures);
  g_assert_no_error(model->graph->error);
  frozen_model_find_sites(model);
  return model;
}

typedef struct {
  const Site *site;
  ValueId table;
  int64_t position;
} Put;

static ValueId put_in(void *data, Graph *graph, ValueId x) {
  const Put *put = data;
  return tokens_insert(graph, x, put->site->token_axis, put->position, put->table);
}

/* The answers of a graph that is built behind x, on drawn numbers; how many there are. */
static int compute(Graph *graph, ValueId x, ValueId y, float *answers, GError **error) {
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.batch = BATCH, .outputs = outputs};
  g_autoptr(Plan) plan = plan_new(graph, &options, error);
  if (!plan)
    return 0;
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  Tensor *to = workspace_input(workspace, x);
  for (int64_t i = 0; i < tensor_count(to); i++)
    tensor_floats(to)[i] = small_draw(20, (uint64_t)i);
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *from = workspace_output(workspace, y);
  g_assert_cmpint(tensor_count(from), <=, MOST);
  memcpy(answers, from->data, tensor_bytes(from));
  return (int)tensor_count(from);
}

/* f's answers with the same table at the sites, in front of `position`; tokens 0: without. */
static int run(const FrozenModel *model, const char *const *sites, int64_t position, Tensor *table,
               int64_t tokens, bool unseen, float *answers, GError **error) {
  g_autoptr(Graph) graph = graph_new();
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &input->shape);
  Splice splices[2];
  Put puts[2];
  int n = 0;
  for (; tokens && n < 2 && sites[n]; n++) {
    puts[n] = (Put){frozen_model_site(model, sites[n]), graph_constant(graph, "table", table), position};
    g_assert_nonnull(puts[n].site);
    splices[n] = (Splice){puts[n].site, put_in, &puts[n], tokens, position, unseen};
  }
  g_autoptr(GArray) map = splice_import(graph, model, &x, splices, n);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  return compute(graph, x, y, answers, error);
}

static double difference(const float *a, const float *b, int n) {
  double most = 0;
  for (int i = 0; i < n; i++)
    most = MAX(most, fabs((double)a[i] - b[i]));
  return most;
}

/* One attention over c, and the answers of its first token. */
#define ATTEND                                                                                               \
  "t = Transpose c perm=[0,2,1]\ns = MatMul c t\nw = Softmax s axis=-1\nm = MatMul w c\n"                    \
  "g = Gather m %0 axis=1\no = ! 8x3\nouty = MatMul g o"

/* Register tokens behind the class token: the row is cut where the tokens stand, and joined again. */
#define REGISTERS                                                                                            \
  "x : ?x5x8\np = ! 1x5x8\nh = Add x p\na = Slice h %[0] %[1] %[1]\nz = Mul a #0\nk = ! 1x2x8\n"             \
  "r = Add z k\nb = Slice h %[1] %[1000000] %[1]\nc = Concat a r b axis=1\n"

static void test_registers(void) {
  g_autoptr(FrozenModel) model = model_of(REGISTERS ATTEND);
  g_autoptr(Tensor) table = small_drawn(30, SHAPE(2, 8));
  float plain[MOST], in_front[MOST], behind[MOST];
  g_autoptr(GError) error = NULL;
  int n = run(model, NULL, 0, NULL, 0, false, plain, &error);
  run(model, (const char *const[]){"h", NULL}, 1, table, 2, false, in_front, &error);
  g_assert_no_error(error);
  run(model, (const char *const[]){"c", NULL}, 3, table, 2, false, behind, &error);
  g_assert_no_error(error);
  g_assert_cmpint(n, ==, BATCH * 3);
  g_assert_cmpfloat(difference(in_front, behind, n), <, 1e-6);
  g_assert_cmpfloat(difference(in_front, plain, n), >, 1e-3);
}

/* What would change nothing is refused, with the node that leaves it out. */
static void test_left_out(void) {
  g_autoptr(FrozenModel) model = model_of(REGISTERS ATTEND);
  g_autoptr(Tensor) table = small_drawn(30, SHAPE(2, 8));
  float answers[MOST];
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(run(model, (const char *const[]){"m", NULL}, 1, table, 2, false, answers, &error), ==, 0);
  g_assert_nonnull(error);
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, "'g' (Gather)"));
  g_assert_nonnull(strstr(error->message, "would change nothing"));
}

/* A bias of f's own for each pair of tokens, whose shape is read from the tokens. */
static void test_computed_sizes(void) {
#define BIASED(SIZES)                                                                                        \
  "x : ?x5x8\np = ! 1x5x8\nc = Add x p\nn = Shape c\nl = Gather n %[1] axis=0\nl2 = Concat l l axis=0\n"     \
  "b = ! 25\nd = Reshape b " SIZES "\nt = Transpose c perm=[0,2,1]\ns = MatMul c t\nu = Add s d\n"           \
  "w = Softmax u axis=-1\nm = MatMul w c\ng = Gather m %0 axis=1\no = ! 8x3\nouty = MatMul g o"
  g_autoptr(FrozenModel) computed = model_of(BIASED("l2")), fixed = model_of(BIASED("%[5,5]"));
  g_autoptr(Tensor) table = small_drawn(30, SHAPE(2, 8));
  float a[MOST], b[MOST];
  g_autoptr(GError) error = NULL;
  int n = run(computed, (const char *const[]){"c", NULL}, 1, table, 2, false, a, &error);
  g_assert_no_error(error);
  run(fixed, (const char *const[]){"c", NULL}, 1, table, 2, false, b, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(difference(a, b, n), <, 1e-6);
}

/* Two masks say what their sum says, also of keys that were put in. */
static void test_two_masks(void) {
#define MASKED(MASKS)                                                                                        \
  "x : ?x4x8\nh = Reshape x %[0,-1,2,4]\nq = Transpose h perm=[0,2,1,3]\nk = Transpose h perm=[0,2,1,3]\n"   \
  "v = Transpose h perm=[0,2,1,3]\nm1 = ! 4x4\nm2 = ! 1x1x1x4\nm3 = Add m1 m2\n"                             \
  "a = Attention q k v " MASKS "\nouty = ReduceMean a axes=[2,3] keepdims=0"
  static const char *const sites[] = {"k", "v"};
  g_autoptr(FrozenModel) two = model_of(MASKED("m1 m2")), one = model_of(MASKED("m3"));
  g_autoptr(Tensor) table = small_drawn(31, SHAPE(2, 3, 4));
  float a[MOST], b[MOST], plain[MOST];
  g_autoptr(GError) error = NULL;
  int n = run(two, NULL, 0, NULL, 0, false, plain, &error);
  run(two, sites, 0, table, 3, false, a, &error);
  g_assert_no_error(error);
  run(one, sites, 0, table, 3, false, b, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(difference(a, b, n), <, 1e-6);
  g_assert_cmpfloat(difference(a, plain, n), >, 1e-3);
  run(two, sites, 0, table, 3, true, a, &error); /* unseen */
  g_assert_no_error(error);
  g_assert_cmpfloat(difference(a, plain, n), <, 1e-6);
}

/* Answers with a prefix, whose numbers do not depend on the graph. */
static int with_prefix(const FrozenModel *model, float *answers, GError **error) {
  const ManipulationKind *kind = manipulation_find("prefix");
  g_autoptr(Settings) settings = manipulation_settings_new(kind);
  g_assert_true(settings_set(settings, "tokens", "3", NULL));
  g_assert_true(settings_set(settings, "spread", "1", NULL));
  ManipulationInput input = {.model = model, .location = LOCATION_HIDDEN};
  g_autoptr(Manipulation) self =
      manipulation_new(kind, FORMAT_FIXED, settings, &input, &(Random){4, RANDOM_PATTERN, 0}, error);
  if (!self)
    return 0;
  g_autoptr(Graph) graph = graph_new();
  const Value *in = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &in->shape);
  g_autoptr(GArray) splices = g_array_new(FALSE, FALSE, sizeof(Splice));
  manipulation_splice(self, graph, graph_constant(graph, "numbers", self->parameters), splices);
  g_autoptr(GArray) map =
      splice_import(graph, model, &x, (const Splice *)(const void *)splices->data, (int)splices->len);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  return compute(graph, x, y, answers, error);
}

#define PROJECTED "x : ?x6x8\nwq = ! 8x8\nwk = ! 8x8\nwv = ! 8x8\n"
/* (batch, tokens, channels) as (batch, heads, tokens, width). */
#define SPLIT(Q)                                                                                             \
  Q "1 = MatMul x w" Q "\n" Q "2 = Reshape " Q "1 %[0,-1,2,4]\n" Q "3 = Transpose " Q "2 perm=[0,2,1,3]\n"
/* (batch heads, tokens, width), as attention with several heads was long written. */
#define MERGED(Q) SPLIT(Q) Q " = Reshape " Q "3 %[-1,6,4]\n"
/* The same by way of (tokens, batch, channels): torch.nn.MultiheadAttention. */
#define TOKENS_FIRST(Q)                                                                                      \
  Q "0 = Transpose x perm=[1,0,2]\n" Q "1 = MatMul " Q "0 w" Q "\n" Q "2 = Reshape " Q "1 %[6,-1,4]\n" Q     \
    " = Transpose " Q "2 perm=[1,0,2]\n"
/* Head 0 of all samples, then head 1. */
#define HEADS_FIRST(Q)                                                                                       \
  Q "1 = MatMul x w" Q "\n" Q "2 = Reshape " Q "1 %[0,-1,2,4]\n" Q "3 = Transpose " Q "2 perm=[2,0,1,3]\n" Q \
    " = Reshape " Q "3 %[-1,6,4]\n"
#define MERGED_END(SHAPE, AXES)                                                                              \
  "t = Transpose k perm=[0,2,1]\ns = MatMul q t\nd = Mul s #0.5\np = Softmax d axis=-1\na = MatMul p v\n"    \
  "r = Reshape a " SHAPE "\nouty = ReduceMean r axes=" AXES " keepdims=0"

/* Every head of every sample gets its own rows, whether the heads have an axis or are in the batch. */
static void test_heads_in_batch(void) {
  static const char *const merged[] = {
      PROJECTED MERGED("q") MERGED("k") MERGED("v") MERGED_END("%[-1,2,6,4]", "[2]"),
      PROJECTED TOKENS_FIRST("q") TOKENS_FIRST("k") TOKENS_FIRST("v") MERGED_END("%[-1,2,6,4]", "[2]")};
  g_autoptr(FrozenModel) apart =
      model_of(PROJECTED SPLIT("q") SPLIT("k") SPLIT("v") "t = Transpose k3 perm=[0,1,3,2]\ns = MatMul q3 t\n"
                                                          "d = Mul s #0.5\np = Softmax d axis=-1\n"
                                                          "a = MatMul p v3\nouty = ReduceMean a axes=[2] "
                                                          "keepdims=0");
  float expected[MOST], answers[MOST], plain[MOST];
  g_autoptr(GError) error = NULL;
  int n = run(apart, NULL, 0, NULL, 0, false, plain, &error);
  with_prefix(apart, expected, &error);
  g_assert_no_error(error);
  g_assert_cmpfloat(difference(expected, plain, n), >, 1e-3);
  for (guint i = 0; i < G_N_ELEMENTS(merged); i++) {
    g_autoptr(FrozenModel) model = model_of(merged[i]);
    run(model, NULL, 0, NULL, 0, false, answers, &error);
    g_assert_cmpfloat(difference(answers, plain, n), <, 1e-6);
    g_assert_cmpint(with_prefix(model, answers, &error), ==, n);
    g_assert_no_error(error);
    g_assert_cmpfloat(difference(answers, expected, n), <, 1e-6);
  }
}

static void test_heads_first(void) {
  g_autoptr(FrozenModel) model =
      model_of(PROJECTED HEADS_FIRST("q") HEADS_FIRST("k") HEADS_FIRST("v") MERGED_END("%[2,-1,6,4]", "[2]"));
  float answers[MOST];
  g_autoptr(GError) error = NULL;
  g_assert_cmpint(with_prefix(model, answers, &error), ==, 0);
  g_assert_nonnull(error);
  g_assert_nonnull(strstr(error->message, "heads in the batch"));
}

/* Two class tokens in front of the patches in one Concat. */
static void test_two_class_tokens(void) {
  g_autoptr(FrozenModel) model = model_of(
      "x : ?x3x8x8\nw = ! 8x3x4x4\nf = Conv x w strides=[4,4]\nl = Reshape f %[0,8,4]\n"
      "e = Transpose l perm=[0,2,1]\nn = Shape e\nb = Slice n %[0] %[1]\nz = Concat b %[1,8] axis=0\n"
      "k1 = ! 1x1x8\nk2 = ! 1x1x8\nc1 = Expand k1 z\nc2 = Expand k2 z\nj = Concat c1 c2 e axis=1\n"
      "p = ! 1x6x8\nc = Add j p\n" ATTEND);
  const Site *site = frozen_model_site(model, "embedding+positions");
  g_assert_nonnull(site);
  g_assert_cmpstr(site->name, ==, "c");
  g_assert_cmpint(site->lead, ==, 2);
}

/* Ids behind a view, keys whose length is asked for: as transformers exports GPT-2. */
static void test_gpt2(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load(SOURCE_ROOT "/tests/references/gpt2.onnx", &error);
  g_assert_no_error(error);
  static const char *const sites[] = {"embedding", "embedding+positions", "block1", "block3", "block3.keys"};
  for (guint i = 0; i < G_N_ELEMENTS(sites); i++)
    if (!frozen_model_site(model, sites[i]))
      g_error("there is no %s", sites[i]);
}

/* A fixed length is no factor of the vocabulary. */
static void test_fixed_length(void) {
  g_autoptr(FrozenModel) model = frozen_model_new();
  graph_input(model->graph, "ids", TENSOR_INT64, &SHAPE(1, 10));
  graph_set_output(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  model->output_shape = SHAPE(1, 10, 128);
  g_assert_cmpint(frozen_model_classes(model), ==, 128);
  model->output_shape = (Shape){.rank = 1, .dim = {-1}};
  g_assert_cmpint(frozen_model_classes(model), ==, 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/exported-graphs/registers", test_registers);
  g_test_add_func("/exported-graphs/left-out", test_left_out);
  g_test_add_func("/exported-graphs/computed-sizes", test_computed_sizes);
  g_test_add_func("/exported-graphs/two-masks", test_two_masks);
  g_test_add_func("/exported-graphs/heads-in-batch", test_heads_in_batch);
  g_test_add_func("/exported-graphs/heads-first", test_heads_first);
  g_test_add_func("/exported-graphs/two-class-tokens", test_two_class_tokens);
  g_test_add_func("/exported-graphs/gpt2", test_gpt2);
  g_test_add_func("/exported-graphs/fixed-length", test_fixed_length);
  return g_test_run();
}
