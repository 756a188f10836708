/* Weights in files beside the model are read; anything outside its folder is refused, and so is what does not
 * fit. */
#include "data/onnx.h"
#include "engine/error.h"
#include "engine/plan.h"
#include "tests/support/hostile.h"
#include "tests/support/tiny-onnx.h"
#include "tests/temporary-folder.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const float weights[16] = {0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};

/* Where a tensor "far" (3, 4) is said to lie; NULL: not said. */
typedef struct {
  const char *name, *location, *offset, *length;
  const char *words; /* of the refusal */
} Row;

static const Row rows[] = {
    {"above", "../outside.bin", NULL, NULL, "'far'|outside the model's folder"},
    {"above-again", "sub/../../outside.bin", NULL, NULL, "'far'|outside the model's folder"},
    {"absolute", "/etc/passwd", NULL, NULL, "'far'|outside the model's folder"},
    {"link", "link.bin", NULL, NULL, "'far'|outside the model's folder"},
    {"link-folder", "link/outside.bin", NULL, NULL, "'far'|outside the model's folder"},
    {"missing", "nowhere.bin", NULL, NULL, "'far'|nowhere.bin|No such file"},
    {"folder", "sub", NULL, NULL, "'far'|folder or a device"},
    {"pipe", "pipe", NULL, NULL, "'far'|folder or a device"},
    {"empty", "empty.bin", NULL, NULL, "'far'|empty"},
    {"short", "weights.bin", "32", NULL, "'far'|3x4|64"},
    {"behind", "weights.bin", "9223372036854775807", NULL, "'far'|3x4"},
    {"beyond", "weights.bin", "18446744073709551615", NULL, "'far'|valid place"},
    {"negative", "weights.bin", "-16", NULL, "'far'|valid place"},
    {"no-number", "weights.bin", "sixteen", NULL, "'far'|valid place"},
    {"length", "weights.bin", "0", "44", "'far'|3x4"},
    {"nowhere", NULL, "0", NULL, "'far'|valid place"},
    {"nothing", "", NULL, NULL, "'far'|valid place"},
};

static void add_entry(GByteArray *tensor, const char *key, const char *value) {
  if (!value)
    return;
  GByteArray *entry = g_byte_array_new();
  wire_text(entry, 1, key);
  wire_text(entry, 2, value);
  wire_part(tensor, 13, entry);
}

static GByteArray *model_of(const Row *row, int type, int64_t rows_of_it) {
  GByteArray *graph = tiny_graph();
  GByteArray *tensor = tiny_tensor("far", type, (int64_t[]){rows_of_it, 4, -1}, NULL, 0);
  add_entry(tensor, "location", row->location);
  add_entry(tensor, "offset", row->offset);
  add_entry(tensor, "length", row->length);
  wire_int(tensor, 14, 1);
  wire_part(graph, GRAPH_INITIALISER, tensor);
  wire_part(graph, GRAPH_NODE, tiny_node("Mul", "times", "far far", "z"));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("z", ONNX_FLOAT, (int64_t[]){3, 4, -1}));
  return tiny_model(graph);
}

/* A folder with the model's folder in it and a file beside that. */
static char *make_folder(const char *top) {
  char *folder = g_build_filename(top, "model", NULL);
  g_autofree char *outside = folder_write(top, "outside.bin", weights, sizeof weights),
                  *inside = folder_write(folder, "weights.bin", weights, sizeof weights),
                  *sub = folder_write(folder, "sub/weights.bin", weights, sizeof weights),
                  *empty = folder_write(folder, "empty.bin", "", 0),
                  *link = g_build_filename(folder, "link.bin", NULL),
                  *link_folder = g_build_filename(folder, "link", NULL),
                  *pipe = g_build_filename(folder, "pipe", NULL);
  g_assert_cmpint(symlink("../outside.bin", link), ==, 0);
  g_assert_cmpint(symlink("..", link_folder), ==, 0);
  g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
  return folder;
}

static void test_refused(gconstpointer data) {
  const Row *row = data;
  g_autoptr(TemporaryFolder) top = folder_new();
  g_autofree char *folder = make_folder(top);
  g_autoptr(GByteArray) file = model_of(row, ONNX_FLOAT, 3);
  g_autofree char *path = folder_write(folder, "m.onnx", file->data, file->len);
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(onnx_load(path, &error));
  assert_sentence(error, row->words);
  effort_check(&effort);
}

static void test_read(void) {
  static const Row places[] = {
      {"beside", "weights.bin", "16", NULL, NULL},
      {"below", "sub/weights.bin", "16", "48", NULL},
      {"round", "./sub/weights.bin", "16", NULL, NULL},
  };
  g_autoptr(TemporaryFolder) top = folder_new();
  g_autofree char *folder = make_folder(top);
  for (guint i = 0; i < G_N_ELEMENTS(places); i++) {
    g_autoptr(GByteArray) file = model_of(&places[i], ONNX_FLOAT, 3);
    g_autofree char *path = folder_write(folder, "m.onnx", file->data, file->len);
    g_autoptr(GError) error = NULL;
    g_autoptr(FrozenModel) model = onnx_load(path, &error);
    g_assert_no_error(error);
    const Value *far = graph_value(model->graph, graph_find(model->graph, "far"));
    for (int k = 0; k < 12; k++)
      g_assert_cmpfloat(tensor_floats(far->tensor)[k], ==, weights[4 + k]);
  }
}

