/* Aligned columns of text.  The last column is wrapped at the width of the terminal, where there is one. */
#pragma once

#include <glib.h>

typedef struct {
  const char *title;
  gboolean right; /* numbers stand on the right */
} Column;

typedef struct {
  const Column *columns; /* ends with a NULL title; borrowed */
  guint n_columns;
  GPtrArray *cells; /* char *, row by row */
} Table;

Table *table_new(const Column *columns);
void table_free(Table *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Table, table_free)
/* The next cell, one line of it; NULL is empty. */
void table_add(Table *table, const char *text);
void table_add_format(Table *table, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* "73.4 %", "" for what is not a number */
void table_add_share(Table *table, double share);
guint table_rows(const Table *table);
void table_print(const Table *table);
