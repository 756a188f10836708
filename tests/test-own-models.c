/* What is guessed of a model without a card, what people answer, and where it is kept. */
#include "data/card-guess.h"
#include "data/class-names.h"
#include "data/model-card.h"
#include "data/models.h"
#include "data/own-models.h"
#include "tests/support/tiny-onnx.h"
#include "tests/temporary-folder.h"

#include <string.h>

/* A convolution whose answers are averaged over the picture, so that any size works: x (batch, channels,
 * height, width) -> y (batch, classes); an axis 0 is open.  normaliser: it takes 127 away first. */
static GByteArray *picture_model(int channels, int height, int width, int classes, bool normaliser) {
  GByteArray *graph = g_byte_array_new();
  int n = classes * (channels ? channels : 3);
  g_autofree float *weights = g_new0(float, n);
  const float middle = 127;
  if (normaliser) {
    wire_part(graph, GRAPH_INITIALISER,
              tiny_tensor("m", ONNX_FLOAT, (int64_t[]){-1}, &middle, sizeof middle));
    wire_part(graph, GRAPH_NODE, tiny_node("Sub", "centre", "x m", "x0"));
  }
  wire_part(graph, GRAPH_NODE, tiny_node("Conv", "conv", normaliser ? "x0 w" : "x w", "c"));
  wire_part(graph, GRAPH_NODE, tiny_node("GlobalAveragePool", "pool", "c", "p"));
  wire_part(graph, GRAPH_NODE, tiny_node("Flatten", "flat", "p", "y"));
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor("w", ONNX_FLOAT, (int64_t[]){classes, channels ? channels : 3, 1, 1, -1}, weights,
                        sizeof(float) * (size_t)n));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, channels, height, width, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, classes, -1}));
  return tiny_model(graph);
}

/* x: ids (batch, tokens) -> rows of a table (batch, tokens, 5). */
static GByteArray *language_model(void) {
  GByteArray *graph = g_byte_array_new();
  const float table[15] = {0};
  wire_part(graph, GRAPH_NODE, tiny_node("Gather", "look up", "w ids", "y"));
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor("w", ONNX_FLOAT, (int64_t[]){3, 5, -1}, table, sizeof table));
  wire_part(graph, GRAPH_INPUT, tiny_port("ids", ONNX_INT64, (int64_t[]){0, 0, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 0, 5, -1}));
  return tiny_model(graph);
}

static FrozenModel *load(const char *folder, const char *name, GByteArray *bytes) {
  g_autofree char *path = folder_write(folder, name, bytes->data, bytes->len);
  g_byte_array_unref(bytes);
  g_autoptr(GError) error = NULL;
  FrozenModel *model = model_load(path, &error);
  g_assert_no_error(error);
  return model;
}

static void assert_guess(const FrozenModel *model, const char *key, const char *value, const char *because) {
  g_autoptr(GPtrArray) entries = card_guess(model);
  const CardEntry *entry = card_entry(entries, key);
  g_assert_nonnull(entry);
  g_assert_cmpstr(entry->value, ==, value);
  if (because && !strstr(entry->reason, because))
    g_error("%s: '%s' does not speak of '%s'", key, entry->reason, because);
}

static void test_guess(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(FrozenModel) small = load(folder, "small.onnx", picture_model(3, 32, 32, 10, false));
  assert_guess(small, "title", "small", "name");
  assert_guess(small, "task", "image-classification", "batch × 3 × 32 × 32");
  assert_guess(small, "mean", "[0.4914, 0.4822, 0.4465]", "CIFAR-10");
  assert_guess(small, "input_range", "0..1", NULL);
  assert_guess(small, "input_size", "[3, 32, 32]", "fixes");
  g_autoptr(FrozenModel) large = load(folder, "large.onnx", picture_model(3, 224, 224, 1000, false));
  assert_guess(large, "mean", "[0.485, 0.456, 0.406]", "ImageNet");
  assert_guess(large, "std", "[0.229, 0.224, 0.225]", NULL);
  assert_guess(large, "classes", "", "1000");
  g_autoptr(FrozenModel) digits = load(folder, "digits.onnx", picture_model(1, 28, 28, 10, false));
  assert_guess(digits, "mean", "[0.1307]", "MNIST");
  g_autoptr(FrozenModel) centred = load(folder, "centred.onnx", picture_model(3, 64, 64, 7, true));
  assert_guess(centred, "mean", "[0, 0, 0]", "centre");
  assert_guess(centred, "std", "[1, 1, 1]", "centre");
  g_autoptr(FrozenModel) language = load(folder, "language.onnx", language_model());
  assert_guess(language, "task", "causal-lm", "ids");
  g_autoptr(FrozenModel) spectrum = load(folder, "sound.onnx", picture_model(1, 49, 10, 12, false));
  assert_guess(spectrum, "task", "audio-classification", NULL);
}

