/* The equation as a row of stages, x -> I(x, c) -> f in blocks -> O -> y, read from the real graph.  Plain
 * values; no widget. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/run-spec.h"
#include "engine/sample-set.h"
#include "ui/choice-facts.h"

typedef enum { STAGE_SAMPLE, STAGE_MANIPULATION, STAGE_FROZEN, STAGE_ALIGNMENT, STAGE_ANSWER } StageKind;

typedef struct {
  StageKind kind;
  bool site;          /* where the manipulation enters */
  char *title;        /* Pango markup */
  char *name;         /* the same as plain text */
  char *shape, *note; /* two short lines; note may be NULL */
  char *help;         /* what happens there, a sentence or two */
  GPtrArray *details; /* char *: names and values in turn */
} Stage;

/* model and set may be NULL while they are being read: then f is one stage.  (transfer full) (element-type
 * Stage) */
GPtrArray *pipeline_stages(const FrozenModel *model, const RunSpec *spec, const SampleSet *set,
                           const ChoiceFacts *facts);
