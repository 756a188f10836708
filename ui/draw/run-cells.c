#include "ui/draw/run-cells.h"

#include <glib.h>
#include <glib/gi18n.h>
#include <math.h>

#define CHIP_HEIGHT 18.0
#define CHIP_GAP    4.0
#define CHIP_INSET  6.0
#define CHIP_TEXT   11.0
#define BAR_HEIGHT  4.0

/* Returns the width it took. */
static double draw_chip(cairo_t *cr, double x, double y, double most, const char *word,
                        const Palette *palette) {
  TextStyle style = {.size = CHIP_TEXT, .ink = palette->text};
  double height, width = measure_text(cr, word, &style, &height);
  width = MIN(width, most - 2 * CHIP_INSET);
  path_rounded(cr, x, y, width + 2 * CHIP_INSET, CHIP_HEIGHT, CHIP_HEIGHT / 2);
  ink_set_alpha(cr, palette->text, palette->high_contrast ? 0.0 : 0.09);
  cairo_fill_preserve(cr);
  if (palette->high_contrast) {
    ink_set(cr, palette->text);
    cairo_set_line_width(cr, 1);
    cairo_stroke(cr);
  }
  cairo_new_path(cr);
  draw_text(cr, x + CHIP_INSET, y + (CHIP_HEIGHT - height) / 2, width + 1, word, &style);
  return width + 2 * CHIP_INSET;
}

static void draw_grid(cairo_t *cr, double width, double height, char *const *words, int n, int in_line,
                      const Palette *palette) {
  int lines = (n + in_line - 1) / in_line;
  double y = (height - lines * CHIP_HEIGHT - (lines - 1) * CHIP_GAP) / 2;
  for (int i = 0; i < n; i += in_line, y += CHIP_HEIGHT + CHIP_GAP) {
    double x = 0;
    for (int j = i; j < MIN(n, i + in_line); j++)
      x += draw_chip(cr, x, y, width - x, words[j], palette) + CHIP_GAP;
  }
}

static double chip_width(cairo_t *cr, const char *word, const Palette *palette) {
  TextStyle style = {.size = CHIP_TEXT, .ink = palette->text};
  return measure_text(cr, word, &style, NULL) + 2 * CHIP_INSET;
}

static void draw_flow(cairo_t *cr, double width, double height, char *const *words, int n,
                      const Palette *palette) {
  double x = 0, y = (height - CHIP_HEIGHT) / 2;
  for (int i = 0; i < n; i++) {
    g_autofree char *rest = g_strdup_printf("+%d", n - i - 1);
    double room = width - x - (i + 1 < n ? chip_width(cr, rest, palette) + CHIP_GAP : 0);
    if (i > 0 && chip_width(cr, words[i], palette) > room) {
      g_autofree char *left = g_strdup_printf("+%d", n - i);
      draw_chip(cr, x, y, width - x, left, palette);
      return;
    }
    x += draw_chip(cr, x, y, MAX(room, 3 * CHIP_INSET), words[i], palette) + CHIP_GAP;
  }
}

void draw_chips(cairo_t *cr, double width, double height, char *const *words, int n, int in_line,
                const Palette *palette) {
  if (in_line > 0)
    draw_grid(cr, width, height, words, n, in_line, palette);
  else
    draw_flow(cr, width, height, words, n, palette);
}

static void draw_bar(cairo_t *cr, double from, double to, double y, Ink ink) {
  if (to - from < 0.5)
    return;
  path_rounded(cr, from, y, to - from, BAR_HEIGHT, BAR_HEIGHT / 2);
  ink_set(cr, ink);
  cairo_fill(cr);
}

/* The track is 0..1; grey as far as the baseline, then what the prompt adds or takes away. */
static void draw_bars(cairo_t *cr, double width, double y, double accuracy, double gain,
                      const Palette *palette) {
  double baseline = CLAMP(isnan(gain) ? accuracy : accuracy - gain, 0, 1) * width;
  double reached = CLAMP(accuracy, 0, 1) * width;
  draw_bar(cr, 0, width, y, palette->line);
  draw_bar(cr, 0, MAX(baseline, reached), y, gain < 0 ? palette->wrong : palette->accent);
  if (!isnan(gain))
    draw_bar(cr, 0, MIN(baseline, reached), y, palette->without);
}

void draw_gain(cairo_t *cr, double width, double height, double accuracy, double gain,
               const Palette *palette) {
  if (isnan(accuracy))
    return;
  /* Translators: an accuracy. */
  g_autofree char *share = g_strdup_printf(_("%.1f %%"), 100 * accuracy);
  TextStyle bold = {.size = 13.5, .ink = palette->text, .bold = true};
  double tall, wide = measure_text(cr, share, &bold, &tall);
  double y = (height - tall - BAR_HEIGHT - 4) / 2;
  draw_text(cr, 0, y, width, share, &bold);
  if (!isnan(gain)) {
    g_autofree char *more = g_strdup_printf("%s%.1f", gain < 0 ? "−" : "+", fabs(100 * gain));
    TextStyle style = {.size = 12, .ink = gain < 0 ? palette->wrong : palette->right};
    double lower;
    measure_text(cr, more, &style, &lower);
    draw_text(cr, wide + 7, y + (tall - lower) * 0.7, width - wide - 7, more, &style);
  }
  draw_bars(cr, width, y + tall + 4, accuracy, gain, palette);
}
