#include "data/model-card.h"

#include "data/class-names.h"
#include "data/flat-json.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define MAX_CLASSES 1000000

typedef struct _Row Row;
struct _Row {
  const char *key;
  size_t offset; /* of the member in ModelCard */
  bool (*set)(ModelCard *card, const Row *row, const char *value);
  char *(*get)(const ModelCard *card, const Row *row);
  const char *wanted;
};

static bool set_text(ModelCard *card, const Row *row, const char *value) {
  char **text = (char **)((char *)card + row->offset);
  g_free(*text);
  *text = g_strdup(value);
  return true;
}

static char *get_text(const ModelCard *card, const Row *row) {
  return g_strdup(*(char *const *)((const char *)card + row->offset));
}

static bool set_classes(ModelCard *card, const Row *row, const char *value) {
  int n;
  char **classes = flat_json_texts(value, MAX_CLASSES, &n);
  if (!classes)
    return false;
  g_strfreev(card->classes);
  card->classes = classes;
  card->n_classes = n;
  return true;
}

static char *get_classes(const ModelCard *card, const Row *row) {
  return card->classes ? class_names_text(card->classes) : NULL;
}

static bool set_channels(ModelCard *card, const Row *row, const char *value) {
  g_autoptr(JsonParser) parser = NULL;
  JsonArray *array = flat_json_array(value, &parser);
  guint n = array ? json_array_get_length(array) : 0;
  if (n < 1 || n > G_N_ELEMENTS(card->mean))
    return false;
  bool divides = row->offset == G_STRUCT_OFFSET(ModelCard, std);
  float numbers[G_N_ELEMENTS(card->mean)];
  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element(array, i);
    GType type = JSON_NODE_HOLDS_VALUE(element) ? json_node_get_value_type(element) : G_TYPE_NONE;
    numbers[i] = (float)json_node_get_double(element);
    if ((type != G_TYPE_INT64 && type != G_TYPE_DOUBLE) || !isfinite(numbers[i]) ||
        (divides && !(numbers[i] > 0)))
      return false;
  }
  memcpy((char *)card + row->offset, numbers, n * sizeof(float));
  card->n_channels = (int)n;
  return true;
}

static char *get_channels(const ModelCard *card, const Row *row) {
  const float *numbers = (const float *)((const char *)card + row->offset);
  g_autoptr(GString) text = g_string_new("[");
  for (int i = 0; i < card->n_channels; i++) {
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append_printf(text, "%s%s", i ? ", " : "",
                           g_ascii_formatd(number, sizeof number, "%.6g", (double)numbers[i]));
  }
  g_string_append_c(text, ']');
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* [channels, height, width] */
static bool set_size(ModelCard *card, const Row *row, const char *value) {
  g_autoptr(JsonParser) parser = NULL;
  JsonArray *array = flat_json_array(value, &parser);
  int size[G_N_ELEMENTS(card->input_size)];
  if (!array || json_array_get_length(array) != G_N_ELEMENTS(size))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(size); i++) {
    JsonNode *element = json_array_get_element(array, i);
    bool whole = JSON_NODE_HOLDS_VALUE(element) && json_node_get_value_type(element) == G_TYPE_INT64;
    gint64 number = whole ? json_node_get_int(element) : 0;
    if (number < 1 || number > (i == 0 ? (gint64)G_N_ELEMENTS(card->mean) : G_MAXINT16))
      return false;
    size[i] = (int)number;
  }
  memcpy(card->input_size, size, sizeof size);
  return true;
}

static char *get_size(const ModelCard *card, const Row *row) {
  const int *size = card->input_size;
  return g_strdup_printf("[%d, %d, %d]", size[0], size[1], size[2]);
}

/* "first|second": sets the flag for the second. */
static bool set_flag(ModelCard *card, const Row *row, const char *value) {
  const char *second = strchr(row->wanted, '|') + 1;
  bool is_second = strcmp(value, second) == 0;
  if (!is_second && strncmp(value, row->wanted, (size_t)(second - row->wanted - 1)) != 0)
    return false;
  *(gboolean *)((char *)card + row->offset) = is_second;
  return true;
}

static char *get_flag(const ModelCard *card, const Row *row) {
  const char *second = strchr(row->wanted, '|') + 1;
  bool is_second = *(const gboolean *)((const char *)card + row->offset);
  return is_second ? g_strdup(second) : g_strndup(row->wanted, (gsize)(second - row->wanted - 1));
}

#define TEXT(NAME)                                                                                           \
  { #NAME, G_STRUCT_OFFSET(ModelCard, NAME), set_text, get_text, "text" }
static const Row rows[] = {
    TEXT(title),
    TEXT(task),
    TEXT(resize),
    TEXT(features),
    TEXT(tokenizer),
    TEXT(license),
    TEXT(source),
    TEXT(published_accuracy),
    TEXT(measured_accuracy),
    {"classes", 0, set_classes, get_classes, "a JSON array of names"},
    {"mean", G_STRUCT_OFFSET(ModelCard, mean), set_channels, get_channels, "a JSON array of 1 to 4 numbers"},
    {"std", G_STRUCT_OFFSET(ModelCard, std), set_channels, get_channels,
     "a JSON array of 1 to 4 positive numbers"},
    {"input_range", G_STRUCT_OFFSET(ModelCard, range_255), set_flag, get_flag, "0..1|0..255"},
    {"channel_order", G_STRUCT_OFFSET(ModelCard, bgr), set_flag, get_flag, "RGB|BGR"},
    {"input_size", 0, set_size, get_size, "a JSON array of channels, height and width"},
};

static const Row *find_row(const char *key) {
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].key, key) == 0)
      return &rows[i];
  return NULL;
}

static unsigned said_bit(const Row *row) {
  return 1u << (row - rows);
}

void model_card_set(ModelCard *card, const char *key, const char *value) {
  const Row *row = find_row(key);
  if (row && row->set(card, row, value))
    card->said |= said_bit(row);
  else if (row)
    g_ptr_array_add(card->warnings, g_strdup_printf("The model card's %s is left out: it should be %s.", key,
                                                    row->wanted));
}

const char *model_card_wanted(const char *key) {
  const Row *row = find_row(key);
  return row ? row->wanted : NULL;
}

bool model_card_says(const ModelCard *card, const char *key) {
  const Row *row = find_row(key);
  return row && card->said & said_bit(row);
}

char *model_card_text(const ModelCard *card, const char *key) {
  const Row *row = find_row(key);
  return row && card->said & said_bit(row) ? row->get(card, row) : NULL;
}
