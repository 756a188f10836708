#include "ui/draw/label-map.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define TEXT       10.5
#define MIN_ROW    12.0
#define MAX_CELL   40.0
#define TALLEST    1.5   /* a cell's height for its width */
#define ROOMY      200.0 /* height from which there are some */
#define SENTENCE   40.0  /* height of two lines in words */
#define LEGEND     16.0  /* and of one on the shades */
#define ANGLE      0.62  /* of the column names, radians */
#define MIN_MASS   1e-6f
#define LEAST_TILE 11.0 /* edge of a class's picture */
#define MOST_TILE  24.0
#define MIN_SHARE  0.05f /* of a class's samples, from which an answer has a row */
#define MOST_AS_IS 40    /* classes of an identity that are drawn, and columns that are put into words */
#define MIN_CELL   6.0   /* edge of a cell that has room for an outline */
#define APART      (TEXT * 0.8 / sin(ANGLE)) /* of two leaning names, along the columns */

int label_map_assigned(const LabelMapPlot *plot, int target) {
  int best = 0;
  for (int s = 1; s < plot->n_source; s++)
    if (plot->omega[(size_t)s * plot->n_target + target] >
        plot->omega[(size_t)best * plot->n_target + target])
      best = s;
  return best;
}

double label_map_share(const LabelMapPlot *plot, int source, int target) {
  double sum = 0;
  for (int s = 0; s < plot->n_source; s++)
    sum += (double)plot->counts[(size_t)s * plot->n_target + target];
  return sum > 0 ? (double)plot->counts[(size_t)source * plot->n_target + target] / sum : 0;
}

bool label_map_as_is(const LabelMapPlot *plot) {
  int n = plot->n_target;
  if (!plot->omega || n != plot->n_source || n <= MOST_AS_IS)
    return false;
  for (int s = 0; s < n; s++)
    for (int t = 0; t < n; t++)
      if (plot->omega[(size_t)s * (size_t)n + (size_t)t] != (s == t))
        return false;
  return true;
}

typedef struct {
  int source;
  int assigned; /* 2: of the selected class */
  float most;   /* largest absolute weight */
} Row;

static int by_weight(gconstpointer a, gconstpointer b) {
  const Row *x = a, *y = b;
  if (x->assigned != y->assigned)
    return y->assigned - x->assigned;
  return x->most != y->most ? (x->most < y->most) - (x->most > y->most) : x->source - y->source;
}

static int by_number(gconstpointer a, gconstpointer b) {
  return *(const int *)a - *(const int *)b;
}

int label_map_read(const LabelMapPlot *plot) {
  int n = 0;
  for (int s = 0; s < plot->n_source; s++) {
    float most = 0;
    for (int t = 0; t < plot->n_target; t++)
      most = fmaxf(most, fabsf(plot->omega[(size_t)s * plot->n_target + t]));
    n += most > MIN_MASS;
  }
  return n;
}

/* What cells are shaded by: shares of the counts, or omega itself.  (transfer full) */
static float *shades_of(const LabelMapPlot *plot) {
  size_t n = (size_t)plot->n_source * plot->n_target;
  float *shades = g_memdup2(plot->counts ? plot->counts : plot->omega, MAX(n, 1) * sizeof *shades);
  for (int t = 0; plot->counts && t < plot->n_target; t++) {
    float sum = 0;
    for (int s = 0; s < plot->n_source; s++)
      sum += shades[(size_t)s * plot->n_target + t];
    for (int s = 0; s < plot->n_source; s++)
      shades[(size_t)s * plot->n_target + t] /= MAX(sum, 1);
  }
  return shades;
}

int label_map_rows(const LabelMapPlot *plot, int most, int *rows) {
  g_autofree Row *all = g_new0(Row, MAX(plot->n_source, 1));
  g_autofree float *shades = shades_of(plot);
  float least = plot->counts ? MIN_SHARE : MIN_MASS;
  for (int s = 0; s < plot->n_source; s++) {
    all[s].source = s;
    for (int t = 0; t < plot->n_target; t++)
      all[s].most = fmaxf(all[s].most, fabsf(shades[(size_t)s * plot->n_target + t]));
  }
  for (int t = 0; t < plot->n_target && plot->n_source; t++) {
    int source = label_map_assigned(plot, t);
    Row *row = &all[source];
    if (plot->omega[(size_t)source * plot->n_target + t] > MIN_MASS || row->most > MIN_MASS)
      row->assigned = t == plot->selected ? 2 : MAX(row->assigned, 1);
  }
  qsort(all, plot->n_source, sizeof *all, by_weight);
  int n = 0;
  while (n < MIN(most, plot->n_source) && (all[n].assigned || all[n].most > least)) {
    rows[n] = all[n].source;
    n++;
  }
  qsort(rows, n, sizeof *rows, by_number);
  return n;
}

