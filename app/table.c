#include "app/table.h"

#include "app/output.h"
#include "engine/error.h"

#include <math.h>
#include <string.h>

#define GAP           2
#define LEAST_WRAPPED 24 /* a last column narrower than this is not wrapped */

Table *table_new(const Column *columns) {
  Table *table = g_new0(Table, 1);
  table->columns = columns;
  while (columns[table->n_columns].title)
    table->n_columns++;
  table->cells = g_ptr_array_new_with_free_func(g_free);
  return table;
}

void table_free(Table *table) {
  g_ptr_array_unref(table->cells);
  g_free(table);
}

void table_add(Table *table, const char *text) {
  g_ptr_array_add(table->cells, text_one_line(text ? text : ""));
}

void table_add_format(Table *table, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  table_add(table, text);
}

void table_add_share(Table *table, double share) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  if (isfinite(share))
    table_add_format(table, "%s %%", g_ascii_formatd(digits, sizeof digits, "%.1f", 100 * share));
  else
    table_add(table, NULL);
}

guint table_rows(const Table *table) {
  return table->cells->len / table->n_columns;
}

/* Columns of a terminal that the text takes. */
static guint text_width(const char *text) {
  guint width = 0;
  for (; *text; text = g_utf8_next_char(text)) {
    gunichar c = g_utf8_get_char(text);
    width += g_unichar_iszerowidth(c) ? 0 : g_unichar_iswide(c) ? 2 : 1;
  }
  return width;
}

/* How many bytes of the text go on a line of this width, broken at a space where there is one. */
static size_t line_end(const char *text, guint width) {
  const char *end = NULL, *at = text;
  for (guint used = 0; *at; at = g_utf8_next_char(at)) {
    if (*at == ' ')
      end = at;
    if (++used > width)
      return (size_t)((end ? end : at) - text);
  }
  return (size_t)(at - text);
}

static void append_wrapped(GString *line, const char *text, guint indent, guint room) {
  while (text_width(text) > room) {
    size_t n = line_end(text, room);
    g_string_append_len(line, text, (gssize)n);
    g_string_append_printf(line, "\n%*s", (int)indent, "");
    text += n;
    while (*text == ' ')
      text++;
  }
  g_string_append(line, text);
}

static void append_padding(GString *line, guint n) {
  g_string_append_printf(line, "%*s", (int)n, "");
}

static void print_row(const Table *table, const char *const *cells, const guint *widths, guint room) {
  g_autoptr(GString) line = g_string_new(NULL);
  guint indent = 0;
  for (guint i = 0; i < table->n_columns; i++) {
    guint padding = widths[i] - MIN(widths[i], text_width(cells[i]));
    bool last = i + 1 == table->n_columns, right = table->columns[i].right;
    if (right)
      append_padding(line, padding);
    if (last && room)
      append_wrapped(line, cells[i], indent, room);
    else
      g_string_append(line, cells[i]);
    if (!right && !last)
      append_padding(line, padding);
    if (!last)
      append_padding(line, GAP);
    indent += widths[i] + GAP;
  }
  g_strchomp(line->str);
  output_line("%s", line->str);
}

void table_print(const Table *table) {
  g_autofree guint *widths = g_new0(guint, table->n_columns);
  g_autofree const char **titles = g_new0(const char *, table->n_columns);
  for (guint i = 0; i < table->n_columns; i++) {
    titles[i] = table->columns[i].title;
    widths[i] = text_width(titles[i]);
  }
  for (guint k = 0; k < table->cells->len; k++) {
    guint i = k % table->n_columns;
    widths[i] = MAX(widths[i], text_width(g_ptr_array_index(table->cells, k)));
  }
  guint before = 0;
  for (guint i = 0; i + 1 < table->n_columns; i++)
    before += widths[i] + GAP;
  guint columns = (guint)output_columns();
  guint room = columns >= before + LEAST_WRAPPED ? columns - before : 0;
  print_row(table, titles, widths, room);
  for (guint row = 0; row < table_rows(table); row++)
    print_row(table, (const char *const *)&table->cells->pdata[row * table->n_columns], widths, room);
}
