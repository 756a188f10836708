/* The inside of a run.  run.c decides what comes next; run-parts.c, run-measure.c and run-baseline.c do it.
 */
#pragma once

#include "engine/run.h"

/* Samples of one part that this run uses. */
typedef struct {
  const SamplePart *part;
  int *indices; /* into part, in the order of use */
  int *labels;
  int n;
} RunPart;

/* "No prompt" and "no prompt, full size": an alignment of the run's own method on f's answers without a
 * pattern. */
typedef struct {
  PromptMode mode;
  bool done;
  Program *program;     /* NULL before its first piece of work and after its last */
  Alignment *alignment; /* NULL before its first piece of work */
  float *answers;       /* trained alignments: f's answers to the training part (n_train, n_source) */
  int fitted;           /* training samples answered so far */
  bool solved;
  int tested;
  double correct, loss; /* sums over the samples tested */
} Baseline;

#define N_BASELINES 2

struct _Run {
  RunSpec *spec;
  const FrozenModel *model;
  const SampleSet *set;
  RunObserver observer;
  const StopFlag *stop;
  Pool *pool;
  GPtrArray *manipulations;
  Alignment *alignment;
  int *rule;
  Program *program;
  RunPart train, validation, test;
  int steps_per_epoch, total_steps, epochs;
  uint32_t *order; /* the permutation of epoch order_epoch */
  int order_epoch;
  float **gradients; /* one for each parameter */
  RunState *state;
  RunResult result;
  Baseline baselines[N_BASELINES];
  bool begun;
  int64_t last_checkpoint; /* microseconds, monotonic */
};

/* A program of the run in that mode.  (transfer full) */
Program *run_new_program(const Run *run, PromptMode mode, Alignment *alignment, bool trains, GError **error);

/* Shares a part's samples out: fills train, validation and test of the run. */
bool run_split(Run *run, GError **error);
void run_part_clear(RunPart *part);

/* What a program's samples come from. */
typedef struct {
  const SamplePart *part;
  int channels, height, width;
  int tokens; /* texts: ids a sample; 0: pictures */
} SampleContext;
SampleContext run_samples(const Program *program, const RunPart *part);
void run_load_sample(void *context, int index, void *numbers);

/* A new alignment of the spec's method; the same draws for the run and its baselines.  (transfer full) */
Alignment *run_new_alignment(const Run *run, GError **error);

/* Fits the run's alignment on the whole training part with the pattern as it is.  False when stopped. */
bool run_fit(Run *run);
/* False when stopped. */
bool run_evaluate(Run *run);
void run_show_map(Run *run);
/* Copies the parameters as they are now into the state. */
void run_sync_state(Run *run);
/* The run's own state, from the start (resume NULL) or from a checkpoint (run-resume.c). */
bool run_take_state(Run *run, const RunState *resume, GError **error);

/* One bounded piece of the next unfinished baseline; true when all are done.  `stopped` is set when it was.
 */
bool run_baseline_advance(Run *run, bool *stopped, GError **error);
void run_baseline_clear(Baseline *baseline);

/* The numbers of fixed patterns that are estimated from f's values on the training part; nothing where there are
 * none.  RUN_GOES_ON, RUN_STOPPED or RUN_FAILED with an error. */
RunProgress run_estimate(Run *run, GError **error);
