/* What `hoarfrost run` says while it trains: JSON events, or a progress bar and lines for people.
 *
 * When nobody reads any more (a closed pipe), the report asks the run to stop. */
#pragma once

#include "app/recorded-run.h"

typedef struct _Report Report;

typedef struct {
  void (*start)(Report *self, const RecordedRun *run);
  RunObserver observer; /* data is left open */
  void (*result)(Report *self, const RunResult *result, RunProgress how);
} ReportKind;

extern const ReportKind report_json, report_text;

struct _Report {
  const ReportKind *kind;
  const Session *session;
  const char *store_path;
  StopFlag *stop;
  int total_steps;
  int64_t begun; /* microseconds, monotonic: when the command began */
  char *id;
  int columns;       /* text: of the terminal that shows the bar, 0: no bar */
  int64_t bar_drawn; /* text: when; 0: no bar nor note is on the screen */
  int first_step;    /* text: -1: no step yet */
  int64_t first_step_at;
  double validation_accuracy; /* text: the last one, NaN: none yet */
  int *top;                   /* text: each target class's largest source class now; NULL: no map yet */
};

Report *report_new(const ReportKind *kind, const Session *session, const char *store_path, StopFlag *stop);
void report_free(Report *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)
RunObserver report_observer(Report *self);
/* Sends on what was said; asks for a stop when nobody reads. */
void report_flush(Report *self);
