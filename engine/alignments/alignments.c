/* The contents page of the alignments: one row each. */
#include "engine/alignments/alignments.h"

#include <string.h>

const AlignmentKind *const alignment_kinds[] = {
    &alignment_identity, &alignment_structural, &alignment_rlm,    &alignment_flm, &alignment_ilm,
    &alignment_blm,      &alignment_blm_plus,   &alignment_linear, NULL,
};

static const AlignmentKind *const of_family[N_FAMILIES] = {
    [FAMILY_IDENTITY] = &alignment_identity,
    [FAMILY_STRUCTURAL] = &alignment_structural,
    [FAMILY_STATISTICAL] = &alignment_ilm,
    [FAMILY_LINEAR] = &alignment_linear,
};

const AlignmentKind *alignment_find(const char *name) {
  for (const AlignmentKind *const *kind = alignment_kinds; *kind; kind++)
    if (strcmp((*kind)->name, name) == 0)
      return *kind;
  return NULL;
}

const AlignmentKind *alignment_of_family(AlignmentFamily family) {
  return of_family[family];
}
