/* The writing side of the run store: one thread with its own connection.
 *
 * The run's thread posts; posting copies, does not wait for the disk and never fails.  (Only an array of more
 * than 8 MiB waits, until those before it are in the file.)  The writing thread puts
 * what has come into one transaction at most every 250 ms, so SIGKILL loses no row older than a second.  Rows
 * are written in the order of posting, a checkpoint in one transaction with all that came before it.
 *
 * Going on from a checkpoint computes steps again that are already stored: equal rows are fine (the old times
 * stay), different numbers are an error and the old row stays.
 *
 * When the disk is full or the file held, rows wait in memory (at most 64 MiB, then new ones are left out)
 * and are tried again every second.  The run never notices; the callback is told once. */
#pragma once

#include "data/run-store.h"

typedef struct _RunWriter RunWriter;

/* Called in the writing thread with one sentence, once for the life of the writer. */
typedef void (*RunWriterTold)(void *data, const char *sentence);

/* Stores a new run as running, by this process, and starts its writing thread.  Of the row, these are read:
 * everything up to seed, total_steps, tags, note, and the versions.  id NULL: a new UUID; name NULL: made of
 * method and data set. (transfer full) */
RunWriter *run_writer_new(const RunStore *store, const RunRow *row, RunWriterTold told, void *data,
                          GError **error);
/* Takes up a run that was stopped, interrupted or failed.  Refused when it has finished, is deleted, or a
 * living process trains it.  *state is its last checkpoint, NULL: from the start.  (transfer full) */
RunWriter *run_writer_resume(const RunStore *store, const char *id, RunState **state, RunWriterTold told,
                             void *data, GError **error);
/* After run_writer_resume(), where the run cannot go on: its state and its error stay what they were. Nothing
 * is posted afterwards. */
void run_writer_give_back(RunWriter *writer);
/* Borrowed, for the writer's life. */
const char *run_writer_id(const RunWriter *writer);

/* Posts of a run's thread; see RunObserver in engine/run.h. */
void run_writer_step(RunWriter *writer, const RunStep *step);
void run_writer_evaluation(RunWriter *writer, const RunEvaluation *evaluation);
void run_writer_pattern(RunWriter *writer, int step, const Tensor *pattern);
void run_writer_map(RunWriter *writer, int step, const Tensor *omega, const Tensor *bias, int switches);
void run_writer_baseline(RunWriter *writer, PromptMode mode, double test_accuracy, double test_loss,
                         const Tensor *omega, const Tensor *bias);
void run_writer_checkpoint(RunWriter *writer, const RunState *state);
void run_writer_warning(RunWriter *writer, const char *sentence);
/* The posts above as an observer whose data is the writer; `initial` is not stored. */
RunObserver run_writer_observer(RunWriter *writer);
void run_writer_result(RunWriter *writer, const RunResult *result);
/* FINISHED, STOPPED, or FAILED with the sentence (else NULL). */
void run_writer_status(RunWriter *writer, RunStatus status, const char *error_text);

/* Waits until everything posted is in the file, and ends the thread.  A run without a status is stopped.
 * False with the first error when rows were lost or differed; what was only late is no error.  On a second
 * call the same answer. */
bool run_writer_finish(RunWriter *writer, GError **error);
/* Finishes, if that was not done. */
void run_writer_free(RunWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunWriter, run_writer_free)