typedef struct {
  double left, foot, cell_x, cell_y;
  double tile;       /* edge of the pictures between names and cells; 0: they have no room */
  double sentence;   /* where the lines in words begin; 0: there is no room */
  int *rows, n_rows; /* owned */
} Frame;

static double widest(cairo_t *cr, char *const *names, const int *which, int n) {
  TextStyle style = {TEXT};
  double most = 0;
  for (int i = 0; i < n; i++)
    most = MAX(most, measure_text(cr, names[which ? which[i] : i], &style, NULL));
  return ceil(most);
}

static void set_cells(Frame *frame, double width, double height, const LabelMapPlot *plot) {
  frame->cell_x = (width - frame->left) / MAX(plot->n_target, 1);
  frame->cell_y = MIN((height - frame->foot) / MAX(frame->n_rows, 1),
                      MIN(MAX_CELL, MAX(TALLEST * frame->cell_x, MIN_ROW + 4)));
}

static Frame frame_of(cairo_t *cr, double width, double all, const LabelMapPlot *plot) {
  Frame frame = {.rows = g_new(int, MAX(plot->n_source, 1))};
  double column_name = MIN(widest(cr, plot->target_names, NULL, plot->n_target), 90);
  bool says = plot->selected >= 0 && all > ROOMY;
  double height = says ? all - SENTENCE - (plot->counts ? LEGEND : 0) : all;
  frame.foot = MIN(column_name * sin(ANGLE) + TEXT * 1.2 + 6, height * 0.4);
  int most = MAX(1, (int)((height - frame.foot) / MIN_ROW));
  frame.n_rows = label_map_rows(plot, most, frame.rows);
  frame.left = MIN(widest(cr, plot->source_names, frame.rows, frame.n_rows) + 8, width * 0.35);
  /* The first column's name leans out to the left. */
  frame.left = MAX(frame.left, MIN(column_name * cos(ANGLE) - 8, width * 0.35));
  set_cells(&frame, width, height, plot);
  double tile = MIN(frame.cell_y - 2, MOST_TILE);
  if (plot->tiles.pixels && tile >= LEAST_TILE && frame.left + tile + 4 < width * 0.45) {
    frame.tile = tile;
    frame.left += tile + 4;
    set_cells(&frame, width, height, plot);
    frame.tile = MIN(tile, frame.cell_y - 1);
  }
  if (says && frame.n_rows)
    frame.sentence = frame.n_rows * frame.cell_y + frame.foot + 6;
  return frame;
}

typedef struct {
  double most;
  bool is_signed;
} Scale;

static Scale scale_of(const LabelMapPlot *plot, const float *shades) {
  Scale scale = {0, false};
  for (size_t i = 0; i < (size_t)plot->n_source * plot->n_target; i++) {
    scale.most = MAX(scale.most, fabs((double)shades[i]));
    scale.is_signed = scale.is_signed || shades[i] < 0;
  }
  return scale;
}

static Ink cell_ink(double weight, Scale scale, const Palette *palette) {
  static const Ink blue = {0, 0.447, 0.698}, orange = {0.88, 0.48, 0.02};
  Ink ground = ink_mix(palette->background, palette->accent, palette->dark ? 0.08 : 0.06);
  double share = scale.most > 0 ? weight / scale.most : 0;
  if (!scale.is_signed)
    return ink_mix(ground, palette->accent, sqrt(CLAMP(share, 0, 1)));
  return ink_mix(palette->line, share < 0 ? blue : orange, sqrt(MIN(fabs(share), 1)));
}

static void draw_cells(cairo_t *cr, const Frame *frame, const LabelMapPlot *plot) {
  g_autofree float *shades = shades_of(plot);
  Scale scale = scale_of(plot, shades);
  double gap = MIN(frame->cell_x, frame->cell_y) > 8 ? 1.5 : 0;
  for (int r = 0; r < frame->n_rows; r++)
    for (int t = 0; t < plot->n_target; t++) {
      double x = frame->left + t * frame->cell_x, y = r * frame->cell_y;
      ink_set(cr, cell_ink(shades[(size_t)frame->rows[r] * plot->n_target + t], scale, plot->palette));
      path_rounded(cr, x + gap, y + gap, frame->cell_x - 2 * gap, frame->cell_y - 2 * gap, gap ? 2.5 : 0);
      cairo_fill(cr);
    }
}

