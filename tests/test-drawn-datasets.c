/* The table of data sets and the sets that are drawn: repeatable, balanced, parts that have nothing in
 * common. */
#include "data/datasets.h"
#include "data/datasets/digit-fonts.h"
#include "data/datasets/digit-glyphs.h"
#include "engine/error.h"

#include <json-glib/json-glib.h>
#include <string.h>

static SampleSet *load(const char *name, uint64_t seed) {
  g_autoptr(GError) error = NULL;
  SampleSet *set = dataset_load(name, seed, &error);
  g_assert_no_error(error);
  return set;
}

static bool absent(const char *name) {
  g_autoptr(GPtrArray) missing = dataset_missing(dataset_find(name));
  if (missing->len == 0)
    return false;
  g_autofree char *sentence = g_strdup_printf("%s is absent", (const char *)g_ptr_array_index(missing, 0));
  g_test_skip(sentence);
  return true;
}

static const SamplePart *part(const SampleSet *set, int p) {
  return p == 0 ? &set->train : p == 1 ? &set->validation : &set->test;
}

/* Same seed, same pictures; other seed or other part, others.  Sizes and classes are those of the table,
 * balanced at any length. */
static void test_drawn(gconstpointer name) {
  if (absent(name))
    return;
  const DatasetKind *kind = dataset_find(name);
  g_autoptr(SampleSet) set = load(name, 1), again = load(name, 1), other = load(name, 2);
  g_assert_cmpuint(strlen(set->drawn_sha256), ==, 64);
  g_assert_cmpstr(set->drawn_sha256, ==, again->drawn_sha256);
  g_assert_cmpstr(set->drawn_sha256, !=, other->drawn_sha256);
  g_assert_cmpint(set->n_classes, ==, kind->n_classes);
  g_assert_cmpint(g_strv_length(set->classes), ==, kind->n_classes);
  const int sizes[] = {kind->train, kind->validation, kind->test};
  gsize each = (gsize)kind->width * (gsize)kind->height * (gsize)kind->channels;
  int same = 0;
  for (int p = 0; p < 3; p++) {
    g_assert_cmpint(sample_part_size(part(set, p)), ==, sizes[p]);
    for (int i = 0; i < sizes[p]; i++) {
      const Picture *picture = &g_array_index(part(set, p)->pictures, Picture, i);
      const Picture *copy = &g_array_index(part(again, p)->pictures, Picture, i);
      g_assert_cmpint(g_array_index(part(set, p)->labels, int, i), ==, i % kind->n_classes);
      g_assert_true(picture->width == kind->width && picture->height == kind->height &&
                    picture->channels == kind->channels);
      g_assert_true(memcmp(picture->pixels, copy->pixels, each) == 0);
      const SamplePart *next = part(set, (p + 1) % 3);
      same += i < sample_part_size(next) &&
              memcmp(picture->pixels, g_array_index(next->pictures, Picture, i).pixels, each) == 0;
    }
  }
  /* One square has 16 places only, so some pictures are equal by chance. */
  g_assert_cmpint(same, <, 100);
}

/* White pixels are 7 x 7 for each square, and each place of the grid is full or empty. */
static void test_squares(void) {
  g_autoptr(SampleSet) set = load("squares", 3);
  int places[16] = {0};
  g_assert_cmpstr(set->classes[0], ==, "1 square");
  g_assert_cmpstr(set->classes[9], ==, "10 squares");
  for (int i = 0; i < sample_part_size(&set->train); i++) {
    const uint8_t *pixels = g_array_index(set->train.pictures, Picture, i).pixels;
    int squares = 0;
    for (int k = 0; k < 16; k++) {
      int white = 0;
      for (int y = 0; y < 9; y++)
        for (int x = 0; x < 9; x++) {
          int pixel = pixels[(k / 4 * 9 + y) * 36 + k % 4 * 9 + x];
          g_assert_true(pixel == 0 || (pixel == 255 && x % 8 > 0 && y % 8 > 0));
          white += pixel == 255;
        }
      g_assert_true(white == 0 || white == 49);
      squares += white == 49;
      places[k] += white == 49;
    }
    g_assert_cmpint(squares, ==, g_array_index(set->train.labels, int, i) + 1);
  }
  /* 55000 squares on 16 places. */
  for (int k = 0; k < 16; k++)
    g_assert_cmpint(ABS(places[k] - 55000 / 16), <, 300);
}

/* A digit stands out from its ground, and its edge pixels belong to the ground. */
static void test_digits(void) {
  if (absent("digits"))
    return;
  g_autoptr(SampleSet) set = load("digits", 3);
  int coloured = 0;
  for (int i = 0; i < sample_part_size(&set->test); i++) {
    const uint8_t *pixels = g_array_index(set->test.pictures, Picture, i).pixels;
    int low = 255, high = 0, colour = 0;
    for (int k = 0; k < 32 * 32; k++) {
      const uint8_t *p = pixels + 3 * k;
      int luminance = (299 * p[0] + 587 * p[1] + 114 * p[2]) / 1000;
      low = MIN(low, luminance);
      high = MAX(high, luminance);
      colour |= p[0] != p[1] || p[1] != p[2];
    }
    g_assert_cmpint(high - low, >, 60);
    coloured += colour;
  }
  g_assert_cmpint(coloured, >, 800);
  g_assert_cmpint(coloured, <, 1400);
}

