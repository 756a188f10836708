/* Tables of the store as plain C values: a row of Column for each column says where its value lies in a
 * struct.
 *
 * Inserting, comparing, reading, JSON and CSV are loops over these rows.  Only columns named here are ever
 * read or written, so a later schema may add others. */
#pragma once

#include "data/store/database.h"

#include <json-glib/json-glib.h>

typedef enum {
  COLUMN_INT,     /* int */
  COLUMN_INT64,   /* int64_t */
  COLUMN_TIME,    /* int64_t; 0 is NULL */
  COLUMN_BOOL,    /* bool */
  COLUMN_REAL,    /* double; NaN is NULL */
  COLUMN_TEXT,    /* char *, owned by the struct; NULL is NULL */
  COLUMN_STATUS,  /* RunStatus, by name */
  COLUMN_FLOATS,  /* GArray * of float, packed */
  COLUMN_INTS,    /* GArray * of int, packed */
  COLUMN_DOUBLES, /* GArray * of double, packed */
} ColumnType;

typedef struct {
  const char *name; /* ends a table where NULL */
  ColumnType type;
  gsize offset;
  unsigned flags; /* what the table's owner means by them */
} Column;

/* Differs from sitting to sitting: left out of comparisons. */
#define COLUMN_TIMING (1u << 31)
/* Came with a later schema, so older rows lack it: left out of comparisons, and last in CSV. */
#define COLUMN_LATER (1u << 30)

/* "a, b, c" of the columns that have all bits of `wanted` and none of `unwanted`.  (transfer full) */
char *columns_names(const Column *columns, unsigned wanted, unsigned unwanted);
/* The same with each name put into `pattern` for its one %s, and `separator` between.  (transfer full) */
char *columns_join(const Column *columns, unsigned wanted, unsigned unwanted, const char *pattern,
                   const char *separator);
/* Binds to parameters first, first + 1, ...; numbers and texts are borrowed until the last row. */
void columns_bind(sqlite3_stmt *statement, int first, const Column *columns, unsigned wanted,
                  unsigned unwanted, const void *record);
/* Reads result columns first, first + 1, ... into a struct whose pointers are NULL or owned. */
bool columns_read(sqlite3_stmt *statement, int first, const Column *columns, unsigned wanted,
                  unsigned unwanted, void *record, GError **error);
/* Frees what the struct owns. */
void columns_clear(const Column *columns, void *record);
/* The struct as an object, and back; members that are missing or of another type leave the struct as it is.
 * No arrays. */
JsonObject *columns_to_json(const Column *columns, unsigned wanted, const void *record);
void columns_from_json(const Column *columns, unsigned wanted, JsonObject *object, void *record);
/* One value as CSV: shortest text that reads back as the same number; NaN is empty.  Numbers only. */
void column_to_csv(const Column *column, const void *record, GString *line);
bool column_from_csv(const Column *column, const char *text, void *record);
