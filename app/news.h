/* What a worker tells the main thread: everything since the last time, in one piece. */
#pragma once

#include "app/moment.h"
#include "engine/run.h"
#include "ui/snapshot.h"

typedef enum { PHASE_SAME, PHASE_RUNNING, PHASE_PAUSED, PHASE_ENDED } WorkerPhase;

typedef struct {
  WorkerPhase phase;                               /* PHASE_SAME: as before */
  char *run_id;                                    /* NULL: not yet in the store, or told before */
  int total_steps;                                 /* with run_id */
  GArray *steps;                                   /* RunStep, every one */
  GArray *evaluations;                             /* RunEvaluation, every one */
  GArray *stored_steps;                            /* int: steps whose pattern goes to the store */
  double no_prompt, no_prompt_full_size;           /* NaN: not measured since the last time */
  double no_prompt_loss, no_prompt_full_size_loss; /* come with them */
  int counted, to_count; /* samples of a map that is counted; to_count 0: no news of it */
  GPtrArray *sentences;  /* char *: warnings, trouble with the disk */
  bool works;            /* `work` is news */
  RunWork work;          /* what is under way */
  char *failure;         /* with PHASE_ENDED: why it failed; NULL: it did not */
  HfSnapshot *snapshot;  /* NULL: nothing new to see */
  Moment moment;         /* of the snapshot */
} News;

News *news_new(WorkerPhase phase);
void news_free(News *news);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(News, news_free)
/* The older one with what the newer one brings.  (both: transfer full) (transfer full) */
News *news_merge(News *older, News *newer);
