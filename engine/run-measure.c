/* What a run measures and copies: fits, evaluations, the state. */
#include "engine/run-internal.h"

#include <math.h>
#include <string.h>

#define FIT_BLOCK 512 /* samples answered at once */

static void tell_counted(Run *run, int samples) {
  if (run->observer.counted)
    run->observer.counted(run->observer.data, samples, run->train.n);
}

bool run_fit(Run *run) {
  RunState *state = run->state;
  int n_source = run->alignment->n_source;
  SampleContext samples = run_samples(run->program, &run->train);
  g_autofree float *z = g_new(float, FIT_BLOCK *(size_t)n_source);
  alignment_fit_start(run->alignment);
  tell_counted(run, 0);
  for (int first = 0; first < run->train.n; first += FIT_BLOCK) {
    int n = MIN(FIT_BLOCK, run->train.n - first);
    if (!program_answers(run->program, run_load_sample, &samples, run->train.indices + first, n, z,
                         run->stop))
      return false;
    alignment_fit_count(run->alignment, z, run->train.labels + first, n);
    tell_counted(run, first + n);
  }
  alignment_fit_finish(run->alignment);
  state->fitted_epoch = state->epoch;
  g_array_set_size(state->counts, 0);
  g_array_append_vals(state->counts, run->alignment->counts, (guint)(n_source * run->alignment->n_target));
  for (guint i = 0; i < run->alignment->warnings->len && run->observer.warning; i++)
    run->observer.warning(run->observer.data, g_ptr_array_index(run->alignment->warnings, i));
  g_ptr_array_set_size(run->alignment->warnings, 0);
  return true;
}

void run_show_map(Run *run) {
  const Alignment *alignment = run->alignment;
  int n = alignment->n_target, switches = 0;
  g_autofree int *top = g_new(int, n);
  alignment_top(alignment, top);
  GArray *before = run->state->map_top;
  for (int t = 0; t < n && before->len == (guint)n; t++)
    switches += top[t] != g_array_index(before, int, t);
  g_array_set_size(before, 0);
  g_array_append_vals(before, top, (guint)n);
  if (run->observer.map)
    run->observer.map(run->observer.data, run->state->step, alignment->omega, alignment->bias, switches);
}

typedef struct {
  double accuracy, loss;
} Measured;

static bool measure(Run *run, const RunPart *part, Measured *measured) {
  SampleContext samples = run_samples(run->program, part);
  g_autofree float *losses = g_new(float, part->n);
  g_autofree float *correct = g_new(float, part->n);
  if (!program_evaluate(run->program, run_load_sample, &samples, part->indices, part->labels, part->n, losses,
                        correct, run->stop))
    return false;
  double loss = 0;
  double right = 0;
  for (int i = 0; i < part->n; i++) {
    loss += losses[i];
    right += correct[i];
  }
  *measured = (Measured){right / part->n, loss / part->n};
  return true;
}

bool run_answer_on(Run *run, const int *indices, int n, float *losses) {
  SampleContext samples = run_samples(run->program, &run->train);
  g_autofree int *labels = g_new(int, n);
  for (int i = 0; i < n; i++)
    labels[i] = g_array_index(run->train.part->labels, int, indices[i]);
  return program_evaluate(run->program, run_load_sample, &samples, indices, labels, n, losses, NULL,
                          run->stop);
}

/* The state before training is shown by its validation accuracy, and is no candidate for best; a run without
 * training has nothing else, so there it is. */
bool run_evaluate(Run *run) {
  RunState *state = run->state;
  Measured validation, test = {NAN, NAN};
  bool only_shown = state->step == 0 && run->total_steps > 0;
  if (!measure(run, &run->validation, &validation) || (!only_shown && !measure(run, &run->test, &test)))
    return false;
  state->evaluated_step = state->step;
  if (!only_shown) {
    state->last_validation_accuracy = validation.accuracy;
    state->last_test_accuracy = test.accuracy;
    state->last_test_loss = test.loss;
    if (!(state->max_test_accuracy >= test.accuracy))
      state->max_test_accuracy = test.accuracy;
    if (state->best_step < 0 || validation.accuracy > state->best_validation_accuracy) {
      state->best_step = state->step;
      state->best_validation_accuracy = validation.accuracy;
      state->best_test_accuracy = test.accuracy;
    }
  }
  RunEvaluation evaluation = {state->step, validation.accuracy, validation.loss, test.accuracy,
                              state->seconds};
  if (run->observer.evaluation)
    run->observer.evaluation(run->observer.data, &evaluation);
  return true;
}

static void set_floats(GArray *array, const Tensor *tensor) {
  g_array_set_size(array, 0);
  g_array_append_vals(array, tensor->data, (guint)tensor_count(tensor));
}

void run_sync_state(Run *run) {
  RunState *state = run->state;
  g_array_set_size(state->parameters, 0);
  for (int i = 0; i < program_n_parameters(run->program); i++) {
    const Tensor *tensor = program_parameter(run->program, i)->tensor;
    g_array_append_vals(state->parameters, tensor->data, (guint)tensor_count(tensor));
  }
  set_floats(state->omega, run->alignment->omega);
  set_floats(state->bias, run->alignment->bias);
}
