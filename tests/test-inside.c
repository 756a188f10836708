/* Methods inside f: their parts at sites of small networks, gradients, what says nothing, and the real
 * transformers of ../shared where they lie. */
#include "data/onnx.h"
#include "engine/manipulation.h"
#include "engine/plan.h"
#include "tests/support/safetensors.h"
#include "tests/support/small-transformer.h"

#include <math.h>
#include <string.h>

#define BATCH 2

/* x (batch, 3, 6, 6) -> convolution, relu ("first") -> convolution, relu ("second") -> mean -> answers. */
static FrozenModel *small_convolution(void) {
  FrozenModel *model = frozen_model_new();
  Graph *g = model->graph;
  ValueId x = graph_input(g, "x", TENSOR_FLOAT32, &SHAPE(-1, 3, 6, 6));
  g_autoptr(Tensor) w1 = small_drawn(1, SHAPE(4, 3, 3, 3)), w2 = small_drawn(2, SHAPE(5, 4, 3, 3));
  g_autoptr(Tensor) w3 = small_drawn(3, SHAPE(5, SMALL_ANSWERS));
  ValueId h = GRAPH_ADD(g, "Relu", "first", GRAPH_ADD(g, "Conv", "c1", x, graph_constant(g, "w1", w1)));
  h = GRAPH_ADD(g, "Relu", "second", GRAPH_ADD(g, "Conv", "c2", h, graph_constant(g, "w2", w2)));
  h = GRAPH_ADD(g, "ReduceMean", "mean", h);
  node_set_ints(graph_last(g), "axes", 2, (int64_t[]){2, 3});
  node_set_int(graph_last(g), "keepdims", 0);
  graph_set_output(g, GRAPH_ADD(g, "MatMul", "answers", h, graph_constant(g, "w3", w3)));
  g_assert_no_error(g->error);
  frozen_model_find_sites(model);
  return model;
}

static Manipulation *try_make(const FrozenModel *model, const char *method, Format format, const char *site,
                              const char *key, const char *text, GError **error) {
  const ManipulationKind *kind = manipulation_find(method);
  g_autoptr(Settings) settings = manipulation_settings_new(kind);
  if (key)
    g_assert_true(settings_set(settings, key, text, NULL));
  const Site *found = site ? frozen_model_site(model, site) : NULL;
  ManipulationInput input = {.channels = 3, .height = 6, .width = 6, .model = model, .site = site};
  input.location = found ? found->location : LOCATION_HIDDEN;
  return manipulation_new(kind, format, settings, &input, &(Random){4, RANDOM_PATTERN, 0}, error);
}

static Manipulation *make(const FrozenModel *model, const char *method, const char *site, const char *key,
                          const char *text) {
  g_autoptr(GError) error = NULL;
  Manipulation *self = try_make(model, method, FORMAT_LEARNABLE, site, key, text, &error);
  g_assert_no_error(error);
  return self;
}

/* f's answers with the method's parts, and the gradient of sum_i w_i answer_i to its numbers; self NULL: f.
 */
static void run(const FrozenModel *model, Manipulation *self, float *answers, float *gradient) {
  g_autoptr(Graph) graph = graph_new();
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &input->shape);
  ValueId numbers = self ? graph_parameter(graph, "numbers", self->parameters) : VALUE_NONE;
  g_autoptr(GArray) splices = g_array_new(FALSE, FALSE, sizeof(Splice));
  if (self)
    manipulation_splice(self, graph, numbers, splices);
  g_autoptr(GArray) map =
      splice_import(graph, model, &x, (const Splice *)(const void *)splices->data, (int)splices->len);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.batch = BATCH, .outputs = outputs, .target = gradient ? y : VALUE_NONE};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  Tensor *to = workspace_input(workspace, x);
  for (int64_t i = 0; i < tensor_count(to); i++)
    tensor_floats(to)[i] = small_draw(20, (uint64_t)i);
  g_assert_true(workspace_forward(workspace, NULL));
  memcpy(answers, workspace_output(workspace, y)->data, sizeof(float) * BATCH * SMALL_ANSWERS);
  if (!gradient)
    return;
  for (uint64_t i = 0; i < BATCH * SMALL_ANSWERS; i++)
    tensor_floats(workspace_seed(workspace))[i] = small_draw(21, i);
  g_assert_true(workspace_backward(workspace, NULL));
  memcpy(gradient, workspace_gradient(workspace, numbers)->data, tensor_bytes(self->parameters));
}

