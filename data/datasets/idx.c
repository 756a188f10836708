/* IDX, the format of MNIST (yann.lecun.com/exdb/mnist): big-endian 32-bit magic number 0x00000803, count,
 * rows and columns, then the pixels; labels likewise with 0x00000801 and a count. */
#include "data/datasets/loading.h"
#include "data/datasets/packed-file.h"
#include "data/picture-file.h"
#include "engine/error.h"

#include <string.h>

static const char images_end[] = "-images-idx3-ubyte";
static const char labels_end[] = "-labels-idx1-ubyte";

static bool is_part(const char *name, bool test) {
  return test ? g_str_has_prefix(name, "t10k") || g_str_has_prefix(name, "test")
              : g_str_has_prefix(name, "train");
}

static bool idx_fits(const char *folder, char *const *names) {
  for (guint i = 0; names[i]; i++)
    if (folder_name_is(names, i, images_end) && (is_part(names[i], false) || is_part(names[i], true)))
      return true;
  return false;
}

/* `n` big-endian numbers, the first of which must be `magic`. */
static bool read_head(PackedFile *file, const char *path, guint32 magic, guint n, guint32 *numbers,
                      GError **error) {
  gsize size = 0;
  g_autofree uint8_t *bytes = packed_file_read(file, n * 4, &size, error);
  if (!bytes)
    return false;
  if (size < n * 4)
    return input_error(error, "%s ends inside its IDX header; fetch it again", path);
  memcpy(numbers, bytes, size);
  for (guint i = 0; i < n; i++)
    numbers[i] = GUINT32_FROM_BE(numbers[i]);
  if (numbers[0] != magic)
    return input_error(
        error, "%s begins with 0x%08x where an IDX file of %s has 0x%08x; fetch it again or take it away",
        path, numbers[0], magic == 0x803 ? "pictures" : "labels", magic);
  return true;
}

/* Exactly the `said` bytes that the header promises, and then the end. */
static uint8_t *read_body(PackedFile *file, const char *path, gsize said, GError **error) {
  gsize size = 0, more = 0;
  g_autofree uint8_t *bytes = packed_file_read(file, said, &size, error);
  if (!bytes)
    return NULL;
  if (size < said) {
    input_error(error,
                "%s holds %" G_GSIZE_FORMAT " bytes of data, but its header says %" G_GSIZE_FORMAT
                "; fetch it again",
                path, size, said);
    return NULL;
  }
  g_autofree uint8_t *rest = packed_file_read(file, 1, &more, error);
  if (!rest)
    return NULL;
  if (more) {
    input_error(error,
                "%s goes on after the %" G_GSIZE_FORMAT " bytes of data that its header says; fetch it again",
                path, said);
    return NULL;
  }
  return g_steal_pointer(&bytes);
}

static uint8_t *read_labels(const char *path, guint32 count, GError **error) {
  g_autoptr(PackedFile) file = packed_file_open(path, error);
  guint32 head[2];
  if (!file || !read_head(file, path, 0x801, 2, head, error))
    return NULL;
  if (head[1] != count) {
    input_error(error, "%s says that it holds %u labels for %u pictures; fetch both files again", path,
                head[1], count);
    return NULL;
  }
  return read_body(file, path, count, error);
}

static bool read_pair(SampleSet *set, SamplePart *part, Budget *budget, const char *path,
                      const char *labels_path, GError **error) {
  g_autoptr(PackedFile) file = packed_file_open(path, error);
  guint32 head[4];
  if (!file || !read_head(file, path, 0x803, 4, head, error))
    return false;
  guint32 count = head[1], height = head[2], width = head[3];
  guint64 pixels = (guint64)width * height;
  if (width == 0 || height == 0 || width > PICTURE_MOST_PIXELS || height > PICTURE_MOST_PIXELS ||
      pixels > PICTURE_MOST_PIXELS)
    return input_error(error, "%s says that its pictures have %u x %u pixels; fetch it again", path, width,
                       height);
  if (!budget_take(budget, count, pixels, path, error))
    return false;
  uint8_t *body = read_body(file, path, count * (gsize)pixels, error);
  if (!body)
    return false;
  g_ptr_array_add(set->blocks, g_bytes_new_take(body, count * (gsize)pixels));
  g_autofree uint8_t *labels = read_labels(labels_path, count, error);
  if (!labels)
    return false;
  for (guint32 i = 0; i < count; i++)
    sample_part_append(part, &(Picture){body + i * pixels, (int)width, (int)height, 1}, labels[i]);
  return true;
}

/* The path of the labels that belong to a file of pictures, packed or not. */
static char *labels_path(const char *folder, char *const *names, const char *images) {
  g_autofree char *stem = g_strndup(images, (gsize)(g_strrstr(images, images_end) - images));
  g_autofree char *name = g_strconcat(stem, labels_end, NULL), *packed = g_strconcat(name, ".gz", NULL);
  bool plain = g_strv_contains((const char *const *)names, name) ||
               !g_strv_contains((const char *const *)names, packed);
  return g_build_filename(folder, plain ? name : packed, NULL);
}

static SampleSet *idx_load(const char *folder, char *const *names, uint64_t seed, GError **error) {
  g_autoptr(SampleSet) set = sample_set_new(folder, folder);
  Budget budget = {BUDGET_BYTES};
  for (int test = 0; test < 2; test++)
    for (guint i = 0; names[i]; i++) {
      if (!is_part(names[i], test) || !folder_name_is(names, i, images_end))
        continue;
      g_autofree char *images = g_build_filename(folder, names[i], NULL),
                      *labels = labels_path(folder, names, names[i]);
      if (!read_pair(set, test ? &set->test : &set->train, &budget, images, labels, error))
        return NULL;
    }
  sample_set_number_classes(set, sample_set_count_labels(set));
  return sample_set_complete(set, folder, seed, error) ? g_steal_pointer(&set) : NULL;
}

const FolderFormat format_idx = {
    "train*-images-idx3-ubyte[.gz] and t10k* or test* with their -labels-idx1-ubyte[.gz]", idx_fits,
    idx_load};
