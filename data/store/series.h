/* Rows that a run adds step by step: metrics and evaluations as column tables, patterns and label maps.
 *
 * A row that is already there with equal numbers is fine, its times stay; with other numbers it is an error
 * and the old row stays: a run that is resumed must compute the same again. */
#pragma once

#include "data/run-store.h"
#include "data/store/column.h"

typedef struct {
  const char *table;
  const Column *columns; /* begins with step */
  gsize size;            /* of the struct */
} Series;

extern const Series series_metrics;     /* RunStep */
extern const Series series_evaluations; /* RunEvaluation */

bool series_insert(Database *db, const Series *series, gint64 run, const void *record, GError **error);
/* (transfer full) */
GArray *series_read(Database *db, const Series *series, gint64 run, int after, GError **error);

/* `preview`: PNG, NULL: none. */
bool pattern_insert(Database *db, gint64 run, int step, const Tensor *pattern, GBytes *preview,
                    GError **error);
/* Also writes which target classes changed since the map before.  */
bool map_insert(Database *db, gint64 run, int step, const Tensor *omega, const Tensor *bias, int switches,
                GError **error);
/* Says that a stored row differs, also in db->differs, which tells it from a failing disk.  Always false. */
bool series_differs(Database *db, const char *what, int step, GError **error);

/* The last pattern or map at or before the step; an error when there is none.  found may be NULL.  (transfer
 * full) */
Tensor *pattern_read(Database *db, gint64 run, int step, int *found, GError **error);
/* The runs of f without the prompt that a store keeps the maps of; PROMPT_ON stands behind the last. */
extern const PromptMode baseline_modes[];
/* As they are stored: never renamed. */
const char *baseline_mode_name(PromptMode mode);
bool baseline_map_insert(Database *db, gint64 run, PromptMode mode, const Tensor *omega, const Tensor *bias,
                         GError **error);
/* Leaves both as they are where there is none. */
bool baseline_map_read(Database *db, gint64 run, PromptMode mode, Tensor **omega, Tensor **bias,
                       GError **error);
bool map_read(Database *db, gint64 run, int step, Tensor **omega, Tensor **bias, int *found, GError **error);
/* For maps that came in any order: gives one its bias, and counts all changes anew. */
bool map_set_bias(Database *db, gint64 run, int step, const Tensor *bias, GError **error);
bool map_recount(Database *db, gint64 run, GError **error);
/* The source class of largest weight for each target class, lowest index on ties.  (transfer full) */
int *map_top(const Tensor *omega);

/* A sentence once a run. */
bool warning_insert(Database *db, gint64 run, const char *sentence, GError **error);
