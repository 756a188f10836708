/* Fashion-MNIST (Xiao, Rasul, Vollgraf 2017, arXiv 1708.07747) as Debian's package installs it: IDX files. */
#include "data/datasets/loading.h"

#include <string.h>

static const char package[] = "dataset-fashion-mnist";
static const char folder[] = "/usr/share/datasets/fashion-mnist";

static const char *const classes[] = {"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                      "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};

static GPtrArray *fashion_packages(void) {
  GPtrArray *packages = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(packages, g_strdup(package));
  return packages;
}

static bool fashion_has_package(const char *name) {
  return g_file_test(folder, G_FILE_TEST_IS_DIR);
}

static SampleSet *fashion_load(const DatasetKind *kind, uint64_t seed, GError **error) {
  g_auto(GStrv) names = folder_names(folder, error);
  SampleSet *set = names ? format_idx.load(folder, names, seed, error) : NULL;
  for (int i = 0; set && i < MIN(set->n_classes, (int)G_N_ELEMENTS(classes)); i++) {
    g_free(set->classes[i]);
    set->classes[i] = g_strdup(classes[i]);
  }
  return set;
}

const DatasetKind dataset_fashion_mnist = {
    .name = "fashion-mnist",
    .title = "Fashion-MNIST",
    .summary = "Grey pictures of ten kinds of clothing from an online shop.",
    .license = "MIT",
    .source = "Xiao, Rasul and Vollgraf 2017, arXiv 1708.07747; Debian package dataset-fashion-mnist",
    .n_classes = G_N_ELEMENTS(classes),
    .classes = classes,
    .width = 28,
    .height = 28,
    .channels = 1,
    .train = 60000,
    .test = 10000,
    .load = fashion_load,
    .packages = fashion_packages,
    .has_package = fashion_has_package,
};
