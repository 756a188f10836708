#include "ui/draw/curves.h"

#include "ui/draw/curve-line.h"
#include "ui/draw/curve-names.h"
#include "ui/draw/ticks.h"

#include <glib.h>
#include <math.h>

#define TEXT   CURVE_TEXT
#define TITLE  CURVE_TITLE
#define LEFT   34.0
#define RIGHT  CURVE_RIGHT
#define TOP    24.0
#define BOTTOM 19.0
#define BARE   5.0 /* below a plot without an axis of its own */

/* The first value behind a step. */
static int index_behind(const Curve *curve, double step) {
  int low = 0, high = curve->n;
  while (low < high) {
    int middle = (low + high) / 2;
    if (curve->steps[middle] <= step)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

double curve_value_between(const Curve *curve, double step) {
  int i = index_behind(curve, step);
  if (i == 0 || i == curve->n)
    return NAN;
  double share = (step - curve->steps[i - 1]) / (curve->steps[i] - curve->steps[i - 1]);
  return curve->values[i - 1] + share * (curve->values[i] - curve->values[i - 1]);
}

double curve_value_at(const Curve *curve, double step, double *found) {
  for (int i = index_behind(curve, step) - 1; i >= 0; i--)
    if (isfinite(curve->values[i])) {
      if (found)
        *found = curve->steps[i];
      return curve->values[i];
    }
  return NAN;
}

char *curves_value_text(const CurvesPlot *plot, double value) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double size = fabs(value);
  const char *form = plot->percent ? "%.1f"
                     : size >= 100 ? "%.0f"
                     : size >= 10  ? "%.1f"
                     : size >= 1   ? "%.2f"
                                   : "%.3f";
  g_ascii_formatd(text, sizeof text, form, plot->percent ? 100 * value : value);
  return plot->percent ? g_strdup_printf("%s %%", text) : g_strdup(text);
}

static void widen(double value, double *low, double *high) {
  if (!isfinite(value))
    return;
  *low = MIN(*low, value);
  *high = MAX(*high, value);
}

/* The ends that are given; the others lie where curves and levels all are seen, with room for a line of text
 * above and below them.  False when no curve has a value. */
static bool range_of(const CurvesPlot *plot, double height, double *low, double *high) {
  double least = INFINITY, most = -INFINITY;
  for (int c = 0; c < plot->n_curves; c++)
    for (int i = 0; i < plot->curves[c].n; i++)
      widen(plot->curves[c].values[i], &least, &most);
  bool any = most >= least;
  for (int i = 0; i < plot->n_levels; i++)
    widen(plot->levels[i].value, &least, &most);
  if (!(most >= least)) {
    least = 0;
    most = 1;
  }
  double middle = (least + most) / 2,
         half = MAX((most - least) / 2, plot->percent ? 0.02 : 1e-3 * fabs(middle) + 1e-9);
  double air = 2 * half * MAX(0.06, TEXT * 1.5 / MAX(height, TEXT * 4));
  *low = isnan(plot->low) ? middle - half - air : plot->low;
  *high = isnan(plot->high) ? middle + half + air : plot->high;
  if (plot->percent) {
    *low = isnan(plot->low) ? MAX(*low, 0) : *low;
    *high = isnan(plot->high) ? MIN(*high, 1) : *high;
  }
  if (!(*high > *low))
    *high = *low + 1;
  return any;
}

static CurveFrame frame_of(double width, double height, const CurvesPlot *plot) {
  CurveFrame frame = {.left = LEFT,
                      .top = TOP,
                      .width = width - LEFT - RIGHT - plot->room,
                      .height = height - TOP - (plot->no_steps ? BARE : BOTTOM),
                      .last_step = MAX(plot->last_step, 1)};
  range_of(plot, frame.height, &frame.low, &frame.high);
  return frame;
}

static bool too_small(double width, double height) {
  return width < 120 || height < 50;
}

static void draw_grid(cairo_t *cr, const CurveFrame *frame, const CurvesPlot *plot) {
  TextStyle style = {TEXT, plot->palette->dim, .right = true};
  Ticks rows = ticks_round(frame->low, frame->high, MAX(2, (int)(frame->height / 24)));
  cairo_set_line_width(cr, 1);
  for (int i = 0; i < rows.n; i++) {
    double value = rows.first + i * rows.step, y = floor(curve_y(frame, value)) + 0.5;
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(text, sizeof text, "%.*f", plot->percent ? 0 : rows.digits,
               plot->percent ? 100 * value : value);
    ink_set(cr, plot->palette->line);
    cairo_move_to(cr, frame->left, y);
    cairo_line_to(cr, frame->left + frame->width, y);
    cairo_stroke(cr);
    draw_text(cr, 0, y - TEXT * 0.68, LEFT - 6, text, &style);
  }
  Ticks columns = ticks_round(0, frame->last_step, MAX(2, (int)(frame->width / 64)));
  style = (TextStyle){TEXT, plot->palette->dim, .centre = true};
  for (int i = 0; i < columns.n; i++) {
    double step = columns.first + i * columns.step, x = curve_x(frame, step);
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(text, sizeof text, "%.*f", columns.digits, step);
    ink_set(cr, plot->palette->line);
    cairo_move_to(cr, floor(x) + 0.5, frame->top + frame->height);
    cairo_rel_line_to(cr, 0, 4);
    cairo_stroke(cr);
    if (plot->no_steps)
      continue;
    double left = CLAMP(x - 32, frame->left - 32, frame->left + frame->width + RIGHT - 64 + 20);
    draw_text(cr, left, frame->top + frame->height + 4, 64, text, &style);
  }
}

static void draw_points(cairo_t *cr, const CurveFrame *frame, const Curve *curve) {
  if (!curve->points || curve->n > frame->width / 12)
    return;
  ink_set_alpha(cr, curve->ink, curve->alpha);
  for (int i = 0; i < curve->n; i++)
    if (isfinite(curve->values[i])) {
      cairo_new_sub_path(cr);
      cairo_arc(cr, curve_x(frame, curve->steps[i]), curve_y(frame, curve->values[i]), 2.6, 0, 2 * G_PI);
      cairo_fill(cr);
    }
}

void curves_draw(cairo_t *cr, double width, double height, const CurvesPlot *plot) {
  if (too_small(width, height))
    return;
  CurveFrame frame = frame_of(width, height, plot);
  double low, high;
  bool any = range_of(plot, frame.height, &low, &high);
  TextStyle title = {TITLE, plot->palette->text, .bold = true};
  double taken = plot->title ? draw_text(cr, 0, 0, width, plot->title, &title) : 0;
  if (!any) {
    TextStyle style = {TEXT, plot->palette->dim, .centre = true};
    draw_text(cr, 0, frame.top + frame.height / 2 - TEXT, width, plot->empty ? plot->empty : "", &style);
    return;
  }
  draw_grid(cr, &frame, plot);
  curve_levels_draw(cr, &frame, plot);
  double scale_x = 1, scale_y = 1;
  cairo_user_to_device_distance(cr, &scale_x, &scale_y);
  cairo_save(cr);
  cairo_rectangle(cr, frame.left - 4, frame.top - 4, frame.width + 8, frame.height + 8);
  cairo_clip(cr);
  for (int c = 0; c < plot->n_curves; c++) {
    curve_stroke(cr, &frame, &plot->curves[c], 1 / MAX(fabs(scale_x), 0.1));
    draw_points(cr, &frame, &plot->curves[c]);
  }
  cairo_restore(cr);
  curve_level_names_draw(cr, &frame, plot);
  curve_labels_draw(cr, &frame, plot);
  curve_marks_draw(cr, &frame, plot);
  bool hovers = plot->hover >= 0 && plot->hover != plot->cursor;
  if (plot->cursor >= 0)
    curve_cursor_draw(cr, &frame, plot, plot->cursor, plot->palette->mark);
  if (hovers)
    curve_cursor_draw(cr, &frame, plot, plot->hover, plot->palette->dim);
  if (hovers || plot->cursor >= 0)
    curve_reading_draw(cr, width, plot, hovers ? plot->hover : plot->cursor, taken,
                       hovers ? plot->palette->dim : plot->palette->mark);
}

int curves_step_at(double width, double height, const CurvesPlot *plot, double x, double y) {
  CurveFrame frame = frame_of(width, height, plot);
  if (too_small(width, height) || x < frame.left - 6 || x > frame.left + frame.width + 6 || y < 0 ||
      y > height)
    return -1;
  return (int)lround(CLAMP((x - frame.left) / frame.width, 0, 1) * frame.last_step);
}
