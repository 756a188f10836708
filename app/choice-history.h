/* The choices that were made, for undo and redo.
 *
 * Changes of the same keys that follow each other within half a second are one: a slider that is dragged. */
#pragma once

#include "engine/run-spec.h"

typedef struct _ChoiceHistory ChoiceHistory;

/* (spec: transfer full) (transfer full) */
ChoiceHistory *choice_history_new(RunSpec *spec);
void choice_history_free(ChoiceHistory *history);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ChoiceHistory, choice_history_free)
/* Borrowed until the next change. */
const RunSpec *choice_history_now(const ChoiceHistory *history);
/* A new choice after the present one; what was undone is forgotten.  `keys` says what was changed, NULL:
 * never joined with another change.  `now` in microseconds, monotonic.  (spec: transfer full) */
void choice_history_add(ChoiceHistory *history, RunSpec *spec, const char *keys, gint64 now);
/* False when there is nothing to go to. */
bool choice_history_undo(ChoiceHistory *history);
bool choice_history_redo(ChoiceHistory *history);
bool choice_history_can_undo(const ChoiceHistory *history);
bool choice_history_can_redo(const ChoiceHistory *history);