static bool is_named(const char *text, const char *package) {
  g_autofree char *pattern = g_strdup_printf("\\b%s(\\s|\\.)", package);
  return g_regex_match_simple(pattern, text, 0, 0);
}

/* A package, and a family, belongs to one part; the files are of the family that the table says; no package
 * is one of those that the frozen model's letters were drawn from. */
static void test_fonts(void) {
  g_autofree char *zoo = NULL;
  g_assert_true(g_file_get_contents(SOURCE_ROOT "/data/zoo/README.md", &zoo, NULL, NULL));
  g_assert_true(is_named(zoo, "fonts-lato"));
  int parts[N_DIGIT_PARTS] = {0};
  for (guint i = 0; i < n_digit_families; i++) {
    const DigitFamily *row = &digit_families[i];
    parts[row->part]++;
    g_assert_false(is_named(zoo, row->package));
    for (guint j = 0; j < i; j++)
      if (digit_families[j].part != row->part) {
        g_assert_cmpstr(digit_families[j].package, !=, row->package);
        g_assert_cmpstr(digit_families[j].family, !=, row->family);
      }
    for (guint k = 0; k < FAMILY_MOST_FILES && row->files[k]; k++) {
      g_autofree char *path = g_strconcat(DIGIT_FONT_FOLDER, row->files[k], NULL), *family = NULL;
      if (!g_file_test(path, G_FILE_TEST_EXISTS))
        continue;
      g_autoptr(GError) error = NULL;
      g_autoptr(DigitGlyphs) glyphs = digit_glyphs_load(path, row->package, &family, &error);
      g_assert_no_error(error);
      g_assert_cmpstr(family, ==, row->family);
    }
  }
  g_assert_cmpint(parts[DIGITS_TRAIN], >=, 20);
  g_assert_cmpint(parts[DIGITS_VALIDATION], >=, 5);
  g_assert_cmpint(parts[DIGITS_TEST], >=, 8);
}

/* A font that is missing or is no font: the package and what to do. */
static void test_bad_fonts(void) {
  static const char *const bad[] = {"/nowhere/font.ttf", SOURCE_ROOT "/LICENSE"};
  for (guint i = 0; i < G_N_ELEMENTS(bad); i++) {
    g_autoptr(GError) error = NULL;
    g_assert_null(digit_glyphs_load(bad[i], "fonts-nowhere", NULL, &error));
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, bad[i]));
    g_assert_nonnull(strstr(error->message, "fonts-nowhere cannot be opened; call ./run setup"));
  }
}

static bool is_installed(const char *package) {
  return false;
}

static GPtrArray *two_packages(void) {
  GPtrArray *packages = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(packages, g_strdup("first"));
  g_ptr_array_add(packages, g_strdup("second"));
  return packages;
}

/* Each row gives one line of JSON with what it says, and ./run installs each package. */
static void test_table(void) {
  g_autofree char *listed = NULL;
  g_assert_true(g_file_get_contents(SOURCE_ROOT "/data/debian-packages.txt", &listed, NULL, NULL));
  for (guint i = 0; dataset_kinds[i]; i++) {
    const DatasetKind *kind = dataset_kinds[i];
    g_assert_true(dataset_find(kind->name) == kind);
    g_autofree char *line = dataset_json(kind);
    g_assert_null(strchr(line, '\n'));
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, line, -1, NULL));
    JsonObject *object = json_node_get_object(json_parser_get_root(parser));
    g_assert_cmpstr(json_object_get_string_member(object, "name"), ==, kind->name);
    g_assert_cmpint(json_object_get_int_member(object, "classes"), ==, kind->n_classes);
    g_assert_cmpint(json_object_get_int_member(object, "train"), ==, kind->train);
    g_autoptr(GPtrArray) missing = dataset_missing(kind), packages = kind->packages ? kind->packages() : NULL;
    g_assert_cmpint(json_object_get_boolean_member(object, "available"), ==, missing->len == 0);
    for (guint k = 0; packages && k < packages->len; k++) {
      g_autofree char *row = g_strdup_printf("\ndata %s\n", (const char *)g_ptr_array_index(packages, k));
      g_assert_nonnull(strstr(listed, row));
    }
  }
  g_assert_null(dataset_find("nothing"));
  DatasetKind unavailable = {"x", "X", "", "", "", .packages = two_packages, .has_package = is_installed};
  g_autofree char *line = dataset_json(&unavailable);
  g_assert_nonnull(strstr(line, "\"available\":false,\"missing_packages\":[\"first\",\"second\"]"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_data_func("/drawn/squares/repeat", "squares", test_drawn);
  g_test_add_data_func("/drawn/digits/repeat", "digits", test_drawn);
  g_test_add_func("/drawn/squares/pictures", test_squares);
  g_test_add_func("/drawn/digits/pictures", test_digits);
  g_test_add_func("/drawn/digits/fonts", test_fonts);
  g_test_add_func("/drawn/digits/bad-fonts", test_bad_fonts);
  g_test_add_func("/drawn/table", test_table);
  return g_test_run();
}
