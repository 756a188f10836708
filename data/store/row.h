/* RunRow's columns. */
#pragma once

#include "data/run-store.h"
#include "data/store/column.h"

enum {
  ROW_LISTED = 1 << 0,  /* read in lists */
  ROW_START = 1 << 1,   /* written when a run begins */
  ROW_RESULT = 1 << 2,  /* written with the result */
  ROW_BUNDLE = 1 << 3,  /* carried by bundles */
  ROW_DERIVED = 1 << 4, /* computed by the database */
  ROW_NEEDED = 1 << 5,  /* never NULL */
};

/* All but the spec, which has its own table. */
extern const Column run_columns[];

/* Reads columns chosen by `wanted`, in the order of run_columns, and tells interrupted from running.
 * (transfer full) */
RunRow *run_row_read(Database *db, sqlite3_stmt *statement, unsigned wanted, GError **error);
/* Inserts a row with its columns chosen by `wanted`, and its spec; *number is its number in the file. */
bool run_row_insert(Database *db, const RunRow *row, unsigned wanted, gint64 *number, GError **error);
/* The whole row of a run.  (transfer full) */
RunRow *run_row_by_number(Database *db, gint64 number, GError **error);
/* The number of a run; an error when there is none. */
bool run_number(Database *db, const char *id, gint64 *number, GError **error);
/* Gives the connection the SQL function shown_state(state, boot_id, pid, process_start). */
void run_row_add_functions(Database *db);
