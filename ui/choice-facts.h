/* The numbers and sentences that the present choice amounts to: how much is trained, how much is frozen, what
 * each axis entails.  Plain values from the engine's tables; no widget. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/run-spec.h"
#include "engine/sample-set.h"

#define CHOICE_MOST_SITES 64

typedef struct {
  int64_t pattern;                   /* numbers of the pattern that the optimiser may write; 0: fixed */
  int64_t alignment;                 /* likewise of omega and its bias */
  int64_t frozen;                    /* numbers in f */
  int channels, height, width;       /* of f's input; 0: not a picture */
  int picture_height, picture_width; /* of the picture placed in it; 0: unknown */
  int n_source, n_target;            /* -1: unknown */
  bool texts;                        /* the task's samples are texts; false: pictures, or not known yet */
  int n_sites;                       /* inside f: where numbers are put in; 0: at the input */
  ValueId sites[CHOICE_MOST_SITES];  /* the first of them */
} ChoiceFacts;

/* model and set may be NULL while they are being read. */
ChoiceFacts choice_facts(const RunSpec *spec, const FrozenModel *model, const SampleSet *set);
/* The numbers that settings of 0 stand for, where they are known, as in a spec's text.  (transfer full) */
GKeyFile *choice_meant(const ChoiceFacts *facts);
/* What the axis entails now, a sentence or two.   (transfer full) */
char *choice_consequence(AxisId axis, const RunSpec *spec, const ChoiceFacts *facts);
/* The family of methods that the cell belongs to: "Model reprogramming", "Prompt tuning", "Prompt
 * instruction". */
const char *choice_family(Cell cell);
/* 147456 as "147 456", with thin spaces.  (transfer full) */
char *grouped_number(int64_t number);
/* A percentage in two digits that count, and in all before the point: "0.0035 %", "2.4 %", "133 %". (transfer
 * full) */
char *percent_words(double percent);
/* "24×32×32", the batch left out; "?" where it depends on the input.  (transfer full) */
char *shape_words(const Shape *shape);