/* Weights that lie elsewhere belong to what the model is. */
static void test_digest(void) {
  g_autoptr(TemporaryFolder) top = folder_new();
  g_autofree char *folder = make_folder(top);
  g_autoptr(GByteArray) file = model_of(&(Row){"", "weights.bin", "16", NULL, NULL}, ONNX_FLOAT, 3);
  g_autofree char *path = folder_write(folder, "m.onnx", file->data, file->len);
  g_autoptr(FrozenModel) before = onnx_load(path, NULL);
  float others[16] = {0};
  g_autofree char *changed = folder_write(folder, "weights.bin", others, sizeof others);
  g_autoptr(FrozenModel) after = onnx_load(path, NULL);
  g_assert_cmpstr(before->sha256, !=, after->sha256);
}

/* A thousand float16 tensors of the same 16 MiB would take 32 GiB as float32. */
static void test_again_and_again(void) {
  g_autoptr(TemporaryFolder) top = folder_new();
  GByteArray *graph = tiny_graph();
  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("t%d", i);
    GByteArray *tensor = tiny_tensor(name, ONNX_FLOAT16, (int64_t[]){8 << 20, -1}, NULL, 0);
    add_entry(tensor, "location", "weights.bin");
    wire_int(tensor, 14, 1);
    wire_part(graph, GRAPH_INITIALISER, tensor);
  }
  g_autoptr(GByteArray) file = tiny_model(graph);
  g_autofree char *path = folder_write(top, "m.onnx", file->data, file->len),
                  *numbers = g_build_filename(top, "weights.bin", NULL);
  g_assert_true(g_file_set_contents(numbers, "", 0, NULL));
  g_assert_cmpint(truncate(numbers, 16 << 20), ==, 0);
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(onnx_load(path, &error));
  assert_sentence(error, "again and again");
  effort_check(&effort);
}

static void make_sparse(const char *folder, const char *name, gint64 size) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, "", 0, NULL));
  g_assert_cmpint(truncate(path, size), ==, 0);
}

/* 48 bytes out of 64 GiB that the disk does not hold: only they are looked at, and they count. */
static void test_sparse(void) {
  g_autoptr(TemporaryFolder) top = folder_new();
  g_autoptr(GByteArray) file = model_of(&(Row){"", "weights.bin", "16384", NULL, NULL}, ONNX_FLOAT, 3);
  g_autofree char *path = folder_write(top, "m.onnx", file->data, file->len),
                  *numbers = g_build_filename(top, "weights.bin", NULL);
  make_sparse(top, "weights.bin", (gint64)64 << 30);
  Effort effort = effort_start();
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) before = onnx_load(path, &error);
  g_assert_no_error(error);
  int out = open(numbers, O_WRONLY);
  g_assert_cmpint(pwrite(out, weights, 48, 16384), ==, 48);
  close(out);
  g_autoptr(FrozenModel) after = onnx_load(path, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(before->sha256, !=, after->sha256);
  effort_check(&effort);
}

/* The size of such a file is no reason to copy as much, nor are several names for it. */
static void test_sparse_copies(void) {
  g_autoptr(TemporaryFolder) top = folder_new();
  GByteArray *graph = tiny_graph();
  for (int i = 0; i < 1000; i++) {
    g_autofree char *name = g_strdup_printf("t%d", i);
    g_autoptr(GString) location = g_string_new(NULL);
    for (int k = 0; k < i; k++)
      g_string_append(location, "./");
    g_string_append(location, "weights.bin");
    GByteArray *tensor = tiny_tensor(name, ONNX_FLOAT16, (int64_t[]){1 << 20, -1}, NULL, 0);
    add_entry(tensor, "location", location->str);
    wire_int(tensor, 14, 1);
    wire_part(graph, GRAPH_INITIALISER, tensor);
  }
  g_autoptr(GByteArray) file = tiny_model(graph);
  g_autofree char *path = folder_write(top, "m.onnx", file->data, file->len);
  make_sparse(top, "weights.bin", (gint64)64 << 30);
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(onnx_load(path, &error));
  assert_sentence(error, "again and again");
  effort_check(&effort);
}

/* What no machine has is refused before it is touched. */
static void test_larger_than_machine(void) {
  g_autoptr(TemporaryFolder) top = folder_new();
  g_autoptr(GByteArray) file =
      model_of(&(Row){"", "weights.bin", NULL, NULL, NULL}, ONNX_FLOAT, (int64_t)1 << 40);
  g_autofree char *path = folder_write(top, "m.onnx", file->data, file->len);
  make_sparse(top, "weights.bin", (gint64)1 << 43);
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_assert_null(onnx_load(path, &error));
  assert_sentence(error, "'far'");
  effort_check(&effort);
}

/* The file that a model in memory names is not looked for. */
static void test_memory(void) {
  assert_refused(model_of(&(Row){"", "weights.bin", NULL, NULL, NULL}, ONNX_FLOAT, 3), "'far'|another file");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *path = g_strdup_printf("/onnx-external/refused/%s", rows[i].name);
    g_test_add_data_func(path, &rows[i], test_refused);
  }
  g_test_add_func("/onnx-external/read", test_read);
  g_test_add_func("/onnx-external/digest", test_digest);
  g_test_add_func("/onnx-external/again-and-again", test_again_and_again);
  g_test_add_func("/onnx-external/sparse", test_sparse);
  g_test_add_func("/onnx-external/sparse-copies", test_sparse_copies);
  g_test_add_func("/onnx-external/larger-than-machine", test_larger_than_machine);
  g_test_add_func("/onnx-external/memory", test_memory);
  return g_test_run();
}
