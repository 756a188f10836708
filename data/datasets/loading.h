/* What the loaders of datasets/ share, among themselves and with the tables of datasets.c. */
#pragma once

#include "data/datasets.h"
#include "engine/random.h"

/* A way in which a folder can hold a data set. */
typedef struct {
  const char *holds; /* ends the sentence "a folder may hold ..." */
  /* names: the folder's entries (folder_names). */
  bool (*fits)(const char *folder, char *const *names);
  SampleSet *(*load)(const char *folder, char *const *names, uint64_t seed, GError **error);
} FolderFormat;

extern const FolderFormat format_idx, format_cifar, format_folders;
extern const DatasetKind dataset_fashion_mnist, dataset_squares, dataset_digits;

/* Files of texts (texts.c).  `path` is a regular file.  (transfer full) */
SampleSet *texts_load(const char *path, uint64_t seed, GError **error);

/* Entries that are not hidden, sorted by their bytes; NULL-terminated.  (transfer full) */
char **folder_names(const char *folder, GError **error);
/* names[i] ends with `end`, or with `end` and .gz while the same name without .gz is not there. */
bool folder_name_is(char *const *names, guint i, const char *end);

/* Memory that a set may still take.  One for each set that is being loaded. */
typedef struct {
  guint64 left;
} Budget;

#define BUDGET_BYTES (G_GUINT64_CONSTANT(3) << 29)
/* Takes `pictures` pictures of `bytes` bytes each; false and one sentence that names `where` when they do not
 * fit. */
bool budget_take(Budget *budget, guint64 pictures, guint64 bytes, const char *where, GError **error);

/* Sets classes "0", "1", ... */
void sample_set_number_classes(SampleSet *set, int n_classes);
/* One more than the largest label, over all parts. */
int sample_set_count_labels(const SampleSet *set);
/* Checks the parts of a set from files (training samples, two classes); where the test part is empty, moves
 * one in ten of each class from train to it, drawn by the seed. */
bool sample_set_complete(SampleSet *set, const char *where, uint64_t seed, GError **error);
/* SHA-256 over the pictures and labels of train, validation and test, in this order: for each picture its
 * width, height, channels and label as little-endian 32-bit numbers, then its pixels.  (transfer full) */
char *sample_set_digest(const SampleSet *set);
/* Of a set from the user's files, fast enough for each start: SHA-256 over the names of the classes, and
 * sizes, labels and 256 bytes of each picture or all of each text.  (transfer full) */
char *sample_set_files_digest(const SampleSet *set);
