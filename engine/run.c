#include "engine/run.h"

#include "engine/error.h"
#include "engine/run-internal.h"

#include <math.h>
#include <string.h>

#define MOST_STEPS              1000000000
#define INITIAL_ROWS            8
#define CHECKPOINT_MICROSECONDS (10 * G_USEC_PER_SEC)
#define PATTERNS_MOST           64

/* Steps 0 to 15, then growing by a factor that puts the rest evenly on a logarithmic scale, and the last. */
bool run_keeps_pattern(int step, int total_steps) {
  const int dense = 16, sparse = PATTERNS_MOST - dense - 1;
  if (step < dense || step == total_steps)
    return true;
  if (total_steps <= dense + sparse)
    return true;
  double factor = log((double)total_steps / dense) / sparse;
  double now = floor(log((double)step / dense) / factor),
         before = floor(log((double)(step - 1) / dense) / factor);
  return step == dense ? false : now > before;
}

static bool count_steps(Run *run, GError **error) {
  const RunSpec *spec = run->spec;
  run->steps_per_epoch = run->train.n / spec->batch;
  bool trains = program_n_parameters(run->program) > 0;
  if (trains && run->steps_per_epoch == 0)
    return input_error(
        error, "[run] batch = %d is more than the %d training samples; use a smaller batch or more samples",
        spec->batch, run->train.n);
  int64_t steps = !trains ? 0 : spec->steps ? spec->steps : (int64_t)spec->epochs * run->steps_per_epoch;
  if (steps > MOST_STEPS)
    return input_error(
        error,
        "run.epochs = %d of %d steps each are more than the %d steps that a run may have; give fewer epochs",
        spec->epochs, run->steps_per_epoch, MOST_STEPS);
  run->total_steps = (int)steps;
  run->epochs = trains ? (run->total_steps + run->steps_per_epoch - 1) / run->steps_per_epoch : 0;
  return true;
}

Run *run_new(const RunOptions *options, GError **error) {
  g_autoptr(Run) run = g_new0(Run, 1);
  run->spec = run_spec_copy(options->spec);
  run->model = options->model;
  run->set = options->set;
  run->observer = options->observer;
  run->stop = options->stop;
  run->order_epoch = -1;
  run->last_checkpoint = g_get_monotonic_time();
  run->baselines[0].mode = PROMPT_OFF;
  run->baselines[1].mode = PROMPT_FULL_SIZE;
  run->pool = pool_new(run->spec->threads);
  pool_set_nice(run->pool, options->nice);
  if (options->rule)
    run->rule = g_memdup2(options->rule, sizeof(int) * (size_t)frozen_model_classes(run->model));
  if (!run_split(run, error) || !(run->alignment = run_new_alignment(run, error)) ||
      !(run->manipulations = run_first_manipulations(run->spec, run->model, options->user_picture, error)))
    return NULL;
  run->program = run_new_program(run, PROMPT_ON, run->alignment, true, error);
  if (!run->program || !count_steps(run, error) || !run_take_state(run, options->resume, error))
    return NULL;
  return g_steal_pointer(&run);
}

void run_free(Run *run) {
  if (!run)
    return;
  for (int i = 0; i < N_BASELINES; i++)
    run_baseline_clear(&run->baselines[i]);
  for (int i = 0; run->gradients && run->gradients[i]; i++)
    g_free(run->gradients[i]);
  g_free(run->gradients);
  program_free(run->program);
  g_clear_pointer(&run->manipulations, g_ptr_array_unref);
  g_clear_pointer(&run->alignment, alignment_free);
  pool_free(run->pool);
  run_part_clear(&run->train);
  run_part_clear(&run->validation);
  run_part_clear(&run->test);
  g_clear_pointer(&run->state, run_state_free);
  g_free(run->order);
  g_free(run->rule);
  g_free(run->result.model_sha256);
  g_free(run->result.weights_digest_before);
  g_free(run->result.weights_digest_after);
  g_free(run->result.pattern_sha256);
  run_spec_free(run->spec);
  g_free(run);
}

static bool show_pattern(Run *run, GError **error) {
  if (!run->observer.pattern)
    return true;
  g_autoptr(Tensor) pattern = program_pattern(run->program, error);
  if (!pattern)
    return false;
  run->observer.pattern(run->observer.data, run->state->step, pattern);
  return true;
}

/* The first pattern and f's first answers with it, so that there is something to see at once. */
static RunProgress show_initial(Run *run, GError **error) {
  g_autoptr(Tensor) pattern = program_pattern(run->program, error);
  int rows = MIN(INITIAL_ROWS, run->test.n);
  g_autoptr(Tensor) z =
      pattern ? tensor_new(TENSOR_FLOAT32, &SHAPE(rows, run->alignment->n_source), error) : NULL;
  if (!z)
    return RUN_FAILED;
  SampleContext samples = run_samples(run->program, &run->test);
  if (!program_answers(run->program, run_load_sample, &samples, run->test.indices, rows, tensor_floats(z),
                       run->stop))
    return RUN_STOPPED;
  if (run->observer.initial)
    run->observer.initial(run->observer.data, pattern, z);
  if (!show_pattern(run, error))
    return RUN_FAILED;
  if (!run->alignment->kind->counted)
    run_show_map(run);
  return RUN_GOES_ON;
}

