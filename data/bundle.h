/* A bundle: one run as a .hoarfrost file, a ZIP that another Hoarfrost opens and NumPy, pandas and people can
 * read.
 *
 *     spec.ini        the spec with every default written out
 *     result.json     the run's row: name, axes, result, tags, note, warnings, ...
 *     versions.json   the bundle's own version, program, BLAS core, threads
 *     metrics.csv     a row a step: batch and evaluation numbers, empty where there is none
 *     pattern.npy     the last pattern; parameters.npy: the optimiser's own numbers; map.npy: the last omega
 *     patterns/STEP.npy, maps/STEP.npy    all stored ones; maps/STEP.bias.npy where the bias is not zero
 *     baselines/no_prompt.npy, baselines/no_prompt_full_size.npy    the maps of f without the prompt
 *     figure.pdf      where the caller adds it
 *
 * The same run gives the same bytes. */
#pragma once

#include "data/run-store.h"

/* A file that the caller adds, which drawing belongs to. */
typedef struct {
  const char *name; /* "figure.pdf" */
  GBytes *bytes;
} BundleFile;

typedef struct {
  const BundleFile *files;
  int n_files;
  int most_patterns; /* so many of the stored ones, the first and the last among them; 0: all */
} BundleOptions;

/* Replaces the file as a whole.  options NULL: all of the run and nothing else. */
bool bundle_export(RunStore *store, const char *id, const char *path, const BundleOptions *options,
                   GError **error);

/* Puts a bundle's run into the store, as stopped where it had not ended; it can be looked at, replayed and
 * exported again, not resumed.  Files of other names are passed over.  *was_there (may be NULL): the store
 * had the run already and nothing was changed.  The run's id.  (transfer full) */
char *bundle_import(RunStore *store, const char *path, bool *was_there, GError **error);
