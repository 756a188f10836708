#include "engine/alignment.h"

#include "engine/error.h"

#include <string.h>

#define MOST_NUMBERS (1 << 28) /* in omega: 1 GiB */

static bool check_classes(const AlignmentKind *kind, int n_source, int n_target, GError **error) {
  if (n_source < 1 || n_target < 1)
    return input_error(
        error, "an alignment needs at least one class on each side, not %d of the model and %d of the task",
        n_source, n_target);
  if (n_source > MOST_NUMBERS / n_target)
    return input_error(error, "a label map of %d x %d classes is too large; use fewer classes", n_source,
                       n_target);
  if (kind->one_to_one && n_target > n_source)
    return input_error(
        error,
        "%s gives each target class a source class of its own, but the task has %d classes and the model "
        "only %d: take blm or blm+ (many to many, still statistical), linear, or fewer classes",
        kind->name, n_target, n_source);
  return true;
}

Alignment *alignment_new(const AlignmentKind *kind, const Settings *settings, int n_source, int n_target,
                         const int *rule, const Random *random, GError **error) {
  if (!check_classes(kind, n_source, n_target, error))
    return NULL;
  g_autoptr(Alignment) self = g_new0(Alignment, 1);
  self->kind = kind;
  self->settings = settings_copy(settings);
  self->n_source = n_source;
  self->n_target = n_target;
  self->warnings = g_ptr_array_new_with_free_func(g_free);
  self->omega = tensor_new(TENSOR_FLOAT32, &SHAPE(n_source, n_target), error);
  if (!self->omega)
    return NULL;
  self->bias = tensor_new(TENSOR_FLOAT32, &SHAPE(n_target), error);
  if (!self->bias)
    return NULL;
  if (kind->counted && !(self->counts = g_try_new0(double, (gsize)n_source *(gsize)n_target))) {
    input_error(error, "the counts of %d x %d classes do not fit in memory; use fewer classes", n_source,
                n_target);
    return NULL;
  }
  if (rule)
    self->rule = g_memdup2(rule, sizeof(int) * (gsize)n_source);
  if (kind->init && !kind->init(self, random, error))
    return NULL;
  return g_steal_pointer(&self);
}

void alignment_free(Alignment *self) {
  if (!self)
    return;
  settings_free(self->settings);
  tensor_unref(self->omega);
  tensor_unref(self->bias);
  g_ptr_array_unref(self->warnings);
  g_free(self->counts);
  g_free(self->rule);
  g_free(self);
}

bool alignment_trains_bias(const Alignment *self) {
  return self->kind->family == FAMILY_LINEAR && settings_is(self->settings, "bias", "yes");
}

void alignment_fit_start(Alignment *self) {
  if (!self->kind->counted)
    return;
  memset(self->counts, 0, sizeof(double) * (size_t)self->n_source * (size_t)self->n_target);
  g_ptr_array_set_size(self->warnings, 0);
}

void alignment_fit_count(Alignment *self, const float *z, const int *labels, int n) {
  if (self->kind->counted)
    self->kind->count(self, z, labels, n);
}

void alignment_fit_finish(Alignment *self) {
  if (self->kind->counted)
    self->kind->solve(self);
}

void alignment_top(const Alignment *self, int *sources) {
  const float *omega = tensor_floats(self->omega);
  int columns = self->n_target;
  for (int t = 0; t < columns; t++) {
    sources[t] = 0;
    for (int s = 1; s < self->n_source; s++)
      if (omega[s * columns + t] > omega[sources[t] * columns + t])
        sources[t] = s;
  }
}
