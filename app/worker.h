/* The thread that trains one run, for the window.
 *
 * It takes commands at any time and answers them within 100 ms; what it finds out comes as News in the main
 * thread, at most 30 times a second and never faster than the main loop takes it. */
#pragma once

#include "app/news.h"
#include "app/session.h"

typedef struct _Worker Worker;

/* In the main thread.  (news: borrowed during the call) */
typedef void (*WorkerHeard)(void *data, const News *news);

typedef struct {
  Session *session; /* kept */
  const char *store_path;
  const char *resume;   /* UUID of a stored run that goes on; NULL: a new one */
  const Moment *before; /* of the run that goes on: its switches and own map so far; NULL: a new one */
  bool one_step;        /* pauses after the first optimiser step */
  int sample;           /* of the test part, shown in the snapshots */
  WorkerHeard heard;
  void *data;
} WorkerOptions;

/* Starts the thread.  Opening the run, too, happens there: its failure comes as news.  (transfer full) */
Worker *worker_new(const WorkerOptions *options, GError **error);
void worker_go_on(Worker *worker);
/* What is under way is dropped and done again later; the run stays in memory. */
void worker_pause(Worker *worker);
/* One optimiser step with what belongs to it, then paused. */
void worker_step(Worker *worker);
/* Ends the run, which is kept.  The last news say PHASE_ENDED. */
void worker_stop(Worker *worker);
void worker_choose_sample(Worker *worker, int sample);
/* Any thread: stops, and waits for the end. */
void worker_join(Worker *worker);
/* The main thread: stops, waits for the end, and frees.  No news come any more. */
void worker_free(Worker *worker);
