#include "ui/draw/confidence.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#define TEXT      12.0
#define SMALL     11.0
#define LINE      18.0
#define MIN_ROW   17.0
#define MAX_ROW   36.0
#define TILE      20.0  /* edge of a class's picture */
#define TILE_LINE 24.0  /* height of a line that has some */
#define ROOMY     340.0 /* width from which three of them stand beside words */
#define MANY      7     /* rows that are more than a line for the pictures */
#define TOP_MANY  3
#define TIE       1e-4 /* shares this close are the same */

int confidence_answer(const float *probabilities, int n) {
  int best = -1;
  for (int i = 0; i < n; i++)
    if (best < 0 || probabilities[i] > probabilities[best])
      best = i;
  return best;
}

/* ".71", "1" (transfer full) */
static char *share_text(double share) {
  if (share >= 0.995)
    return g_strdup("1.0");
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.2f", share);
  return g_strdup(text[0] == '0' ? text + 1 : text);
}

static char *target_in_sentence(const ConfidencePlot *plot, int class) {
  return name_in_sentence(plot->names[class], plot->target_tokens);
}

char *confidence_verdict(const ConfidencePlot *plot) {
  int answer = confidence_answer(plot->on, plot->n);
  if (answer < 0)
    return g_strdup("");
  g_autofree char *share = share_text(plot->on[answer]), *said = target_in_sentence(plot, answer);
  if (plot->label < 0)
    return g_strdup_printf("%s %s", said, share);
  if (answer == plot->label)
    return g_strdup_printf(_("right: %s %s"), said, share);
  g_autofree char *right = target_in_sentence(plot, plot->label);
  return g_strdup_printf(_("wrong: %s %s, it is %s"), said, share, right);
}

static int by_probability(gconstpointer a, gconstpointer b, gpointer data) {
  const float *p = data;
  int i = *(const int *)a, j = *(const int *)b;
  return p[i] != p[j] ? (p[i] < p[j]) - (p[i] > p[j]) : i - j;
}