static int row_of(const Frame *frame, int source) {
  for (int r = 0; r < frame->n_rows; r++)
    if (frame->rows[r] == source)
      return r;
  return -1;
}

static void draw_assignment(cairo_t *cr, const Frame *frame, const LabelMapPlot *plot) {
  ink_set(cr, plot->palette->mark);
  cairo_set_line_width(cr, plot->palette->high_contrast ? 3 : 2);
  bool small = MIN(frame->cell_x, frame->cell_y) < MIN_CELL;
  for (int t = 0; t < plot->n_target; t++) {
    int r = row_of(frame, label_map_assigned(plot, t));
    if (r < 0)
      continue;
    double x = frame->left + t * frame->cell_x, y = r * frame->cell_y;
    if (small) {
      cairo_rectangle(cr, x, y, frame->cell_x, frame->cell_y);
      cairo_fill(cr);
      continue;
    }
    path_rounded(cr, x + 1.5, y + 1.5, frame->cell_x - 3, frame->cell_y - 3, 3);
    cairo_stroke(cr);
  }
}

static void draw_names(cairo_t *cr, const Frame *frame, const LabelMapPlot *plot) {
  TextStyle style = {TEXT, plot->palette->dim, .right = true};
  double names = frame->left - 6 - (frame->tile > 0 ? frame->tile + 4 : 0);
  for (int r = 0; r < frame->n_rows && frame->cell_y >= MIN_ROW - 2; r++) {
    double middle = (r + 0.5) * frame->cell_y;
    draw_text(cr, 0, middle - TEXT * 0.68, names, plot->source_names[frame->rows[r]], &style);
    if (frame->tile > 0)
      class_tile_draw(cr, &plot->tiles, frame->rows[r], frame->left - 5 - frame->tile,
                      middle - frame->tile / 2, frame->tile);
  }
  int every = MAX(1, (int)ceil(APART / frame->cell_x));
  double length = (frame->foot - TEXT * 1.2) / sin(ANGLE);
  for (int t = 0; t < plot->n_target; t++) {
    bool chosen = t == plot->selected;
    if (!chosen && (t % every || (plot->selected >= 0 && abs(t - plot->selected) < every)))
      continue;
    TextStyle name = {TEXT, chosen ? plot->palette->text : plot->palette->dim, .bold = chosen};
    double x = frame->left + (t + 0.5) * frame->cell_x;
    draw_text_towards(cr, x + 3, frame->n_rows * frame->cell_y + TEXT * 0.8,
                      MIN(length, (x - 2) / cos(ANGLE)), ANGLE, plot->target_names[t], &name);
  }
}

static char *target_in_sentence(const LabelMapPlot *plot, int target) {
  return name_in_sentence(plot->target_names[target], plot->target_tokens);
}

static char *source_in_sentence(const LabelMapPlot *plot, int source) {
  return name_in_sentence(plot->source_names[source], plot->source_tokens);
}

/* "Ankle boot is read from L"  (transfer full) */
static char *selected_words(const LabelMapPlot *plot) {
  g_autofree char *target = target_in_sentence(plot, plot->selected),
                  *source = source_in_sentence(plot, label_map_assigned(plot, plot->selected));
  return g_strdup_printf(_("%s is read from %s"), target, source);
}

/* "f’s 512 answers are taken as they are"  (transfer full) */
static char *as_is_words(const LabelMapPlot *plot) {
  return g_strdup_printf(_("f’s %d answers are taken as they are"), plot->n_source);
}

/* What is selected, and "10 of 36 classes of f have weight" */
static void draw_sentences(cairo_t *cr, double width, const Frame *frame, const LabelMapPlot *plot) {
  g_autofree char *read = selected_words(plot);
  g_autofree char *used =
      g_strdup_printf(_("%d of f’s %d classes are read"), label_map_read(plot), plot->n_source);
  draw_text(cr, 0, frame->sentence, width, read, &(TextStyle){TEXT + 1, plot->palette->text});
  draw_text(cr, 0, frame->sentence + TEXT * 1.6, width, used, &(TextStyle){TEXT, plot->palette->dim});
  if (plot->counts)
    draw_text(cr, 0, frame->sentence + TEXT * 3.1, width, _("Darker: f answers so more often"),
              &(TextStyle){TEXT, plot->palette->dim});
}

