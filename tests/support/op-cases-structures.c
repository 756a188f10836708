/* What passes recognise in a graph: attention, norms, smooth activations. */
#include "tests/support/op-cases.h"

static const OpRule rules[] = {
    {"Attention", op_fill_smooth, 0x1p-6, 5e-4},
    {"RMSNormalization", op_fill_smooth, 0x1p-7, 2e-3},
    {NULL},
};

static const OpRow rows[] = {
    {"Attention", "2x3x5x4 2x3x5x4 2x3x5x4", ""},
    {"Attention", "1x2x3x4 1x2x7x4 1x2x7x5", "scale=0.75"},
    {"Attention", "2x4x3x4 2x2x3x4 2x2x3x4", "causal=1"},
    {"Attention", "1x6x2x3 1x2x5x3 1x2x5x3 2x5", "causal=1"},
    {"Attention", "1x2x4x3 1x2x2x3 1x2x2x3", "causal=1"},
    {"Attention", "2x2x3x4 2x2x4x4 2x2x4x4 2x1x3x4", ""},
    {"Attention", "2x4x3x4 2x2x4x4 2x2x4x4 4x3x1", ""},
    {"Attention", "2x2x3x4 2x2x4x4 2x2x4x4 ()", ""},
    {"Attention", "2x2x3x4 2x2x4x4 2x2x4x4 ?[1,0,1,1]", ""},
    {"Attention", "1x2x2x4 1x1x3x4 1x1x3x4 ?[2x3:0,0,0,1,0,1]", ""},
    {"Attention", "1x2x2x4 1x1x3x4 1x1x3x4 ?[2x3:0,0,0,1,0,1]", "fill=-0.5"},
    {"Attention", "3x3x4 3x5x4 3x5x2", "causal=1"},
    {"Attention", "2x3x4 2x5x4 2x5x2 2x3x5", ""},
    {"Attention", "2x3x4 2x5x4 2x5x2 - 3x1", ""},
    {"Attention", "1x2x2x4 1x1x3x4 1x1x3x4 ?[2x3:0,1,1,1,0,1] 1x2x2x3", "fill=-3.0"},
    {"Attention", "1x2x2x4 1x1x3x4 1x1x3x4 2x3 ?[2x3:0,0,0,1,0,1]", "fill=0.5"},
    {"Attention", "1x2x3x4 1x1x0x4 1x1x0x4", ""},
    {"Attention", "1x2x0x4 1x1x3x4 1x1x3x4", "causal=1"},
    {"Attention", "1x2x2x0 1x1x3x0 1x1x3x4", ""},
    {"Attention", "0x0x2x3 0x0x2x3 0x0x2x3", ""},
    {"Attention", "1x1x150x2 1x1x150x2 1x1x150x3", "causal=1"},
    {"Linear", "2x3x4 4x5! 5!", ""},
    {"Linear", "3x4 4x5! 1x5!", ""},
    {"Linear", "2x0 0x5! 5!", ""},
    {"RMSNormalization", "2x3x5 5", ""},
    {"RMSNormalization", "2x3x5! 3x5", "axis=1 epsilon=0.1"},
    {"RMSNormalization", "2x3x5 1x5!", "axis=-1"},
    {"RMSNormalization", "0x5 5", ""},
    {"RMSNormalization", "3x0 0", ""},
    {NULL},
};

static const OpRow large[] = {
    {"Attention", "3x4x70x16 3x2x90x16 3x2x90x8", "causal=1"},
    {"Attention", "2x2x300x8 2x2x300x8 2x2x300x8 2x1x1x300", ""},
    {"Linear", "3x170x30 30x1100! 1100!", ""},
    {"RMSNormalization", "5x61x192 192", ""},
    {NULL},
};

static const OpRow bad[] = {
    {"Linear", "4 4x5! 5!", ""},
    {"Linear", "3x4 1x4x5! 5!", ""},
    {"Linear", "3x4 4x5! 4!", ""},
    {"Linear", "3x4 4x5! {1,1,1,1,1}", ""},
    {"RMSNormalization", "2x3x5 3", ""},
    {"RMSNormalization", "2x3x5 5", "axis=3"},
    {"RMSNormalization", "2x3x5 [1,1,1,1,1]", ""},
    {"Attention", "2x3x5 2x3x5x4 2x3x5x4", ""},
    {"Attention", "3x5 3x5 3x5", ""},
    {"Attention", "2x3x4 2x5x4 2x5x4 1x2x3x5", ""},
    {"Attention", "2x3x5x4 1x3x5x4 1x3x5x4", ""},
    {"Attention", "2x3x5x4 2x2x5x4 2x2x5x4", ""},
    {"Attention", "2x3x5x4 2x0x5x4 2x0x5x4", ""},
    {"Attention", "2x3x5x4 2x3x6x4 2x3x5x4", ""},
    {"Attention", "2x3x5x4 2x3x5x3 2x3x5x4", ""},
    {"Attention", "2x3x5x4 2x3x6x4 2x3x6x4 5x5", ""},
    {"Attention", "2x3x1x4 2x3x6x4 2x3x6x4 5x6", ""},
    {"Attention", "2x3x1x4 2x3x6x4 2x3x6x4 [1,1,1,1,1,1]", ""},
    {"Attention", "2x3x1x4 2x3x6x4 2x3x6x4 1x2x3x1x6", ""},
    {"Attention", "2x3x1x4 2x3x6x4 {2x3x6x4:1}", ""},
    {"Attention", "1x1x70000x1 1x1x70000x1 1x1x70000x1", ""},
    {NULL},
};

const OpFamily op_cases_structures = {rows, large, bad, rules};
