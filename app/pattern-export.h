/* The picture of a run's pattern, as `run --png`, `runs export --png` and bundles have it.  Title and caption
 * are made from spec and result; accuracies that are not known are left out. */
#pragma once

#include "engine/run.h"

/* Whether the spec's pattern is a picture: all its manipulations work at the input. */
bool pattern_is_picture(const RunSpec *spec);
/* 1 where the pattern may be: around the picture for a concatenative method; NULL: everywhere.  (transfer
 * full) */
Tensor *pattern_export_mask(const RunSpec *spec, const Tensor *pattern);
/* (transfer full) */
GBytes *pattern_export_png(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           GError **error);
/* date: "2026-05-01T14:03:00", NULL: now; goes into the file.  (transfer full) */
GBytes *pattern_export_pdf(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           const char *date, GError **error);
/* "Test accuracy 73.4 %, without a prompt 35.6 %"; NULL where nothing is known.  (transfer full) */
char *pattern_export_caption(const RunResult *result);
