/* Folders of pictures: the class of a picture is the name of the folder it lies in, and classes are numbered
 * in the order of their names.  train/ and test/ above them where they are present. */
#include "data/datasets/loading.h"
#include "data/picture-file.h"
#include "engine/error.h"

#include <stdlib.h>
#include <string.h>

static bool is_folder(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return g_file_test(path, G_FILE_TEST_IS_DIR);
}

/* The names of the sub-folders; NULL where there are none or the folder cannot be read.  (transfer full) */
static char **sub_folders(const char *folder) {
  g_auto(GStrv) names = folder_names(folder, NULL);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  guint n = 0;
  for (guint i = 0; names && names[i]; i++)
    if (is_folder(folder, names[i])) {
      g_strv_builder_add(builder, names[i]);
      n++;
    }
  return n ? g_strv_builder_end(builder) : NULL;
}

static bool folders_fit(const char *folder, char *const *names) {
  g_auto(GStrv) classes = sub_folders(folder);
  return classes != NULL;
}

static bool read_class(SampleSet *set, SamplePart *part, Budget *budget, const char *folder, int label,
                       GError **error) {
  g_auto(GStrv) names = folder_names(folder, error);
  if (!names)
    return false;
  guint n = 0;
  for (guint i = 0; names[i]; i++) {
    if (!picture_file_name(names[i]))
      continue;
    g_autofree char *path = g_build_filename(folder, names[i], NULL);
    Picture picture;
    GBytes *pixels = picture_read(path, &picture, error);
    if (!pixels)
      return false;
    g_ptr_array_add(set->blocks, pixels);
    if (!budget_take(budget, 1, g_bytes_get_size(pixels) + sizeof(gpointer) * 8, path, error))
      return false;
    sample_part_append(part, &picture, label);
    n++;
  }
  if (n == 0)
    return input_error(
        error, "the folder %s holds no PNG or JPEG file; add pictures of its class or take it away", folder);
  return true;
}

typedef struct {
  guint turn; /* how many of its class come before it */
  int label;
  Picture picture;
} Sample;

static int compare_samples(gconstpointer first, gconstpointer second) {
  const Sample *a = first, *b = second;
  return a->turn != b->turn ? (a->turn < b->turn ? -1 : 1) : a->label - b->label;
}

/* The classes take turns, the first pictures of all before the second, so that any first samples are about
 * balanced. */
static void take_turns(SamplePart *part, int n_classes) {
  guint n = part->labels->len;
  g_autofree Sample *samples = g_new(Sample, n + 1);
  g_autofree guint *turns = g_new0(guint, n_classes);
  for (guint i = 0; i < n; i++) {
    int label = g_array_index(part->labels, int, i);
    samples[i] = (Sample){turns[label]++, label, g_array_index(part->pictures, Picture, i)};
  }
  qsort(samples, n, sizeof *samples, compare_samples);
  for (guint i = 0; i < n; i++) {
    g_array_index(part->labels, int, i) = samples[i].label;
    g_array_index(part->pictures, Picture, i) = samples[i].picture;
  }
}

/* Reads the classes that lie in `folder`; each must be one of the set's. */
static bool read_part(SampleSet *set, SamplePart *part, Budget *budget, const char *folder,
                      char *const *names, char *const *classes, GError **error) {
  for (guint i = 0; classes[i]; i++) {
    int label = 0;
    while (names[label] && strcmp(names[label], classes[i]) != 0)
      label++;
    g_autofree char *path = g_build_filename(folder, classes[i], NULL);
    if (!names[label])
      return input_error(
          error, "there is no class for %s among the training folders; add one or take it away", path);
    if (!read_class(set, part, budget, path, label, error))
      return false;
  }
  take_turns(part, (int)g_strv_length((char **)names));
  return true;
}

static SampleSet *folders_load(const char *folder, char *const *entries, uint64_t seed, GError **error) {
  g_autoptr(SampleSet) set = sample_set_new(folder, folder);
  g_autofree char *train = g_build_filename(folder, "train", NULL),
                  *test = g_build_filename(folder, "test", NULL);
  g_auto(GStrv) train_classes = sub_folders(train);
  g_auto(GStrv) test_classes = train_classes ? sub_folders(test) : NULL;
  g_auto(GStrv) names = train_classes ? g_strdupv(train_classes) : sub_folders(folder);
  Budget budget = {BUDGET_BYTES};
  if (!read_part(set, &set->train, &budget, train_classes ? train : folder, names, names, error))
    return NULL;
  if (test_classes && !read_part(set, &set->test, &budget, test, names, test_classes, error))
    return NULL;
  set->n_classes = (int)g_strv_length(names);
  set->classes = g_new0(char *, set->n_classes + 1);
  for (int i = 0; i < set->n_classes; i++)
    set->classes[i] = g_utf8_make_valid(names[i], -1);
  return sample_set_complete(set, folder, seed, error) ? g_steal_pointer(&set) : NULL;
}

const FolderFormat format_folders = {
    "sub-folders of PNG or JPEG files, one a class (with train/ and test/ above them or not)", folders_fit,
    folders_load};
