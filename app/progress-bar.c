#include "app/progress-bar.h"

#include <glib.h>
#include <string.h>

#define BAR_LEAST 8
#define BAR_MOST  40

/* Eighths of a column. */
static const char *const eighths[] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};

char *progress_bar(int done, int total, const char *facts, int columns) {
  g_autofree char *counts = g_strdup_printf("%*d/%d ", total > 9999 ? 6 : 4, done, total);
  g_autofree char *rest = g_strdup(facts);
  int room = columns - 1 - (int)strlen(counts) - 1;
  for (char *cut; (int)g_utf8_strlen(rest, -1) > room - BAR_LEAST && (cut = g_strrstr(rest, "  "));)
    *cut = 0;
  int length = CLAMP(room - (int)g_utf8_strlen(rest, -1), 0, BAR_MOST);
  int filled = total > 0 ? (int)((gint64)8 * length * MIN(done, total) / total) : 0;
  GString *line = g_string_new(counts);
  for (int i = 0; i < length; i++)
    g_string_append(line, 8 * (i + 1) <= filled ? "█" : 8 * i < filled ? eighths[filled - 8 * i] : " ");
  g_string_append_printf(line, " %s", rest);
  return g_string_free(line, FALSE);
}
