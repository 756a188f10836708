/* A session: everything that a run spec names, loaded and ready, for the commands and for the window alike.
 *
 * Counted by references and never written after opening, so threads may share one.  Sessions of the same
 * model and task share them. */
#pragma once

#include "data/run-store.h"
#include "engine/run.h"

typedef struct _Session Session;

struct _Session {
  int references;
  Session *model_owner, *set_owner; /* the session that loaded it; NULL: this one */
  RunSpec *spec;  /* a copy, with norm = run:ID replaced by the number, and what was answered of the model */
  Settings *card; /* what the spec itself said of the model */
  FrozenModel *model;
  SampleSet *set;         /* NULL: opened without the task */
  GBytes *picture_memory; /* behind user_picture; NULL: no method has the setting `picture` */
  Picture user_picture;
  int *rule; /* of a structural alignment with a rule file; NULL: none */
};

/* True where the spec names a stored run (norm = run:ID). */
bool session_needs_store(const RunSpec *spec);
/* Loads model and task, the user's picture, the rule file, and looks up norms of stored runs.  `store` may be
 * NULL where it is not needed.  (transfer full) */
Session *session_open(const RunSpec *spec, RunStore *store, GError **error);
/* As open, without the task's pictures and the rule file: for what a stored run already holds.  Its spec,
 * model and user_picture may be used, and session_same_model() asked; no other function below.  (transfer
 * full) */
Session *session_open_model(const RunSpec *spec, RunStore *store, GError **error);
/* As open, but takes over the model and the task of `like` (may be NULL) where the spec names the same.
 * (transfer full) */
Session *session_open_like(const RunSpec *spec, Session *like, RunStore *store, GError **error);
Session *session_ref(Session *session);
void session_unref(Session *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Session, session_unref)
/* How many samples of the test part a run of this spec uses. */
int session_test_samples(const Session *session);

/* What the taxonomy's rules ask.  Texts are borrowed from the session. */
TaxonomyContext session_context(const Session *session);
/* The verdict on manipulation i of the spec with its alignment.  (transfer full) */
Verdict *session_judge(const Session *session, guint i);
/* False, with reason and nearest repair in one sentence, when a manipulation of the spec is impossible here.
 */
bool session_check(const Session *session, GError **error);

/* The row that a store keeps of a run of this session; id and result are left empty.  (transfer full) */
RunRow *session_row(const Session *session, int total_steps);
/* A stored run goes on only with the very model, drawn pictures and files of samples that it began with: false,
 * and one sentence, where they are others. */
bool session_same_inputs(const Session *session, const RunRow *row, GError **error);
/* Likewise, of the model alone; a session without a task will do. */
bool session_same_model(const Session *session, const RunRow *row, GError **error);
/* Starts or goes on.  (transfer full) */
Run *session_run(const Session *session, const RunState *resume, RunObserver observer, const StopFlag *stop,
                 int nice, GError **error);
