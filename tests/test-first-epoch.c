/* The default experiment against PyTorch: given the same training samples, the same initial pattern and the
 * same batches, the label maps at the start and at the end of the epoch are those of
 * data/zoo/objects-letters/first-epoch.npz (reference.py --dump), and the losses are those of double
 * precision (tests/references/first-epoch.py).
 *
 * Adam turns rounding into whole steps where a gradient is nearly zero, so losses part after some steps, in
 * PyTorch's own single precision too: it is within 1e-3 of double precision for 10 steps and within 0.07
 * for 50.
 *
 * Needs Debian's package dataset-fashion-mnist, and the speed of a build without sanitizers. */
#include "data/datasets.h"
#include "data/models.h"
#include "data/npy.h"
#include "engine/run.h"

#include <archive.h>
#include <archive_entry.h>
#include <math.h>
#include <string.h>

#define STEPS      156
#define TRAINING   10000
#define VALIDATION 16

/* One array of the NPZ file, which is a ZIP of NPY files. */
static Tensor *npz_array(const char *name) {
  struct archive *archive = archive_read_new();
  archive_read_support_format_zip(archive);
  g_assert_cmpint(
      archive_read_open_filename(archive, SOURCE_ROOT "/data/zoo/objects-letters/first-epoch.npz", 65536), ==,
      ARCHIVE_OK);
  g_autofree char *wanted = g_strconcat(name, ".npy", NULL);
  struct archive_entry *entry;
  Tensor *tensor = NULL;
  while (!tensor && archive_read_next_header(archive, &entry) == ARCHIVE_OK) {
    if (strcmp(archive_entry_pathname(entry), wanted) != 0)
      continue;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    char block[65536];
    for (la_ssize_t n; (n = archive_read_data(archive, block, sizeof block)) > 0;)
      g_byte_array_append(bytes, (guint8 *)block, (guint)n);
    g_autoptr(GError) error = NULL;
    tensor = npy_from_bytes(bytes->data, bytes->len, name, &error);
    g_assert_no_error(error);
  }
  archive_read_free(archive);
  g_assert_nonnull(tensor);
  return tensor;
}

/* A set whose training part is the reference's, in its order, and whose validation part stands apart. */
static SampleSet *reference_set(const SampleSet *file, const Tensor *training) {
  SampleSet *set = sample_set_new(file->name, file->title);
  set->classes = g_strdupv(file->classes);
  set->n_classes = file->n_classes;
  for (int i = 0; i < TRAINING; i++) {
    int index = (int)tensor_ints(training)[i];
    sample_part_append(&set->train, &g_array_index(file->train.pictures, Picture, index),
                       g_array_index(file->train.labels, int, index));
  }
  for (int i = 0; i < VALIDATION; i++) {
    sample_part_append(&set->validation, &g_array_index(file->test.pictures, Picture, i),
                       g_array_index(file->test.labels, int, i));
    sample_part_append(&set->test, &g_array_index(file->test.pictures, Picture, i),
                       g_array_index(file->test.labels, int, i));
  }
  return set;
}

typedef struct {
  int steps;
  const float *exact; /* double precision, the first 50 */
  double early, late; /* largest difference in the first 9 and in the first 50 steps */
} Comparison;

static void compare_loss(void *data, const RunStep *step) {
  Comparison *comparison = data;
  comparison->steps++;
  if (step->step > 50)
    return;
  double error = fabs(step->loss - comparison->exact[step->step - 1]);
  comparison->late = MAX(comparison->late, error);
  if (step->step <= 9)
    comparison->early = MAX(comparison->early, error);
}

static void assert_same_map(const RunState *state, const Tensor *map) {
  g_assert_cmpint(state->omega->len, ==, tensor_count(map));
  for (guint i = 0; i < state->omega->len; i++)
    g_assert_cmpfloat(g_array_index(state->omega, float, i), ==, tensor_floats(map)[i]);
}

/* Runs pieces of work until the label map has been fitted for the epoch the state is in. */
static void fit(Run *run) {
  g_autoptr(GError) error = NULL;
  while (run_state(run)->fitted_epoch != run_state(run)->epoch) {
    g_assert_cmpint(run_step(run, &error), ==, RUN_GOES_ON);
    g_assert_no_error(error);
  }
}

static void test_first_epoch(void) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  g_test_skip("an epoch of the default experiment is compared in the release build only");
  return;
#endif
  g_autoptr(GPtrArray) missing = dataset_missing(dataset_find("fashion-mnist"));
  if (missing->len) {
    g_test_skip("the data set fashion-mnist is absent; install the package dataset-fashion-mnist");
    return;
  }
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load("objects-letters", &error);
  g_assert_no_error(error);
  g_autoptr(SampleSet) file = dataset_load("fashion-mnist", 1, &error);
  g_assert_no_error(error);
  g_autoptr(Tensor) training = npz_array("training"), order = npz_array("order");
  g_autoptr(Tensor) exact = npy_read(SOURCE_ROOT "/tests/references/first-epoch-float64.npy", &error);
  g_assert_no_error(error);
  g_autoptr(Tensor) first = npz_array("first_map"), after = npz_array("map_after_first_epoch");
  g_autoptr(SampleSet) set = reference_set(file, training);
  g_autoptr(GHashTable) place = g_hash_table_new(NULL, NULL);
  for (int i = 0; i < 10000; i++)
    g_hash_table_insert(place, GINT_TO_POINTER((int)tensor_ints(training)[i]), GINT_TO_POINTER(i));

  g_autofree char *count = g_strdup_printf("run.train=%d", TRAINING);
  char *assignments[] = {count, (char *)"run.validation=16", (char *)"run.test=16", NULL};
  g_autoptr(RunSpec) spec =
      run_spec_parse_with("[run]\nmodel=objects-letters\ndataset=fashion-mnist\nbatch=64\nepochs=5\n"
                          "[manipulation]\nmethod=border\nimage_size=32\n[alignment]\nmethod=ilm\n"
                          "[optimiser]\nmethod=adam\nrate=0.05\n",
                          "test", assignments, false, &error);
  g_assert_no_error(error);
  Comparison comparison = {.exact = tensor_floats(exact)};
  RunOptions options = {
      .spec = spec, .model = model, .set = set, .observer = {.data = &comparison, .step = compare_loss}};
  g_autoptr(Run) run = run_new(&options, &error);
  g_assert_no_error(error);
  fit(run);
  assert_same_map(run_state(run), first);
  for (int step = 0; step < STEPS; step++) {
    int batch[64];
    for (int i = 0; i < 64; i++)
      batch[i] = GPOINTER_TO_INT(
          g_hash_table_lookup(place, GINT_TO_POINTER((int)tensor_ints(order)[step * 64 + i])));
    g_assert_cmpint(run_step_on(run, batch, 64, &error), ==, RUN_GOES_ON);
  }
  g_assert_cmpint(comparison.steps, ==, STEPS);
  g_test_message("losses against double precision: %.1e in 9 steps, %.1e in 50", comparison.early,
                 comparison.late);
  g_assert_cmpfloat(comparison.early, <, 1e-3);
  g_assert_cmpfloat(comparison.late, <, 0.1);
  fit(run);
  assert_same_map(run_state(run), after);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/first-epoch/against-pytorch", test_first_epoch);
  return g_test_run();
}