static double weighted_sum(const FrozenModel *model, Manipulation *self) {
  float answers[BATCH * SMALL_ANSWERS];
  double sum = 0;
  run(model, self, answers, NULL);
  for (uint64_t i = 0; i < BATCH * SMALL_ANSWERS; i++)
    sum += (double)answers[i] * small_draw(21, i);
  return sum;
}

static void check_gradient(const FrozenModel *model, Manipulation *self) {
  int64_t n = tensor_count(self->parameters);
  float answers[BATCH * SMALL_ANSWERS];
  g_autofree float *gradient = g_new(float, n);
  for (int64_t i = 0; i < n; i++)
    tensor_floats(self->parameters)[i] += 0.3f * small_draw(30, (uint64_t)i);
  run(model, self, answers, gradient);
  double most = 0;
  for (int64_t i = 0; i < n; i += 1 + n / 24) {
    float *number = tensor_floats(self->parameters) + i, here = *number, h = 4e-3f;
    *number = here + h;
    double above = weighted_sum(model, self);
    *number = here - h;
    double slope = (above - weighted_sum(model, self)) / (2 * h);
    *number = here;
    most = MAX(most, fabs(slope));
    g_assert_cmpfloat(fabs(slope - gradient[i]), <, 4e-3 + 2e-2 * fabs(slope));
  }
  g_assert_cmpfloat(most, >, 1e-3);
}

static const struct {
  const char *method, *site, *key, *text;
  bool convolution;
  int parts;
} cases[] = {
    {"tokens", "positioned", "tokens", "2", false, 1}, {"tokens", "block1", "init", "zeros", false, 1},
    {"steering", NULL, NULL, NULL, false, 1},          {"steering", "block1", NULL, NULL, true, 1},
    {"steering", NULL, NULL, NULL, true, 1},           {"scale-shift", "block1.keys", NULL, NULL, false, 1},
    {"scale-shift", NULL, NULL, NULL, true, 2},        {"low-rank", "positioned", "rank", "2", false, 1},
    {"low-rank", NULL, "rank", "3", true, 2},
};

static void test_gradients(void) {
  for (guint k = 0; k < G_N_ELEMENTS(cases); k++) {
    g_autoptr(FrozenModel) model =
        cases[k].convolution ? small_convolution() : small_transformer(SIZES_CONSTANT, true);
    g_autoptr(Manipulation) self = make(model, cases[k].method, cases[k].site, cases[k].key, cases[k].text);
    g_test_message("%s at %s", cases[k].method, cases[k].site ? cases[k].site : "its own sites");
    g_assert_cmpuint(self->parts->len, ==, (guint)cases[k].parts);
    g_assert_cmpint(self->trainable, ==, tensor_count(self->parameters));
    check_gradient(model, self);
  }
}

/* At first maps change nothing; neither does a direction of zeros, or no tokens. */
static void test_neutral(void) {
  static const char *const methods[][3] = {
      {"steering"}, {"scale-shift"}, {"low-rank"}, {"tokens", "tokens", "0"}};
  for (guint k = 0; k < G_N_ELEMENTS(methods); k++) {
    bool tokens = k == 3;
    g_autoptr(FrozenModel) model = tokens ? small_transformer(SIZES_CONSTANT, true) : small_convolution();
    g_autoptr(Manipulation) self =
        make(model, methods[k][0], tokens ? "block1" : NULL, methods[k][1], methods[k][2]);
    float plain[BATCH * SMALL_ANSWERS], answers[BATCH * SMALL_ANSWERS];
    run(model, NULL, plain, NULL);
    run(model, self, answers, NULL);
    for (int i = 0; i < BATCH * SMALL_ANSWERS; i++)
      g_assert_cmpfloat(fabs(plain[i] - answers[i]), <=, 1e-6 * fabs(plain[i]));
  }
}

