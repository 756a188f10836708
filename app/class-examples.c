#include "app/class-examples.h"

#include "data/class-pictures.h"
#include "data/datasets.h"
#include "ui/picture-texture.h"

#define EDGE 72 /* in pixels: twice what a card draws it with */
#define SEED 1

struct _ClassExamples {
  GHashTable *by_name; /* GPtrArray of GdkTexture */
};

static void unref_any(gpointer texture) {
  if (texture)
    g_object_unref(texture);
}

static GPtrArray *new_textures(int n) {
  GPtrArray *textures = g_ptr_array_new_full((guint)n, unref_any);
  g_ptr_array_set_size(textures, n);
  return textures;
}

GPtrArray *class_examples_of(const SampleSet *set) {
  if (set->test.pictures->len == 0 || set->n_classes < 1)
    return NULL;
  GPtrArray *textures = new_textures(set->n_classes);
  int found = 0;
  for (guint i = 0; i < set->test.labels->len && found < set->n_classes; i++) {
    gpointer *place = &g_ptr_array_index(textures, g_array_index(set->test.labels, int, i));
    if (*place)
      continue;
    *place = picture_texture(&g_array_index(set->test.pictures, Picture, i), EDGE);
    found++;
  }
  return textures;
}

GPtrArray *class_examples_of_model(const char *model, int n_classes) {
  int edge = 0;
  g_autoptr(GBytes) sheet = class_pictures_read(model, n_classes, &edge);
  if (!sheet)
    return NULL;
  GPtrArray *textures = new_textures(n_classes);
  gsize wide = 4 * (gsize)edge, stride = wide * (gsize)n_classes;
  for (int i = 0; i < n_classes; i++) {
    g_autoptr(GBytes) tile =
        g_bytes_new_from_bytes(sheet, wide * (gsize)i, stride * (gsize)(edge - 1) + wide);
    textures->pdata[i] = gdk_memory_texture_new(edge, edge, GDK_MEMORY_DEFAULT, tile, stride);
  }
  return textures;
}

ClassExamples *class_examples_load(void) {
  ClassExamples *examples = g_new0(ClassExamples, 1);
  examples->by_name = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  for (const DatasetKind *const *kind = dataset_kinds; *kind; kind++) {
    g_autoptr(SampleSet) set = dataset_load((*kind)->name, SEED, NULL);
    GPtrArray *textures = set ? class_examples_of(set) : NULL;
    if (textures)
      g_hash_table_insert(examples->by_name, (gpointer)(*kind)->name, textures);
  }
  return examples;
}

void class_examples_free(ClassExamples *examples) {
  g_hash_table_unref(examples->by_name);
  g_free(examples);
}

GPtrArray *class_examples_find(const ClassExamples *examples, const char *dataset) {
  return g_hash_table_lookup(examples->by_name, dataset);
}