/* A card that says all is not asked about, and what it says is not guessed at. */
static void test_open(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  GByteArray *bytes = picture_model(3, 32, 32, 10, false);
  tiny_metadata(bytes, "task", "image-classification");
  tiny_metadata(bytes, "mean", "[0.5, 0.25, 0.125]");
  g_autoptr(FrozenModel) half = load(folder, "half.onnx", g_byte_array_ref(bytes));
  g_autoptr(GPtrArray) entries = card_guess(half);
  g_assert_true(card_is_open(entries));
  g_assert_true(card_entry(entries, "mean")->known);
  g_assert_cmpstr(card_entry(entries, "mean")->value, ==, "[0.5, 0.25, 0.125]");
  tiny_metadata(bytes, "std", "[1, 1, 1]");
  g_autoptr(FrozenModel) whole = load(folder, "whole.onnx", bytes);
  g_autoptr(GPtrArray) none = card_guess(whole);
  g_assert_false(card_is_open(none));
}

/* What Hugging Face's exporters put beside a file comes first. */
static void test_beside(void) {
  static const char numbers[] = "{\"do_rescale\": false, \"image_mean\": [0.1, 0.2, 0.3], \"image_std\": "
                                "[0.4, 0.5, 0.6], \"size\": {\"height\": 48, \"width\": 40}}";
  static const char labels[] =
      "{\"_name_or_path\": \"someone/net\", \"id2label\": {\"1\": \"b\", \"0\": \"a\"}}";
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autofree char *first = folder_write(folder, "preprocessor_config.json", numbers, strlen(numbers));
  g_autofree char *second = folder_write(folder, "config.json", labels, strlen(labels));
  g_autoptr(FrozenModel) model = load(folder, "model.onnx", picture_model(0, 0, 0, 2, false));
  assert_guess(model, "title", "someone/net", "config.json");
  assert_guess(model, "mean", "[0.1, 0.2, 0.3]", "preprocessor_config.json");
  assert_guess(model, "input_range", "0..255", "preprocessor_config.json");
  assert_guess(model, "input_size", "[3, 48, 40]", "preprocessor_config.json");
  assert_guess(model, "classes", "[\"a\",\"b\"]", "config.json");
  /* Nested too deeply, or of another network: let be. */
  g_autoptr(GString) deep = g_string_new("{\"id2label\": ");
  for (int i = 0; i < 100000; i++)
    g_string_append_c(deep, '[');
  g_autofree char *third = folder_write(folder, "config.json", deep->str, deep->len);
  assert_guess(model, "title", "model", "name");
  assert_guess(model, "classes", "", NULL);
}

static void assert_names(const char *folder, const char *text, const char *joined) {
  g_autofree char *path = folder_write(folder, "names", text, strlen(text));
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) names = class_names_read(path, &error);
  g_autofree char *all = names ? g_strjoinv("|", names) : NULL;
  g_assert_cmpstr(all, ==, joined);
  g_assert_true((joined == NULL) == (error != NULL));
}

static void test_names(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  assert_names(folder, "cat\r\n dog \n\n", "cat|dog");
  assert_names(folder, "n01440764 tench, Tinca\nn01443537 goldfish\n", "tench, Tinca|goldfish");
  assert_names(folder, " [\"x\", \"y\"]", "x|y");
  assert_names(folder, "{\"1\": [\"n2\", \"b\"], \"0\": [\"n1\", \"a\"]}", "a|b");
  assert_names(folder, "{\"id2label\": {\"0\": \"a\"}}", "a");
  assert_names(folder, "{\"0\": \"a\", \"2\": \"c\"}", NULL);
  assert_names(folder, "[1, 2]", NULL);
  assert_names(folder, "[\"a\"", NULL);
  assert_names(folder, "\n", NULL);
}

