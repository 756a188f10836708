/* The frozen models that Hoarfrost brings along, by name, and loading one by name or path. */
#pragma once

#include "engine/frozen-model.h"

typedef struct {
  const char *name;     /* in specs: never rename */
  const char *file;     /* among the program's own files (resources.h) */
  const char *pictures; /* a sheet of its classes there (class-pictures.h); NULL: none */
} NamedModel;

/* A new model is one row; what else there is to say of it stands in its card.  The row after the last has a
 * NULL name. */
extern const NamedModel named_models[];

/* A name of the table, or the path of an ONNX file.  Fills the model's name (as given), path and sha256; what
 * the user said of the file (own-models.h) stands in its card. (transfer full) */
FrozenModel *model_load(const char *name_or_path, GError **error);
/* The path of the file that model_load() would read.  (transfer full) */
char *model_path(const char *name_or_path, GError **error);

/* A named model for listings. */
typedef struct {
  const NamedModel *row;
  FrozenModel *model; /* card, graph, path; NULL when it cannot be read */
  char *problem;      /* then: why */
  int64_t file_size;  /* bytes */
} ModelListing;

/* All rows of the table with what their files say.  (transfer full) (element-type ModelListing) */
GPtrArray *model_list(void);
