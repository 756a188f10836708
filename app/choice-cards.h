/* The frozen models and tasks that can be chosen, as cards for the pickers. */
#pragma once

#include "app/class-examples.h"
#include "data/models.h"
#include "engine/sample-set.h"
#include "ui/choice-panel.h"

typedef struct _ChoiceCards ChoiceCards;

/* Reads what the model files and the installed packages say: any thread.  (transfer full) */
ChoiceCards *choice_cards_new(void);
void choice_cards_free(ChoiceCards *cards);
/* Puts them into the panel; `set` lends its card a picture of each class, NULL: none is loaded; `examples`
 * the cards of the others, NULL: not known yet. */
void choice_cards_show(const ChoiceCards *cards, HfChoicePanel *panel, const SampleSet *set,
                       const ClassExamples *examples);
