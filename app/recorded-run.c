#include "app/recorded-run.h"

#include "data/npy.h"
#include "engine/error.h"

struct _RecordedRun {
  RunWriter *writer;
  Run *run;
  RunObserver kept, heard; /* the writer's and the owner's */
  RunResult result;
  char *pattern_sha256;
};

/* What the engine tells, told to the store and then to the owner. */
#define TELL(event, ...)                                                                                     \
  do {                                                                                                       \
    const RecordedRun *self = data;                                                                          \
    if (self->kept.event)                                                                                    \
      self->kept.event(self->kept.data, __VA_ARGS__);                                                        \
    if (self->heard.event)                                                                                   \
      self->heard.event(self->heard.data, __VA_ARGS__);                                                      \
  } while (0)

static void tell_initial(void *data, const Tensor *pattern, const Tensor *z) {
  TELL(initial, pattern, z);
}

static void tell_step(void *data, const RunStep *step) {
  TELL(step, step);
}

static void tell_evaluation(void *data, const RunEvaluation *evaluation) {
  TELL(evaluation, evaluation);
}

static void tell_pattern(void *data, int step, const Tensor *pattern) {
  TELL(pattern, step, pattern);
}

static void tell_map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  TELL(map, step, omega, bias, switches);
}

static void tell_baseline(void *data, PromptMode mode, double test_accuracy, double test_loss,
                          const Tensor *omega, const Tensor *bias) {
  TELL(baseline, mode, test_accuracy, test_loss, omega, bias);
}

static void tell_checkpoint(void *data, const RunState *state) {
  TELL(checkpoint, state);
}

static void tell_warning(void *data, const char *sentence) {
  TELL(warning, sentence);
}

static void tell_counted(void *data, int samples, int all) {
  TELL(counted, samples, all);
}

static bool open_writer(RecordedRun *self, const RecordedOptions *options, RunState **state, GError **error) {
  if (options->resume) {
    self->writer = run_writer_resume(options->store, options->resume, state, options->told,
                                     options->observer.data, error);
    return self->writer != NULL;
  }
  g_autoptr(RunRow) row = session_row(options->session, run_total_steps(self->run));
  self->writer = run_writer_new(options->store, row, options->told, options->observer.data, error);
  return self->writer != NULL;
}

RecordedRun *recorded_run_new(const RecordedOptions *options, GError **error) {
  g_autoptr(RecordedRun) self = g_new0(RecordedRun, 1);
  g_autoptr(RunState) state = NULL;
  RunObserver observer = {self,     tell_initial,  tell_step,       tell_evaluation, tell_pattern,
                          tell_map, tell_baseline, tell_checkpoint, tell_warning,    tell_counted};
  self->heard = options->observer;
  if (!session_check(options->session, error))
    return NULL;
  /* A run that goes on starts from the store's state; a new one gets its row when it is known to be possible.
   */
  if (options->resume && !open_writer(self, options, &state, error))
    return NULL;
  self->run = session_run(options->session, state, observer, options->stop, options->nice, error);
  if (!self->run && self->writer)
    run_writer_give_back(self->writer);
  if (!self->run || (!options->resume && !open_writer(self, options, NULL, error)))
    return NULL;
  self->kept = run_writer_observer(self->writer);
  return g_steal_pointer(&self);
}

const char *recorded_run_id(const RecordedRun *self) {
  return run_writer_id(self->writer);
}

Run *recorded_run_run(const RecordedRun *self) {
  return self->run;
}

RunProgress recorded_run_step(RecordedRun *self, GError **error) {
  return run_step(self->run, error);
}

/* The pattern as it is now is stored, also where the run has stopped between two steps whose patterns are
 * kept; its digest is that of the file that an export will write. */
static void keep_pattern(RecordedRun *self) {
  g_autoptr(Tensor) pattern = program_pattern(run_program(self->run), NULL);
  g_autoptr(GBytes) bytes = pattern ? npy_to_bytes(pattern) : NULL;
  if (pattern)
    run_writer_pattern(self->writer, run_state(self->run)->step, pattern);
  g_free(self->pattern_sha256);
  self->pattern_sha256 = bytes ? g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, bytes) : NULL;
}

const RunResult *recorded_run_finish(RecordedRun *self, RunProgress progress, const GError *why,
                                     GError **error) {
  keep_pattern(self);
  self->result = *run_result(self->run);
  self->result.pattern_sha256 = self->pattern_sha256;
  if (progress == RUN_STOPPED || progress == RUN_DONE)
    run_writer_checkpoint(self->writer, run_state(self->run));
  run_writer_result(self->writer, &self->result);
  run_writer_status(self->writer,
                    progress == RUN_DONE     ? STATUS_FINISHED
                    : progress == RUN_FAILED ? STATUS_FAILED
                                             : STATUS_STOPPED,
                    why ? why->message : NULL);
  return run_writer_finish(self->writer, error) ? &self->result : NULL;
}

void recorded_run_free(RecordedRun *self) {
  if (!self)
    return;
  run_writer_free(self->writer);
  run_free(self->run);
  g_free(self->pattern_sha256);
  g_free(self);
}
