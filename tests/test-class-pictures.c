/* Pictures of classes: the sheet of the model that comes along, and the first picture of each class of a data
 * set. */
#include "app/class-examples.h"
#include "data/class-pictures.h"
#include "data/datasets.h"
#include "ui/picture-texture.h"

#include <string.h>

/* One tile a class, each with something on it; a sheet of another number of classes is none. */
static void test_sheet(void) {
  int edge = 0;
  g_autoptr(GBytes) sheet = class_pictures_read("objects-letters", 36, &edge);
  g_assert_nonnull(sheet);
  g_assert_cmpint(edge, ==, 64);
  g_assert_cmpuint(g_bytes_get_size(sheet), ==, 36 * 64 * 64 * 4);
  const guint32 *pixels = g_bytes_get_data(sheet, NULL);
  for (int class = 0; class < 36; class++) {
    int others = 0;
    for (int y = 0; y < 64; y++)
      for (int x = 0; x < 64; x++) {
        guint32 pixel = pixels[y * 36 * 64 + class * 64 + x];
        g_assert_cmphex(pixel >> 24, ==, 0xff);
        others += pixel != pixels[class * 64];
      }
    g_assert_cmpint(others, >, 200);
  }
  g_assert_null(class_pictures_read("objects-letters", 35, &edge));
  g_assert_null(class_pictures_read("no such model", 36, &edge));
  g_assert_null(class_pictures_read("/usr/share/common-licenses/GPL-3", 36, &edge));
}

static void test_model(void) {
  g_autoptr(GPtrArray) textures = class_examples_of_model("objects-letters", 36);
  g_assert_cmpuint(textures->len, ==, 36);
  for (guint i = 0; i < textures->len; i++)
    g_assert_cmpint(gdk_texture_get_height(textures->pdata[i]), ==, 64);
  g_assert_null(class_examples_of_model("another", 36));
}

/* Of a set in memory: a class that has no picture stays empty, a large one is shrunk, texts have none. */
static void test_set(void) {
  static uint8_t grey[200 * 100];
  g_autoptr(SampleSet) set = sample_set_new("x", "X");
  set->n_classes = 3;
  g_assert_null(class_examples_of(set));
  memset(grey, 77, sizeof grey);
  Picture small = {grey, 4, 4, 1}, large = {grey, 200, 100, 1};
  sample_part_append(&set->test, &large, 2);
  sample_part_append(&set->test, &small, 0);
  sample_part_append(&set->test, &small, 2);
  g_autoptr(GPtrArray) textures = class_examples_of(set);
  g_assert_cmpuint(textures->len, ==, 3);
  g_assert_null(textures->pdata[1]);
  g_assert_cmpint(gdk_texture_get_width(textures->pdata[0]), ==, 4);
  g_assert_cmpint(gdk_texture_get_width(textures->pdata[2]), ==, 72);
  g_assert_cmpint(gdk_texture_get_height(textures->pdata[2]), ==, 36);
  uint32_t pixels[16];
  gdk_texture_download(textures->pdata[0], (guchar *)pixels, 16);
  g_assert_cmphex(pixels[5], ==, 0xff4d4d4d);
}

/* Every named set that is installed has a picture of each of its classes. */
static void test_named_sets(void) {
  ClassExamples *examples = class_examples_load();
  for (const DatasetKind *const *kind = dataset_kinds; *kind; kind++) {
    g_autoptr(GPtrArray) missing = dataset_missing(*kind);
    GPtrArray *textures = class_examples_find(examples, (*kind)->name);
    g_assert_true((textures != NULL) == (missing->len == 0));
    for (int i = 0; textures && i < (*kind)->n_classes; i++)
      g_assert_nonnull(textures->pdata[i]);
  }
  class_examples_free(examples);
}

int main(int argc, char **argv) {
  (g_test_init)(&argc, &argv, NULL);
  g_test_add_func("/class-pictures/sheet", test_sheet);
  g_test_add_func("/class-pictures/model", test_model);
  g_test_add_func("/class-pictures/set", test_set);
  g_test_add_func("/class-pictures/named-sets", test_named_sets);
  return g_test_run();
}
