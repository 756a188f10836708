#include "data/onnx-external.h"

#include "data/file.h"
#include "data/onnx-internal.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COPY_FACTOR 8
#define COPY_BASE   ((size_t)64 << 20)
/* A file is digested as a whole where it is at most so much larger than what is read of it (exporters leave
 * gaps between tensors), and by what is read otherwise. */
#define GAPS_FACTOR 2
#define GAPS_BASE   ((uint64_t)1 << 20)

/* Bytes from first to before end. */
typedef struct {
  uint64_t first, end;
} Range;

typedef struct {
  GMappedFile *map;
  GArray *read; /* Range: what tensors read, ascending, none touches the next */
} File;

struct _OnnxExternal {
  char *folder;        /* without links */
  GPtrArray *files;    /* File *, in the order of their first use */
  GHashTable *paths;   /* location, and path without links -> File, borrowed */
  size_t read, copied; /* bytes; read: those of the files, each once */
};

static void file_free(void *pointer) {
  File *file = pointer;
  g_mapped_file_unref(file->map);
  g_array_unref(file->read);
  g_free(file);
}

/* Adds a range to those that are read.  Returns how many of its bytes are new. */
static uint64_t add_range(GArray *ranges, Range range) {
  guint low = 0, high = ranges->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index(ranges, Range, middle).end < range.first)
      low = middle + 1;
    else
      high = middle;
  }
  uint64_t had = 0;
  guint n = 0;
  for (; low + n < ranges->len && g_array_index(ranges, Range, low + n).first <= range.end; n++) {
    const Range *old = &g_array_index(ranges, Range, low + n);
    had += old->end - old->first;
    range = (Range){MIN(range.first, old->first), MAX(range.end, old->end)};
  }
  if (n > 0)
    g_array_remove_range(ranges, low, n);
  g_array_insert_val(ranges, low, range);
  return range.end - range.first - had;
}

OnnxExternal *onnx_external_new(const char *path) {
  g_autofree char *folder = g_path_get_dirname(path);
  OnnxExternal *external = g_new0(OnnxExternal, 1);
  external->folder = realpath(folder, NULL);
  external->files = g_ptr_array_new_with_free_func(file_free);
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

static File *find_file(OnnxExternal *external, const char *location, const char *name, const char *where,
                       GError **error) {
  File *file = g_hash_table_lookup(external->paths, location);
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
  file = g_hash_table_lookup(external->paths, path); /* under another name */
  g_autoptr(GError) reason = NULL;
  GMappedFile *map = file ? NULL : file_map(path, &reason);
  if (map) {
    file = g_new0(File, 1);
    *file = (File){map, g_array_new(FALSE, FALSE, sizeof(Range))};
    g_ptr_array_add(external->files, file);
    g_hash_table_insert(external->paths, g_strdup(path), file);
  }
  free(path);
  if (file)
    g_hash_table_insert(external->paths, g_strdup(location), file);
  else
    input_error(error, "%s: the numbers of tensor '%s' lie in another file: %s", where, name,
                reason->message);
  return file;
}

static size_t machine_bytes(void) {
  return (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGE_SIZE);
}

/* Counts what a tensor reads.  A file may be said to be far larger than what is kept of it on the disk, so
 * its size bounds nothing. */
static bool count_read(OnnxExternal *external, File *file, Range range, const char *name, const char *where,
                       GError **error) {
  if (range.end > range.first)
    external->read += add_range(file->read, range);
  size_t most = machine_bytes();
  return external->read <= most ||
         input_error(error,
                     "%s: with tensor '%s' the model's numbers in other files take more than the %zu MiB of "
                     "memory that this machine has; use a smaller model",
                     where, name, most >> 20);
}

static Tensor *convert(OnnxExternal *external, NumberKind kind, const Shape *shape, const char *bytes,
                       const char *name, const char *where, GError **error) {
  size_t size = (size_t)shape_count(shape) * tensor_type_size(number_tensor_type(kind));
  external->copied += size;
  if (external->copied > COPY_FACTOR * external->read + COPY_BASE) {
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
  File *file = find_file(external, place.location, name, where, error);
  if (!file)
    return NULL;
  uint64_t bytes = (uint64_t)shape_count(&shape) * number_size(kind),
           size = g_mapped_file_get_length(file->map);
  if ((place.has_length && place.length != bytes) || bytes > size || place.offset > size - bytes) {
    g_autofree char *text = shape_text(&shape);
    input_error(error,
                "%s: tensor '%s' of shape %s wants %" G_GUINT64_FORMAT " bytes at %" G_GUINT64_FORMAT
                " of '%s', which has %" G_GUINT64_FORMAT "; fetch or export both files again",
                where, name, text, bytes, place.offset, place.location, size);
    return NULL;
  }
  if (!count_read(external, file, (Range){place.offset, place.offset + bytes}, name, where, error))
    return NULL;
  char *start = g_mapped_file_get_contents(file->map) + place.offset;
  if (!number_is_native(kind) || (uintptr_t)start % TENSOR_ALIGNMENT != 0)
    return convert(external, kind, &shape, start, name, where, error);
  return tensor_take(number_tensor_type(kind), &shape, start, (GDestroyNotify)g_mapped_file_unref,
                     g_mapped_file_ref(file->map));
}

static void digest_file(GChecksum *checksum, const File *file) {
  const guchar *bytes = (const guchar *)g_mapped_file_get_contents(file->map);
  uint64_t size = g_mapped_file_get_length(file->map), read = 0;
  for (guint i = 0; i < file->read->len; i++)
    read += g_array_index(file->read, Range, i).end - g_array_index(file->read, Range, i).first;
  if (size <= GAPS_FACTOR * read + GAPS_BASE) {
    g_checksum_update(checksum, bytes, (gssize)size);
    return;
  }
  for (guint i = 0; i < file->read->len; i++) {
    const Range *range = &g_array_index(file->read, Range, i);
    g_checksum_update(checksum, bytes + range->first, (gssize)(range->end - range->first));
  }
}

char *onnx_external_digest(const OnnxExternal *external, const char *sha256) {
  if (external->files->len == 0)
    return g_strdup(sha256);
  g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
  g_checksum_update(checksum, (const guchar *)sha256, -1);
  for (guint i = 0; i < external->files->len; i++)
    digest_file(checksum, g_ptr_array_index(external->files, i));
  return g_strdup(g_checksum_get_string(checksum));
}
