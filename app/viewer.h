/* Shows what f makes of a sample at a moment of a run: makes the snapshots of live runs, of stored ones, and
 * of a choice that has not been trained.
 *
 * It has a program of its own for one sample at a time, in which the pattern is given as numbers, so it needs
 * neither the run nor its threads.  Manipulations that are stacked are shown by the sum of their patterns.
 * One thread at a time. */
#pragma once

#include "app/moment.h"
#include "app/session.h"
#include "ui/snapshot.h"

typedef struct _Viewer Viewer;

/* Keeps the session.  (transfer full) */
Viewer *viewer_new(Session *session, GError **error);
void viewer_free(Viewer *viewer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Viewer, viewer_free)

/* The moment before anything is fitted or trained.  Clear it. */
Moment viewer_first_moment(const Viewer *viewer);
/* A stored moment may be of another model or task, and of another one's making: false, and one sentence,
 * where its arrays do not have the shapes of this session's.  What a moment lacks is not looked at. */
bool viewer_fits(const Viewer *viewer, const Moment *moment, GError **error);
/* Of a moment that fits.  (transfer full) */
HfSnapshot *viewer_look(Viewer *viewer, const Moment *moment, int sample, GError **error);
/* The first sample after this one (then from the front) that is answered wrongly at that moment; `sample`
 * when there is no other, or when `stop` is set. */
int viewer_next_mistake(Viewer *viewer, const Moment *moment, int sample, const StopFlag *stop);
