/* A run starts, or goes on from a checkpoint.  Checkpoints come out of files: whatever is copied or counts
 * something is compared with what the spec, the model and the data set make of this run. */
#include "engine/error.h"
#include "engine/run-internal.h"

#include <string.h>

static int64_t count_parameters(const Run *run) {
  int64_t n = 0;
  for (int i = 0; i < program_n_parameters(run->program); i++)
    n += tensor_count(program_parameter(run->program, i)->tensor);
  return n;
}

/* `empty`: nothing at all will do too. */
static bool check_length(const GArray *array, const char *what, int64_t wanted, bool empty, GError **error) {
  if (array->len == (guint64)wanted || (empty && array->len == 0))
    return true;
  return input_error(error,
                     "the checkpoint holds %u numbers of %s, the run has %" G_GINT64_FORMAT
                     ": model or data set have changed; start the run again",
                     array->len, what, wanted);
}

static bool check_lengths(const Run *run, const RunState *state, GError **error) {
  int64_t parameters = count_parameters(run), n_target = run->alignment->n_target,
          pairs = n_target * run->alignment->n_source;
  for (int k = 0; k < OPTIMISER_MAX_MOMENTS; k++)
    if (!check_length(state->moments[k], "the optimiser's moments", parameters,
                      k >= run->spec->optimiser->n_moments, error))
      return false;
  return check_length(state->parameters, "the pattern", parameters, false, error) &&
         check_length(state->omega, "the label map", pairs, false, error) &&
         check_length(state->bias, "the label map's bias", n_target, false, error) &&
         check_length(state->counts, "the label map's counts", run->alignment->counts ? pairs : 0, true,
                      error) &&
         check_length(state->map_top, "the label map's classes", n_target, true, error);
}

static bool check_counters(const Run *run, const RunState *state, GError **error) {
  const struct {
    const char *name;
    int is, least, most;
  } rows[] = {{"step", state->step, 0, run->total_steps},
              {"epoch", state->epoch, 0, run->epochs},
              {"batch_in_epoch", state->batch_in_epoch, 0, MAX(run->steps_per_epoch, 1) - 1},
              {"fitted_epoch", state->fitted_epoch, -1, state->epoch},
              {"evaluated_step", state->evaluated_step, -1, state->step},
              {"best_step", state->best_step, -1, state->step}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (rows[i].is < rows[i].least || rows[i].is > rows[i].most)
      return input_error(error,
                         "the checkpoint's %s is %d, and %d to %d are possible in this run: spec or data set "
                         "have changed; start the run again",
                         rows[i].name, rows[i].is, rows[i].least, rows[i].most);
  return true;
}

static void copy_floats(const GArray *array, Tensor *tensor) {
  memcpy(tensor->data, array->data, tensor_bytes(tensor));
}

/* All lengths have been checked. */
static void restore(Run *run) {
  const RunState *state = run->state;
  copy_floats(state->omega, run->alignment->omega);
  copy_floats(state->bias, run->alignment->bias);
  if (run->alignment->counts && state->counts->len)
    memcpy(run->alignment->counts, state->counts->data, state->counts->len * sizeof(double));
  const float *next = (const float *)(const void *)state->parameters->data;
  for (int i = 0; i < program_n_parameters(run->program); i++) {
    Tensor *tensor = program_parameter(run->program, i)->tensor;
    memcpy(tensor->data, next, tensor_bytes(tensor));
    next += tensor_count(tensor);
  }
}

bool run_take_state(Run *run, const RunState *resume, GError **error) {
  run->gradients = g_new0(float *, program_n_parameters(run->program) + 1);
  for (int i = 0; i < program_n_parameters(run->program); i++)
    run->gradients[i] = g_new0(float, tensor_count(program_parameter(run->program, i)->tensor));
  if (!resume) {
    run->state = run_state_new();
    for (int k = 0; k < run->spec->optimiser->n_moments; k++)
      g_array_set_size(run->state->moments[k], (guint)count_parameters(run)); /* zeros */
    return true;
  }
  if (!check_lengths(run, resume, error) || !check_counters(run, resume, error))
    return false;
  run->state = run_state_copy(resume);
  restore(run);
  return true;
}
