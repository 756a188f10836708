/* Frozen models against PyTorch: answers, gradients to the input, blocks; with and without the channels-last
 * order and fusing; the blocks of the models of ../shared where they lie (their answers: test-real-models).
 */
#include "data/models.h"
#include "data/onnx.h"
#include "engine/plan.h"
#include "engine/splice.h"
#include "tests/support/safetensors.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 1e-3 /* relative L2 */

static const PlanOptions variants[] = {
    {.row_major = false},
    {.row_major = true},
    {.row_major = true, .no_fusion = true},
};

/* A model run forward and back once, with the mean cross-entropy to class 3 on top. */
typedef struct {
  Graph *graph;
  ValueId input, logits, loss;
  Plan *plan;
  Workspace *workspace;
} Trial;

static void trial_clear(Trial *trial) {
  workspace_free(trial->workspace);
  plan_free(trial->plan);
  graph_free(trial->graph);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Trial, trial_clear)

/* `site` is also read and asked for its gradient; NULL: none.  *site_value gets its id. */
static void trial_run(Trial *trial, const FrozenModel *model, const Tensor *x, PlanOptions options,
                      const char *site, ValueId *site_value) {
  g_autoptr(GError) error = NULL;
  trial->graph = graph_new();
  trial->input = graph_input(trial->graph, "picture", TENSOR_FLOAT32, &x->shape);
  g_autoptr(GArray) map = splice_import(trial->graph, model, &trial->input, NULL, 0);
  const ValueId *to = (const ValueId *)map->data;
  trial->logits = to[g_array_index(model->graph->outputs, ValueId, 0)];
  ValueId labels = graph_input(trial->graph, "labels", TENSOR_INT64, &SHAPE(-1));
  trial->loss = GRAPH_ADD(trial->graph, "CrossEntropy", "loss", trial->logits, labels);
  ValueId inner = site ? to[frozen_model_site(model, site)->value] : VALUE_NONE;
  ValueId outputs[] = {trial->logits, trial->loss, inner, VALUE_NONE},
          gradients[] = {trial->input, inner, VALUE_NONE};
  options.batch = x->shape.dim[0];
  options.outputs = outputs;
  options.target = trial->loss;
  options.gradients = gradients;
  trial->plan = plan_new(trial->graph, &options, &error);
  g_assert_no_error(error);
  trial->workspace = workspace_new(trial->plan, &error);
  g_assert_no_error(error);
  memcpy(workspace_input(trial->workspace, trial->input)->data, x->data, tensor_bytes(x));
  for (int64_t i = 0; i < options.batch; i++)
    tensor_ints(workspace_input(trial->workspace, labels))[i] = 3;
  g_assert_true(workspace_forward(trial->workspace, NULL));
  Tensor *seed = workspace_seed(trial->workspace);
  for (int64_t i = 0; i < tensor_count(seed); i++)
    tensor_floats(seed)[i] = 1.0f / (float)tensor_count(seed);
  g_assert_true(workspace_backward(trial->workspace, NULL));
  if (site_value)
    *site_value = inner;
}

static char *shared_path(const char *file) {
  const char *folder = g_getenv("HOARFROST_SHARED");
  return folder ? g_build_filename(folder, "models", file, NULL)
                : g_build_filename(SOURCE_ROOT, "..", "shared", "models", file, NULL);
}

/* The formula pictures of tests/references/objects-letters.py. */
static Tensor *formula_pictures(const ModelCard *card) {
  Tensor *x = tensor_new(TENSOR_FLOAT32, &SHAPE(2, 3, 64, 64), NULL);
  float *to = tensor_floats(x);
  for (int n = 0; n < 2; n++)
    for (int c = 0; c < 3; c++)
      for (int i = 0; i < 64 * 64; i++) {
        int column = i % 64, row = i / 64,
            v = (3 * row + 5 * column + 80 * c + column * row / 16 + 97 * n) & 255;
        *to++ = ((float)v / 255 - card->mean[c]) / card->std[c];
      }
  return x;
}

