/* Identity: f's answers are the task's answers, omega = 1.  For tasks with f's own classes. */
#include "engine/alignments/alignments.h"
#include "engine/error.h"

static bool init(Alignment *self, const Random *random, GError **error) {
  if (self->n_source != self->n_target)
    return input_error(
        error,
        "identity takes f's %d classes as they are, but the task has %d: take structural (class i stands for "
        "class i), or a statistical alignment such as ilm",
        self->n_source, self->n_target);
  for (int i = 0; i < self->n_source; i++)
    tensor_floats(self->omega)[i * self->n_target + i] = 1;
  return true;
}

const AlignmentKind alignment_identity = {
    .name = "identity",
    .title = "Identity",
    .paper = "arXiv 2506.04650, section on output alignment",
    .summary = "The model's classes are the task's classes, in the same order.",
    .family = FAMILY_IDENTITY,
    .refit = REFIT_NEVER,
    .init = init,
};
