/* What RunWriter is made of. */
#pragma once

#include "data/run-writer.h"
#include "data/store/message.h"

#include <stdatomic.h>

struct _RunWriter {
  Database *db;
  char *id;
  MessageTarget target;
  GAsyncQueue *queue; /* Message * */
  GThread *thread;    /* NULL when finished */
  RunWriterTold told;
  void *told_data;
  /* Of the run's thread. */
  bool has_status;
  RunStatus status_before; /* of a run that was taken up */
  char *error_before;
  /* Of both. */
  atomic_size_t waiting;  /* bytes posted and not yet in the file */
  atomic_int lost_from;   /* the first step that found no room; -1: none */
  atomic_bool in_trouble; /* the last writing failed */
  /* Of the writing thread; of the run's thread when that has ended. */
  GPtrArray *batch; /* Message *, taken from the queue and not yet in the file */
  GError *late;     /* why the batch waits; NULL: it does not */
  GError *error;    /* the first that cannot be mended */
  bool has_told;
};

/* Makes the thread for a run that is in the file.  Takes over db. (transfer full) */
RunWriter *run_writer_start(Database *db, const char *id, const MessageTarget *target, RunWriterTold told,
                            void *data);
/* The body of the writing thread. */
void *run_writer_work(void *writer);
