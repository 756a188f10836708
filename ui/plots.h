/* The three plots below the pictures: confidence, label map, curves.  Owned by the panes; no widget of its
 * own. */
#pragma once

#include "ui/curve-data.h"
#include "ui/draw/confidence.h"
#include "ui/draw/label-map.h"
#include "ui/plot-view.h"
#include "ui/snapshot.h"

typedef struct {
  HfPlotView *confidence, *label_map, *curves; /* borrowed: the panes are their parent */
  HfSnapshot *snapshot;                        /* what is drawn; NULL: nothing yet */
  CurveData data;
  int cursor, hover;  /* steps; -1: none */
  int source, target; /* the cell below the pointer; -1: none */
  int counted;        /* samples of the label map that `counting` tells */
  char *counting;     /* how far the counting is, in words; owned */
} Plots;

/* `plots` stays where it is. */
void plots_init(Plots *plots);
void plots_clear(Plots *plots);
void plots_set_snapshot(Plots *plots, HfSnapshot *snapshot);
void plots_set_cursor(Plots *plots, int step);
void plots_curves_changed(Plots *plots);
/* Puts all of them into words for screen readers. */
void plots_describe(Plots *plots);
/* The plots as they are drawn now, for files: their structs are filled for this palette and stay valid until
 * anything changes.  `curves` has room for 2 and `levels` for 2. */
ConfidencePlot plots_confidence(const Plots *plots, const Palette *palette);
LabelMapPlot plots_label_map(const Plots *plots, const Palette *palette);
CurvesPlot plots_accuracy(const Plots *plots, const Palette *palette, Curve curves[2], CurveLevel levels[2]);
CurvesPlot plots_loss(const Plots *plots, const Palette *palette, Curve curves[2], CurveLevel levels[2]);
CurvesPlot plots_gradient(const Plots *plots, const Palette *palette, Curve curves[1]);
/* Accuracy above loss, over the same steps; below them the norm of the gradient to the pattern, where it is
 * known and there is room. */
void plots_draw_curves(cairo_t *cr, double width, double height, const Palette *palette, gpointer plots);
/* The step below a point of that drawing; -1: none. */
int plots_step_at(const Plots *plots, double x, double y, double width, double height);
