/* The fuzzer's seeds and its mended findings: each is refused by a sentence or runs. */
#include "tests/fuzz/fuzz-onnx.h"

#include <glib.h>

#define CORPUS SOURCE_ROOT "/tests/fuzz/corpus"

static void test_file(gconstpointer data) {
  g_autofree char *path = g_build_filename(CORPUS, data, NULL), *bytes = NULL;
  gsize size;
  g_assert_true(g_file_get_contents(path, &bytes, &size, NULL));
  LLVMFuzzerTestOneInput((const uint8_t *)bytes, size);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(GDir) dir = g_dir_open(CORPUS, 0, NULL);
  for (const char *name; dir && (name = g_dir_read_name(dir));) {
    g_autofree char *path = g_strdup_printf("/fuzz-corpus/%s", name);
    g_test_add_data_func(path, g_intern_string(name), test_file);
  }
  return g_test_run();
}
