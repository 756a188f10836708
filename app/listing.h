/* What there is: the commands that list the rows of one of the engine's tables.
 *
 *     hoarfrost methods [NAME…] [--json]
 *
 * Without a name a table, with names each in full with its settings, with --json an object a line. */
#pragma once

#include "app/command.h"
#include "app/json-line.h"
#include "engine/setting.h"

typedef struct {
  const char *name, *title, *paper, *summary;
  const char *group;          /* a word that sorts it among the others: an operator, a family; NULL: none */
  const Setting *settings[2]; /* tables of its constants; NULL: none */
} Entry;

typedef struct {
  const char *subject;                  /* "method" */
  const char *group_title;              /* the heading over `group`; NULL: no such column */
  bool (*entry)(int i, Entry *entry);   /* fills row i; false after the last.  Texts are borrowed */
  void (*write)(int i, JsonLine *json); /* further members; NULL: none */
  void (*print)(int i);                 /* further lines of row i in full; NULL: none */
} Listing;

bool listing_command(const Command *command, const Listing *listing, int argc, char **argv, GError **error);

/* The rows of two tables (either may be NULL) as an array of objects: name, title, type, default, minimum,
 * maximum, choices, help. */
void json_settings(JsonLine *json, const char *name, const Setting *const tables[2]);
