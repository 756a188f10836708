/* Where the name of a level stands in the frame, so that it hides as little as may be. */
#pragma once

#include "ui/draw/curve-line.h"

typedef struct {
  double x, y, width, height;
} CaptionBox;

/* Places boxes[n], whose width and height are set, above or below the line of `value` or at the frame's edge,
 * left, in the middle or right: where it covers no caption before it (boxes[0 .. n-1]), no curve and no other
 * level's line, or the least of them. */
void caption_place(const CurveFrame *frame, const CurvesPlot *plot, double value, CaptionBox *boxes, int n);
