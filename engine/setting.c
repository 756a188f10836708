#include "engine/setting.h"

#include "engine/error.h"
#include "engine/nearest-name.h"

#include <errno.h>
#include <string.h>

#define MAX_TEXT 4096 /* bytes of a text setting: a path */

Settings *settings_new(const Setting *common, const Setting *own) {
  Settings *settings = g_new0(Settings, 1);
  settings->tables[0] = common;
  settings->tables[1] = own;
  settings->texts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  return settings;
}

Settings *settings_copy(const Settings *settings) {
  Settings *copy = settings_new(settings->tables[0], settings->tables[1]);
  GHashTableIter iter;
  gpointer name, text;
  g_hash_table_iter_init(&iter, settings->texts);
  while (g_hash_table_iter_next(&iter, &name, &text))
    g_hash_table_insert(copy->texts, g_strdup(name), g_strdup(text));
  return copy;
}

void settings_free(Settings *settings) {
  if (!settings)
    return;
  g_hash_table_unref(settings->texts);
  g_free(settings);
}

char *setting_decider(const Setting *row) {
  const char *equals = row->counts ? strchr(row->counts, '=') : NULL;
  return equals ? g_strndup(row->counts, (gsize)(equals - row->counts)) : NULL;
}

bool setting_counts(const Setting *row, const char *text) {
  const char *equals = row->counts ? strchr(row->counts, '=') : NULL;
  g_auto(GStrv) values = g_strsplit(equals ? equals + 1 : text, "|", -1);
  return g_strv_contains((const char *const *)values, text);
}

const char *setting_words(const Setting *row, const char *text) {
  return row->zero && strcmp(text, "0") == 0 ? row->zero : text;
}

const Setting *settings_row(const Settings *settings, const char *name) {
  for (guint k = 0; k < G_N_ELEMENTS(settings->tables); k++)
    for (const Setting *row = settings->tables[k]; row && row->name; row++)
      if (strcmp(row->name, name) == 0)
        return row;
  return NULL;
}

/* Reading a text.  Each function says whether the text is of the row's type and in its range. */

/* "nan" is in no range, "inf" in none with an end. */
static bool read_number(const Setting *row, const char *text, double *number) {
  char *end = NULL;
  *number = g_ascii_strtod(text, &end);
  return end != text && *end == 0 && *number >= row->minimum && *number <= row->maximum;
}

static bool is_number(const Setting *row, const char *text) {
  double number;
  return read_number(row, text, &number);
}

static bool is_integer(const Setting *row, const char *text) {
  char *end = NULL;
  errno = 0;
  gint64 number = g_ascii_strtoll(text, &end, 10);
  return end != text && *end == 0 && errno == 0 && (double)number >= row->minimum &&
         (double)number <= row->maximum;
}

static bool is_choice(const Setting *row, const char *text) {
  g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
  return g_strv_contains((const char *const *)choices, text);
}

static bool is_text(const Setting *row, const char *text) {
  if (strlen(text) > MAX_TEXT || !g_utf8_validate(text, -1, NULL))
    return false;
  for (const char *p = text; *p; p++)
    if (g_ascii_iscntrl(*p))
      return false;
  return true;
}

/* Calls with each number; -1 where one is not a number in the range or there are too many. */
static int read_numbers(const Setting *row, const char *text, double *numbers, int most) {
  int n = 0;
  if (*text == 0)
    return 0;
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  for (char **part = parts; *part; part++, n++) {
    double number;
    if (n >= SETTING_MAX_NUMBERS || !read_number(row, g_strstrip(*part), &number))
      return -1;
    if (n < most)
      numbers[n] = number;
  }
  return n;
}

static bool are_numbers(const Setting *row, const char *text) {
  return read_numbers(row, text, NULL, 0) >= 0;
}

static bool is_number_or_run(const Setting *row, const char *text) {
  return g_str_has_prefix(text, "run:") ? text[4] != 0 && is_text(row, text) : is_number(row, text);
}

