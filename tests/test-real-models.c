/* Models as the world exports them, against PyTorch: logits, and gradients to the input or the token
 * embedding.
 *
 * Three places hold them: tests/references (always there), the build folder, where
 * references/export-models.py puts torchvision's models once if PyTorch and torchvision are installed, and
 * ../shared/models.  The rest is skipped with the reason.  A table of what was measured stands at the end. */
#include "data/models.h"
#include "tests/support/reference-run.h"
#include "tests/temporary-folder.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define LOGITS_TOLERANCE   1e-3 /* relative L2 */
#define GRADIENT_TOLERANCE 2e-3

/* The sanitizers run the small models only. */
#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

typedef enum { PLACE_KEPT, PLACE_EXPORTED, PLACE_SHARED } Place;

typedef struct {
  const char *name;
  Place place;
  bool variants; /* is run without the passes, too */
  const char *input, *gradient;
} Row;

static const Row rows[] = {
    {"gpt2", PLACE_KEPT, true, NULL, "gradient"},
    {"bert", PLACE_KEPT, true, NULL, "gradient"},
    {"shufflenet_v2_x0_5", PLACE_KEPT, true, NULL, "gradient"},
    {"resnet20-cifar10", PLACE_SHARED, true, "x", "dx"},
    {"dscnn-speech-commands", PLACE_SHARED, true, "x", "dx"},
    {"mobilenetv2-imagenet", PLACE_SHARED, true, "x", "dx"},
    {"vit-tiny-imagenet", PLACE_SHARED, true, "x", "dx"},
    {"stories260k", PLACE_SHARED, true, "ids", "dembedding"},
    {"resnet18", PLACE_EXPORTED, false, NULL, "gradient"},
    {"mobilenet_v3_small", PLACE_EXPORTED, false, NULL, "gradient"},
    {"efficientnet_b0", PLACE_EXPORTED, false, NULL, "gradient"},
    {"densenet121", PLACE_EXPORTED, false, NULL, "gradient"},
    {"googlenet", PLACE_EXPORTED, false, NULL, "gradient"},
    {"mnasnet0_5", PLACE_EXPORTED, false, NULL, "gradient"},
    {"regnet_y_400mf", PLACE_EXPORTED, false, NULL, "gradient"},
    {"convnext_tiny", PLACE_EXPORTED, false, NULL, "gradient"},
    {"swin_t", PLACE_EXPORTED, false, NULL, "gradient"},
    {"vit_b_16", PLACE_EXPORTED, false, NULL, "gradient"},
};

static const PlanOptions variants[] = {
    {.row_major = false},
    {.row_major = true},
    {.row_major = true, .no_fusion = true},
};

static GString *table;

/* (transfer full) */
static char *folder_of(Place place) {
  const char *shared = g_getenv("HOARFROST_SHARED");
  switch (place) {
  case PLACE_KEPT:
    return g_strdup(SOURCE_ROOT "/tests/references");
  case PLACE_EXPORTED:
    return g_strdup(BUILD_ROOT "/tests/exported-models");
  case PLACE_SHARED:
    break;
  }
  return shared ? g_build_filename(shared, "models", NULL) : g_strdup(SOURCE_ROOT "/../shared/models");
}

static bool runs(const char *const *command, char **errors) {
  int status = -1;
  return g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, errors,
                      &status, NULL) &&
         g_spawn_check_wait_status(status, NULL);
}

/* The script keeps what is there, so that only the first test of a build folder waits for it. */
static void export_model(const char *name) {
  g_autofree char *folder = folder_of(PLACE_EXPORTED), *errors = NULL;
  const char *const command[] = {"/usr/bin/python3", SOURCE_ROOT "/tests/references/export-models.py", folder,
                                 name, NULL};
  if (!runs(command, &errors))
    g_error("%s", errors ? errors : "python3 is gone");
}

/* Whether the file is there, or can be made; else skips the test. */
static bool make_ready(const Row *row, const char *path) {
  static const char *const torch[] = {"/usr/bin/python3", "-c", "import torch, torchvision, onnx", NULL};
  g_autofree char *reason = NULL;
  if (SANITIZED && row->place == PLACE_EXPORTED)
    reason = g_strdup("the sanitizers run the small models only");
  else if (g_file_test(path, G_FILE_TEST_EXISTS))
    return true;
  else if (row->place == PLACE_SHARED)
    reason = g_strdup_printf("%s is absent", path);
  else if (!runs(torch, NULL))
    reason = g_strdup("python3-torch and python3-torchvision, which export this model, are not installed");
  if (!reason)
    export_model(row->name);
  else
    g_test_skip(reason);
  return !reason;
}

