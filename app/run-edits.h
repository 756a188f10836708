/* What people change of stored runs, written in threads, one after the other. */
#pragma once

#include "data/run-store.h"
#include <gio/gio.h>

typedef enum {
  RUN_EDIT_STAR, /* turned round */
  RUN_EDIT_NAME,
  RUN_EDIT_TAGS,
  RUN_EDIT_NOTE,
  RUN_EDIT_DELETE,
  RUN_EDIT_UNDELETE,
} RunEditKind;

/* What was done, for the main thread. */
typedef struct {
  RunEditKind kind;
  GStrv ids;        /* of the runs that were changed */
  GPtrArray *items; /* HfRunItem of those that are not deleted, as they are now */
  char *problem;    /* why the next one could not be changed; NULL: all were */
} RunEdited;

typedef struct _RunEdits RunEdits;

RunEdits *run_edits_new(const char *store_path, void (*done)(const RunEdited *edited, gpointer data),
                        gpointer data);
/* What was asked for is still written, but nobody is told. */
void run_edits_free(RunEdits *edits);
/* `text`: the name, tags or note; NULL elsewhere. */
void run_edits_ask(RunEdits *edits, RunEditKind kind, const char *const *ids, const char *text);
