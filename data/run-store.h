/* The run store: every run with its full spec, curves, patterns, label maps and result, in one SQLite file.
 *
 * A RunStore is one connection; it belongs to the thread that uses it, so another thread opens its own.
 * Several processes may work on one file.  Training writes through a RunWriter (run-writer.h); this header
 * reads, and changes what people change: names, stars, tags, notes, deletion.  A run is its UUID, as text.
 *
 * All errors are HOARFROST_ERROR_INPUT with one sentence. */
#pragma once

#include "engine/run.h"

typedef struct _RunStore RunStore;

/* How a run stands.  Names are stored: never rename.  INTERRUPTED is never stored: it is a running run whose
 * process is gone. */
typedef enum {
  STATUS_RUNNING,
  STATUS_FINISHED,
  STATUS_STOPPED,
  STATUS_FAILED,
  STATUS_INTERRUPTED,
  N_STATUSES,
} RunStatus;

const char *run_status_name(RunStatus status);
/* N_STATUSES when there is none of this name. */
RunStatus run_status_find(const char *name);

/* One run.  Texts are owned by the row and may be NULL where nothing is known; NaN likewise for numbers. */
typedef struct {
  char *id;                                     /* UUID, lower case */
  char *name;                                   /* the user's */
  char *preset;                                 /* NULL: none */
  char *spec;                                   /* key file with every default written out.  */
  char *format, *location, *operator, * method; /* of the first manipulation; method: all, joined by '+' */
  char *family, *alignment, *optimiser;
  char *model;         /* as in the spec; the digest of its file is in result */
  char *channel_order; /* of the pattern's planes: "RGB" or "BGR" */
  char *dataset, *drawn_sha256;
  double neutral; /* the pattern's value that says nothing */
  uint64_t seed;
  int64_t created; /* UTC, milliseconds since 1970 */
  RunStatus status;
  char *error;   /* why it failed */
  char *boot_id; /* with pid and process_start: the process that trains it; NULL: none */
  int pid;
  int64_t process_start;
  int total_steps;
  RunResult result; /* while it runs: what is known so far */
  double gain;      /* best test accuracy minus the better baseline; read only */
  bool star;
  char *tags; /* "a,b": sorted, no blanks around commas; "" none */
  char *note;
  int64_t deleted_at; /* milliseconds since 1970; 0: not deleted */
  char *program_version, *blas_core;
  int threads;
} RunRow;

/* NaN where nothing is known yet.  (transfer full) */
RunRow *run_row_new(void);
void run_row_free(RunRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunRow, run_row_free)

/* $XDG_DATA_HOME/hoarfrost/runs.db (transfer full) */
char *run_store_default_path(void);
/* Opens a store, makes it (and the default's folder) where there is none, brings an older schema up to date
 * after a copy FILE.schema-N.  path NULL: the default.  Refused and left as they are: other files, other
 * programs' databases, stores of a newer schema.  (transfer full) */
RunStore *run_store_open(const char *path, GError **error);
void run_store_close(RunStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunStore, run_store_close)
const char *run_store_path(const RunStore *store);
/* True when file or folder cannot be written: reading works, everything else is an error. */
bool run_store_read_only(const RunStore *store);
/* True when another connection, of this or another process, has written since the last call. */
bool run_store_changed(RunStore *store);

/* Which runs, and in what order.  A zero-initialised query is all runs that are not deleted, newest first. */
typedef struct {
  const char *sort; /* a name of run_store_sorts; NULL: created */
  bool ascending;   /* unknown values stand last either way */
  int limit;        /* 0: all */
  int offset;
  const char *text; /* in name, note, tags, model, dataset, preset, method or alignment; without regard to
                       case (ASCII) */
  const char *tag, *status, *preset, *model, *dataset, *format, *location, *operator, * method, *family,
      *alignment;
  bool starred; /* only these */
  bool learnt; /* only those that have learnt something: with a checkpoint and a label map that says something
                */
  bool deleted; /* those that can be undeleted, in place of the others */
} RunQuery;

