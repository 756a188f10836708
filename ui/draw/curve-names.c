#include "ui/draw/curve-names.h"

#include "ui/draw/curve-captions.h"

#include <glib/gi18n.h>
#include <math.h>
#include <stdlib.h>

#define MAX_LEVELS 8
#define GROUND     0.55 /* opacity below a level's name: lines shine through */

static int by_value(gconstpointer a, gconstpointer b) {
  const CurveLevel *x = a, *y = b;
  return (x->value < y->value) -
         (x->value > y->value); /* the greatest first: it stands highest on the paper */
}

/* The levels that are known, the greatest first.  Returns how many. */
static int sorted_levels(const CurvesPlot *plot, CurveLevel levels[MAX_LEVELS]) {
  int n = 0;
  for (int i = 0; i < MIN(plot->n_levels, MAX_LEVELS); i++)
    if (isfinite(plot->levels[i].value))
      levels[n++] = plot->levels[i];
  qsort(levels, n, sizeof *levels, by_value);
  return n;
}

static Ink level_ink(const CurvesPlot *plot, const CurveLevel *level) {
  return level->ink ? *level->ink : plot->palette->dim;
}

void curve_levels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot) {
  CurveLevel levels[MAX_LEVELS];
  int n = sorted_levels(plot, levels);
  for (int i = 0; i < n; i++) {
    Curve line = {.steps = (double[]){0, frame->last_step},
                  .values = (double[]){levels[i].value, levels[i].value},
                  .n = 2,
                  .ink = level_ink(plot, &levels[i]),
                  .width = 1.2,
                  .alpha = 0.9,
                  .dashed = true};
    curve_stroke(cr, frame, &line, 1);
  }
}

/* "no prompt 29.5 % (test)"  (transfer full) */
static char *level_text(const CurvesPlot *plot, const CurveLevel *level) {
  g_autofree char *value = curves_value_text(plot, level->value);
  return level->test ? g_strdup_printf(_("%s %s (test)"), level->name, value)
                     : g_strdup_printf("%s %s", level->name, value);
}

void curve_level_names_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot) {
  CurveLevel levels[MAX_LEVELS];
  CaptionBox boxes[MAX_LEVELS];
  int n = plot->levels_beside ? 0 : sorted_levels(plot, levels);
  for (int i = 0; i < n; i++) {
    TextStyle style = {CURVE_TEXT, level_ink(plot, &levels[i])};
    g_autofree char *text = level_text(plot, &levels[i]);
    CaptionBox *box = &boxes[i];
    box->width = MIN(measure_text(cr, text, &style, &box->height), frame->width);
    caption_place(frame, plot, levels[i].value, boxes, i);
    ink_set_alpha(cr, plot->palette->background, GROUND);
    path_rounded(cr, box->x - 2, box->y + 1, box->width + 4, box->height - 2, 3);
    cairo_fill(cr);
    draw_text(cr, box->x, box->y, box->width + 1, text, &style);
  }
}

/* A value that is pointed at: where it was measured, which may be before the step. */
static void draw_dot(cairo_t *cr, const CurveFrame *frame, const Palette *palette, double step, double value,
                     Ink ink) {
  cairo_new_sub_path(cr);
  cairo_arc(cr, curve_x(frame, step), curve_y(frame, value), 3.5, 0, 2 * G_PI);
  ink_set(cr, palette->background);
  cairo_fill_preserve(cr);
  ink_set(cr, ink);
  cairo_set_line_width(cr, 2);
  cairo_stroke(cr);
}

/* The vertical line at a step, a ring where the last curve was measured, which may be before the step. */
void curve_cursor_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot, int step, Ink ink) {
  double x = floor(curve_x(frame, MIN(step, frame->last_step))) + 0.5, read_at = step;
  ink_set(cr, ink);
  cairo_set_line_width(cr, plot->palette->high_contrast ? 2 : 1.2);
  cairo_move_to(cr, x, frame->top);
  cairo_line_to(cr, x, frame->top + frame->height);
  cairo_stroke(cr);
  double value = plot->n_curves ? curve_value_at(&plot->curves[plot->n_curves - 1], step, &read_at) : NAN;
  if (isfinite(value))
    draw_dot(cr, frame, plot->palette, read_at, value, ink);
}

