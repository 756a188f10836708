/* A frozen model run forward and back on the inputs of a reference that PyTorch computed.
 *
 * The loss is the mean cross-entropy: to class 3 where a row of the input has one row of logits (batch,
 * classes), or of the next tokens where it has one a token (batch, tokens, vocabulary).  Its gradient is
 * taken to the first input, or to the output of the token embedding where that input holds ids. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/plan.h"
#include "tests/support/safetensors.h"

/* Names of tensors in the reference. */
typedef struct {
  const char *prefix;   /* in front of each name; "" */
  const char *input;    /* NULL: inputs have the names that the graph gives them */
  const char *gradient; /* logits are called "logits" */
} ReferenceNames;

/* Relative distances (L2) from the reference, and what the run took. */
typedef struct {
  double logits, gradient;
  double seconds; /* making the plan and running it once */
  char *refusal;  /* (transfer full) NULL: it ran */
} ReferenceResult;

/* Reads `variant` for the passes that are left out. */
ReferenceResult reference_run(const FrozenModel *model, const SafeTensors *reference,
                              const ReferenceNames *names, const PlanOptions *variant);
