#include "engine/error.h"

G_DEFINE_QUARK(hoarfrost - error - quark, hoarfrost_error)

char *text_one_line(const char *text) {
  GString *line = g_string_new(NULL);
  for (const char *p = text; *p;) {
    gunichar c = g_utf8_get_char_validated(p, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2) {
      g_string_append_printf(line, "\\x%02x", (guchar)*p++);
      continue;
    }
    if (c == '\n')
      g_string_append_c(line, ' ');
    else if (c < 0x20 || c == 0x7f)
      g_string_append_printf(line, "\\x%02x", c);
    else
      g_string_append_unichar(line, c);
    p = g_utf8_next_char(p);
  }
  return g_string_free(line, FALSE);
}

gboolean input_error(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *line = text_one_line(text);
  g_set_error_literal(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT, line);
  return FALSE;
}
