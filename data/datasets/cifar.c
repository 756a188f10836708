/* The binary format of CIFAR-10 (cs.toronto.edu/~kriz/cifar.html): records of one byte, the label, and 3072,
 * the planes of red, green and blue of 32 x 32 pixels. */
#include "data/datasets/loading.h"
#include "data/datasets/packed-file.h"
#include "data/input-file.h"
#include "engine/error.h"

#include <string.h>

#define SIDE   32
#define PLANE  (SIDE * SIDE)
#define RECORD (1 + 3 * PLANE)

static bool is_part(const char *name, bool test) {
  return test ? g_str_has_prefix(name, "test")
              : g_str_has_prefix(name, "train") || g_str_has_prefix(name, "data_batch");
}

static bool cifar_fits(const char *folder, char *const *names) {
  for (guint i = 0; names[i]; i++)
    if (folder_name_is(names, i, ".bin") && (is_part(names[i], false) || is_part(names[i], true)))
      return true;
  return false;
}

/* Planes to interleaved pixels, in place. */
static void interleave(uint8_t *pixels) {
  uint8_t planes[3 * PLANE];
  memcpy(planes, pixels, sizeof planes);
  for (int i = 0; i < PLANE; i++)
    for (int c = 0; c < 3; c++)
      pixels[3 * i + c] = planes[c * PLANE + i];
}

static bool read_records(SampleSet *set, SamplePart *part, Budget *budget, const char *path, GError **error) {
  g_autoptr(PackedFile) file = packed_file_open(path, error);
  if (!file)
    return false;
  gsize size = 0;
  g_autofree uint8_t *bytes = packed_file_read(file, budget->left + 1, &size, error);
  if (!bytes)
    return false;
  if (!budget_take(budget, size / RECORD + 1, RECORD, path, error))
    return false;
  if (size == 0 || size % RECORD != 0)
    return input_error(
        error, "%s holds %" G_GSIZE_FORMAT " bytes, which are not whole records of 1 + 3072; fetch it again",
        path, size);
  uint8_t *records = g_realloc(g_steal_pointer(&bytes), size);
  g_ptr_array_add(set->blocks, g_bytes_new_take(records, size));
  for (gsize at = 0; at < size; at += RECORD) {
    interleave(records + at + 1);
    sample_part_append(part, &(Picture){records + at + 1, SIDE, SIDE, 3}, records[at]);
  }
  return true;
}

/* Class names, a line each, from the first *.meta.txt; numbers where there is none. */
static bool name_classes(SampleSet *set, const char *folder, char *const *names, GError **error) {
  guint i = 0;
  int n_labels = sample_set_count_labels(set);
  while (names[i] && !g_str_has_suffix(names[i], ".meta.txt"))
    i++;
  if (!names[i]) {
    sample_set_number_classes(set, n_labels);
    return true;
  }
  g_autofree char *path = g_build_filename(folder, names[i], NULL);
  g_autoptr(GBytes) bytes = input_file_read(path, 1 << 20, error);
  if (!bytes)
    return false;
  gsize size = 0;
  const char *data = g_bytes_get_data(bytes, &size);
  g_autofree char *text = g_utf8_make_valid(data ? data : "", (gssize)size);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_autoptr(GPtrArray) classes = g_ptr_array_new_with_free_func(g_free);
  for (guint k = 0; lines[k]; k++)
    if (*g_strstrip(lines[k]))
      g_ptr_array_add(classes, g_strdup(lines[k]));
  if ((int)classes->len < n_labels)
    return input_error(
        error, "%s names %u classes, but there are labels up to %d; name them all or take the file away",
        path, classes->len, n_labels - 1);
  set->n_classes = (int)classes->len;
  g_ptr_array_add(classes, NULL);
  set->classes = (char **)g_ptr_array_free(g_steal_pointer(&classes), FALSE);
  return true;
}

static SampleSet *cifar_load(const char *folder, char *const *names, uint64_t seed, GError **error) {
  g_autoptr(SampleSet) set = sample_set_new(folder, folder);
  Budget budget = {BUDGET_BYTES};
  for (int test = 0; test < 2; test++)
    for (guint i = 0; names[i]; i++) {
      if (!is_part(names[i], test) || !folder_name_is(names, i, ".bin"))
        continue;
      g_autofree char *path = g_build_filename(folder, names[i], NULL);
      if (!read_records(set, test ? &set->test : &set->train, &budget, path, error))
        return NULL;
    }
  if (!name_classes(set, folder, names, error))
    return NULL;
  return sample_set_complete(set, folder, seed, error) ? g_steal_pointer(&set) : NULL;
}

const FolderFormat format_cifar = {
    "train*.bin[.gz] or data_batch*.bin[.gz] and test*.bin[.gz] of 1 + 3072 bytes a record", cifar_fits,
    cifar_load};
