/* What a stored run can become as a file: one table for `hoarfrost runs export` and for the window. */
#pragma once

#include "data/run-store.h"

/* What an export works on.  The pattern is read once, for the forms that want it.  One thread. */
typedef struct {
  RunStore *store; /* borrowed, as is the row */
  const RunRow *row;
  int step;          /* of the pattern: the last stored one at or before it; G_MAXINT: the last of all */
  int most_patterns; /* in a bundle; 0: all that are stored */
  RunSpec *spec;
  Tensor *pattern; /* NULL until it is needed */
  int found;       /* the step of `pattern` */
} RunSource;

typedef struct {
  const char *name;  /* of the option, without dashes */
  const char *file;  /* "FILE.ini": says the suffix, too */
  const char *title; /* for people, to be translated */
  const char *help;
  bool (*write)(RunSource *source, const char *path, GError **error);
} RunForm;

enum { N_RUN_FORMS = 6 };
/* In the order in which they are written. */
extern const RunForm run_forms[N_RUN_FORMS];

/* ".ini" */
const char *run_form_suffix(const RunForm *form);
/* The form that a file name's suffix means; NULL: none. */
const RunForm *run_form_of(const char *file_name);

/* False where the row's spec cannot be read.  Clear it in any case. */
bool run_source_init(RunSource *source, RunStore *store, const RunRow *row, int step, GError **error);
void run_source_clear(RunSource *source);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RunSource, run_source_clear)
