#include "engine/run.h"

#include <math.h>

static GArray *array_copy(const GArray *array) {
  GArray *copy = g_array_sized_new(FALSE, FALSE, g_array_get_element_size((GArray *)array), array->len);
  return array->len ? g_array_append_vals(copy, array->data, array->len) : copy;
}

RunState *run_state_new(void) {
  RunState *state = g_new0(RunState, 1);
  state->parameters = g_array_new(FALSE, FALSE, sizeof(float));
  for (int i = 0; i < OPTIMISER_MAX_MOMENTS; i++)
    state->moments[i] = g_array_new(FALSE, TRUE, sizeof(float)); /* zero where it grows */
  state->omega = g_array_new(FALSE, FALSE, sizeof(float));
  state->bias = g_array_new(FALSE, FALSE, sizeof(float));
  state->counts = g_array_new(FALSE, FALSE, sizeof(double));
  state->map_top = g_array_new(FALSE, FALSE, sizeof(int));
  state->fitted_epoch = state->evaluated_step = state->best_step = -1;
  state->best_validation_accuracy = state->best_test_accuracy = state->max_test_accuracy = NAN;
  state->last_validation_accuracy = state->last_test_accuracy = NAN;
  state->no_prompt_test_accuracy = state->no_prompt_full_size_test_accuracy = NAN;
  state->last_test_loss = state->no_prompt_test_loss = state->no_prompt_full_size_test_loss = NAN;
  return state;
}

RunState *run_state_copy(const RunState *state) {
  RunState *copy = g_new(RunState, 1);
  *copy = *state;
  copy->parameters = array_copy(state->parameters);
  for (int i = 0; i < OPTIMISER_MAX_MOMENTS; i++)
    copy->moments[i] = array_copy(state->moments[i]);
  copy->omega = array_copy(state->omega);
  copy->bias = array_copy(state->bias);
  copy->counts = array_copy(state->counts);
  copy->map_top = array_copy(state->map_top);
  return copy;
}

void run_state_free(RunState *state) {
  if (!state)
    return;
  g_array_unref(state->parameters);
  for (int i = 0; i < OPTIMISER_MAX_MOMENTS; i++)
    g_array_unref(state->moments[i]);
  g_array_unref(state->omega);
  g_array_unref(state->bias);
  g_array_unref(state->counts);
  g_array_unref(state->map_top);
  g_free(state);
}
