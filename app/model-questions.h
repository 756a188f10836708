/* What a model's card leaves open (data/card-guess.h) as questions for a person, and the answers as the card
 * writes them. */
#pragma once

#include "data/card-guess.h"
#include "ui/model-dialog.h"

/* The questions; they borrow from entries and from the arrays here.  all: what the card says can be changed
 * too, but for what the graph fixes. */
typedef struct {
  GArray *rows;     /* HfModelQuestion */
  GPtrArray *texts; /* char *: that the rows borrow */
} ModelQuestions;

void model_questions_make(ModelQuestions *self, const FrozenModel *model, const GPtrArray *entries, bool all);
void model_questions_clear(ModelQuestions *self);
/* An answer as the card writes it: "0.5, 0.5" becomes "[0.5, 0.5]", "3 × 8 × 8" becomes "[3, 8, 8]".
 * (transfer full)
 */
char *model_answer_text(const char *key, const char *answer);
