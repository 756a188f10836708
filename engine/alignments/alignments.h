/* The rows of the table in alignments.c: each is defined in the file of its name. */
#pragma once

#include "engine/alignment.h"

extern const AlignmentKind alignment_identity, alignment_structural, alignment_rlm, alignment_flm,
    alignment_ilm, alignment_blm, alignment_blm_plus, alignment_linear;
