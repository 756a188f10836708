/* Draws omega, the label map: a row a source class, a column a target class, the assignment outlined.  An
 * identity of many classes is put into words instead.  Cairo and Pango only. */
#pragma once

#include "ui/draw/class-tiles.h"
#include "ui/draw/palette.h"

typedef struct {
  const Palette *palette;
  const float *omega; /* n_source * n_target, row-major; signed where it is linear */
  int n_source, n_target;
  char *const *source_names, *const *target_names;
  int selected;                      /* target class whose column is marked; -1: none */
  bool source_tokens, target_tokens; /* names of a tokeniser: sentences have them in quotation marks */
  ClassTiles tiles;                  /* pictures of the source classes */
  const float *counts; /* n_source * n_target: how often f gave each answer to each class, which cells are
                          then shaded by; NULL: by omega */
  const char *waits;   /* shown while omega is all zeros */
} LabelMapPlot;

/* The share of a target class's samples that f answered with a source class; 0 where nothing was counted. */
double label_map_share(const LabelMapPlot *plot, int source, int target);
/* How many source classes have weight somewhere. */
int label_map_read(const LabelMapPlot *plot);
/* Source classes that have weight somewhere, a share worth seeing, or are assigned, at most `most` of them,
 * those with the largest weight and all assigned ones first, that of the selected class before all, in the
 * order of the classes. rows[n_source]; returns how many. */
int label_map_rows(const LabelMapPlot *plot, int most, int *rows);
/* Each class of f is a class of the task, and there are too many for a picture that says more than that. */
bool label_map_as_is(const LabelMapPlot *plot);
/* The source class with the largest weight of a target class, the lowest index on ties. */
int label_map_assigned(const LabelMapPlot *plot, int target);
/* Fills width x height.  Returns how many rows are shown, 0 where it is words.  Names that have no room are
 * left out. */
int label_map_draw(cairo_t *cr, double width, double height, const LabelMapPlot *plot);
/* The cell below a point of that drawing: false when there is none. */
bool label_map_at(double width, double height, const LabelMapPlot *plot, double x, double y, int *source,
                  int *target);
/* "weight of P for t-shirt: 0.7", and a second line on the share that was counted  (transfer full) */
char *label_map_weight_words(const LabelMapPlot *plot, int source, int target);
/* "t-shirt from P, trouser from H, ..., and 472 more"  (transfer full) */
char *label_map_words(const LabelMapPlot *plot);
