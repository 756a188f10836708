/* What the pickers of the comparison offer: the newest runs of the store, or those that a search finds.  Read
 * in a thread, on a connection of its own; main thread otherwise. */
#pragma once

#include "data/run-store.h"
#include "ui/comparison.h"

typedef struct _CompareChoices CompareChoices;

/* Answers the page's "search".  Both must outlive it.  (transfer full) */
CompareChoices *compare_choices_new(HfComparison *page, const RunStore *store);
void compare_choices_free(CompareChoices *self);
/* The runs have changed since they were read. */
void compare_choices_outdate(CompareChoices *self);
/* Reads them anew where they have changed. */
void compare_choices_refresh(CompareChoices *self);
