/* One run: trains or evaluates a spec.  The owner calls run_step() until it says that it is done; everything the
 * outside wants to know comes through the observer, as values that are valid during the call only.
 *
 * A run belongs to one thread; its pool's workers are its own.  Stop is a flag that anyone may set: it is looked at
 * between operations, so the run answers within 100 ms.  What was under way is dropped and done again on resume. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/program.h"
#include "engine/run-spec.h"
#include "engine/sample-set.h"

typedef struct {
  int step, epoch; /* step 1 = the first; epoch 0 = the first */
  double loss;     /* of the batch before the update */
  double train_accuracy;
  double seconds;  /* training and evaluating so far, over all sittings */
  double gradient_norm; /* of the loss to the pattern's numbers, L2, before the update; NaN: not known (it was stored
                           before this was kept) */
} RunStep;

typedef struct {
  int step;
  double validation_accuracy, validation_loss, test_accuracy;
  double seconds;
} RunEvaluation;

/* All that changes while a run goes on.  parameters holds the parameters one after the other, moments[k] likewise. */
typedef struct {
  int step, epoch, batch_in_epoch;
  int fitted_epoch;           /* the epoch whose start omega was last fitted at; -1: not yet */
  int evaluated_step;         /* -1: not yet */
  double seconds, step_seconds;
  int64_t images;             /* training samples seen in steps */
  GArray *parameters;         /* float */
  GArray *moments[OPTIMISER_MAX_MOMENTS];
  GArray *omega, *bias;       /* float */
  GArray *counts;             /* double; empty unless counted */
  GArray *map_top;            /* int: each target class's largest source class when the map was last shown */
  int best_step;              /* -1: none yet */
  double best_validation_accuracy, best_test_accuracy, max_test_accuracy;
  double last_validation_accuracy, last_test_accuracy;
  double no_prompt_test_accuracy, no_prompt_full_size_test_accuracy; /* NaN: not measured yet */
  /* Mean cross-entropies over the test part; NaN likewise. */
  double last_test_loss, no_prompt_test_loss, no_prompt_full_size_test_loss;
} RunState;

/* Step 0, every array there and empty, no best yet, accuracies not measured.  (transfer full) */
RunState *run_state_new(void);
RunState *run_state_copy(const RunState *state);
void run_state_free(RunState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunState, run_state_free)

typedef struct {
  int steps;
  double seconds, images_per_second;
  double best_test_accuracy, last_test_accuracy, max_test_accuracy, best_validation_accuracy;
  double no_prompt_test_accuracy, no_prompt_full_size_test_accuracy;
  double last_test_loss, no_prompt_test_loss, no_prompt_full_size_test_loss;
  int64_t trainable_parameters, frozen_parameters;
  char *model_sha256, *weights_digest_before, *weights_digest_after; /* owned by the run */
  char *pattern_sha256; /* of the NPY file that an export would write: NULL until the run's owner, who knows that format, fills it */
  double pattern_norm; /* L2 norm of the pattern minus the method's neutral one */
} RunResult;

typedef struct {
  void *data;
  /* Before anything is fitted or trained: the first pattern, and f's answers to the first test pictures with it, z
   * (rows, n_source). */
  void (*initial)(void *data, const Tensor *pattern, const Tensor *z);
  void (*step)(void *data, const RunStep *step);
  void (*evaluation)(void *data, const RunEvaluation *evaluation);
  /* At steps 0, 1, 2, ... spaced so that at most 64 are kept in a run of any length. */
  void (*pattern)(void *data, int step, const Tensor *pattern);
  /* Whenever omega was written: the first one, each refit, and for linear with each pattern.  switches: target classes
   * whose largest source class changed. */
  void (*map)(void *data, int step, const Tensor *omega, const Tensor *bias, int switches);
  /* With its own map. */
  void (*baseline)(void *data, PromptMode mode, double test_accuracy, double test_loss, const Tensor *omega,
                   const Tensor *bias);
  void (*checkpoint)(void *data, const RunState *state);
  void (*warning)(void *data, const char *sentence);
  /* While a map is counted: so many of all training samples are answered. */
  void (*counted)(void *data, int samples, int all);
} RunObserver; /* any function may be NULL */

typedef struct _Run Run;

typedef struct {
  const RunSpec *spec;        /* copied */
  const FrozenModel *model;   /* borrowed for the run's life */
  const SampleSet *set;       /* likewise */
  const Picture *user_picture; /* the manipulation's setting `picture`, NULL: none; during the call */
  const int *rule;            /* structural's rule by source class, NULL: none; during the call */
  const RunState *resume;     /* NULL: from the start */
  RunObserver observer;
  const StopFlag *stop;       /* borrowed */
  int nice;                   /* of the workers */
} RunOptions;

/* Checks that the spec fits model and set, and builds the program.  (transfer full) */
Run *run_new(const RunOptions *options, GError **error);
void run_free(Run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Run, run_free)

/* What a run of this spec begins with: its manipulations (element-type Manipulation) and its alignment, not fitted.
 * user_picture and rule as in RunOptions.  (transfer full) */
GPtrArray *run_first_manipulations(const RunSpec *spec, const FrozenModel *model, const Picture *user_picture, GError **error);
Alignment *run_first_alignment(const RunSpec *spec, const FrozenModel *model, const SampleSet *set, const int *rule,
                               GError **error);

typedef enum { RUN_GOES_ON, RUN_DONE, RUN_STOPPED, RUN_FAILED } RunProgress;
/* What a piece of work can be. */
typedef enum { RUN_BEGINS, RUN_FITS, RUN_EVALUATES, RUN_TRAINS, RUN_COMPARES } RunWork;
/* What run_step() does next.  Fits and evaluations go through many samples and take their time. */
RunWork run_next_work(const Run *run);
/* The next piece of work: the digest, a baseline, a fit, an optimiser step, or an evaluation.  RUN_FAILED sets error (a
 * loss that is not a number). */
RunProgress run_step(Run *run, GError **error);
/* What there is to say when it has ended (or was stopped: with what it has). */
const RunResult *run_result(Run *run);
/* The state now: what a checkpoint holds.  Borrowed. */
const RunState *run_state(Run *run);
Program *run_program(Run *run);
/* Element-type Manipulation.  Borrowed. */
GPtrArray *run_manipulations(const Run *run);
const Alignment *run_alignment(const Run *run);
/* The alignment that belongs to f without the prompt (PROMPT_OFF, PROMPT_FULL_SIZE), once it is fitted in this sitting;
 * NULL before.  Borrowed for the run's life; not written any more. */
const Alignment *run_baseline_alignment(const Run *run, PromptMode mode);
/* Total optimiser steps of the spec. */
int run_total_steps(const Run *run);
/* Trains on the given training samples (indices into the training file) instead of the epoch's next batch: for
 * comparisons with other programs. */
RunProgress run_step_on(Run *run, const int *indices, int n, GError **error);
/* Forward only on training samples, losses (n): for measuring.  False when stopped. */
bool run_answer_on(Run *run, const int *indices, int n, float *losses);
/* True for the steps whose pattern is kept: 0 to 15, then about logarithmically spaced, and the last. */
bool run_keeps_pattern(int step, int total_steps);
