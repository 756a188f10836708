#include "app/learnt.h"

#include "app/moment.h"
#include "engine/error.h"

void learnt_clear(Learnt *learnt) {
  g_clear_pointer(&learnt->state, run_state_free);
  tensor_unref(learnt->omega);
  tensor_unref(learnt->bias);
}

/* The map that goes with a checkpoint: its own, or, where it came with a bundle, the last that is stored. */
static bool read_map(RunStore *store, const char *id, Learnt *learnt, GError **error) {
  const RunState *state = learnt->state;
  if (state->bias->len == 0 || state->omega->len % state->bias->len != 0)
    return run_store_map(store, id, G_MAXINT, &learnt->omega, &learnt->bias, NULL, error);
  int n_target = (int)state->bias->len, n_source = (int)state->omega->len / n_target;
  learnt->omega =
      tensor_from_floats(&SHAPE(n_source, n_target), (const float *)(const void *)state->omega->data);
  learnt->bias = tensor_from_floats(&SHAPE(n_target), (const float *)(const void *)state->bias->data);
  return true;
}

/* A map of zeros was never counted; one that is learnt says something from its first step on. */
static bool says_something(RunStore *store, const char *id, const Learnt *learnt) {
  bool any = moment_is_map(learnt->omega);
  g_autoptr(RunRow) row = any && learnt->state->step == 0 ? run_store_get(store, id, NULL) : NULL;
  const AlignmentKind *kind = row ? alignment_find(row->alignment) : NULL;
  return any && !(kind && kind->family == FAMILY_LINEAR);
}

bool learnt_read(RunStore *store, const char *id, Learnt *learnt, GError **error) {
  if (!run_store_checkpoint(store, id, &learnt->state, NULL, error))
    return false;
  if (!learnt->state || !read_map(store, id, learnt, NULL) || !says_something(store, id, learnt))
    return input_error(error, "run %.8s has nothing to apply yet; let it train first", id);
  return true;
}
