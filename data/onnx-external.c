#include "data/onnx-external.h"

#include "data/file.h"
#include "data/onnx-internal.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <stdlib.h>
#include <string.h>

#define COPY_FACTOR 8
#define COPY_BASE   ((size_t)64 << 20)

struct _OnnxExternal {
  char *folder;          /* without links */
  GPtrArray *files;      /* GMappedFile *, in the order of their first use */
  GHashTable *paths;     /* location -> GMappedFile, borrowed */
  size_t mapped, copied; /* bytes */
};

OnnxExternal *onnx_external_new(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  OnnxExternal *external = g_new0(OnnxExternal, 1);
  external->folder = realpath(folder, NULL);
  external->files = g_ptr_array_new_with_free_func((GDestroyNotify)g_mapped_file_unref);
  external->paths = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  return external;
}

void onnx_external_free(OnnxExternal *external) {
  if (!external)
    return;
  free(external->folder);
  g_ptr_array_unref(external->files);
  g_hash_table_unref(external->paths);
  g_free(external);
}

/* What one tensor says about its place. */
typedef struct {
  const char *location;
  uint64_t offset, length;
  bool has_length;
} Place;

static bool read_place(const Onnx__TensorProto *proto, Place *place) {
  *place = (Place){0};
  for (size_t i = 0; i < proto->n_external_data; i++) {
    const char *key = proto->external_data[i]->key, *value = proto->external_data[i]->value;
    uint64_t *number = g_strcmp0(key, "offset") == 0   ? &place->offset
                       : g_strcmp0(key, "length") == 0 ? &place->length
                                                       : NULL;
    if (g_strcmp0(key, "location") == 0)
      place->location = value;
    if (number && (!value || !g_ascii_string_to_unsigned(value, 10, 0, G_MAXINT64, number, NULL)))
      return false;
    place->has_length |= number == &place->length;
  }
  return place->location && *place->location;
}

/* The path without links, when it lies in the folder.  (transfer full, free()) */
static char *resolve(const OnnxExternal *external, const char *location) {
  g_auto(GStrv) parts = g_strsplit(location, "/", -1);
  if (!external->folder || g_path_is_absolute(location) || g_strv_contains((const char *const *)parts, ".."))
    return NULL;
  g_autofree char *joined = g_build_filename(external->folder, location, NULL);
  char *path = realpath(joined, NULL);
  g_autofree char *inside = g_str_has_suffix(external->folder, "/")
                                ? g_strdup(external->folder)
                                : g_strconcat(external->folder, "/", NULL);
  if (path && g_str_has_prefix(path, inside))
    return path;
  /* A file that is missing is said to be missing. */
  bool missing = !path;
  free(path);
  return missing ? strdup(joined) : NULL;
}

static GMappedFile *find_file(OnnxExternal *external, const char *location, const char *name,
                              const char *where, GError **error) {
  GMappedFile *file = g_hash_table_lookup(external->paths, location);
  if (file)
    return file;
  char *path = resolve(external, location);
  if (!path) {
    input_error(error,
                "%s: the numbers of tensor '%s' are said to lie in '%s', outside the model's folder; put the "
                "file beside the model and export it again",
                where, name, location);
    return NULL;
  }
  g_autoptr(GError) reason = NULL;
  file = file_map(path, &reason);
  free(path);
  if (!file) {
    input_error(error, "%s: the numbers of tensor '%s' lie in another file: %s", where, name,
                reason->message);
    return NULL;
  }
  external->mapped += g_mapped_file_get_length(file);
  g_ptr_array_add(external->files, file);
  g_hash_table_insert(external->paths, g_strdup(location), file);
  return file;
}

static Tensor *convert(OnnxExternal *external, NumberKind kind, const Shape *shape, const char *bytes,
                       const char *name, const char *where, GError **error) {
  size_t size = (size_t)shape_count(shape) * tensor_type_size(number_tensor_type(kind));
  external->copied += size;
  if (external->copied > COPY_FACTOR * external->mapped + COPY_BASE) {
    input_error(error,
                "%s: tensor '%s' reads the same numbers of another file again and again; export the "
                "model again",
                where, name);
    return NULL;
  }
  Tensor *tensor = tensor_new(number_tensor_type(kind), shape, error);
  if (tensor)
    number_convert(kind, bytes, number_size(kind), false, shape_count(shape), tensor->data);
  return tensor;
}

Tensor *onnx_external_tensor(OnnxExternal *external, const Onnx__TensorProto *proto, const char *name,
                             const char *where, GError **error) {
  Shape shape;
  NumberKind kind;
  Place place;
  if (!onnx_tensor_layout(proto, name, where, &kind, &shape, error))
    return NULL;
  if (!external || !read_place(proto, &place)) {
    input_error(error, "%s: the numbers of tensor '%s' lie in another file%s; export the model again", where,
                name, external ? ", without a valid place in it" : "");
    return NULL;
  }
  GMappedFile *file = find_file(external, place.location, name, where, error);
  if (!file)
    return NULL;
  uint64_t bytes = (uint64_t)shape_count(&shape) * number_size(kind), size = g_mapped_file_get_length(file);
  if ((place.has_length && place.length != bytes) || bytes > size || place.offset > size - bytes) {
    g_autofree char *text = shape_text(&shape);
    input_error(error,
                "%s: tensor '%s' of shape %s wants %" G_GUINT64_FORMAT " bytes at %" G_GUINT64_FORMAT
                " of '%s', which has %" G_GUINT64_FORMAT "; fetch or export both files again",
                where, name, text, bytes, place.offset, place.location, size);
    return NULL;
  }
  char *start = g_mapped_file_get_contents(file) + place.offset;
  if (!number_is_native(kind) || (uintptr_t)start % TENSOR_ALIGNMENT != 0)
    return convert(external, kind, &shape, start, name, where, error);
  return tensor_take(number_tensor_type(kind), &shape, start, (GDestroyNotify)g_mapped_file_unref,
                     g_mapped_file_ref(file));
}

char *onnx_external_digest(const OnnxExternal *external, const char *sha256) {
  if (external->files->len == 0)
    return g_strdup(sha256);
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)sha256, -1);
  for (guint i = 0; i < external->files->len; i++) {
    GMappedFile *file = g_ptr_array_index(external->files, i);
    g_checksum_update(checksum, (const guchar *)g_mapped_file_get_contents(file),
                      (gssize)g_mapped_file_get_length(file));
  }
  return g_strdup(g_checksum_get_string(checksum));
}
