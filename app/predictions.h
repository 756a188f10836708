/* Answers as a table: a CSV file (RFC 4180 quoting, UTF-8, a line of names first) and JSON lines.
 *
 * Columns: file, prediction, confidence, second, second_confidence, plain_prediction, plain_confidence
 * (without the prompt, empty where that map is not known), error (empty: none), and p(CLASS) for each target
 * class. */
#pragma once

#include "app/json-line.h"
#include "ui/answer.h"

/* names NULL: none is answered.  (transfer full) */
GString *predictions_csv(HfAnswer *const *answers, guint n, const HfNames *names);
/* One object a line on standard output, with the same names; the probabilities are an object. */
void predictions_print_json(const HfAnswer *answer);
