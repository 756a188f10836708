#include "data/datasets/loading.h"

#include "engine/error.h"

#include <string.h>

#define DIGEST_BYTES 256 /* of a picture of a folder */

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char **folder_names(const char *folder, GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(GDir) dir = g_dir_open(folder, 0, &problem);
  if (!dir) {
    input_error(error, "cannot read the folder %s: %s; check its name and permissions", folder,
                problem->message);
    return NULL;
  }
  GPtrArray *names = g_ptr_array_new();
  for (const char *name; (name = g_dir_read_name(dir));)
    if (name[0] != '.')
      g_ptr_array_add(names, g_strdup(name));
  g_ptr_array_sort(names, compare_names);
  g_ptr_array_add(names, NULL);
  return (char **)g_ptr_array_free(names, FALSE);
}

bool folder_name_is(char *const *names, guint i, const char *end) {
  if (g_str_has_suffix(names[i], end))
    return true;
  g_autofree char *packed = g_strconcat(end, ".gz", NULL);
  if (!g_str_has_suffix(names[i], packed))
    return false;
  g_autofree char *plain = g_strndup(names[i], strlen(names[i]) - strlen(".gz"));
  return !g_strv_contains((const char *const *)names, plain);
}

bool budget_take(Budget *budget, guint64 pictures, guint64 bytes, const char *where, GError **error) {
  guint64 each = bytes + 2 * (sizeof(Picture) + sizeof(int)); /* the arrays grow by doubling */
  if (each > budget->left || pictures > budget->left / each)
    return input_error(
        error, "the pictures up to %s take more than %d MiB of memory; take away some, or make them smaller",
        where, (int)(BUDGET_BYTES >> 20));
  budget->left -= pictures * each;
  return true;
}

void sample_set_number_classes(SampleSet *set, int n_classes) {
  set->n_classes = n_classes;
  set->classes = g_new0(char *, n_classes + 1);
  for (int i = 0; i < n_classes; i++)
    set->classes[i] = g_strdup_printf("%d", i);
}

int sample_set_count_labels(const SampleSet *set) {
  const SamplePart *parts[] = {&set->train, &set->validation, &set->test};
  int most = -1;
  for (guint p = 0; p < G_N_ELEMENTS(parts); p++)
    for (guint i = 0; i < parts[p]->labels->len; i++)
      most = MAX(most, g_array_index(parts[p]->labels, int, i));
  return most + 1;
}

/* The elements of `from` for which goes[] is `wanted`, in their order.  (transfer full) */
static GArray *choose(const GArray *from, const bool *goes, bool wanted) {
  guint size = g_array_get_element_size((GArray *)from);
  GArray *chosen = g_array_new(FALSE, FALSE, size);
  for (guint i = 0; i < from->len; i++)
    if (goes[i] == wanted)
      g_array_append_vals(chosen, from->data + (gsize)i * size, 1);
  return chosen;
}

static void share(GArray **train, GArray **test, const bool *goes) {
  GArray *all = *train;
  g_array_unref(*test);
  *test = choose(all, goes, true);
  *train = choose(all, goes, false);
  g_array_unref(all);
}

/* Of each class with two samples or more, a tenth, rounded, and at least one: the first ones in an order
 * drawn by the seed.  What stays and what goes keep their order. */
static void hold_out(SampleSet *set, uint64_t seed) {
  const GArray *labels = set->train.labels;
  guint n = labels->len;
  g_autofree uint32_t *order = g_new(uint32_t, n + 1);
  g_autofree bool *goes = g_new0(bool, n + 1);
  g_autofree guint *quota = g_new0(guint, set->n_classes + 1);
  for (guint i = 0; i < n; i++)
    quota[g_array_index(labels, int, i)]++;
  for (int k = 0; k < set->n_classes; k++)
    quota[k] = quota[k] < 2 ? 0 : MAX(1, (quota[k] + 5) / 10);
  random_permutation(&(Random){seed, RANDOM_SPLIT, 1}, order, n);
  for (guint i = 0; i < n; i++) {
    guint *left = &quota[g_array_index(labels, int, order[i])];
    goes[order[i]] = *left > 0;
    *left -= *left > 0;
  }
  share(&set->train.pictures, &set->test.pictures, goes);
  share(&set->train.texts, &set->test.texts, goes);
  share(&set->train.labels, &set->test.labels, goes);
}

bool sample_set_complete(SampleSet *set, const char *where, uint64_t seed, GError **error) {
  if (sample_part_size(&set->train) == 0)
    return input_error(error, "%s holds no training samples; add files whose names begin with train", where);
  if (set->n_classes < 2)
    return input_error(error, "%s holds one class only; give two or more to tell apart", where);
  if (sample_part_size(&set->test) == 0)
    hold_out(set, seed);
  if (sample_part_size(&set->test) == 0)
    return input_error(error, "%s holds one sample a class, so that none is left to test with; add samples",
                       where);
  return true;
}

static void digest_number(GChecksum *sum, int number) {
  guint32 little = GUINT32_TO_LE((guint32)number);
  g_checksum_update(sum, (const guchar *)&little, sizeof little);
}

static gsize picture_bytes(const Picture *picture) {
  return (gsize)picture->width * (gsize)picture->height * (gsize)picture->channels;
}

static void digest_sizes(GChecksum *sum, const Picture *picture, int label) {
  digest_number(sum, picture->width);
  digest_number(sum, picture->height);
  digest_number(sum, picture->channels);
  digest_number(sum, label);
}

char *sample_set_digest(const SampleSet *set) {
  const SamplePart *parts[] = {&set->train, &set->validation, &set->test};
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (guint p = 0; p < G_N_ELEMENTS(parts); p++)
    for (guint i = 0; i < parts[p]->pictures->len; i++) {
      const Picture *picture = &g_array_index(parts[p]->pictures, Picture, i);
      digest_sizes(sum, picture, g_array_index(parts[p]->labels, int, i));
      g_checksum_update(sum, picture->pixels, (gssize)picture_bytes(picture));
    }
  return g_strdup(g_checksum_get_string(sum));
}

/* Bytes that lie evenly over the picture: all of a small one. */
static void digest_some(GChecksum *sum, const Picture *picture) {
  guchar some[DIGEST_BYTES];
  gsize size = picture_bytes(picture), n = MIN(size, sizeof some);
  for (gsize i = 0; i < n; i++)
    some[i] = picture->pixels[i * size / n];
  g_checksum_update(sum, some, (gssize)n);
}

static void digest_part(GChecksum *sum, const SamplePart *part) {
  digest_number(sum, (int)part->labels->len);
  for (guint i = 0; i < part->pictures->len; i++) {
    const Picture *picture = &g_array_index(part->pictures, Picture, i);
    digest_sizes(sum, picture, g_array_index(part->labels, int, i));
    digest_some(sum, picture);
  }
  for (guint i = 0; i < part->texts->len; i++) {
    const Text *text = &g_array_index(part->texts, Text, i);
    digest_number(sum, (int)text->length);
    digest_number(sum, g_array_index(part->labels, int, i));
    g_checksum_update(sum, (const guchar *)text->bytes, (gssize)text->length);
  }
}

char *sample_set_files_digest(const SampleSet *set) {
  const SamplePart *parts[] = {&set->train, &set->validation, &set->test};
  g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
  for (int i = 0; i < set->n_classes; i++)
    g_checksum_update(sum, (const guchar *)set->classes[i], (gssize)strlen(set->classes[i]) + 1);
  for (guint p = 0; p < G_N_ELEMENTS(parts); p++)
    digest_part(sum, parts[p]);
  return g_strdup(g_checksum_get_string(sum));
}
