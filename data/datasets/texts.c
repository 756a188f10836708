/* Files of texts, UTF-8, packed with gzip or not: lines with a label each, or one running text.
 *
 *     label TAB text       any label; or without the tab
 *     7 text               a whole number
 *     NUM:dist text        a label and a finer one behind a colon, which is left out (as TREC's questions)
 *
 * It is one running text where a line begins otherwise.  A file with "train" in its name has its test part in
 * the one with "test" there, and its validation part in the one with "dev" or "valid".  Without a test part
 * the last tenth of a running text is it, or one in ten of each class. */
#include "data/datasets/loading.h"
#include "data/datasets/packed-file.h"
#include "engine/error.h"

#include <string.h>

#define MOST_BYTES   (G_GUINT64_CONSTANT(32) << 20)
#define MOST_CLASSES 10000
#define MOST_LABEL   200 /* bytes */

typedef struct {
  const char *text, *end; /* without the label and the spaces at both ends */
  const char *label;      /* not ended by a zero */
  gsize length;           /* of the label; 0: there is none */
} Line;

static bool is_number(const char *at, const char *end) {
  at += at < end && *at == '-';
  const char *first = at;
  while (at < end && g_ascii_isdigit(*at))
    at++;
  return at == end && at > first;
}

static Line read_line(const char *at, const char *end) {
  while (at < end && g_ascii_isspace(*at))
    at++;
  while (end > at && g_ascii_isspace(end[-1]))
    end--;
  Line line = {.text = at, .end = end};
  const char *tab = memchr(at, '\t', (size_t)(end - at)), *space = memchr(at, ' ', (size_t)(end - at));
  const char *stop = tab ? tab : space ? space : end;
  const char *colon = tab ? NULL : memchr(at, ':', (size_t)(stop - at));
  bool two = colon && colon > at && colon + 1 < stop;
  const char *last = two ? colon : stop;
  if ((tab || two || is_number(at, stop)) && last > at && last - at <= MOST_LABEL && stop < end) {
    line.label = at;
    line.length = (gsize)(last - at);
    line.text = stop + 1;
    while (line.text < end && g_ascii_isspace(*line.text))
      line.text++;
  }
  return line;
}

/* The next line that is not empty; false at the end. */
static bool next_line(const char **at, const char *end, Line *line) {
  while (*at < end) {
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    stop = stop ? stop : end;
    *line = read_line(*at, stop);
    *at = stop < end ? stop + 1 : end;
    if (line->text < line->end)
      return true;
  }
  return false;
}

static bool has_labels(const char *bytes, gsize size) {
  Line line;
  const char *at = bytes;
  bool any = false;
  while (next_line(&at, bytes + size, &line)) {
    if (!line.length)
      return false;
    any = true;
  }
  return any;
}

/* Numbers by their value, before words. */
static int compare_labels(gconstpointer a, gconstpointer b) {
  const char *x = *(const char *const *)a, *y = *(const char *const *)b;
  bool number = is_number(x, x + strlen(x)), other = is_number(y, y + strlen(y));
  gint64 p = g_ascii_strtoll(x, NULL, 10), q = g_ascii_strtoll(y, NULL, 10);
  if (number != other)
    return number ? -1 : 1;
  return number && p != q ? (p > q) - (p < q) : strcmp(x, y);
}

/* Whether bytes that are no UTF-8 may be text in another encoding: UTF-16 by its mark, else no control
 * characters but white space. */
static bool looks_like_text(const uint8_t *bytes, gsize size) {
  if (size >= 2 && ((bytes[0] == 0xff && bytes[1] == 0xfe) || (bytes[0] == 0xfe && bytes[1] == 0xff)))
    return true;
  for (gsize i = 0; i < size; i++)
    if (bytes[i] < ' ' && !g_ascii_isspace(bytes[i]))
      return false;
  return true;
}

/* The bytes of a file, which the set holds from now on; NULL: refused. */
static const char *read_file(SampleSet *set, const char *path, gsize *size, GError **error) {
  g_autoptr(PackedFile) file = packed_file_open(path, error);
  uint8_t *bytes = file ? packed_file_read(file, MOST_BYTES + 1, size, error) : NULL;
  if (!bytes)
    return NULL;
  g_ptr_array_add(set->blocks, g_bytes_new_take(bytes, *size));
  const char *fault;
  if (*size > MOST_BYTES) {
    input_error(error, "%s holds more than %d MiB of text; give a part of it", path, (int)(MOST_BYTES >> 20));
    return NULL;
  }
  if (!g_utf8_validate_len((const char *)bytes, *size, &fault)) {
    gint64 at = fault - (const char *)bytes + 1;
    if (looks_like_text(bytes, *size))
      input_error(error,
                  "%s is no text in UTF-8: byte %" G_GINT64_FORMAT " fits no character; save it as UTF-8",
                  path, at);
    else
      input_error(error,
                  "%s is a file, but a data set is a folder, or a file of text; this is no text in UTF-8 "
                  "(byte %" G_GINT64_FORMAT "): give the folder that it lies in",
                  path, at);
    return NULL;
  }
  return (const char *)bytes;
}

typedef struct {
  const char *bytes; /* NULL: there is no such file */
  gsize size;
} File;