static void test_row(gconstpointer data) {
  const Row *row = data;
  g_autofree char *folder = folder_of(row->place);
  g_autofree char *path = g_strdup_printf("%s/%s.onnx", folder, row->name);
  if (!make_ready(row, path))
    return;
  bool shared = row->place == PLACE_SHARED;
  g_autofree char *reference_path =
      g_strdup_printf("%s/%s.safetensors", folder, shared ? "reference" : row->name);
  g_autofree char *prefix = shared ? g_strconcat(row->name, "/", NULL) : g_strdup("");
  g_autoptr(SafeTensors) reference = safetensors_open(reference_path);
  ReferenceNames names = {prefix, row->input, row->gradient};
  g_autoptr(GTimer) timer = g_timer_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(path, &error);
  double loading = g_timer_elapsed(timer, NULL);
  if (!model) {
    g_test_message("%s", error->message);
    g_test_fail();
    return;
  }
  for (guint v = 0; v < (row->variants && !SANITIZED ? G_N_ELEMENTS(variants) : 1); v++) {
    ReferenceResult result = reference_run(model, reference, &names, &variants[v]);
    if (v == 0)
      g_string_append_printf(table, "# %-22s %10.2g %10.2g %8.2f %8.2f\n", row->name, result.logits,
                             result.gradient, loading, result.seconds);
    if (result.refusal)
      g_test_message("%s, variant %u: %s", row->name, v, result.refusal);
    if (result.refusal || !(result.logits < LOGITS_TOLERANCE) || !(result.gradient < GRADIENT_TOLERANCE)) {
      g_test_message("%s, variant %u: logits %.2g, gradient %.2g", row->name, v, result.logits,
                     result.gradient);
      g_test_fail();
    }
    g_free(result.refusal);
  }
}

/* gpt2 as ONNX's own library saves it with its numbers in a file beside it: the same bits come out. */
static void test_external(void) {
  static const char save[] =
      "import onnx, sys; onnx.save_model(onnx.load(sys.argv[1]), sys.argv[2], save_as_external_data=True, "
      "all_tensors_to_one_file=True, location='gpt2.bin', size_threshold=0)";
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autofree char *path = g_build_filename(folder, "gpt2.onnx", NULL),
                  *beside = g_build_filename(folder, "gpt2.bin", NULL);
  const char *const command[] = {
      "/usr/bin/python3", "-c", save, SOURCE_ROOT "/tests/references/gpt2.onnx", path, NULL};
  if (!runs(command, NULL)) {
    g_test_skip("python3-onnx, which saves numbers in a file beside the model, is not installed");
    return;
  }
  GStatBuf file;
  g_assert_cmpint(g_stat(beside, &file), ==, 0);
  g_assert_cmpint(file.st_size, >, 300000);
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(path, &error);
  g_assert_no_error(error);
  g_autoptr(FrozenModel) whole = model_load(SOURCE_ROOT "/tests/references/gpt2.onnx", &error);
  g_assert_no_error(error);
  g_autofree char *digest = frozen_model_digest(model), *expected = frozen_model_digest(whole);
  g_assert_cmpstr(digest, ==, expected);
  g_autoptr(SafeTensors) reference = safetensors_open(SOURCE_ROOT "/tests/references/gpt2.safetensors");
  ReferenceResult result =
      reference_run(model, reference, &(ReferenceNames){"", NULL, "gradient"}, &variants[0]);
  g_assert_cmpfloat(result.logits, <, LOGITS_TOLERANCE);
  g_assert_cmpfloat(result.gradient, <, GRADIENT_TOLERANCE);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  table = g_string_new(NULL);
  g_string_append_printf(table, "# %-22s %10s %10s %8s %8s\n", "model", "logits", "gradient", "load s",
                         "run s");
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *name = g_strconcat("/real-models/", rows[i].name, NULL);
    g_test_add_data_func(name, &rows[i], test_row);
  }
  g_test_add_func("/real-models/external", test_external);
  int status = g_test_run();
  g_print("%s", table->str);
  g_string_free(table, TRUE);
  return status;
}