extern const char *const run_store_sorts[]; /* NULL-terminated */
/* Rows for a list: spec, digests, versions, channel_order, neutral, frozen_parameters, max_test_accuracy,
 * pattern_norm and images_per_second are left out (run_store_get has them).  (transfer full) (element-type
 * RunRow) */
GPtrArray *run_store_list(RunStore *store, const RunQuery *query, GError **error);
/* How many there are without limit and offset; -1 on error. */
int run_store_count(RunStore *store, const RunQuery *query, GError **error);
/* The whole row, deleted or not.  (transfer full) */
RunRow *run_store_get(RunStore *store, const char *id, GError **error);
/* The UUID that a user's text means: a UUID, its first characters (at least 4, of one run that is not
 * deleted), or "last", the newest.  (transfer full) */
char *run_store_find(RunStore *store, const char *text, GError **error);

/* Series, in the order of the steps.  `after`: only steps greater than this; -1: all.  Empty when nothing is
 * there. */
GArray *run_store_steps(RunStore *store, const char *id, int after, GError **error);       /* RunStep */
GArray *run_store_evaluations(RunStore *store, const char *id, int after, GError **error); /* RunEvaluation */

/* Steps whose pattern is stored, ascending.  (transfer full) (element-type int) */
GArray *run_store_pattern_steps(RunStore *store, const char *id, GError **error);
/* The last pattern at or before a step (G_MAXINT: the last of all), float32.  Its own step in *found (may be
 * NULL). (transfer full) */
Tensor *run_store_pattern(RunStore *store, const char *id, int step, int *found, GError **error);
/* A PNG of at most 48 x 48 pixels of that pattern; NULL without an error when there is none.  (transfer full)
 */
GBytes *run_store_preview(RunStore *store, const char *id, int step, GError **error);

typedef struct {
  int step;
  int switches; /* target classes whose largest source class changed */
} RunMapStep;

GArray *run_store_map_steps(RunStore *store, const char *id, GError **error); /* RunMapStep */
/* The last label map at or before a step: omega (n_source, n_target), bias (n_target).  Either pointer may be
 * NULL, so may found.  (transfer full) */
bool run_store_map(RunStore *store, const char *id, int step, Tensor **omega, Tensor **bias, int *found,
                   GError **error);
/* The map of f without a prompt, fitted for that baseline; both stay NULL when it was not kept.  (transfer
 * full) */
bool run_store_baseline_map(RunStore *store, const char *id, PromptMode mode, Tensor **omega, Tensor **bias,
                            GError **error);
/* What the run warned of, in order.  (transfer full) (element-type utf8) */
GPtrArray *run_store_warnings(RunStore *store, const char *id, GError **error);

/* The last checkpoint; *state is NULL when the run has none yet.  *complete (may be NULL): false when it came
 * with a bundle, which carries the parameters but not what going on would need.  (transfer full) */
bool run_store_checkpoint(RunStore *store, const char *id, RunState **state, bool *complete, GError **error);

/* Changes.  An unknown run is an error. */
bool run_store_rename(RunStore *store, const char *id, const char *name, GError **error);
bool run_store_set_star(RunStore *store, const char *id, bool star, GError **error);
/* Separated by commas; sorted, trimmed and freed of doubles here. */
bool run_store_set_tags(RunStore *store, const char *id, const char *tags, GError **error);
bool run_store_set_note(RunStore *store, const char *id, const char *note, GError **error);
/* Deleting hides a run until it is undeleted or purged.  A run that a living process trains is refused. */
bool run_store_delete(RunStore *store, const char *id, GError **error);
bool run_store_undelete(RunStore *store, const char *id, GError **error);
/* Removes for ever what was deleted at least `age` milliseconds ago; the file shrinks.  *purged: how many. */
bool run_store_purge(RunStore *store, int64_t age, int *purged, GError **error);

typedef struct {
  int added, skipped; /* skipped: already here, deleted there, or still running there */
} MergeCount;
/* Copies the runs of another store file into this one.  An older one is brought up to date first. */
bool run_store_merge(RunStore *store, const char *other, MergeCount *count, GError **error);