static RunProgress begin(Run *run, GError **error) {
  g_free(run->result.model_sha256);
  g_free(run->result.weights_digest_before); /* of a beginning that was stopped */
  run->result.model_sha256 = g_strdup(run->model->sha256);
  run->result.weights_digest_before = frozen_model_digest(run->model);
  bool fresh = run->state->step == 0 && run->state->fitted_epoch < 0;
  RunProgress progress = run_estimate(run, error);
  if (progress == RUN_GOES_ON && fresh)
    progress = show_initial(run, error);
  run->begun = progress == RUN_GOES_ON;
  return progress;
}

static bool fit_is_due(const Run *run) {
  const RunState *state = run->state;
  if (!run->alignment->kind->counted || state->fitted_epoch == state->epoch)
    return false;
  return state->fitted_epoch < 0 || (run->alignment->kind->refit == REFIT_EACH_EPOCH &&
                                     state->batch_in_epoch == 0 && state->step < run->total_steps);
}

static bool evaluation_is_due(const Run *run) {
  const RunState *state = run->state;
  if (state->evaluated_step == state->step)
    return false;
  if (state->step == 0 || state->step == run->total_steps)
    return true;
  if (run->spec->evaluate_unit == EVERY_STEP)
    return state->step % run->spec->evaluate_every == 0;
  return state->batch_in_epoch == 0 && state->epoch % run->spec->evaluate_every == 0;
}

static void update(Run *run) {
  RunState *state = run->state;
  const RunSpec *spec = run->spec;
  double rate =
      schedule_rate(spec->optimiser_settings, state->step, run->total_steps, state->epoch, run->epochs);
  size_t at = 0;
  for (int i = 0; i < program_n_parameters(run->program); i++) {
    Tensor *tensor = program_parameter(run->program, i)->tensor;
    size_t n = (size_t)tensor_count(tensor);
    float *moments[OPTIMISER_MAX_MOMENTS] = {0};
    for (int k = 0; k < spec->optimiser->n_moments; k++)
      moments[k] = &g_array_index(state->moments[k], float, at);
    spec->optimiser->update(spec->optimiser_settings, rate, state->step + 1, n, tensor_floats(tensor),
                            run->gradients[i], moments);
    at += n;
  }
  for (guint i = 0; i < run->manipulations->len; i++) {
    Manipulation *manipulation = g_ptr_array_index(run->manipulations, i);
    if (manipulation->kind->project && manipulation->format == FORMAT_LEARNABLE)
      manipulation->kind->project(manipulation);
  }
}

static bool is_of_pattern(const Run *run, const Tensor *numbers) {
  for (guint i = 0; i < run->manipulations->len; i++)
    if (((const Manipulation *)g_ptr_array_index(run->manipulations, i))->parameters == numbers)
      return true;
  return false;
}

/* How strongly the loss pulls at the pattern; the alignment's numbers are left out. */
static double gradient_norm(const Run *run) {
  double sum = 0;
  for (int i = 0; i < program_n_parameters(run->program); i++) {
    const Tensor *tensor = program_parameter(run->program, i)->tensor;
    int64_t n = is_of_pattern(run, tensor) ? tensor_count(tensor) : 0;
    for (int64_t k = 0; k < n; k++)
      sum += (double)run->gradients[i][k] * (double)run->gradients[i][k];
  }
  return sqrt(sum);
}

