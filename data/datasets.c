#include "data/datasets.h"

#include "data/datasets/loading.h"
#include "engine/error.h"
#include "engine/nearest-name.h"

#include <json-glib/json-glib.h>
#include <string.h>

const DatasetKind *const dataset_kinds[] = {
    &dataset_fashion_mnist,
    &dataset_squares,
    &dataset_digits,
    NULL,
};

/* In the order in which they are tried. */
static const FolderFormat *const formats[] = {&format_idx, &format_cifar, &format_folders};

const DatasetKind *dataset_find(const char *name) {
  for (guint i = 0; dataset_kinds[i]; i++)
    if (strcmp(dataset_kinds[i]->name, name) == 0)
      return dataset_kinds[i];
  return NULL;
}

GPtrArray *dataset_missing(const DatasetKind *kind) {
  GPtrArray *packages = kind->packages ? kind->packages() : g_ptr_array_new_with_free_func(g_free);
  for (guint i = packages->len; i > 0; i--)
    if (kind->has_package(g_ptr_array_index(packages, i - 1)))
      g_ptr_array_remove_index(packages, i - 1);
  return packages;
}

static SampleSet *load_kind(const DatasetKind *kind, uint64_t seed, GError **error) {
  g_autoptr(GPtrArray) missing = dataset_missing(kind);
  if (missing->len > 0) {
    input_error(
        error, "the data set %s needs the Debian package %s%s, which is not installed; call ./run setup",
        kind->name, (const char *)g_ptr_array_index(missing, 0), missing->len > 1 ? " and others" : "");
    return NULL;
  }
  SampleSet *set = kind->load(kind, seed, error);
  if (!set)
    return NULL;
  g_free(set->name);
  g_free(set->title);
  set->name = g_strdup(kind->name);
  set->title = g_strdup(kind->title);
  set->license = g_strdup(kind->license);
  set->source = g_strdup(kind->source);
  return set;
}

static SampleSet *load_folder(const char *path, uint64_t seed, GError **error) {
  g_auto(GStrv) names = folder_names(path, error);
  if (!names)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
    if (!formats[i]->fits(path, names))
      continue;
    SampleSet *set = formats[i]->load(path, names, seed, error);
    if (!set)
      return NULL;
    g_free(set->title);
    set->title = g_path_get_basename(path);
    set->source = g_strdup(path);
    set->drawn_sha256 = sample_set_files_digest(set);
    return set;
  }
  g_autoptr(GString) may = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(formats); i++)
    g_string_append_printf(may, "%s%s", i == 0 ? "" : "; or ", formats[i]->holds);
  input_error(error, "the folder %s is no data set; it may hold %s", path, may->str);
  return NULL;
}

bool dataset_is_texts(const char *name_or_path) {
  if (dataset_find(name_or_path) || g_file_test(name_or_path, G_FILE_TEST_IS_DIR))
    return false;
  return g_file_test(name_or_path, G_FILE_TEST_EXISTS) || g_str_has_suffix(name_or_path, ".txt");
}

SampleSet *dataset_load(const char *name_or_path, uint64_t seed, GError **error) {
  const DatasetKind *kind = dataset_find(name_or_path);
  if (kind)
    return load_kind(kind, seed, error);
  if (g_file_test(name_or_path, G_FILE_TEST_IS_DIR))
    return load_folder(name_or_path, seed, error);
  if (g_file_test(name_or_path, G_FILE_TEST_EXISTS))
    return texts_load(name_or_path, seed, error);
  const char *names[G_N_ELEMENTS(dataset_kinds)] = {NULL};
  for (guint i = 0; dataset_kinds[i]; i++)
    names[i] = dataset_kinds[i]->name;
  const char *nearest = nearest_name(name_or_path, names);
  input_error(error,
              "there is no data set, no text file and no folder called %s; %s%s%ssee \"hoarfrost datasets\" "
              "for the names",
              name_or_path, nearest ? "did you mean " : "", nearest ? nearest : "", nearest ? "? or " : "");
  return NULL;
}

char **dataset_classes(const char *name_or_path, uint64_t seed, GError **error) {
  const DatasetKind *kind = dataset_find(name_or_path);
  if (!kind) {
    g_autoptr(SampleSet) set = dataset_load(name_or_path, seed, error);
    return set ? g_steal_pointer(&set->classes) : NULL;
  }
  char **classes = g_new0(char *, kind->n_classes + 1);
  for (int i = 0; i < kind->n_classes; i++)
    classes[i] = kind->classes ? g_strdup(kind->classes[i]) : g_strdup_printf("%d", i);
  return classes;
}

char *dataset_json(const DatasetKind *kind) {
  g_autoptr(GPtrArray) missing = dataset_missing(kind);
  g_autoptr(JsonBuilder) json = json_builder_new();
  json_builder_begin_object(json);
  const struct {
    const char *name, *value;
  } texts[] = {{"name", kind->name}, {"title", kind->title}, {"summary", kind->summary}};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    json_builder_set_member_name(json, texts[i].name);
    json_builder_add_string_value(json, texts[i].value);
  }
  const struct {
    const char *name;
    int value;
  } numbers[] = {{"classes", kind->n_classes}, {"width", kind->width}, {"height", kind->height},
                 {"channels", kind->channels}, {"train", kind->train}, {"validation", kind->validation},
                 {"test", kind->test}};
  for (guint i = 0; i < G_N_ELEMENTS(numbers); i++) {
    json_builder_set_member_name(json, numbers[i].name);
    json_builder_add_int_value(json, numbers[i].value);
  }
  json_builder_set_member_name(json, "license");
  json_builder_add_string_value(json, kind->license);
  json_builder_set_member_name(json, "source");
  json_builder_add_string_value(json, kind->source);
  json_builder_set_member_name(json, "available");
  json_builder_add_boolean_value(json, missing->len == 0);
  json_builder_set_member_name(json, "missing_packages");
  json_builder_begin_array(json);
  for (guint i = 0; i < missing->len; i++)
    json_builder_add_string_value(json, g_ptr_array_index(missing, i));
  json_builder_end_array(json);
  json_builder_end_object(json);
  g_autoptr(JsonNode) node = json_builder_get_root(json);
  return json_to_string(node, FALSE);
}
