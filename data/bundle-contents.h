/* A bundle's files as they are read, for bundle-import.c. */
#pragma once

#include "data/run-store.h"
#include "data/zip.h"

/* The newest kind of bundle that is read, and the one that is written; in versions.json. */
#define BUNDLE_VERSION 2

/* No bundle of a run is near these. */
extern const ZipLimits bundle_limits;

/* Everything but patterns and maps, which may be many. */
typedef struct {
  const char *path;
  RunRow *row;
  GPtrArray *warnings; /* char * */
  GArray *steps;       /* RunStep */
  GArray *evaluations; /* RunEvaluation */
  RunState *state;     /* only its parameters; NULL: none in the bundle */
  bool has_spec, has_result;
} BundleContents;

/* Reads and checks; clear it in any case. */
bool bundle_contents_read(BundleContents *contents, const char *path, GError **error);
void bundle_contents_clear(BundleContents *contents);
/* An entry as float32 of this rank (-1: any).  (transfer full) */
Tensor *bundle_floats(const BundleContents *contents, const char *name, const char *bytes, gsize size,
                      int rank, GError **error);