static void test_estimate(void) {
  g_autoptr(FrozenModel) model = small_convolution();
  g_autoptr(GError) error = NULL;
  char *classes[] = {(char *)"cat", (char *)"dog", (char *)"owl", NULL};
  float means[15];
  for (int i = 0; i < 15; i++)
    means[i] = (float)(i * i);
  g_autoptr(Manipulation) self = try_make(model, "steering", FORMAT_FIXED, "second", "toward", "dog", &error);
  g_assert_no_error(error);
  g_assert_true(self->kind->estimate(self, classes, 3, means, &error));
  for (int c = 0; c < 5; c++)
    g_assert_cmpfloat(
        fabs(tensor_floats(self->parameters)[c] - (means[5 + c] - (means[c] + means[10 + c]) / 2)), <, 1e-3);
  g_assert_true(settings_set(self->settings, "away", "2", NULL));
  g_assert_true(self->kind->estimate(self, classes, 3, means, &error));
  g_assert_cmpfloat(fabs(tensor_floats(self->parameters)[1] - (means[6] - means[11])), <, 1e-3);
  g_assert_true(settings_set(self->settings, "toward", "horse", NULL));
  g_assert_false(self->kind->estimate(self, classes, 3, means, &error));
  g_assert_nonnull(strstr(error->message, "no class 'horse'"));
}

static void test_refused(void) {
  g_autoptr(FrozenModel) model = small_convolution();
  static const char *const wrong[][3] = {{"tokens", "first", "is no row of tokens"},
                                         {"steering", "nowhere", "has no site 'nowhere'"},
                                         {"scale-shift", "input", "manipulation.location"}};
  for (guint k = 0; k < G_N_ELEMENTS(wrong); k++) {
    g_autoptr(GError) error = NULL;
    const ManipulationKind *kind = manipulation_find(wrong[k][0]);
    g_autoptr(Settings) settings = manipulation_settings_new(kind);
    ManipulationInput input = {.model = model, .site = wrong[k][1], .location = LOCATION_HIDDEN};
    g_assert_null(manipulation_new(kind, FORMAT_LEARNABLE, settings, &input, &(Random){0}, &error));
    g_assert_nonnull(error);
    if (!strstr(error->message, wrong[k][2]))
      g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, wrong[k][2]));
  }
}

static char *shared_path(const char *file) {
  const char *folder = g_getenv("HOARFROST_SHARED");
  return folder ? g_build_filename(folder, "models", file, NULL)
                : g_build_filename(SOURCE_ROOT, "..", "shared", "models", file, NULL);
}

/* NULL, and the test skips, where the file is not there. */
static FrozenModel *shared_model(const char *file) {
  g_autofree char *path = shared_path(file);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("the models of ../shared are not there");
    return NULL;
  }
  g_autoptr(GError) error = NULL;
  FrozenModel *model = onnx_load(path, &error);
  g_assert_no_error(error);
  return model;
}

typedef struct {
  ValueId table;
  int64_t count;
} Prompt;

static ValueId write_prompt(void *data, Graph *graph, ValueId x) {
  const Prompt *prompt = data;
  return tokens_overwrite(graph, x, 1, 0, prompt->count, prompt->table);
}

static double relative_error(const float *a, const float *b, int64_t n) {
  double difference = 0, size = 0;
  for (int64_t i = 0; i < n; i++) {
    difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    size += (double)b[i] * b[i];
  }
  return sqrt(difference / size);
}

/* The gradient of the mean next-token cross-entropy of logits (1, n, classes). */
static void next_token_seed(const Tensor *logits, const int64_t *ids, float *seed) {
  int64_t n = logits->shape.dim[1], classes = logits->shape.dim[2];
  for (int64_t t = 0; t < n; t++) {
    const float *row = tensor_floats(logits) + t * classes;
    double largest = -INFINITY, sum = 0;
    for (int64_t c = 0; c < classes; c++)
      largest = MAX(largest, (double)row[c]);
    for (int64_t c = 0; c < classes; c++)
      sum += exp(row[c] - largest);
    for (int64_t c = 0; c < classes; c++) {
      double p = exp(row[c] - largest) / sum - (t + 1 < n && ids[t + 1] == c);
      seed[t * classes + c] = t + 1 < n ? (float)(p / (double)(n - 1)) : 0;
    }
  }
}

