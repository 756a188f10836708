/* Any drawing as a file: PNG, SVG or PDF from the function that also draws it on the screen, with a title
 * above, a caption below, and caption and spec in the file's metadata. */
#pragma once

#include "ui/draw/palette.h"

#include <glib.h>

typedef enum { EXPORT_PNG, EXPORT_SVG, EXPORT_PDF, N_EXPORT_FORMS } ExportForm;

typedef void (*DrawFunction)(cairo_t *cr, double width, double height, const void *plot);

typedef struct {
  DrawFunction draw; /* one of draw_confidence, draw_label_map, draw_curves, draw_pattern, or another */
  const void *plot;  /* what it is called with */
  const Palette *palette;
  double width, height;        /* of the drawing without title and caption, user units (1/72 inch in PDF) */
  double scale;                /* pixels a user unit in PNG; 0: 2 */
  const char *title, *caption; /* one line each; NULL: none */
  const char *spec;            /* the run's key file; NULL: none */
  const char *date; /* "2026-05-01T14:03:00"; NULL: none.  The same drawing and date give the same bytes (not
                       so SVG) */
} Drawing;

const char *export_form_suffix(ExportForm form); /* ".png" */
/* N_EXPORT_FORMS when a file name has none of the suffixes. */
ExportForm export_form_of(const char *file_name);
/* The file.  (transfer full) */
GBytes *drawing_export(const Drawing *drawing, ExportForm form, GError **error);

/* The draw functions in the form that an export wants. */
void draw_confidence(cairo_t *cr, double width, double height, const void *plot); /* ConfidencePlot */
void draw_label_map(cairo_t *cr, double width, double height, const void *plot);  /* LabelMapPlot */
void draw_curves(cairo_t *cr, double width, double height, const void *plot);     /* CurvesPlot */
void draw_pattern(cairo_t *cr, double width, double height, const void *plot);    /* PatternPicture */
