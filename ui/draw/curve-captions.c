#include "ui/draw/curve-captions.h"

#include <glib.h>
#include <math.h>

#define EVERY   3.0  /* pixels between two looks at a curve */
#define CLEAR   2.0  /* pixels around a line */
#define INSET   4.0  /* from the frame's sides */
#define PLACES  3    /* along the line: right, left, middle */
#define CAPTION 1e6  /* what it costs to lie on another name */
#define LATER   0.25 /* and to stand at a place of lower rank */
#define AWAY    1.5  /* and each pixel away from its own line */

static bool covers(const CaptionBox *box, double y) {
  return y > box->y - CLEAR && y < box->y + box->height + CLEAR;
}

/* Pixels of curves in the box; faint ones count less. */
static double curves_hidden(const CurveFrame *frame, const CurvesPlot *plot, const CaptionBox *box) {
  double hidden = 0;
  for (int c = 0; c < plot->n_curves; c++)
    for (double x = box->x; x <= box->x + box->width; x += EVERY) {
      const Curve *curve = &plot->curves[c];
      double step = (x - frame->left) / frame->width * frame->last_step,
             value = curve_value_between(curve, step);
      if (isfinite(value) && covers(box, curve_y(frame, value)))
        hidden += EVERY * curve->alpha * curve->width;
    }
  return hidden;
}

static double levels_hidden(const CurveFrame *frame, const CurvesPlot *plot, const CaptionBox *box) {
  double hidden = 0;
  for (int i = 0; i < plot->n_levels; i++)
    if (isfinite(plot->levels[i].value) && covers(box, curve_y(frame, plot->levels[i].value)))
      hidden += box->width;
  return hidden;
}

static bool meet(const CaptionBox *a, const CaptionBox *b) {
  return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height &&
         b->y < a->y + a->height;
}

void caption_place(const CurveFrame *frame, const CurvesPlot *plot, double value, CaptionBox *boxes, int n) {
  CaptionBox *best = &boxes[n], box = *best;
  double least = INFINITY, line = curve_y(frame, value), free = MAX(frame->width - box.width - 2 * INSET, 0);
  double right = frame->left + INSET + free;
  const double lefts[PLACES] = {right, frame->left + INSET, frame->left + INSET + free / 2},
               lowest = MAX(frame->top, frame->top + frame->height - box.height),
               tops[] = {line - box.height - CLEAR, line + CLEAR, lowest, frame->top};
  const int n_tops = G_N_ELEMENTS(tops);
  for (int i = 0; i < PLACES * n_tops; i++) {
    box.x = lefts[i / n_tops];
    box.y = CLAMP(tops[i % n_tops], frame->top, lowest);
    double away = MAX(0, MAX(box.y - line, line - box.y - box.height) - CLEAR);
    double cost =
        i * LATER + away * AWAY + curves_hidden(frame, plot, &box) + levels_hidden(frame, plot, &box);
    for (int k = 0; k < n; k++)
      cost += meet(&box, &boxes[k]) ? CAPTION : 0;
    if (cost < least) {
      least = cost;
      *best = box;
    }
  }
}