/* Indices, the surest first.  (transfer full) */
static int *sorted(const float *probabilities, int n) {
  int *order = g_new(int, MAX(n, 1));
  for (int i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data(order, n, sizeof *order, by_probability, (gpointer)probabilities);
  return order;
}

/* "L .58, E .11, ship .09"  (transfer full) */
static char *top_text(const ConfidencePlot *plot, const float *probabilities) {
  int n = plot->n_source;
  g_autofree int *order = sorted(probabilities, n);
  GString *text = g_string_new(NULL);
  for (int i = 0; i < MIN(TOP_MANY, n); i++) {
    g_autofree char *share = share_text(probabilities[order[i]]),
                    *name = name_in_sentence(plot->source_names[order[i]], plot->source_tokens);
    g_string_append_printf(text, "%s%s %s", i ? ", " : "", name, share);
  }
  return g_string_free(text, FALSE);
}

char *confidence_words(const ConfidencePlot *plot) {
  g_autofree char *verdict = plot->n > 0 ? confidence_verdict(plot) : g_strdup(plot->waits);
  GString *text = g_string_new(verdict);
  if (plot->off && plot->n) {
    int answer = confidence_answer(plot->off, plot->n);
    g_autofree char *share = share_text(plot->off[answer]), *said = target_in_sentence(plot, answer);
    g_string_append_printf(text, _("; without the pattern: %s %s"), said, share);
  }
  if (plot->source_on) {
    g_autofree char *top = top_text(plot, plot->source_on);
    g_string_append_printf(text, _("; f itself says %s"), top);
  }
  return g_string_free(text, FALSE);
}

typedef struct {
  double name, bar, value; /* widths of the three columns */
} Columns;

static Columns columns_of(cairo_t *cr, double width, const ConfidencePlot *plot) {
  TextStyle style = {TEXT, plot->palette->text, .bold = true};
  double widest = 30;
  for (int i = 0; i < plot->n; i++)
    widest = MAX(widest, measure_text(cr, plot->names[i], &style, NULL));
  Columns columns = {.name = MIN(ceil(widest) + 10, width * 0.4), .value = 46};
  columns.bar = MAX(width - columns.name - columns.value, 10);
  return columns;
}

static void draw_bar(cairo_t *cr, double x, double y, double width, double height, double share, Ink ink) {
  if (!(share > 0))
    return;
  ink_set(cr, ink);
  path_rounded(cr, x, y, MAX(width * MIN(share, 1), 1.5), height, 2);
  cairo_fill(cr);
}

/* What stands behind the number: the true class, and a wrong answer. */
static void draw_sign(cairo_t *cr, double x, double y, int class, int answer, const ConfidencePlot *plot) {
  bool right = class == plot->label;
  if (plot->label < 0 || (!right && class != answer))
    return;
  /* As sure of the true class: that is no answer. */
  if (!right && plot->on[class] - plot->on[plot->label] < TIE)
    return;
  TextStyle style = {TEXT, right ? plot->palette->right : plot->palette->wrong, .bold = true};
  draw_text(cr, x, y, 16, right ? "✓" : "✗", &style);
}

static void draw_row(cairo_t *cr, double y, double row, int class, int answer, const Columns *columns,
                     const ConfidencePlot *plot) {
  const Palette *palette = plot->palette;
  double bar = MIN(16, floor(row * 0.6)), bar_y = floor(y + (row - bar) / 2), x = columns->name,
         text_y = y + (row - TEXT * 1.35) / 2;
  TextStyle style = {TEXT, class == plot->label || class == answer ? palette->text : palette->dim,
                     .bold = class == plot->label};
  draw_text(cr, 0, text_y, columns->name - 8, plot->names[class], &style);
  draw_bar(cr, x, bar_y, columns->bar, bar, 1,
           palette->high_contrast ? ink_mix(palette->line, palette->background, 0.65) : palette->line);
  if (plot->off) {
    double thin = floor(bar * 0.36);
    draw_bar(cr, x, bar_y, columns->bar, bar - thin, plot->on[class], palette->accent);
    draw_bar(cr, x, bar_y + bar - thin, columns->bar, thin, plot->off[class], palette->without);
  } else
    draw_bar(cr, x, bar_y, columns->bar, bar, plot->on[class], palette->accent);
  g_autofree char *share = share_text(plot->on[class]);
  draw_text(cr, x + columns->bar + 6, text_y, 28, share, &style);
  draw_sign(cr, x + columns->bar + 32, text_y, class, answer, plot);
}

/* The rows that fit, the right class among them. */
static void draw_rows(cairo_t *cr, double width, double height, const ConfidencePlot *plot) {
  int fit = CLAMP((int)(height / MIN_ROW), 1, plot->n);
  double row = MIN(MAX_ROW, height / fit);
  Columns columns = columns_of(cr, width, plot);
  g_autofree int *order = sorted(plot->on, plot->n);
  bool labelled = plot->label < 0;
  for (int i = 0; i < fit; i++)
    labelled = labelled || order[i] == plot->label;
  if (!labelled)
    order[fit - 1] = plot->label;
  int answer = confidence_answer(plot->on, plot->n);
  for (int i = 0; i < fit; i++)
    draw_row(cr, i * row, row, order[i], answer, &columns, plot);
}

/* The classes with their pictures: each whole, as long as there is room. */
static void draw_tiles(cairo_t *cr, double x, double y, double width, const float *probabilities,
                       const ConfidencePlot *plot) {
  g_autofree int *order = sorted(probabilities, plot->n_source);
  TextStyle style = {SMALL, plot->palette->text};
  for (int i = 0; i < MIN(TOP_MANY, plot->n_source); i++) {
    g_autofree char *share = share_text(probabilities[order[i]]);
    g_autofree char *text = g_strdup_printf("%s %s", plot->source_names[order[i]], share);
    double wide = TILE + 4 + measure_text(cr, text, &style, NULL);
    if (i && x + wide > width)
      return;
    class_tile_draw(cr, &plot->tiles, order[i], x, y, TILE);
    draw_text(cr, x + TILE + 4, y + (TILE - SMALL * 1.35) / 2, width - x - TILE - 4, text, &style);
    x += wide + 10;
  }
}

/* How f's own answers stand below the rows. */
typedef struct {
  double each;   /* height of one: with the pattern, and without it */
  bool below;    /* the classes on a line of their own: with their pictures they may need it */
  double height; /* of all; 0: there is no room */
} Foot;

static Foot foot_of(double width, double height, const ConfidencePlot *plot) {
  int answers = (plot->source_on != NULL) + (plot->source_off != NULL);
  bool tiles = plot->tiles.pixels != NULL;
  double others = 8 + (plot->off ? 0 : LINE), two = LINE + TILE_LINE;
  bool below = tiles && width < ROOMY && height - others - answers * two >= MIN(plot->n, MANY) * MIN_ROW;
  Foot foot = {.each = below ? two : tiles ? TILE_LINE : LINE, .below = below};
  foot.height = answers || !plot->off ? others + answers * foot.each : 0;
  return height - foot.height < 3 * MIN_ROW ? (Foot){0} : foot;
}

/* "with  L .58, E .11" with its colour's square before it, from y. */
static void draw_top(cairo_t *cr, double y, double width, const Foot *foot, Ink ink, const char *what,
                     const float *probabilities, const ConfidencePlot *plot) {
  double middle = y + (foot->below ? LINE : foot->each) / 2, top = middle - SMALL * 0.82;
  TextStyle style = {SMALL, plot->palette->dim};
  double used = 14 + measure_text(cr, what, &style, NULL) + 6;
  draw_bar(cr, 0, middle - 4, 8, 8, 1, ink);
  draw_text(cr, 14, top, width - 14, what, &style);
  style.ink = plot->palette->text;
  if (foot->below) {
    draw_tiles(cr, 14, y + LINE, width, probabilities, plot);
  } else if (plot->tiles.pixels && width > used) {
    draw_tiles(cr, used, middle - TILE / 2, width, probabilities, plot);
  } else if (width > used) {
    g_autofree char *text = top_text(plot, probabilities);
    draw_text(cr, used, top, width - used, text, &style);
  }
}

/* Returns the height that is taken. */
static double draw_classes(cairo_t *cr, double width, double height, const ConfidencePlot *plot) {
  if (plot->n > 0) {
    draw_rows(cr, width, height, plot);
    return MIN(height, MAX_ROW * plot->n);
  }
  TextStyle style = {TEXT, plot->palette->dim, .centre = true};
  draw_text(cr, 0, (height - TEXT * 1.35) / 2, width, plot->waits, &style);
  return height;
}

void confidence_draw(cairo_t *cr, double width, double height, const ConfidencePlot *plot) {
  if ((plot->n < 1 && !plot->waits) || width < 60 || height < MIN_ROW)
    return;
  const struct {
    const float *probabilities;
    Ink ink;
    const char *what;
  } answers[] = {{plot->source_on, plot->palette->accent, _("f with the pattern:")},
                 {plot->source_off, plot->palette->without, _("f without it:")}};
  Foot foot = foot_of(width, height, plot);
  double y = draw_classes(cr, width, height - foot.height, plot) + 8;
  if (foot.height == 0)
    return;
  for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
    if (!answers[i].probabilities)
      continue;
    draw_top(cr, y, width, &foot, answers[i].ink, answers[i].what, answers[i].probabilities, plot);
    y += foot.each;
  }
  if (!plot->off)
    draw_text(cr, 0, y, width, _("Grey: once the baseline is fitted"),
              &(TextStyle){SMALL, plot->palette->dim});
}
