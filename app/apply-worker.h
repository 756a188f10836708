/* The thread that applies prompts for the window: takes orders one after the other, sends answers to the main
 * loop as they come.
 *
 * All functions are the main thread's; so are the news, which come from its loop.  News of orders that were
 * dropped never come. */
#pragma once

#include "app/apply.h"

typedef struct _ApplyWorker ApplyWorker;

/* What is to be answered: a path of a file or a folder, or a file in memory. */
typedef struct {
  char *name;
  GBytes *file; /* NULL: `name` is a path */
} ApplyInput;
ApplyInput *apply_input_new(const char *name, GBytes *file);
void apply_input_free(ApplyInput *input);

typedef struct {
  int found;          /* pictures that an order turned out to be more than its inputs: add to the total */
  GPtrArray *answers; /* HfAnswer; NULL: none this time */
  const char *warning, *error; /* a sentence; NULL: none */
  bool ended;                  /* the order is done, or failed */
} ApplyNews;

typedef void (*ApplyTold)(const ApplyNews *news, gpointer data);

/* `told` is called with `data` until the worker is freed.  (transfer full) */
ApplyWorker *apply_worker_new(const char *store_path, ApplyTold told, gpointer data);
/* Stops what is under way, within 100 ms but for a picture that is being decoded, and joins. */
void apply_worker_free(ApplyWorker *worker);
/* Orders answers to inputs (element-type ApplyInput) by a run.  Takes over the array. */
void apply_worker_order(ApplyWorker *worker, const char *run_id, GPtrArray *inputs);
/* Drops all orders and stops the one under way. */
void apply_worker_drop(ApplyWorker *worker);