/* Mean over height and width, or over the tokens: (batch, channels). */
static Tensor *spatial_mean(const Tensor *x) {
  const int64_t *dim = x->shape.dim;
  if (x->shape.rank == 3) {
    Tensor *mean = tensor_new(TENSOR_FLOAT32, &SHAPE(dim[0], dim[2]), NULL);
    for (int64_t i = 0; i < tensor_count(x); i++)
      tensor_floats(mean)[i / (dim[1] * dim[2]) * dim[2] + i % dim[2]] += tensor_floats(x)[i] / (float)dim[1];
    return mean;
  }
  const int64_t area = dim[2] * dim[3];
  Tensor *mean = tensor_new(TENSOR_FLOAT32, &SHAPE(dim[0], dim[1]), NULL);
  for (int64_t i = 0; i < dim[0] * dim[1] * area; i++)
    tensor_floats(mean)[i / area] += tensor_floats(x)[i] / (float)area;
  return mean;
}

/* Over axis 1: channels, or tokens. */
static Tensor *axis_sum(const Tensor *x) {
  const int64_t *dim = x->shape.dim, area = dim[2] * (x->shape.rank > 3 ? dim[3] : 1);
  Shape shape = x->shape.rank > 3 ? SHAPE(dim[0], dim[2], dim[3]) : SHAPE(dim[0], dim[2]);
  Tensor *sum = tensor_new(TENSOR_FLOAT32, &shape, NULL);
  for (int64_t i = 0; i < dim[0] * dim[1] * area; i++)
    tensor_floats(sum)[i / (dim[1] * area) * area + i % area] += tensor_floats(x)[i];
  return sum;
}

/* The models that come along, by the blocks that their sites are named after. */
static void test_named(const void *name) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(name, &error);
  g_assert_no_error(error);
  g_autofree char *path = g_strdup_printf(SOURCE_ROOT "/tests/references/%s.safetensors", (const char *)name);
  g_autoptr(SafeTensors) reference = safetensors_open(path);
  g_autoptr(Tensor) logits = safetensors_get(reference, "logits"), dx = safetensors_get(reference, "dx");
  g_autoptr(Tensor) dblock3 = safetensors_get(reference, "dblock3"), x = formula_pictures(&model->card);
  for (guint v = 0; v < G_N_ELEMENTS(variants); v++)
    for (int number = 1; number <= 6; number++) {
      g_autofree char *block = g_strdup_printf("block%d", number);
      g_autoptr(Tensor) expected = safetensors_get(reference, block);
      g_auto(Trial) trial = {0};
      ValueId site;
      trial_run(&trial, model, x, variants[v], block, &site);
      g_autoptr(Tensor) mean = spatial_mean(workspace_output(trial.workspace, site));
      g_assert_cmpfloat(relative_distance(mean, expected), <, TOLERANCE);
      g_assert_cmpfloat(relative_distance(workspace_output(trial.workspace, trial.logits), logits), <,
                        TOLERANCE);
      g_assert_cmpfloat(relative_distance(workspace_gradient(trial.workspace, trial.input), dx), <,
                        TOLERANCE);
      if (number != 3)
        continue;
      g_autoptr(Tensor) sum = axis_sum(workspace_gradient(trial.workspace, site));
      g_assert_cmpfloat(relative_distance(sum, dblock3), <, TOLERANCE);
    }
}

