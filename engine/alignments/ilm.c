/* Iterative label mapping: frequent label mapping, counted again with the present pattern at the start of
 * every epoch. */
#include "engine/alignments/alignments.h"
#include "engine/alignments/counting.h"

const AlignmentKind alignment_ilm = {
    .name = "ilm",
    .title = "Iterative label mapping (ILM)",
    .paper = "Chen et al. 2023, arXiv 2211.11635",
    .summary = "Each class of the task takes the model's most frequent answer to it, one to one, counted "
               "again every epoch.",
    .family = FAMILY_STATISTICAL,
    .refit = REFIT_EACH_EPOCH,
    .one_to_one = true,
    .counted = true,
    .count = counting_add_answers,
    .solve = counting_solve_one_to_one,
};
