/* Moments of one session and one stored run, looked at without training.
 *
 * It has a connection to the store and a viewer of its own, made when they are first needed.  Counted by
 * references; whoever holds one may look, one thread at a time. */
#pragma once

#include "app/moment.h"
#include "app/session.h"
#include "ui/snapshot.h"

typedef struct _Replay Replay;

/* run_id NULL: no run, only what a moment gives and the choice before training.  (transfer full) */
Replay *replay_new(Session *session, const char *store_path, const char *run_id);
Replay *replay_ref(Replay *replay);
void replay_unref(Replay *replay);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Replay, replay_unref)

/* Completes a moment: its pattern and map come from the store, the last ones at or before its step, which
 * becomes the pattern's; one that is not there yet is waited for, a second at most.  Without a run: before
 * training.  A moment that has a pattern stays. */
bool replay_find(Replay *replay, Moment *moment, GError **error);
/* (transfer full) */
HfSnapshot *replay_look(Replay *replay, const Moment *moment, int sample, GError **error);
int replay_next_mistake(Replay *replay, const Moment *moment, int sample, const StopFlag *stop,
                        GError **error);
