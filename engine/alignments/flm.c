/* Frequent label mapping: the answers to the training part with the initial pattern are counted once, and a
 * greedy match of the counts is the map from then on. */
#include "engine/alignments/alignments.h"
#include "engine/alignments/counting.h"

const AlignmentKind alignment_flm = {
    .name = "flm",
    .title = "Frequent label mapping (FLM)",
    .paper = "Tsai et al. 2020, arXiv 2007.08714; Chen et al. 2023, arXiv 2211.11635",
    .summary =
        "Each class of the task takes the model's most frequent answer to it, one to one, counted once.",
    .family = FAMILY_STATISTICAL,
    .refit = REFIT_ONCE,
    .one_to_one = true,
    .counted = true,
    .count = counting_add_answers,
    .solve = counting_solve_one_to_one,
};
