/* Columns as JSON and CSV, for bundles. */
#include "data/run-store.h"
#include "data/store/column.h"

#include <math.h>

typedef struct {
  JsonNode *(*write)(const void *field);
  void (*read)(JsonNode *node, void *field);
} TypeInJson;

static JsonNode *write_int(const void *field) {
  return json_node_init_int(json_node_alloc(), *(const int *)field);
}

static void read_int(JsonNode *node, void *field) {
  if (json_node_get_value_type(node) == G_TYPE_INT64)
    *(int *)field = (int)CLAMP(json_node_get_int(node), G_MININT, G_MAXINT);
}

static JsonNode *write_int64(const void *field) {
  return json_node_init_int(json_node_alloc(), *(const int64_t *)field);
}

static void read_int64(JsonNode *node, void *field) {
  if (json_node_get_value_type(node) == G_TYPE_INT64)
    *(int64_t *)field = json_node_get_int(node);
}

static JsonNode *write_bool(const void *field) {
  return json_node_init_boolean(json_node_alloc(), *(const bool *)field);
}

static void read_bool(JsonNode *node, void *field) {
  if (json_node_get_value_type(node) == G_TYPE_BOOLEAN)
    *(bool *)field = json_node_get_boolean(node);
}

/* JSON has no word for infinities and "not a number": null. */
static JsonNode *write_real(const void *field) {
  double number = *(const double *)field;
  JsonNode *node = json_node_alloc();
  return isfinite(number) ? json_node_init_double(node, number) : json_node_init_null(node);
}

static void read_real(JsonNode *node, void *field) {
  GType type = json_node_get_value_type(node);
  if (type == G_TYPE_DOUBLE || type == G_TYPE_INT64)
    *(double *)field = json_node_get_double(node);
}

static JsonNode *write_text(const void *field) {
  const char *text = *(char *const *)field;
  JsonNode *node = json_node_alloc();
  return text ? json_node_init_string(node, text) : json_node_init_null(node);
}

static void read_text(JsonNode *node, void *field) {
  if (json_node_get_value_type(node) != G_TYPE_STRING)
    return;
  g_free(*(char **)field);
  *(char **)field = json_node_dup_string(node);
}

static JsonNode *write_status(const void *field) {
  return json_node_init_string(json_node_alloc(), run_status_name(*(const RunStatus *)field));
}

static void read_status(JsonNode *node, void *field) {
  if (json_node_get_value_type(node) != G_TYPE_STRING)
    return;
  RunStatus status = run_status_find(json_node_get_string(node));
  if (status != N_STATUSES)
    *(RunStatus *)field = status;
}

static const TypeInJson types[] = {
    [COLUMN_INT] = {write_int, read_int},    [COLUMN_INT64] = {write_int64, read_int64},
    [COLUMN_BOOL] = {write_bool, read_bool}, [COLUMN_REAL] = {write_real, read_real},
    [COLUMN_TEXT] = {write_text, read_text}, [COLUMN_STATUS] = {write_status, read_status},
};

JsonObject *columns_to_json(const Column *columns, unsigned wanted, const void *record) {
  JsonObject *object = json_object_new();
  for (const Column *column = columns; column->name; column++)
    if ((column->flags & wanted) == wanted)
      json_object_set_member(object, column->name,
                             types[column->type].write((const char *)record + column->offset));
  return object;
}

void columns_from_json(const Column *columns, unsigned wanted, JsonObject *object, void *record) {
  for (const Column *column = columns; column->name; column++) {
    JsonNode *node = (column->flags & wanted) == wanted ? json_object_get_member(object, column->name) : NULL;
    if (node && JSON_NODE_HOLDS_VALUE(node))
      types[column->type].read(node, (char *)record + column->offset);
  }
}

void column_to_csv(const Column *column, const void *record, GString *line) {
  const void *field = (const char *)record + column->offset;
  if (column->type == COLUMN_INT) {
    g_string_append_printf(line, "%d", *(const int *)field);
    return;
  }
  double number = *(const double *)field;
  char text[G_ASCII_DTOSTR_BUF_SIZE] = "";
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
  for (gsize i = 0; i < G_N_ELEMENTS(formats) && !isnan(number); i++) {
    g_ascii_formatd(text, sizeof text, formats[i], number);
    if (g_ascii_strtod(text, NULL) == number)
      break;
  }
  g_string_append(line, text);
}

bool column_from_csv(const Column *column, const char *text, void *record) {
  void *field = (char *)record + column->offset;
  char *end = NULL;
  if (column->type == COLUMN_INT) {
    gint64 number = g_ascii_strtoll(text, &end, 10);
    *(int *)field = (int)number;
    return end > text && !*end && number >= 0 && number <= G_MAXINT;
  }
  *(double *)field = *text ? g_ascii_strtod(text, &end) : NAN;
  return !*text || (end > text && !*end);
}
