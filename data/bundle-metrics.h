/* metrics.csv of a bundle: metrics and evaluations side by side, a row a step. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* steps: RunStep, evaluations: RunEvaluation, each ascending.  (transfer full) */
char *bundle_metrics_text(GArray *steps, GArray *evaluations);
/* Appends to empty arrays.  `where` names the file in errors. */
bool bundle_metrics_parse(const char *text, const char *where, GArray *steps, GArray *evaluations,
                          GError **error);
