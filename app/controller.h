/* The controller: the present choice (a RunSpec with undo), the run that is shown, and the moment of it.
 *
 * A GObject of the main thread.  The window's widgets are told by its signals and ask it by these functions;
 * it owns the worker thread and the store connection of the main thread.  Nothing here waits: loading and
 * judging models, replaying and storing happen in threads.
 *
 * Signals: "choice-changed" (), "judged" (the verdicts are new), "state-changed" (), "snapshot" (HfSnapshot
 * *, NULL: nothing can be shown any more), "series-changed" (), "message" (const char *sentence), "failed"
 * (const char *sentence), "runs-changed" (), "refused" (): Run was asked for, and the choice is impossible. */
#pragma once

#include "app/session.h"
#include "ui/series.h"
#include "ui/snapshot.h"
#include <gio/gio.h>

#define HF_TYPE_CONTROLLER (hf_controller_get_type())
G_DECLARE_FINAL_TYPE(HfController, hf_controller, HF, CONTROLLER, GObject)

typedef enum {
  HF_STATE_IDLE,    /* nothing is shown but the choice */
  HF_STATE_LOADING, /* Run was pressed; model and data are being read */
  HF_STATE_RUNNING,
  HF_STATE_PAUSED,
  HF_STATE_STOPPING,
  HF_STATE_ENDED,  /* a run of this window has ended; its last moment is shown */
  HF_STATE_REPLAY, /* a stored run is shown */
} HfState;

/* store_path NULL: the user's own. */
HfController *hf_controller_new(const char *store_path, GError **error);

/* The choice. */
const RunSpec *hf_controller_spec(HfController *self);
Cell hf_controller_cell(HfController *self);
/* "group.key=value" assignments, NULL-terminated, as one step of the history.  Changes of the same key within
 * 500 ms are one.  With another model, what fits one model only (picture size, site) becomes the method's
 * default. */
bool hf_controller_assign(HfController *self, char *const *assignments, GError **error);
/* Puts an axis on a value, with the method that goes with it.  Where that is impossible nothing changes and
 * the verdict with reason and repairs is returned; NULL when it was done. (transfer full) */
Verdict *hf_controller_choose(HfController *self, AxisId axis, int value);
bool hf_controller_repair(HfController *self, const Repair *repair, GError **error);
/* The whole choice at once, as one step of the history.  The spec is copied. */
void hf_controller_take_spec(HfController *self, const RunSpec *spec);
/* The choice becomes that of the run that is shown, where there is one. */
void hf_controller_take_run_settings(HfController *self);
bool hf_controller_take_preset(HfController *self, const char *name, GError **error);
/* What the user says of the chosen model has changed: it is loaded again. */
void hf_controller_reload(HfController *self);
void hf_controller_undo(HfController *self);
void hf_controller_redo(HfController *self);
bool hf_controller_can_undo(HfController *self);
bool hf_controller_can_redo(HfController *self);

/* The model and task that are chosen, once they are loaded (they load in a thread when chosen); NULL before.
 */
const Session *hf_controller_session(HfController *self);
/* Verdicts on all 72 cells for them, by cell_index(); NULL before.  Borrowed. */
const Verdict *const *hf_controller_verdicts(HfController *self);
/* On the choice itself, with its methods; NULL likewise.  Borrowed until the next "choice-changed" or
 * "judged". */
const Verdict *hf_controller_verdict(HfController *self);
/* Why what the choice names cannot be loaded, a sentence; NULL: it can, or that is not known yet. */
const char *hf_controller_problem(HfController *self);

/* The run. */
HfState hf_controller_state(HfController *self);
/* While it runs: what is under way; "state-changed" tells of it too. */
RunWork hf_controller_work(HfController *self);
const char *hf_controller_run_id(HfController *self); /* the run that is shown; NULL: none */
/* Its settings and what they name, which the choice may have left since; NULL: none is shown.  Borrowed. */
const RunSpec *hf_controller_run_spec(HfController *self);
const Session *hf_controller_run_session(HfController *self);
void hf_controller_run(HfController *self); /* starts, or goes on after a pause */
void hf_controller_pause(HfController *self);
void hf_controller_step(HfController *self);  /* one optimiser step, then paused */
void hf_controller_stop(HfController *self);  /* keeps it */
void hf_controller_reset(HfController *self); /* stops, and shows the choice before training */
/* A stored run, without training.  The choice becomes the run's, as one step of the history.  While a run
 * trains, nothing happens but a message. */
void hf_controller_open(HfController *self, const char *run_id);
/* Likewise, but the choice stays as it is, and nothing is said where the run cannot be shown. */
void hf_controller_show_again(HfController *self, const char *run_id);
/* As open, and it goes on from its last checkpoint. */
void hf_controller_resume(HfController *self, const char *run_id);
void hf_controller_close(HfController *self); /* stops and joins; before the last unref */
/* The same without waiting: `closed` is called in the main loop when the run is kept and all threads of it
 * have ended. */
void hf_controller_close_later(HfController *self, GCallback closed, gpointer data);

/* The moment: the step that all panes show.  -1: the newest while it trains. */
void hf_controller_seek(HfController *self, int step);
/* -1: the newest; the snapshot says which step that is. */
int hf_controller_shown_step(HfController *self);
/* Goes through the stored steps by itself, from the front when it is at the end; "state-changed" tells when
 * it begins and ends. */
void hf_controller_play(HfController *self, bool on);
bool hf_controller_is_playing(HfController *self);
/* Steps with a stored pattern, ascending.  Borrowed until the next "series-changed". */
const GArray *hf_controller_stored_steps(HfController *self);
const HfSeries *hf_controller_series(HfController *self);
/* The newest snapshot; NULL before the first, and where nothing can be shown.  Borrowed. */
HfSnapshot *hf_controller_snapshot(HfController *self);
/* The model and task that are shown, which may be another choice's; NULL: nothing is.  Borrowed. */
Session *hf_controller_shown_session(HfController *self);
void hf_controller_choose_sample(HfController *self, int index);
void hf_controller_next_mistake(HfController *self);

/* The store, for lists in the main thread.  Borrowed. */
RunStore *hf_controller_store(HfController *self);
