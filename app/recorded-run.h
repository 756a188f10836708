/* A run that is kept: trains a session step by step and stores what happens as it happens.
 *
 * `hoarfrost run`, `hoarfrost resume` and the window's worker thread all train through this.  It belongs to
 * one thread. */
#pragma once

#include "app/session.h"
#include "data/run-writer.h"

typedef struct _RecordedRun RecordedRun;

typedef struct {
  const Session *session; /* borrowed for the life of the run */
  const RunStore *store;  /* likewise */
  const char *resume;     /* UUID of a stored run that goes on; NULL: a new one */
  RunObserver observer;   /* hears everything too */
  RunWriterTold
      told; /* the disk gives trouble: one sentence, once, in the writing thread; NULL: nobody is told */
  const StopFlag *stop;
  int nice;
} RecordedOptions;

/* Judges the choice, builds the program and opens the run in the store.  (transfer full) */
RecordedRun *recorded_run_new(const RecordedOptions *options, GError **error);
const char *recorded_run_id(const RecordedRun *self);
Run *recorded_run_run(const RecordedRun *self);
/* The next piece of work; see run_step(). */
RunProgress recorded_run_step(RecordedRun *self, GError **error);
/* Ends it: `progress` and `why` (NULL unless it failed) are what the last step said.  Stores state and result
 * and waits for the disk.  The result is borrowed until the run is freed.  NULL and an error when rows were
 * lost. */
const RunResult *recorded_run_finish(RecordedRun *self, RunProgress progress, const GError *why,
                                     GError **error);
/* Without finish: as stopped. */
void recorded_run_free(RecordedRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RecordedRun, recorded_run_free)
