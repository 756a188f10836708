#include "app/json-line.h"

#include "app/output.h"

#include <math.h>

JsonLine *json_line_new(void) {
  JsonLine *json = g_new0(JsonLine, 1);
  json->text = g_string_new("{");
  return json;
}

void json_line_free(JsonLine *json) {
  g_string_free(json->text, TRUE);
  g_free(json);
}

static void append_text(GString *line, const char *text) {
  g_string_append_c(line, '"');
  for (const char *p = text; *p;) {
    gunichar c = g_utf8_get_char_validated(p, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
      g_string_append_printf(line, "\\\\x%02x", (guchar)*p++);
      continue;
    }
    if (c == '"' || c == '\\')
      g_string_append_c(line, '\\');
    if (c == '\n')
      g_string_append(line, "\\n");
    else if (c < 0x20 || c == 0x7f)
      g_string_append_printf(line, "\\u%04x", c);
    else
      g_string_append_unichar(line, c);
    p = g_utf8_next_char(p);
  }
  g_string_append_c(line, '"');
}

static GString *begin(JsonLine *json, const char *name) {
  if (json->comma)
    g_string_append_c(json->text, ',');
  json->comma = true;
  if (name) {
    append_text(json->text, name);
    g_string_append_c(json->text, ':');
  }
  return json->text;
}

void json_text(JsonLine *json, const char *name, const char *text) {
  GString *line = begin(json, name);
  if (text)
    append_text(line, text);
  else
    g_string_append(line, "null");
}

void json_integer(JsonLine *json, const char *name, int64_t number) {
  g_string_append_printf(begin(json, name), "%" G_GINT64_FORMAT, number);
}

void json_number(JsonLine *json, const char *name, double number) {
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  g_string_append(begin(json, name),
                  isfinite(number) ? g_ascii_formatd(digits, sizeof digits, "%.9g", number) : "null");
}

void json_bool(JsonLine *json, const char *name, bool truth) {
  g_string_append(begin(json, name), truth ? "true" : "false");
}

void json_texts(JsonLine *json, const char *name, char *const *texts) {
  json_open(json, name, '[');
  for (; texts && *texts; texts++)
    json_text(json, NULL, *texts);
  json_close(json, ']');
}

void json_open(JsonLine *json, const char *name, char bracket) {
  g_string_append_c(begin(json, name), bracket);
  json->comma = false;
}

void json_close(JsonLine *json, char bracket) {
  g_string_append_c(json->text, bracket);
  json->comma = true;
}

void json_print(JsonLine *json) {
  json_close(json, '}');
  g_string_append_c(json->text, '\n');
  output_text(json->text->str);
  output_flush();
  json_line_free(json);
}