/* Dummy tokens whose embedding is overwritten, against rows put in front by PyTorch. */
static void test_soft_prompt(void) {
  g_autoptr(FrozenModel) model = shared_model("stories260k.onnx");
  if (!model)
    return;
  g_autofree char *path = shared_path("reference.safetensors");
  g_autoptr(SafeTensors) file = safetensors_open(path);
  g_autoptr(Tensor) ids = safetensors_get(file, "stories260k/ids"),
                    rows = safetensors_get(file, "stories260k/soft_prompt"),
                    logits = safetensors_get(file, "stories260k/soft_logits"),
                    drows = safetensors_get(file, "stories260k/dsoft_prompt");
  rows->shape = SHAPE(5, 64);
  g_autoptr(Graph) graph = graph_new();
  ValueId in = graph_input(graph, "ids", TENSOR_INT64, &SHAPE(-1, -1));
  Prompt prompt = {graph_parameter(graph, "prompt", rows), 5};
  ValueId behind = tokens_dummy(graph, in, 5, 0);
  Splice splice = {.site = frozen_model_site(model, "embedding"), .build = write_prompt, .data = &prompt};
  g_autoptr(GArray) map = splice_import(graph, model, &behind, &splice, 1);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  y = tokens_drop(graph, y, 1, 0, 5);
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.input_shapes = &ids->shape, .outputs = outputs, .target = y};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  memcpy(workspace_input(workspace, in)->data, ids->data, tensor_bytes(ids));
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *answers = workspace_output(workspace, y);
  g_assert_cmpfloat(relative_error(tensor_floats(answers), tensor_floats(logits), tensor_count(logits)), <,
                    1e-3);
  next_token_seed(answers, tensor_ints(ids), tensor_floats(workspace_seed(workspace)));
  g_assert_true(workspace_backward(workspace, NULL));
  const Tensor *gradient = workspace_gradient(workspace, prompt.table);
  double wrong = relative_error(tensor_floats(gradient), tensor_floats(drows), tensor_count(drows));
  g_test_message("gradient of the soft prompt: relative error %.2e", wrong);
  g_assert_cmpfloat(wrong, <, 1e-3);
}

static ValueId put_in_front(void *data, Graph *graph, ValueId x) {
  return tokens_insert(graph, x, 2, 0, ((const Prompt *)data)->table);
}

/* The logits with `count` rows of zeros in front of the keys and values of every attention. */
static void with_prefix(const FrozenModel *model, const Tensor *ids, int64_t count, bool unseen,
                        float *logits) {
  g_autoptr(Graph) graph = graph_new();
  ValueId in = graph_input(graph, "ids", TENSOR_INT64, &SHAPE(-1, -1));
  g_autoptr(Tensor) zeros = tensor_new(TENSOR_FLOAT32, &SHAPE(4, count, 8), NULL);
  Prompt prompt = {graph_constant(graph, "prefix", zeros), count};
  g_autoptr(GArray) splices = g_array_new(FALSE, FALSE, sizeof(Splice));
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (!site->partner)
      continue;
    Splice splice = {site, put_in_front, &prompt, count, 0, unseen};
    g_array_append_val(splices, splice);
  }
  g_assert_cmpuint(splices->len, ==, 10); /* keys and values of five blocks */
  g_autoptr(GArray) map =
      splice_import(graph, model, &in, (const Splice *)(const void *)splices->data, (int)splices->len);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.input_shapes = &ids->shape, .outputs = outputs};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  memcpy(workspace_input(workspace, in)->data, ids->data, tensor_bytes(ids));
  g_assert_true(workspace_forward(workspace, NULL));
  memcpy(logits, workspace_output(workspace, y)->data, sizeof(float) * 8 * 512);
}

