#include "app/listing.h"

#include "app/output.h"
#include "app/table.h"
#include "engine/error.h"

static const char *const type_names[] = {
    [SETTING_NUMBER] = "number", [SETTING_INTEGER] = "integer", [SETTING_CHOICE] = "choice",
    [SETTING_TEXT] = "text",     [SETTING_NUMBERS] = "numbers", [SETTING_NUMBER_OR_RUN] = "number or run",
};

static bool has_range(const Setting *row) {
  return row->type != SETTING_CHOICE && row->type != SETTING_TEXT;
}

static void write_setting(JsonLine *json, const Setting *row) {
  json_open(json, NULL, '{');
  json_text(json, "name", row->name);
  json_text(json, "title", row->title);
  json_text(json, "type", type_names[row->type]);
  json_text(json, "default", row->initial);
  if (has_range(row)) {
    json_number(json, "minimum", row->minimum);
    json_number(json, "maximum", row->maximum);
  }
  if (row->choices) {
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
    json_texts(json, "choices", choices);
  }
  json_text(json, "help", row->help);
  json_close(json, '}');
}

void json_settings(JsonLine *json, const char *name, const Setting *const tables[2]) {
  json_open(json, name, '[');
  for (int k = 0; k < 2; k++)
    for (const Setting *row = tables[k]; row && row->name; row++)
      write_setting(json, row);
  json_close(json, ']');
}

/* "0 to 1", "sigmoid, tanh" (transfer full) */
static char *allowed(const Setting *row) {
  if (row->type == SETTING_CHOICE) {
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
    return g_strjoinv(", ", choices);
  }
  if (!has_range(row))
    return g_strdup("");
  char low[G_ASCII_DTOSTR_BUF_SIZE], high[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("%s to %s", g_ascii_formatd(low, sizeof low, "%.9g", row->minimum),
                         g_ascii_formatd(high, sizeof high, "%.9g", row->maximum));
}

static void print_settings(const Setting *const tables[2]) {
  static const Column columns[] = {{"setting"}, {"default"}, {"allowed"}, {"meaning"}, {NULL}};
  g_autoptr(Table) table = table_new(columns);
  for (int k = 0; k < 2; k++)
    for (const Setting *row = tables[k]; row && row->name; row++) {
      g_autofree char *range = allowed(row);
      table_add(table, row->name);
      table_add(table, row->initial);
      table_add(table, range);
      table_add(table, row->help);
    }
  if (!table_rows(table))
    return;
  output_line("%s", "");
  table_print(table);
}

static void print_entry(const Listing *listing, int i, const Entry *entry) {
  output_line("%s: %s", entry->name, entry->title);
  if (entry->group)
    output_line("%s", entry->group);
  if (entry->summary && *entry->summary)
    output_line("%s", entry->summary);
  if (entry->paper && *entry->paper)
    output_line("%s", entry->paper);
  if (listing->print)
    listing->print(i);
  print_settings(entry->settings);
}

static void print_json(const Listing *listing, int i, const Entry *entry) {
  JsonLine *json = json_line_new();
  json_text(json, "name", entry->name);
  json_text(json, "title", entry->title);
  json_text(json, "paper", entry->paper);
  json_text(json, "summary", entry->summary);
  if (listing->write)
    listing->write(i, json);
  if (entry->settings[0] || entry->settings[1])
    json_settings(json, "settings", entry->settings);
  json_print(json);
}

static void print_table(const Listing *listing) {
  const Column with_group[] = {{"name"}, {listing->group_title}, {"title"}, {"what it is"}, {NULL}};
  static const Column without[] = {{"name"}, {"title"}, {"what it is"}, {NULL}};
  g_autoptr(Table) table = table_new(listing->group_title ? with_group : without);
  Entry entry = {0};
  for (int i = 0; listing->entry(i, &entry); i++, entry = (Entry){0}) {
    table_add(table, entry.name);
    if (listing->group_title)
      table_add(table, entry.group);
    table_add(table, entry.title);
    table_add(table, entry.summary);
  }
  table_print(table);
}

/* The number of the row of this name, -1 when there is none. */
static int find(const Listing *listing, const char *name, Entry *entry) {
  for (int i = 0; *entry = (Entry){0}, listing->entry(i, entry); i++)
    if (g_str_equal(entry->name, name))
      return i;
  return -1;
}

bool listing_command(const Command *command, const Listing *listing, int argc, char **argv, GError **error) {
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "An object a line, with settings and ranges", NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, -1, error))
    return false;
  Entry entry = {0};
  for (int k = 1; k < argc; k++) {
    int i = find(listing, argv[k], &entry);
    if (i < 0)
      return input_error(error, "there is no %s '%s'; hoarfrost %s lists them", listing->subject, argv[k],
                         command->name);
    if (as_json)
      print_json(listing, i, &entry);
    else
      print_entry(listing, i, &entry);
  }
  if (argc > 1)
    return true;
  if (!as_json) {
    print_table(listing);
    return true;
  }
  for (int i = 0; entry = (Entry){0}, listing->entry(i, &entry); i++)
    print_json(listing, i, &entry);
  return true;
}
