#include "ui/draw/curve-line.h"

#include <glib.h>
#include <math.h>

double curve_x(const CurveFrame *frame, double step) {
  return frame->left + frame->width * step / frame->last_step;
}

double curve_y(const CurveFrame *frame, double value) {
  return frame->top + frame->height * (1 - (value - frame->low) / (frame->high - frame->low));
}

/* The values of one pixel column. */
typedef struct {
  double x, first, least, greatest, last;
  int n; /* 0: none yet */
} Column;

static void column_add(Column *column, double x, double y) {
  if (!column->n++)
    *column = (Column){x, y, y, y, y, 1};
  column->least = MIN(column->least, y);
  column->greatest = MAX(column->greatest, y);
  column->last = y;
}

static void column_flush(cairo_t *cr, Column *column, bool *drawing) {
  if (!column->n)
    return;
  if (*drawing)
    cairo_line_to(cr, column->x, column->first);
  else
    cairo_move_to(cr, column->x, column->first);
  *drawing = true;
  if (column->n > 2) {
    cairo_line_to(cr, column->x, column->least);
    cairo_line_to(cr, column->x, column->greatest);
  }
  if (column->n > 1)
    cairo_line_to(cr, column->x, column->last);
  else
    cairo_line_to(cr, column->x, column->first); /* a value that stands alone is a dot with round caps */
  column->n = 0;
}

void curve_stroke(cairo_t *cr, const CurveFrame *frame, const Curve *curve, double pixel) {
  Column column = {0};
  double number = 0;
  bool drawing = false;
  cairo_new_path(cr);
  for (int i = 0; i < curve->n; i++) {
    if (!isfinite(curve->values[i])) {
      column_flush(cr, &column, &drawing);
      drawing = false;
      continue;
    }
    double x = curve_x(frame, curve->steps[i]), here = floor(x / pixel);
    if (column.n && here != number)
      column_flush(cr, &column, &drawing);
    number = here;
    column_add(&column, x, curve_y(frame, curve->values[i]));
  }
  column_flush(cr, &column, &drawing);
  static const double dashes[] = {6, 4};
  cairo_set_dash(cr, dashes, curve->dashed ? 2 : 0, 0);
  cairo_set_line_width(cr, curve->width);
  cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  ink_set_alpha(cr, curve->ink, curve->alpha);
  cairo_stroke(cr);
  cairo_set_dash(cr, NULL, 0, 0);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
}

void places_apart(double *places, int n, double apart, double low, double high) {
  for (int i = 0; i < n; i++)
    places[i] = MAX(places[i], i ? places[i - 1] + apart : low);
  for (int i = n - 1; i >= 0; i--)
    places[i] = MIN(places[i], i < n - 1 ? places[i + 1] - apart : high);
}
