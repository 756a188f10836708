/* The two baselines of a run: f without a prompt, in the run's placement and at full size, each with an
 * alignment of the run's own method fitted afresh on those answers.  The work is done in bounded pieces. */
#include "engine/linear-fit.h"
#include "engine/run-internal.h"

#include <string.h>

#define BLOCK 256 /* samples a piece of work */

static bool open_baseline(Run *run, Baseline *baseline, GError **error) {
  baseline->alignment = run_new_alignment(run, error);
  if (!baseline->alignment)
    return false;
  baseline->program = run_new_program(run, baseline->mode, baseline->alignment, false, error);
  if (!baseline->program)
    return false;
  if (baseline->alignment->kind->family == FAMILY_LINEAR)
    baseline->answers = g_new(float, (size_t)run->train.n *(size_t)baseline->alignment->n_source);
  else if (baseline->alignment->kind->counted)
    alignment_fit_start(baseline->alignment);
  return true;
}

void run_baseline_clear(Baseline *baseline) {
  g_clear_pointer(&baseline->program, program_free);
  g_clear_pointer(&baseline->alignment, alignment_free);
  g_clear_pointer(&baseline->answers, g_free);
}

const Alignment *run_baseline_alignment(const Run *run, PromptMode mode) {
  for (int i = 0; i < N_BASELINES; i++)
    if (run->baselines[i].mode == mode && run->baselines[i].solved)
      return run->baselines[i].alignment;
  return NULL;
}

/* Answers the next block of training samples; false when stopped. */
static bool fit_block(Run *run, Baseline *baseline) {
  int first = baseline->fitted, n = MIN(BLOCK, run->train.n - first),
      n_source = baseline->alignment->n_source;
  SampleContext samples = run_samples(baseline->program, &run->train);
  g_autofree float *own = baseline->answers ? NULL : g_new(float, BLOCK *(size_t)n_source);
  float *z = own ? own : baseline->answers + (size_t)first * (size_t)n_source;
  if (!program_answers(baseline->program, run_load_sample, &samples, run->train.indices + first, n, z,
                       run->stop))
    return false;
  if (own)
    alignment_fit_count(baseline->alignment, z, run->train.labels + first, n);
  baseline->fitted += n;
  return true;
}

static bool solve(Run *run, Baseline *baseline) {
  if (baseline->answers) {
    LinearFit fit = {.optimiser = run->spec->optimiser,
                     .settings = run->spec->optimiser_settings,
                     .batch = run->spec->batch,
                     .steps = run->total_steps,
                     .seed = run->spec->seed};
    if (!linear_fit(&fit, baseline->alignment, baseline->answers, run->train.labels, run->train.n, run->stop))
      return false;
    g_clear_pointer(&baseline->answers, g_free);
    for (guint i = 0; i < baseline->alignment->warnings->len && run->observer.warning; i++)
      run->observer.warning(run->observer.data, g_ptr_array_index(baseline->alignment->warnings, i));
  } else if (baseline->alignment->kind->counted)
    alignment_fit_finish(baseline->alignment);
  baseline->solved = true;
  return true;
}

static bool test_block(Run *run, Baseline *baseline) {
  int first = baseline->tested, n = MIN(BLOCK, run->test.n - first);
  SampleContext samples = run_samples(baseline->program, &run->test);
  float correct[BLOCK], losses[BLOCK];
  if (!program_evaluate(baseline->program, run_load_sample, &samples, run->test.indices + first,
                        run->test.labels + first, n, losses, correct, run->stop))
    return false;
  for (int i = 0; i < n; i++) {
    baseline->correct += correct[i];
    baseline->loss += losses[i];
  }
  baseline->tested += n;
  return true;
}

static double *measured(Run *run, const Baseline *baseline) {
  return baseline->mode == PROMPT_OFF ? &run->state->no_prompt_test_accuracy
                                      : &run->state->no_prompt_full_size_test_accuracy;
}

static double *measured_loss(Run *run, const Baseline *baseline) {
  return baseline->mode == PROMPT_OFF ? &run->state->no_prompt_test_loss
                                      : &run->state->no_prompt_full_size_test_loss;
}

static void close_baseline(Run *run, Baseline *baseline) {
  double accuracy = baseline->correct / run->test.n, loss = baseline->loss / run->test.n;
  *measured(run, baseline) = accuracy;
  *measured_loss(run, baseline) = loss;
  baseline->done = true;
  g_clear_pointer(&baseline->program, program_free);
  if (run->observer.baseline)
    run->observer.baseline(run->observer.data, baseline->mode, accuracy, loss, baseline->alignment->omega,
                           baseline->alignment->bias);
}

/* Texts have no full size. */
static bool has_baseline(const Run *run, const Baseline *baseline) {
  return baseline->mode == PROMPT_OFF || run->set->text.tokens == 0;
}

bool run_baseline_advance(Run *run, bool *stopped, GError **error) {
  for (int i = 0; i < N_BASELINES; i++) {
    Baseline *baseline = &run->baselines[i];
    if (baseline->done || *measured(run, baseline) >= 0 || !has_baseline(run, baseline))
      continue;
    if (!baseline->program && !open_baseline(run, baseline, error))
      return false;
    bool looks = baseline->alignment->kind->counted || baseline->answers;
    if (looks && !baseline->solved && baseline->fitted < run->train.n)
      *stopped = !fit_block(run, baseline);
    else if (!baseline->solved)
      *stopped = !solve(run, baseline);
    else if (baseline->tested < run->test.n)
      *stopped = !test_block(run, baseline);
    else
      close_baseline(run, baseline);
    return false;
  }
  return true;
}