static RunProgress train_on(Run *run, const int *indices, int n, GError **error) {
  RunState *state = run->state;
  int64_t start = g_get_monotonic_time();
  g_autofree int *labels = g_new(int, n);
  g_autofree float *losses = g_new(float, n);
  g_autofree float *correct = g_new(float, n);
  for (int i = 0; i < n; i++)
    labels[i] = g_array_index(run->train.part->labels, int, indices[i]);
  SampleContext samples = run_samples(run->program, &run->train);
  if (!program_gradient(run->program, run_load_sample, &samples, indices, labels, n, losses, correct,
                        run->gradients, run->stop))
    return RUN_STOPPED;
  double loss = 0;
  double right = 0;
  for (int i = 0; i < n; i++) {
    loss += losses[i];
    right += correct[i];
  }
  loss /= n;
  if (!isfinite(loss)) {
    input_error(error, "the loss is not a number at step %d; lower [optimiser] rate (now %s)",
                state->step + 1, settings_text(run->spec->optimiser_settings, "rate"));
    return RUN_FAILED;
  }
  RunStep step = {state->step + 1, state->epoch, loss, right / n, 0, gradient_norm(run)};
  update(run);
  state->step++;
  if (++state->batch_in_epoch == run->steps_per_epoch) {
    state->batch_in_epoch = 0;
    state->epoch++;
  }
  double seconds = (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
  state->step_seconds += seconds;
  state->images += n;
  step.seconds = state->seconds + seconds;
  if (run->observer.step)
    run->observer.step(run->observer.data, &step);
  if (!run_keeps_pattern(state->step, run->total_steps))
    return RUN_GOES_ON;
  if (!show_pattern(run, error))
    return RUN_FAILED;
  if (run->alignment->kind->family == FAMILY_LINEAR)
    run_show_map(run);
  return RUN_GOES_ON;
}

RunProgress run_step_on(Run *run, const int *indices, int n, GError **error) {
  return train_on(run, indices, n, error);
}

static RunProgress train_next(Run *run, GError **error) {
  const RunState *state = run->state;
  int batch = run->spec->batch;
  if (run->order_epoch != state->epoch) {
    if (!run->order)
      run->order = g_new(uint32_t, run->train.n);
    random_permutation(&(Random){run->spec->seed, RANDOM_ORDER, (uint32_t)state->epoch}, run->order,
                       (size_t)run->train.n);
    run->order_epoch = state->epoch;
  }
  g_autofree int *indices = g_new(int, batch);
  for (int i = 0; i < batch; i++)
    indices[i] = run->train.indices[run->order[state->batch_in_epoch * batch + i]];
  return train_on(run, indices, batch, error);
}

/* Baselines share the time with the steps, one bounded piece after each, so that training is seen from the
 * start. */
static RunProgress advance_baselines(Run *run, bool *done, GError **error) {
  bool stopped = false;
  g_autoptr(GError) failure = NULL;
  *done = run_baseline_advance(run, &stopped, &failure);
  if (failure) {
    g_propagate_error(error, g_steal_pointer(&failure));
    return RUN_FAILED;
  }
  return stopped ? RUN_STOPPED : RUN_GOES_ON;
}

static RunProgress evaluate(Run *run, GError **error) {
  return run_evaluate(run) ? RUN_GOES_ON : RUN_STOPPED;
}

static RunProgress fit(Run *run, GError **error) {
  if (!run_fit(run))
    return RUN_STOPPED;
  run_show_map(run);
  return RUN_GOES_ON;
}

static RunProgress train(Run *run, GError **error) {
  bool done;
  RunProgress progress = train_next(run, error);
  return progress == RUN_GOES_ON ? advance_baselines(run, &done, error) : progress;
}

static RunProgress compare(Run *run, GError **error) {
  bool done;
  RunProgress progress = advance_baselines(run, &done, error);
  return progress == RUN_GOES_ON && done ? RUN_DONE : progress;
}

RunWork run_next_work(const Run *run) {
  bool mapped = run->state->fitted_epoch >= 0 || !run->alignment->kind->counted;
  if (!run->begun)
    return RUN_BEGINS;
  if (mapped && evaluation_is_due(run))
    return RUN_EVALUATES;
  if (fit_is_due(run))
    return RUN_FITS;
  return run->state->step < run->total_steps ? RUN_TRAINS : RUN_COMPARES;
}

static RunProgress advance(Run *run, GError **error) {
  static RunProgress (*const works[])(Run *, GError **) = {
      [RUN_BEGINS] = begin, [RUN_FITS] = fit, [RUN_EVALUATES] = evaluate, [RUN_TRAINS] = train, [RUN_COMPARES] = compare};
  return stop_requested(run->stop) ? RUN_STOPPED : works[run_next_work(run)](run, error);
}

RunProgress run_step(Run *run, GError **error) {
  int64_t start = g_get_monotonic_time();
  int evaluated = run->state->evaluated_step;
  RunProgress progress = advance(run, error);
  int64_t now = g_get_monotonic_time();
  run->state->seconds += (double)(now - start) / G_USEC_PER_SEC;
  bool epoch_ended = run->state->batch_in_epoch == 0 && run->state->evaluated_step != evaluated;
  if (progress == RUN_GOES_ON && run->observer.checkpoint &&
      (epoch_ended || now - run->last_checkpoint > CHECKPOINT_MICROSECONDS)) {
    run->last_checkpoint = now;
    run->observer.checkpoint(run->observer.data, run_state(run));
  }
  return progress;
}

const RunState *run_state(Run *run) {
  run_sync_state(run);
  return run->state;
}

GPtrArray *run_manipulations(const Run *run) {
  return run->manipulations;
}

Program *run_program(Run *run) {
  return run->program;
}

const Alignment *run_alignment(const Run *run) {
  return run->alignment;
}

int run_total_steps(const Run *run) {
  return run->total_steps;
}
