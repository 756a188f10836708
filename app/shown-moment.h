/* What the window shows at one moment, as drawings: a copy that any one thread can draw from.
 *
 * Drawings are "sample", "pattern", "received", "difference", "pictures" (all four), "confidence",
 * "label-map" and "curves".  They are drawn on a light ground, with a title, a caption and the spec in the
 * file. */
#pragma once

#include "app/controller.h"
#include "ui/draw/export.h"
#include "ui/draw/pattern-pixels.h"

typedef struct _ShownMoment ShownMoment;

/* How patterns are made visible in the window. */
typedef struct {
  PatternMap map;
  double factor; /* 0: what suits the picture */
  int part;      /* of a pattern inside f */
} ShownLook;

/* In the main thread; NULL where nothing is shown.  (transfer full) */
ShownMoment *shown_moment_new(HfController *controller, const ShownLook *look);
void shown_moment_free(ShownMoment *moment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ShownMoment, shown_moment_free)
/* NULL: no run, only the choice before training. */
const char *shown_moment_run(const ShownMoment *moment);

/* A drawing as a file.  Reads the run's row from the store.  (transfer full) */
GBytes *shown_moment_draw(ShownMoment *moment, const char *drawing, ExportForm form, GError **error);
/* The run's key file, or the choice's.  (transfer full) */
char *shown_moment_spec(ShownMoment *moment, GError **error);
/* The pattern's numbers in the model's own order of channels.  (transfer full) */
Tensor *shown_moment_pattern(ShownMoment *moment, GError **error);
