#include "data/bundle-contents.h"

#include "data/bundle-metrics.h"
#include "data/npy.h"
#include "data/store/row.h"
#include "engine/error.h"

#include <string.h>

#define MOST_NESTED 8 /* of JSON: a parser that recurses must not be led deep */

const ZipLimits bundle_limits = {.entries = 20000, .one = (gsize)256 << 20, .total = (gsize)1 << 30};

typedef bool (*TakeFile)(BundleContents *contents, const char *name, const char *bytes, gsize size,
                         GError **error);

static bool take_spec(BundleContents *contents, const char *name, const char *bytes, gsize size,
                      GError **error) {
  contents->row->spec = g_strndup(bytes, size);
  contents->has_spec = g_utf8_validate(contents->row->spec, -1, NULL) && strlen(contents->row->spec) == size;
  return contents->has_spec ||
         input_error(error, "spec.ini in %s is not text; export the run again", contents->path);
}

static bool nested_deeply(const char *text) {
  int depth = 0;
  bool quoted = false;
  for (; *text; text++) {
    if (quoted && *text == '\\' && text[1])
      text++;
    else if (*text == '"')
      quoted = !quoted;
    else if (!quoted && strchr("[{", *text) && ++depth > MOST_NESTED)
      return true;
    else if (!quoted && strchr("]}", *text))
      depth--;
  }
  return false;
}

/* (transfer full) NULL on error. */
static JsonNode *parse_object(const BundleContents *contents, const char *name, const char *bytes, gsize size,
                              GError **error) {
  g_autofree char *text = g_strndup(bytes, size);
  g_autoptr(JsonParser) parser = json_parser_new_immutable();
  if (!nested_deeply(text) && g_utf8_validate(text, -1, NULL) &&
      json_parser_load_from_data(parser, text, -1, NULL)) {
    JsonNode *root = json_parser_steal_root(parser);
    if (root && JSON_NODE_HOLDS_OBJECT(root))
      return root;
    g_clear_pointer(&root, json_node_unref);
  }
  input_error(error, "%s in %s is not a JSON object; export the run again", name, contents->path);
  return NULL;
}

static void take_warnings(BundleContents *contents, JsonObject *object) {
  JsonNode *node = json_object_get_member(object, "warnings");
  JsonArray *sentences = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
  for (guint i = 0; sentences && i < json_array_get_length(sentences); i++) {
    JsonNode *sentence = json_array_get_element(sentences, i);
    if (json_node_get_value_type(sentence) == G_TYPE_STRING)
      g_ptr_array_add(contents->warnings, json_node_dup_string(sentence));
  }
}

static bool take_result(BundleContents *contents, const char *name, const char *bytes, gsize size,
                        GError **error) {
  g_autoptr(JsonNode) root = parse_object(contents, name, bytes, size, error);
  if (!root)
    return false;
  columns_from_json(run_columns, ROW_BUNDLE, json_node_get_object(root), contents->row);
  take_warnings(contents, json_node_get_object(root));
  contents->has_result = true;
  return true;
}

static bool take_versions(BundleContents *contents, const char *name, const char *bytes, gsize size,
                          GError **error) {
  g_autoptr(JsonNode) root = parse_object(contents, name, bytes, size, error);
  if (!root)
    return false;
  gint64 version = json_object_get_int_member_with_default(json_node_get_object(root), "bundle", 0);
  return version <= BUNDLE_VERSION ||
         input_error(
             error,
             "%s is of a newer Hoarfrost (bundle version %d, this one knows up to %d); update Hoarfrost",
             contents->path, (int)version, BUNDLE_VERSION);
}

static bool take_metrics(BundleContents *contents, const char *name, const char *bytes, gsize size,
                         GError **error) {
  g_autofree char *text = g_strndup(bytes, size);
  return bundle_metrics_parse(text, contents->path, contents->steps, contents->evaluations, error);
}

Tensor *bundle_floats(const BundleContents *contents, const char *name, const char *bytes, gsize size,
                      int rank, GError **error) {
  g_autofree char *where = g_strdup_printf("%s in %s", name, contents->path);
  g_autoptr(Tensor) tensor = npy_from_bytes(bytes, size, where, error);
  if (!tensor)
    return NULL;
  if (tensor->type == TENSOR_FLOAT32 && (rank < 0 || tensor->shape.rank == rank))
    return g_steal_pointer(&tensor);
  input_error(error, "%s is not an array of float32 with the axes that a bundle has; export the run again",
              where);
  return NULL;
}

static bool take_parameters(BundleContents *contents, const char *name, const char *bytes, gsize size,
                            GError **error) {
  g_autoptr(Tensor) numbers = bundle_floats(contents, name, bytes, size, 1, error);
  if (!numbers)
    return false;
  contents->state = contents->state ? contents->state : run_state_new();
  g_array_append_vals(contents->state->parameters, numbers->data, (guint)tensor_count(numbers));
  return true;
}

static const struct {
  const char *name;
  TakeFile take;
} texts[] = {{"spec.ini", take_spec},
             {"result.json", take_result},
             {"versions.json", take_versions},
             {"metrics.csv", take_metrics},
             {"parameters.npy", take_parameters}};

static TakeFile find_text(const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
    if (strcmp(texts[i].name, name) == 0)
      return texts[i].take;
  return NULL;
}

static bool wants_text(const char *name) {
  return find_text(name) != NULL;
}

static bool text_entry(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  return find_text(name)(data, name, bytes ? bytes : "", size, error);
}

static bool check_row(const BundleContents *contents, GError **error) {
  const RunRow *row = contents->row;
  if (!contents->has_spec || !contents->has_result)
    return input_error(error, "%s lacks %s and so is not a bundle of a run; give another file",
                       contents->path, contents->has_spec ? "result.json" : "spec.ini");
  for (const Column *column = run_columns; column->name; column++)
    if (column->flags & ROW_NEEDED && !*(char *const *)((const char *)row + column->offset))
      return input_error(error, "result.json in %s lacks \"%s\"; export the run again", contents->path,
                         column->name);
  return g_uuid_string_is_valid(row->id) ||
         input_error(error, "the id %s in %s is not a UUID; export the run again", row->id, contents->path);
}

bool bundle_contents_read(BundleContents *contents, const char *path, GError **error) {
  *contents = (BundleContents){.path = path,
                               .row = run_row_new(),
                               .warnings = g_ptr_array_new_with_free_func(g_free),
                               .steps = g_array_new(FALSE, FALSE, sizeof(RunStep)),
                               .evaluations = g_array_new(FALSE, FALSE, sizeof(RunEvaluation))};
  return zip_read(path, &bundle_limits, wants_text, text_entry, contents, error) &&
         check_row(contents, error);
}

void bundle_contents_clear(BundleContents *contents) {
  run_row_free(contents->row);
  run_state_free(contents->state);
  g_ptr_array_unref(contents->warnings);
  g_array_unref(contents->steps);
  g_array_unref(contents->evaluations);
}