/* Answers belong to the bytes: the same file elsewhere has them, another one has not. */
static void test_kept(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(FrozenModel) model = load(folder, "net.onnx", picture_model(3, 0, 0, 2, false));
  int channels, height, width;
  g_assert_false(frozen_model_picture(model, &channels, &height, &width));
  g_assert_false(own_models_knows(model->sha256));
  const char *const answers[] = {"title",   "Mine",           "task",        "image-classification",
                                 "mean",    "[0.5, 0.25, 1]", "input_size",  "[3, 24, 20]",
                                 "classes", "[\"a\", \"b\"]", "input_range", "0..255",
                                 NULL};
  g_autoptr(GError) error = NULL;
  g_assert_true(own_models_keep(model, answers, &error));
  g_assert_no_error(error);
  g_assert_true(own_models_knows(model->sha256));
  g_autoptr(FrozenModel) copy = load(folder, "elsewhere/copy.onnx", picture_model(3, 0, 0, 2, false));
  g_assert_true(frozen_model_picture(copy, &channels, &height, &width));
  g_assert_cmpint(height, ==, 24);
  g_assert_cmpint(width, ==, 20);
  g_assert_cmpstr(copy->card.title, ==, "Mine");
  g_assert_cmpfloat(copy->card.mean[1], ==, 0.25f);
  g_assert_true(copy->card.range_255);
  g_assert_cmpstr(copy->card.classes[1], ==, "b");
  const Site *input = g_ptr_array_index(copy->sites, 0), *hidden = g_ptr_array_index(copy->sites, 1);
  g_assert_cmpint(input->shape.dim[2], ==, 24);
  g_assert_cmpint(hidden->shape.dim[3], ==, 20);
  g_autoptr(FrozenModel) other = load(folder, "other.onnx", picture_model(3, 0, 0, 4, false));
  g_assert_null(other->card.title);
  /* An answer that is taken back. */
  g_assert_true(own_models_keep(copy, (const char *const[]){"title", "", NULL}, &error));
  g_autoptr(FrozenModel) again = load(folder, "net.onnx", picture_model(3, 0, 0, 2, false));
  g_assert_null(again->card.title);
  g_assert_true(again->card.range_255);
}

static void test_refused(void) {
  static const struct {
    const char *key, *value, *says;
  } wrong[] = {{"mean", "[1, 2]", "3 channels"},
               {"std", "[1, 1, 0]", "std"},
               {"mean", "half", "mean"},
               {"classes", "[\"a\"]", "2 classes"},
               {"input_size", "[3, 0, 20]", "input_size"},
               {"channel_order", "GRB", "channel_order"}};
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(FrozenModel) model = load(folder, "wrong.onnx", picture_model(3, 9, 9, 2, false));
  for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_false(own_models_keep(
        model, (const char *const[]){"title", "T", wrong[i].key, wrong[i].value, NULL}, &error));
    if (!error || !strstr(error->message, wrong[i].says))
      g_error("%s: %s", wrong[i].value, error ? error->message : "taken");
    g_assert_false(own_models_knows(model->sha256));
  }
}

static bool is_listed(const char *path) {
  g_autoptr(GPtrArray) list = own_models_list();
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal(((const OwnModel *)g_ptr_array_index(list, i))->path, path))
      return true;
  return false;
}

static void test_list(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(FrozenModel) first = load(folder, "first.onnx", picture_model(3, 8, 8, 2, false));
  g_autoptr(FrozenModel) second = load(folder, "second.onnx", picture_model(3, 8, 8, 3, false));
  g_autoptr(GError) error = NULL;
  g_assert_true(
      own_models_keep(first, (const char *const[]){"title", "One", "input_range", "0..255", NULL}, &error));
  g_assert_true(own_models_keep(second, NULL, &error));
  g_autoptr(GPtrArray) list = own_models_list();
  const OwnModel *newest = g_ptr_array_index(list, 0), *before = g_ptr_array_index(list, 1);
  g_assert_cmpstr(newest->path, ==, second->path);
  g_assert_cmpint(newest->n_classes, ==, 3);
  g_assert_cmpint(newest->width, ==, 8);
  g_assert_cmpint(newest->parameters, ==, 9);
  g_assert_cmpint(newest->bytes, >, 100);
  g_assert_cmpstr(before->title, ==, "One");
  g_assert_true(own_models_forget(first->path, &error));
  g_assert_false(is_listed(first->path));
  g_assert_true(is_listed(second->path));
  g_assert_true(own_models_knows(first->sha256)); /* the answers stay */
  g_assert_false(own_models_forget(first->path, &error));
  g_assert_nonnull(error);
}

/* A damaged file is as good as none, and is written anew. */
static void test_damaged(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(FrozenModel) model = load(folder, "d.onnx", picture_model(3, 8, 8, 5, false));
  g_autofree char *damaged = folder_write(g_get_user_data_dir(), "hoarfrost/models.ini", "][\0]", 4);
  g_autoptr(GPtrArray) none = own_models_list();
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(GError) error = NULL;
  g_assert_true(own_models_keep(model, NULL, &error));
  g_assert_true(is_listed(model->path));
}

int main(int argc, char **argv) {
  g_autoptr(TemporaryFolder) home = folder_new();
  g_setenv("XDG_DATA_HOME", home, TRUE);
  (g_test_init)(&argc, &argv, NULL);
  g_test_add_func("/own-models/guess", test_guess);
  g_test_add_func("/own-models/open", test_open);
  g_test_add_func("/own-models/beside", test_beside);
  g_test_add_func("/own-models/names", test_names);
  g_test_add_func("/own-models/kept", test_kept);
  g_test_add_func("/own-models/refused", test_refused);
  g_test_add_func("/own-models/list", test_list);
  g_test_add_func("/own-models/damaged", test_damaged);
  return g_test_run();
}
