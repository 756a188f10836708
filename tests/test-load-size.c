/* What loading a model takes: at most 2.3 times the file and 100 MiB at the peak, and 2.1 times the file
 * afterwards together with a plan that answers, its packed weights counted. */
#include "data/models.h"
#include "engine/plan.h"
#include "tests/support/tiny-onnx.h"
#include "tests/temporary-folder.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#define PEAK_FACTOR  2.3
#define AFTER_FACTOR 2.1
#define MIB          (1024.0 * 1024.0)

/* "VmRSS:" or "VmHWM:" of /proc/self/status, in MiB. */
static double memory(const char *name) {
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents("/proc/self/status", &text, NULL, NULL));
  const char *line = strstr(text, name);
  g_assert_nonnull(line);
  return (double)g_ascii_strtoll(line + strlen(name), NULL, 10) / 1024;
}

/* The peak starts anew from what is resident now. */
static void forget_peak(void) {
  FILE *file = fopen("/proc/self/clear_refs", "w");
  g_assert_nonnull(file);
  g_assert_cmpint(fputs("5", file), >=, 0);
  g_assert_cmpint(fclose(file), ==, 0);
}

typedef struct {
  double file, before, peak, loaded, planned; /* MiB */
  double seconds;
} Size;

/* Loads the file and plans it for one row. */
static Size measure(const char *path) {
  Size size = {.before = memory("VmRSS:")};
  g_autoptr(GError) error = NULL;
  GStatBuf file;
  g_assert_cmpint(g_stat(path, &file), ==, 0);
  size.file = (double)file.st_size / MIB;
  forget_peak();
  g_autoptr(GTimer) timer = g_timer_new();
  g_autoptr(FrozenModel) model = model_load(path, &error);
  g_assert_no_error(error);
  size.seconds = g_timer_elapsed(timer, NULL);
  size.peak = memory("VmHWM:");
  size.loaded = memory("VmRSS:");
  g_autoptr(Plan) plan = plan_new(model->graph, &(PlanOptions){.batch = 1}, &error);
  g_assert_no_error(error);
  size.planned = memory("VmRSS:");
  size.peak = MAX(size.peak, memory("VmHWM:"));
  g_test_message("%s: %.0f MiB in %.2f s; before %.0f, peak %.0f, loaded %.0f, planned %.0f MiB", path,
                 size.file, size.seconds, size.before, size.peak, size.loaded, size.planned);
  return size;
}

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED true
#else
#define SANITIZED false
#endif

static bool skipped(void) {
  if (SANITIZED)
    g_test_skip("a sanitizer takes memory of its own");
  return SANITIZED;
}

/* x (batch, 1024) times LAYERS matrices: 4 MiB each. */
#define LAYERS 12
#define EDGE   1024

static GByteArray *matrices(void) {
  GByteArray *graph = g_byte_array_new();
  g_autofree float *numbers = g_new(float, EDGE *EDGE);
  for (int i = 0; i < EDGE * EDGE; i++)
    numbers[i] = (float)(i % 7 - 3) / 100;
  for (int k = 0; k < LAYERS; k++) {
    g_autofree char *weights = g_strdup_printf("w%d", k), *y = g_strdup_printf("x%d", k + 1);
    g_autofree char *inputs = g_strdup_printf("x%d w%d", k, k);
    wire_part(graph, GRAPH_NODE, tiny_node("MatMul", y, inputs, y));
    wire_part(graph, GRAPH_INITIALISER,
              tiny_tensor(weights, ONNX_FLOAT, (int64_t[]){EDGE, EDGE, -1}, numbers,
                          EDGE * EDGE * sizeof *numbers));
  }
  g_autofree char *last = g_strdup_printf("x%d", LAYERS);
  wire_part(graph, GRAPH_INPUT, tiny_port("x0", ONNX_FLOAT, (int64_t[]){0, EDGE, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port(last, ONNX_FLOAT, (int64_t[]){0, EDGE, -1}));
  return tiny_model(graph);
}

/* No number stands twice in memory once it is loaded, and the file is in memory at most twice meanwhile. */
static void test_matrices(void) {
  if (skipped())
    return;
  g_autoptr(TemporaryFolder) folder = folder_new();
  GByteArray *model = matrices();
  g_autofree char *path = folder_write(folder, "matrices.onnx", model->data, model->len);
  g_byte_array_unref(model);
  Size size = measure(path);
  g_assert_cmpfloat(size.peak - size.before, <, PEAK_FACTOR * size.file);
  g_assert_cmpfloat(size.loaded - size.before, <, 1.2 * size.file);
  g_assert_cmpfloat(size.planned - size.before, <, 1.2 * size.file);
}

/* The largest model that test-real-models has exported; all of the process counts. */
static void test_exported(void) {
  const char *path = BUILD_ROOT "/tests/exported-models/vit_b_16.onnx";
  if (skipped())
    return;
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("vit_b_16 has not been exported by test-real-models");
    return;
  }
  Size size = measure(path);
  g_assert_cmpfloat(size.peak, <, PEAK_FACTOR * size.file + 100);
  g_assert_cmpfloat(size.planned, <, AFTER_FACTOR * size.file);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/load-size/matrices", test_matrices);
  g_test_add_func("/load-size/exported", test_exported);
  return g_test_run();
}
