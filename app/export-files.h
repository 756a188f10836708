/* What can be saved from the window: a table of its names, forms and needs, and the writing of one file. */
#pragma once

#include "app/shown-moment.h"

/* What must be there. */
typedef enum { NEEDS_MOMENT, NEEDS_RUN } ExportNeed;

typedef struct {
  const char *what;        /* "pictures": of win.export, and in win.save-pictures */
  const char *title;       /* of the dialog, to be translated */
  const char *suffixes[5]; /* ".png": the first is proposed; NULL-terminated */
  ExportNeed need;
} ExportKind;

enum { N_EXPORT_KINDS = 12 };
extern const ExportKind export_kinds[N_EXPORT_KINDS];

const ExportKind *export_kind_find(const char *what);
/* "border-ilm-fashion-mnist-seed-1-step-780-curves.png": what the dialog proposes.  (transfer full) */
char *export_file_name(const ExportKind *kind, const RunSpec *spec, int step);
/* The same for a stored run, without a step.  (transfer full) */
char *export_run_name(const RunSpec *spec, const char *suffix);

/* Writes one file in the form that its suffix means.  Any thread. */
bool export_write(const ExportKind *kind, ShownMoment *moment, const char *store_path, const char *path,
                  GError **error);
/* A stored run in the form that the suffix means.  Any thread. */
bool export_write_run(const char *store_path, const char *run_id, const char *path, GError **error);
