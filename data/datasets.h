/* Data sets: the named ones, and folders and text files of the user's.
 *
 * A named set is a file of datasets/ and a row in the table of datasets.c.  A path is decided by what the
 * folder holds: the formats are rows of a second table there; a file is one of texts (datasets/texts.c).
 * Every set comes out as the engine's SampleSet.
 */
#pragma once

#include "engine/sample-set.h"

typedef struct _DatasetKind DatasetKind;

struct _DatasetKind {
  const char *name;    /* in specs: never rename */
  const char *title;   /* for people */
  const char *summary; /* one sentence */
  const char *license, *source;
  int n_classes;
  const char *const *classes;  /* n_classes names; NULL: they are numbered from 0 */
  int width, height, channels; /* of every picture */
  int train, validation, test; /* samples; validation 0: drawn from train by the run */
  /* Loads or draws it.  (transfer full) */
  SampleSet *(*load)(const DatasetKind *kind, uint64_t seed, GError **error);
  /* Debian packages that it needs, without repeats; NULL: none.  (transfer full) (element-type utf8) */
  GPtrArray *(*packages)(void);
  /* True when the package's files are there. */
  bool (*has_package)(const char *package);
};

extern const DatasetKind *const dataset_kinds[]; /* the row after the last is NULL */
const DatasetKind *dataset_find(const char *name);

/* The packages of a named set that are not installed; empty when it can be loaded.  (transfer full)
 * (element-type utf8) */
GPtrArray *dataset_missing(const DatasetKind *kind);
/* One JSON object on one line for `hoarfrost datasets --json`: name, title, summary, classes, width, height,
 * channels, train, validation, test, drawn, license, source, available, missing_packages.  (transfer full) */
char *dataset_json(const DatasetKind *kind);

/* Loads a set by its name in the table, or else by path.  The seed draws the drawn sets, and the test part of
 * folders that have none of their own (one in ten of each class); sets that are read whole do not depend on
 * it.  At most 1.5 GiB of pixels.  NULL and one sentence when it cannot.  Any thread.  (transfer full) */
SampleSet *dataset_load(const char *name_or_path, uint64_t seed, GError **error);
/* Whether it is a file of texts, by its name and place alone: nothing is read. */
bool dataset_is_texts(const char *name_or_path);
/* The names of a set's classes, NULL-terminated.  A named set's are known without its files; others are
 * loaded as above.  (transfer full) */
char **dataset_classes(const char *name_or_path, uint64_t seed, GError **error);
