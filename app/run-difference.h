/* What differs between stored runs: their settings key by key, and their results row by row.  The command
 * `runs compare` and the window's page read the same tables. */
#pragma once

#include "data/run-store.h"

/* One key of the runs' specs. */
typedef struct {
  char *group, *key;
  GPtrArray *values; /* char *, a run each; NULL where a spec does not have the key */
  bool differs;
  bool counts; /* differs and is a choice of its own: not a name (run.preset), not without effect on the
                  result (run.threads), not what follows from another method */
} SpecSetting;

/* All keys of any of `n` key files, group by group, in the order of the files.  (transfer full) (element-type
 * SpecSetting) */
GPtrArray *spec_settings(const char *const *texts, guint n, GError **error);
/* How many of them count. */
int spec_settings_count(const GPtrArray *settings);

typedef enum { RESULT_SHARE, RESULT_COUNT, RESULT_SECONDS, RESULT_NUMBER } ResultForm;

typedef struct {
  const char *name;  /* on the command line */
  const char *title; /* in the window, untranslated */
  ResultForm form;
  bool effort;                         /* what it took, not what came out */
  double (*number)(const RunRow *row); /* NaN: not known */
} ResultRow;

extern const ResultRow run_result_rows[]; /* ends with a NULL name */

/* "73.4 %", "9 216", "12.3 s"; "" where the number is not known.  (transfer full) */
char *result_text(ResultForm form, double number);
/* "+3.1 points", "−120", "±0"; "" where one of them is not known.  (transfer full) */
char *result_difference_text(ResultForm form, double a, double b);
