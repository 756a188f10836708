/* What there is to say of a run when it has ended. */
#include "engine/run-internal.h"

#include <math.h>

/* Without what says nothing: grey where a border may be. */
static double pattern_norm(Run *run) {
  g_autoptr(Tensor) pattern = program_pattern(run->program, NULL);
  const Manipulation *first = g_ptr_array_index(run->manipulations, 0);
  g_autoptr(Tensor) mask = first->parts ? NULL : manipulation_outside_mask(first);
  int64_t pixels = mask ? tensor_count(mask) : 0;
  double sum = 0;
  for (int64_t i = 0; pattern && i < tensor_count(pattern); i++) {
    double neutral = i < pixels ? first->kind->neutral * tensor_floats(mask)[i] : 0,
           d = tensor_floats(pattern)[i] - neutral;
    sum += d * d;
  }
  return sqrt(sum);
}

const RunResult *run_result(Run *run) {
  const RunState *state = run->state;
  RunResult *result = &run->result;
  result->steps = state->step;
  result->seconds = state->seconds;
  result->images_per_second = state->step_seconds > 0 ? (double)state->images / state->step_seconds : 0;
  result->best_test_accuracy = state->best_test_accuracy;
  result->last_test_accuracy = state->last_test_accuracy;
  result->max_test_accuracy = state->max_test_accuracy;
  result->best_validation_accuracy = state->best_validation_accuracy;
  result->no_prompt_test_accuracy = state->no_prompt_test_accuracy;
  result->no_prompt_full_size_test_accuracy = state->no_prompt_full_size_test_accuracy;
  result->last_test_loss = state->last_test_loss;
  result->no_prompt_test_loss = state->no_prompt_test_loss;
  result->no_prompt_full_size_test_loss = state->no_prompt_full_size_test_loss;
  result->trainable_parameters = 0;
  for (guint i = 0; i < run->manipulations->len; i++) {
    const Manipulation *manipulation = g_ptr_array_index(run->manipulations, i);
    if (manipulation->format == FORMAT_LEARNABLE)
      result->trainable_parameters += manipulation->trainable;
  }
  for (int i = 0; i < program_n_parameters(run->program); i++) {
    const Tensor *tensor = program_parameter(run->program, i)->tensor;
    if (tensor == run->alignment->omega || tensor == run->alignment->bias)
      result->trainable_parameters += tensor_count(tensor);
  }
  result->frozen_parameters = frozen_model_parameters(run->model);
  g_free(result->weights_digest_after);
  result->weights_digest_after = frozen_model_digest(run->model);
  result->pattern_norm = pattern_norm(run);
  return result;
}
