#include "data/card-beside.h"

#include "data/class-names.h"
#include "data/json-file.h"

#include <stdbool.h>
#include <string.h>

/* A member that holds `n` numbers, as a card writes them.  NULL: there is none.  (transfer full) */
static char *numbers_text(JsonObject *object, const char *name, int n) {
  JsonNode *node = json_object_get_member(object, name);
  if (!node || !JSON_NODE_HOLDS_ARRAY(node) || (int)json_array_get_length(json_node_get_array(node)) != n)
    return NULL;
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element(json_node_get_array(node), (guint)i);
    if (!JSON_NODE_HOLDS_VALUE(element))
      return NULL;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(text, "%s%s", i ? ", " : "[",
                           g_ascii_formatd(number, sizeof number, "%.6g", json_node_get_double(element)));
  }
  g_string_append_c(text, ']');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static double member_number(JsonObject *object, const char *name, double otherwise) {
  JsonNode *node = object ? json_object_get_member(object, name) : NULL;
  return node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_double(node) : otherwise;
}

static JsonObject *member_object(JsonObject *object, const char *name) {
  JsonNode *node = object ? json_object_get_member(object, name) : NULL;
  return node && JSON_NODE_HOLDS_OBJECT(node) ? json_node_get_object(node) : NULL;
}

static void take_size(BesideFacts *facts, JsonObject *object, int channels) {
  JsonObject *size = member_object(object, "crop_size");
  if (!size)
    size = member_object(object, "size");
  double whole = member_number(object, "size", 0), height = member_number(size, "height", whole),
         width = member_number(size, "width", whole);
  if (height >= 1 && width >= 1 && height <= G_MAXINT16 && width <= G_MAXINT16)
    facts->input_size = g_strdup_printf("[%d, %d, %d]", channels, (int)height, (int)width);
}

/* Hugging Face: pixels 0..255 times rescale_factor, less the mean, by std. */
static void read_preprocessor(BesideFacts *facts, JsonObject *object, int channels) {
  JsonNode *rescales = json_object_get_member(object, "do_rescale");
  bool raw = rescales && JSON_NODE_HOLDS_VALUE(rescales) && !json_node_get_boolean(rescales);
  facts->mean = numbers_text(object, "image_mean", channels);
  facts->std = numbers_text(object, "image_std", channels);
  facts->input_range = g_strdup(raw ? "0..255" : "0..1");
  facts->numbers_file = g_strdup("preprocessor_config.json");
  take_size(facts, object, channels);
}

/* timm: {"architecture": ..., "pretrained_cfg": {"mean": ..., "std": ..., "input_size": [3, 224, 224]}} */
static void read_config(BesideFacts *facts, JsonObject *object, int channels) {
  const char *names[] = {"_name_or_path", "architecture"};
  for (guint i = 0; i < G_N_ELEMENTS(names) && !facts->title; i++) {
    const char *title = json_member_text(object, names[i]);
    facts->title = title && *title ? g_strdup(title) : NULL;
  }
  JsonObject *timm = member_object(object, "pretrained_cfg");
  if (!timm || facts->numbers_file)
    return;
  facts->mean = numbers_text(timm, "mean", channels);
  facts->std = numbers_text(timm, "std", channels);
  facts->input_size = numbers_text(timm, "input_size", 3);
  facts->input_range = g_strdup("0..1");
  facts->numbers_file = g_strdup("config.json");
}

/* The first file whose names are as many as the network's classes. */
static void read_classes(BesideFacts *facts, const char *folder, const char *model_path, int n_classes) {
  g_autofree char *file = g_path_get_basename(model_path);
  char *dot = g_strrstr(file, ".");
  g_autofree char *own = g_strdup_printf("%.*s.txt", dot ? (int)(dot - file) : (int)strlen(file), file);
  const char *names[] = {own,           "labels.txt",   "classes.txt", "synset.txt", "imagenet_classes.txt",
                         "labels.json", "classes.json", "config.json"};
  for (guint i = 0; i < G_N_ELEMENTS(names) && !facts->classes; i++) {
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    g_auto(GStrv) classes = g_file_test(path, G_FILE_TEST_IS_REGULAR) ? class_names_read(path, NULL) : NULL;
    int n = classes ? (int)g_strv_length(classes) : 0;
    if (n == 0 || (n_classes > 0 && n != n_classes))
      continue;
    facts->classes = class_names_text(classes);
    facts->classes_file = g_strdup(names[i]);
    facts->n_classes = n;
  }
}

void beside_read(BesideFacts *facts, const char *model_path, int channels, int n_classes) {
  static const struct {
    const char *file;
    void (*read)(BesideFacts *, JsonObject *, int);
  } files[] = {{"preprocessor_config.json", read_preprocessor}, {"config.json", read_config}};
  *facts = (BesideFacts){0};
  g_autofree char *folder = g_path_get_dirname(model_path);
  for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
    g_autofree char *path = g_build_filename(folder, files[i].file, NULL);
    bool there = g_file_test(path, G_FILE_TEST_IS_REGULAR);
    g_autoptr(JsonParser) parser = there ? json_file_read(path, NULL) : NULL;
    JsonObject *object = parser ? json_file_object(parser) : NULL;
    if (object)
      files[i].read(facts, object, channels);
  }
  read_classes(facts, folder, model_path, n_classes);
}

void beside_clear(BesideFacts *facts) {
  char *texts[] = {facts->title,      facts->mean,         facts->std,     facts->input_range,
                   facts->input_size, facts->numbers_file, facts->classes, facts->classes_file};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  *facts = (BesideFacts){0};
}