/* "step 780  73.7 %" at the right end of the title's line: it stands still and covers nothing. */
void curve_reading_draw(cairo_t *cr, double width, const CurvesPlot *plot, int step, double taken, Ink ink) {
  double value = plot->n_curves ? curve_value_at(&plot->curves[plot->n_curves - 1], step, NULL) : NAN;
  if (!isfinite(value))
    return;
  g_autofree char *number = curves_value_text(plot, value);
  TextStyle strong = {CURVE_TITLE, ink, .bold = true, .right = true},
            plain = {CURVE_TEXT, plot->palette->dim, .right = true};
  double used = draw_text(cr, taken + 8, 0, width - CURVE_RIGHT - taken - 8, number, &strong);
  g_autofree char *at = g_strdup_printf(_("step %d"), step);
  double room = width - CURVE_RIGHT - used - 8 - taken - 8;
  if (measure_text(cr, at, &plain, NULL) <= room)
    draw_text(cr, taken + 8, 1, room, at, &plain);
}

/* A name right of the frame. */
typedef struct {
  CurveLevel level;
  const char *text;
  char *own; /* the text, where it is made here */
  bool bold;
} Label;

static int by_label(gconstpointer a, gconstpointer b) {
  return by_value(&((const Label *)a)->level, &((const Label *)b)->level);
}

/* The ends of the curves that have a label.  Returns how many. */
static int end_labels(const CurvesPlot *plot, Label labels[MAX_LEVELS]) {
  int n = 0;
  for (int c = 0; c < plot->n_curves && n < MAX_LEVELS; c++) {
    const Curve *curve = &plot->curves[c];
    double value = curve->label ? curve_value_at(curve, INFINITY, NULL) : NAN;
    if (isfinite(value))
      labels[n++] = (Label){{curve->label, value, &curve->ink}, curve->label, NULL, true};
  }
  return n;
}

static int level_labels(const CurvesPlot *plot, Label *labels, int most) {
  CurveLevel levels[MAX_LEVELS];
  int n = MIN(sorted_levels(plot, levels), most);
  for (int i = 0; i < n; i++) {
    char *text = level_text(plot, &levels[i]);
    labels[i] = (Label){levels[i], text, text, false};
    if (!labels[i].level.ink)
      labels[i].level.ink = &plot->palette->dim;
  }
  return n;
}

void curve_labels_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot) {
  Label labels[2 * MAX_LEVELS];
  double places[2 * MAX_LEVELS], apart = CURVE_TEXT * 1.35;
  int n = end_labels(plot, labels), most = (int)(frame->height / apart) - n;
  if (plot->levels_beside && most >= plot->n_levels)
    n += level_labels(plot, labels + n, MAX_LEVELS);
  qsort(labels, n, sizeof *labels, by_label);
  for (int i = 0; i < n; i++)
    places[i] = curve_y(frame, labels[i].level.value) - CURVE_TEXT * 0.7;
  places_apart(places, n, apart, frame->top - CURVE_TEXT, frame->top + frame->height - CURVE_TEXT);
  for (int i = 0; i < n; i++) {
    TextStyle style = {CURVE_TEXT, *labels[i].level.ink, .bold = labels[i].bold};
    draw_text(cr, frame->left + frame->width + 8, places[i], plot->room, labels[i].text, &style);
    g_free(labels[i].own);
  }
}

void curve_marks_draw(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot) {
  for (int i = 0; i < plot->n_marks; i++) {
    const CurveMark *mark = &plot->marks[i];
    const Curve *curve = &plot->curves[mark->curve];
    if (mark->step < 0)
      continue;
    double x = floor(curve_x(frame, MIN(mark->step, frame->last_step))) + 0.5;
    ink_set_alpha(cr, curve->ink, 0.8);
    cairo_set_line_width(cr, plot->palette->high_contrast ? 2 : 1.2);
    cairo_move_to(cr, x, frame->top);
    cairo_line_to(cr, x, frame->top + frame->height);
    cairo_stroke(cr);
    double read_at = 0, value = curve_value_at(curve, mark->step, &read_at);
    if (isfinite(value))
      draw_dot(cr, frame, plot->palette, read_at, value, curve->ink);
  }
}