enum { TRAIN, VALIDATION, TEST, N_FILES };

/* "train" in the name of the file, last place; NULL: no such name. */
static char *sibling(const char *path, const char *word) {
  g_autofree char *name = g_path_get_basename(path), *folder = g_path_get_dirname(path);
  char *at = g_strrstr(name, "train");
  if (!at)
    return NULL;
  *at = '\0';
  g_autofree char *other = g_strconcat(name, word, at + strlen("train"), NULL);
  char *whole = g_build_filename(folder, other, NULL);
  if (g_file_test(whole, G_FILE_TEST_IS_REGULAR))
    return whole;
  g_free(whole);
  return NULL;
}

static bool read_files(SampleSet *set, const char *path, File files[N_FILES], GError **error) {
  static const struct {
    int file;
    const char *word;
  } words[] = {{VALIDATION, "dev"}, {VALIDATION, "valid"}, {TEST, "test"}};
  if (!(files[TRAIN].bytes = read_file(set, path, &files[TRAIN].size, error)))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
    File *file = &files[words[i].file];
    g_autofree char *other = file->bytes ? NULL : sibling(path, words[i].word);
    if (other && !(file->bytes = read_file(set, other, &file->size, error)))
      return false;
  }
  return true;
}

static bool add_lines(SampleSet *set, SamplePart *part, const File *file, GHashTable *numbers,
                      const char *path, GError **error) {
  Line line;
  const char *at = file->bytes;
  while (at && next_line(&at, file->bytes + file->size, &line)) {
    g_autofree char *label = g_strndup(line.label, line.length);
    gpointer number;
    if (!line.length || !g_hash_table_lookup_extended(numbers, label, NULL, &number))
      return input_error(
          error, "the test part of %s holds a line with the label '%s', which the training part lacks", path,
          label);
    sample_part_append_text(part, line.text, (size_t)(line.end - line.text), GPOINTER_TO_INT(number));
  }
  return true;
}

static bool add_labelled(SampleSet *set, const char *path, const File files[N_FILES], uint64_t seed,
                         GError **error) {
  g_autoptr(GHashTable) numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GPtrArray) labels = g_ptr_array_new();
  Line line;
  for (const char *at = files[TRAIN].bytes; next_line(&at, files[TRAIN].bytes + files[TRAIN].size, &line);) {
    g_autofree char *label = g_strndup(line.label, line.length);
    if (g_hash_table_contains(numbers, label))
      continue;
    g_ptr_array_add(labels, label);
    g_hash_table_add(numbers, g_steal_pointer(&label));
  }
  if (labels->len > MOST_CLASSES)
    return input_error(error, "%s has %u labels; at most %d are possible", path, labels->len, MOST_CLASSES);
  g_ptr_array_sort(labels, compare_labels);
  set->n_classes = (int)labels->len;
  set->classes = g_new0(char *, labels->len + 1);
  for (guint i = 0; i < labels->len; i++) {
    set->classes[i] = g_strdup(labels->pdata[i]);
    g_hash_table_insert(numbers, g_strdup(labels->pdata[i]), GINT_TO_POINTER(i));
  }
  SamplePart *const parts[N_FILES] = {&set->train, &set->validation, &set->test};
  for (int i = 0; i < N_FILES; i++)
    if (!add_lines(set, parts[i], &files[i], numbers, path, error))
      return false;
  return sample_set_complete(set, path, seed, error);
}

/* Where the last tenth begins: behind a line's end where there is one in the half before it, else at a
 * character. */
static gsize last_tenth(const File *file) {
  gsize at = file->size - file->size / 10, least = at / 2;
  for (gsize k = at; k > least; k--)
    if (file->bytes[k - 1] == '\n')
      return k;
  while (at > 0 && at < file->size && ((guchar)file->bytes[at] & 0xC0) == 0x80)
    at--;
  return at;
}

static bool add_running(SampleSet *set, const char *path, const File files[N_FILES], GError **error) {
  gsize size = files[TRAIN].size;
  if (!files[TEST].bytes) {
    size = last_tenth(&files[TRAIN]);
    sample_part_append_text(&set->test, files[TRAIN].bytes + size, files[TRAIN].size - size, 0);
  } else
    sample_part_append_text(&set->test, files[TEST].bytes, files[TEST].size, 0);
  if (files[VALIDATION].bytes)
    sample_part_append_text(&set->validation, files[VALIDATION].bytes, files[VALIDATION].size, 0);
  sample_part_append_text(&set->train, files[TRAIN].bytes, size, 0);
  return size > 0 || input_error(error, "%s holds no text", path);
}

SampleSet *texts_load(const char *path, uint64_t seed, GError **error) {
  g_autofree char *title = g_path_get_basename(path);
  g_autoptr(SampleSet) set = sample_set_new(path, title);
  set->source = g_strdup(path);
  set->license = g_strdup("");
  File files[N_FILES] = {{NULL}};
  if (!read_files(set, path, files, error))
    return NULL;
  bool labelled = has_labels(files[TRAIN].bytes, files[TRAIN].size);
  if (!(labelled ? add_labelled(set, path, files, seed, error) : add_running(set, path, files, error)))
    return NULL;
  set->drawn_sha256 = sample_set_files_digest(set);
  return g_steal_pointer(&set);
}