/* What a type takes, in words: "%s" stands for the range or the choices. */
static const struct {
  bool (*fits)(const Setting *row, const char *text);
  const char *allowed;
} types[] = {
    [SETTING_NUMBER] = {is_number, "a number %s"},
    [SETTING_INTEGER] = {is_integer, "a whole number %s"},
    [SETTING_CHOICE] = {is_choice, "one of %s"},
    [SETTING_TEXT] = {is_text, "one line of at most 4096 bytes of UTF-8 text%s"},
    [SETTING_NUMBERS] = {are_numbers, "at most 64 numbers %s, separated by commas"},
    [SETTING_NUMBER_OR_RUN] = {is_number_or_run, "a number %s, or run:ID of a stored run"},
};

static char *allowed_text(const Setting *row) {
  g_autofree char *detail = NULL;
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(low, sizeof low, "%.16g", row->minimum);
  g_ascii_formatd(high, sizeof high, "%.16g", row->maximum);
  if (row->type == SETTING_CHOICE) {
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
    detail = g_strjoinv(", ", choices);
  } else if (row->type == SETTING_TEXT) {
    detail = g_strdup("");
  } else {
    detail = g_strdup_printf("from %s to %s", low, high);
  }
  g_auto(GStrv) halves = g_strsplit(types[row->type].allowed, "%s", 2);
  return g_strconcat(halves[0], detail, halves[1], NULL);
}

static bool unknown_setting(const Settings *settings, const char *name, GError **error) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint k = 0; k < G_N_ELEMENTS(settings->tables); k++)
    for (const Setting *row = settings->tables[k]; row && row->name; row++)
      g_ptr_array_add(names, (char *)row->name);
  g_ptr_array_add(names, NULL);
  const char *nearest = nearest_name(name, (const char *const *)names->pdata);
  if (nearest)
    return input_error(error, "%s is not a setting here; did you mean %s?", name, nearest);
  g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
  return input_error(error, "%s is not a setting here; there are: %s", name, *known ? known : "none");
}

bool settings_set(Settings *settings, const char *name, const char *text, GError **error) {
  const Setting *row = settings_row(settings, name);
  if (!row)
    return unknown_setting(settings, name, error);
  g_autofree char *stripped = g_strstrip(g_strdup(text));
  if (!types[row->type].fits(row, stripped)) {
    g_autofree char *allowed = allowed_text(row);
    return input_error(error, "%s = %.200s is not allowed: give %s", name, stripped, allowed);
  }
  g_hash_table_replace(settings->texts, g_strdup(name), g_steal_pointer(&stripped));
  return true;
}

static const char *text_of(const Settings *settings, const char *name, const Setting **row) {
  *row = settings_row(settings, name);
  g_assert(*row);
  const char *text = g_hash_table_lookup(settings->texts, name);
  return text ? text : (*row)->initial;
}

const char *settings_text(const Settings *settings, const char *name) {
  const Setting *row;
  return text_of(settings, name, &row);
}

double settings_number(const Settings *settings, const char *name) {
  const Setting *row;
  double number;
  const char *text = text_of(settings, name, &row);
  bool valid = read_number(row, text, &number);
  g_assert(valid);
  return number;
}

int settings_integer(const Settings *settings, const char *name) {
  return (int)settings_number(settings, name);
}

bool settings_equal(const Settings *a, const Settings *b) {
  for (guint k = 0; k < G_N_ELEMENTS(a->tables); k++)
    for (const Setting *row = a->tables[k]; row && row->name; row++)
      if (strcmp(settings_text(a, row->name), settings_text(b, row->name)) != 0)
        return false;
  return true;
}

bool settings_is(const Settings *settings, const char *name, const char *choice) {
  return strcmp(settings_text(settings, name), choice) == 0;
}

bool settings_names_run(const Settings *settings, const char *name, const char **id) {
  const char *text = settings_text(settings, name);
  if (!g_str_has_prefix(text, "run:"))
    return false;
  if (id)
    *id = text + strlen("run:");
  return true;
}

int settings_numbers(const Settings *settings, const char *name, double *numbers, int most) {
  const Setting *row;
  const char *text = text_of(settings, name, &row);
  return read_numbers(row, text, numbers, most);
}
