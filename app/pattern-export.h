/* The picture of a run's pattern, as `run --png` and `runs export --png` write it. */
#pragma once

#include "engine/run.h"

/* Title and caption are made from spec and result; NaN accuracies are left out.  (transfer full) */
GBytes *pattern_export_png(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           GError **error);