/* A prefix of nothing, and one that nobody sees, change nothing; one of zeros does. */
static void test_prefix(void) {
  g_autoptr(FrozenModel) model = shared_model("stories260k.onnx");
  if (!model)
    return;
  g_autofree char *path = shared_path("reference.safetensors");
  g_autoptr(SafeTensors) file = safetensors_open(path);
  g_autoptr(Tensor) ids = safetensors_get(file, "stories260k/ids"),
                    logits = safetensors_get(file, "stories260k/logits");
  static float none[8 * 512], unseen[8 * 512], zeros[8 * 512];
  with_prefix(model, ids, 0, false, none);
  with_prefix(model, ids, 3, true, unseen);
  with_prefix(model, ids, 3, false, zeros);
  g_assert_cmpfloat(relative_error(none, tensor_floats(logits), 8 * 512), <, 1e-3);
  g_assert_cmpfloat(relative_error(unseen, none, 8 * 512), <, 1e-6);
  g_assert_cmpfloat(relative_error(zeros, none, 8 * 512), >, 1e-3);
}

static void forward_picture(const FrozenModel *model, Manipulation *self, const Tensor *x, float *logits) {
  g_autoptr(Graph) graph = graph_new();
  ValueId in = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(-1, 3, 224, 224));
  g_autoptr(GArray) splices = g_array_new(FALSE, FALSE, sizeof(Splice));
  if (self)
    manipulation_splice(self, graph, graph_constant(graph, "numbers", self->parameters), splices);
  g_autoptr(GArray) map =
      splice_import(graph, model, &in, (const Splice *)(const void *)splices->data, (int)splices->len);
  ValueId y = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  ValueId outputs[] = {y, VALUE_NONE};
  PlanOptions options = {.batch = 1, .outputs = outputs};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, NULL);
  memcpy(workspace_input(workspace, in)->data, x->data, tensor_bytes(x));
  g_assert_true(workspace_forward(workspace, NULL));
  memcpy(logits, workspace_output(workspace, y)->data, sizeof(float) * 1000);
}

/* VPT at the real thing: where the tokens stand, and that none of them change nothing and zeros do. */
static void test_vision_transformer(void) {
  g_autoptr(FrozenModel) model = shared_model("vit-tiny-imagenet.onnx");
  if (!model)
    return;
  const ManipulationKind *kind = manipulation_find("tokens");
  g_autofree char *path = shared_path("reference.safetensors");
  g_autoptr(SafeTensors) file = safetensors_open(path);
  g_autoptr(Tensor) x = safetensors_get(file, "vit-tiny-imagenet/x");
  float plain[1000], logits[1000];
  forward_picture(model, NULL, x, plain);
  static const struct {
    Location location;
    const char *tokens;
    guint parts;
  } rows[] = {{LOCATION_EMBEDDING, "0", 1}, {LOCATION_EMBEDDING, "3", 1}, {LOCATION_HIDDEN, "3", 12}};
  for (guint k = 0; k < G_N_ELEMENTS(rows); k++) {
    g_autoptr(Settings) settings = manipulation_settings_new(kind);
    settings_set(settings, "tokens", rows[k].tokens, NULL);
    settings_set(settings, "init", "zeros", NULL);
    ManipulationInput input = {
        .channels = 3, .height = 224, .width = 224, .model = model, .location = rows[k].location};
    g_autoptr(GError) error = NULL;
    g_autoptr(Manipulation) self =
        manipulation_new(kind, FORMAT_FIXED, settings, &input, &(Random){0}, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(self->parts->len, ==, rows[k].parts);
    for (guint i = 0; i < self->parts->len; i++) /* behind the class token */
      g_assert_cmpint(((ManipulationPart *)g_ptr_array_index(self->parts, i))->position, ==, 1);
    forward_picture(model, self, x, logits);
    double wrong = relative_error(logits, plain, 1000);
    g_test_message("%s tokens of zeros in %u places: the answers differ by %.2e", rows[k].tokens,
                   rows[k].parts, wrong);
    if (k == 0)
      g_assert_cmpfloat(wrong, <, 1e-6);
    else
      g_assert_cmpfloat(wrong, >, 1e-4);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/inside/gradients", test_gradients);
  g_test_add_func("/inside/neutral", test_neutral);
  g_test_add_func("/inside/estimate", test_estimate);
  g_test_add_func("/inside/refused", test_refused);
  g_test_add_func("/inside/soft-prompt", test_soft_prompt);
  g_test_add_func("/inside/prefix", test_prefix);
  g_test_add_func("/inside/vision-transformer", test_vision_transformer);
  return g_test_run();
}
