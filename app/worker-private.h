/* The inside of a worker: worker.c is the main thread's side, worker-thread.c the thread's own. */
#pragma once

#include "app/mailbox.h"
#include "app/recorded-run.h"
#include "app/viewer.h"
#include "app/worker.h"

#include <pthread.h>

typedef enum { WANT_RUN, WANT_PAUSE, WANT_STEP, WANT_STOP } Want;

struct _Worker {
  pthread_t thread;
  bool joined; /* it has ended, or never began */
  Mailbox *mailbox;
  WorkerHeard heard;
  void *heard_data;
  Session *session;
  char *store_path, *resume;
  StopFlag interrupt; /* set with every command that should be answered at once */
  atomic_int sample;
  pthread_mutex_t lock;
  pthread_cond_t commanded;
  Want want;    /* guarded by lock */
  int commands; /* likewise: how many there have been */
  /* The thread's own. */
  RecordedRun *recorded;
  Viewer *viewer;
  News *news; /* what has gathered since the last post */
  Moment moment;
  int64_t posted; /* microseconds, monotonic: the last time */
  bool own_told;
  RunWork work; /* that was told last */
};

/* The thread; data is the worker. */
void *worker_work(void *data);