/* A centred line, or two of about the same length where one has no room.  Returns where the next one goes. */
static double draw_lines(cairo_t *cr, double y, double width, const char *words, const TextStyle *style) {
  const char *middle = words + strlen(words) / 2, *gap = NULL;
  bool broken = measure_text(cr, words, style, NULL) > width;
  for (const char *at = words; broken && *at; at++)
    if (*at == ' ' && (!gap || labs(at - middle) < labs(gap - middle)))
      gap = at;
  g_autofree char *first = gap ? g_strndup(words, (gsize)(gap - words)) : g_strdup(words);
  draw_text(cr, 0, y, width, first, style);
  if (gap)
    draw_text(cr, 0, y += style->size * 1.5, width, gap + 1, style);
  return y + style->size * 1.9;
}

static void draw_as_is(cairo_t *cr, double width, double height, const LabelMapPlot *plot) {
  TextStyle all = {TEXT + 1, plot->palette->text, .centre = true},
            one = {TEXT, plot->palette->dim, .centre = true};
  g_autofree char *words = as_is_words(plot), *read = plot->selected >= 0 ? selected_words(plot) : NULL;
  double next = draw_lines(cr, height / 2 - TEXT * 2, width, words, &all);
  if (read)
    draw_lines(cr, next, width, read, &one);
}

int label_map_draw(cairo_t *cr, double width, double height, const LabelMapPlot *plot) {
  if (!plot->omega || plot->n_target < 1 || width < 60 || height < 40)
    return 0;
  if (label_map_as_is(plot)) {
    draw_as_is(cr, width, height, plot);
    return 0;
  }
  Frame frame = frame_of(cr, width, height, plot);
  if (!frame.n_rows) {
    TextStyle style = {TEXT, plot->palette->dim, .centre = true};
    draw_text(cr, 0, height / 2 - TEXT, width, plot->waits ? plot->waits : _("counted when the run begins"),
              &style);
    g_free(frame.rows);
    return 0;
  }
  draw_cells(cr, &frame, plot);
  draw_assignment(cr, &frame, plot);
  draw_names(cr, &frame, plot);
  if (frame.sentence > 0)
    draw_sentences(cr, width, &frame, plot);
  g_free(frame.rows);
  return frame.n_rows;
}

bool label_map_at(double width, double height, const LabelMapPlot *plot, double x, double y, int *source,
                  int *target) {
  if (!plot->omega || plot->n_target < 1 || width < 60 || height < 40 || label_map_as_is(plot))
    return false;
  cairo_surface_t *none = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
  cairo_t *cr = cairo_create(none);
  Frame frame = frame_of(cr, width, height, plot);
  cairo_destroy(cr);
  cairo_surface_destroy(none);
  int t = (int)floor((x - frame.left) / frame.cell_x), r = (int)floor(y / frame.cell_y);
  bool inside = t >= 0 && t < plot->n_target && r >= 0 && r < frame.n_rows;
  if (inside) {
    *source = frame.rows[r];
    *target = t;
  }
  g_free(frame.rows);
  return inside;
}

char *label_map_weight_words(const LabelMapPlot *plot, int source, int target) {
  g_autofree char *of = source_in_sentence(plot, source), *to = target_in_sentence(plot, target);
  g_autofree char *weight =
      g_strdup_printf(_("weight of %s for %s: %.3g"), of, to,
                      (double)plot->omega[(size_t)source * (size_t)plot->n_target + (size_t)target]);
  if (!plot->counts)
    return g_steal_pointer(&weight);
  return g_strdup_printf(_("%s\nf gives this answer to %.1f %% of them"), weight,
                         100 * label_map_share(plot, source, target));
}

char *label_map_words(const LabelMapPlot *plot) {
  if (label_map_as_is(plot))
    return as_is_words(plot);
  GString *text = g_string_new(NULL);
  int n = plot->omega ? MIN(plot->n_target, MOST_AS_IS) : 0;
  for (int t = 0; t < n; t++) {
    g_autofree char *target = target_in_sentence(plot, t),
                    *source = source_in_sentence(plot, label_map_assigned(plot, t));
    if (t)
      g_string_append(text, ", ");
    g_string_append_printf(text, _("%s from %s"), target, source);
  }
  if (n > 0 && n < plot->n_target)
    g_string_append_printf(text, _(", and %d more"), plot->n_target - n);
  return g_string_free(text, FALSE);
}
