/* What a model's card leaves open, guessed: from files that exporters put beside it (Hugging Face's
 * config.json and preprocessor_config.json, names of classes), from its graph, and from the usual numbers of
 * its kind. Each guess says what it rests on, for the person who is asked. */
#pragma once

#include "engine/frozen-model.h"

/* An entry of the card (data/model-card.h). */
typedef struct {
  const char *key;
  char *value;   /* as the card writes it; "": nothing to guess */
  char *reason;  /* sentences */
  bool known;    /* the card says it: value is its own */
  bool required; /* without it the model cannot be used as it should be */
} CardEntry;

/* Tasks that a card can name. */
typedef struct {
  const char *name;  /* "image-classification" */
  const char *title; /* English */
} CardTask;
extern const CardTask card_tasks[]; /* ends with a NULL name */

/* Every entry that a person can be asked for, in the order of asking.  `mean` and its like are there for a
 * model of any task, for they are asked where the task becomes pictures.  (transfer full) (element-type
 * CardEntry) */
GPtrArray *card_guess(const FrozenModel *model);
/* Borrowed; NULL: no such entry. */
const CardEntry *card_entry(const GPtrArray *entries, const char *key);
/* Whether an entry only counts for pictures, for language; NULL: it always does. */
const char *card_entry_task(const char *key);
/* Whether this one is open: the card does not say it, and it counts for the task. */
bool card_entry_is_asked(const GPtrArray *entries, const CardEntry *entry);
/* Whether somebody has to be asked: a required entry of the task is not known. */
bool card_is_open(const GPtrArray *entries);
