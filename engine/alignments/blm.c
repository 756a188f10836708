/* Bayesian-guided label mapping: source class s shares in target class t as far as t is likely where f
 * answers s. The counts are those of FLM and ILM; all of them are used.  Refitted every epoch. */
#include "engine/alignments/alignments.h"
#include "engine/alignments/counting.h"

static const Setting rows[] = {COUNTING_SMOOTHING, {NULL}};

const AlignmentKind alignment_blm = {
    .name = "blm",
    .title = "Bayesian-guided label mapping (BLM)",
    .paper = "Cai et al. 2024, arXiv 2410.24018",
    .summary = "Many classes of the model share in each class of the task, by how often they were answered, "
               "counted again "
               "every epoch.",
    .family = FAMILY_STATISTICAL,
    .refit = REFIT_EACH_EPOCH,
    .counted = true,
    .settings = rows,
    .count = counting_add_answers,
    .solve = counting_solve_shares,
};