static void test_named_model(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load("objects-letters", &error);
  g_assert_no_error(error);
  g_assert_cmpstr(model->name, ==, "objects-letters");
  g_assert_true(g_str_has_suffix(model->path, "objects-letters.onnx"));
  g_assert_cmpuint(strlen(model->sha256), ==, 64);
  g_assert_cmpint(frozen_model_parameters(model), ==, 383940); /* batch norm folded into 384,732 */
  g_assert_cmpint(frozen_model_classes(model), ==, 36);
  g_assert_cmpstr(frozen_model_class_name(model, 9), ==, "truck");
  g_assert_cmpstr(frozen_model_class_name(model, 10), ==, "A");
  int channels, height, width;
  g_assert_true(frozen_model_picture(model, &channels, &height, &width));
  g_assert_cmpint(channels, ==, 3);
  g_assert_cmpint(height, ==, 64);
  g_assert_cmpint(width, ==, 64);
  g_assert_cmpuint(model->card.warnings->len, ==, 0);
  g_assert_cmpint(model->card.n_channels, ==, 3);
  g_autofree char *path = model_path("objects-letters", NULL);
  g_autoptr(FrozenModel) by_path = model_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(by_path->name, ==, path);
  g_assert_cmpstr(by_path->sha256, ==, model->sha256);
  g_assert_null(model_load("no-such-model", &error));
  g_assert_nonnull(strstr(error->message, "objects-letters")); /* what there is */
}

static void test_list(void) {
  g_autoptr(GPtrArray) models = model_list();
  g_assert_cmpuint(models->len, >=, 1);
  for (guint i = 0; i < models->len; i++) {
    const ModelListing *listing = g_ptr_array_index(models, i);
    g_assert_null(listing->problem);
    g_assert_nonnull(listing->model->card.title);
    g_assert_nonnull(listing->model->card.license);
    g_assert_cmpint(listing->file_size, >, 1000);
  }
}

/* Number of blocks and the shape of the first and the last. */
static void check_blocks(const FrozenModel *model, int blocks, const Shape *first, const Shape *last) {
  for (int number = 1; number <= blocks + 1; number++) {
    g_autofree char *name = g_strdup_printf("block%d", number);
    const Site *site = frozen_model_site(model, name);
    g_assert_true((site != NULL) == (number <= blocks));
    if (number == 1)
      g_assert_true(shape_equal(&site->shape, first));
    if (number == blocks)
      g_assert_true(shape_equal(&site->shape, last));
    if (site)
      g_assert_cmpint(site->channel_axis, ==, 1);
  }
}

static void test_blocks(void) {
  g_autoptr(FrozenModel) model = model_load("objects-letters", NULL);
  check_blocks(model, 6, &SHAPE(-1, 24, 32, 32),
               &SHAPE(-1, 96, 8, 8)); /* the stem and five residual blocks */
  g_assert_cmpstr(frozen_model_site(model, "block1")->name, ==, "/stem/stem.2/Relu_output_0");
  g_assert_cmpstr(frozen_model_site(model, "block6")->name, ==, "/stage3/stage3.1/Relu_1_output_0");
  const struct {
    const char *file;
    int blocks;
    Shape first, last;
  } rows[] = {
      {"resnet20-cifar10.onnx", 10, SHAPE(-1, 16, 32, 32), SHAPE(-1, 64, 8, 8)},
      {"dscnn-speech-commands.onnx", 5, SHAPE(-1, 64, 25, 5), SHAPE(-1, 64, 25, 5)},
      {"mobilenetv2-imagenet.onnx", 18, SHAPE(-1, 16, 112, 112), SHAPE(-1, 1280, 7, 7)},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = shared_path(rows[i].file);
    if (!g_file_test(path, G_FILE_TEST_EXISTS))
      continue;
    g_autoptr(GError) error = NULL;
    g_autoptr(FrozenModel) other = model_load(path, &error);
    g_assert_no_error(error);
    check_blocks(other, rows[i].blocks, &rows[i].first, &rows[i].last);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/models/named", test_named_model);
  g_test_add_func("/models/list", test_list);
  g_test_add_func("/models/blocks", test_blocks);
  for (const NamedModel *row = named_models; row->name; row++) {
    g_autofree char *path = g_strconcat("/models/", row->name, NULL);
    g_test_add_data_func(path, row->name, test_named);
  }
  return g_test_run();
}
