/* Patterns that are estimated instead of optimised: the means of each class at a site, from f's values on
 * samples of the training part without a pattern. */
#include "engine/error.h"
#include "engine/run-internal.h"

#define MOST_A_CLASS 64 /* samples: a mean over all places of so many is settled */

/* The first samples of each class in the order of the training part.  Returns how many. */
static int choose_samples(const Run *run, int *indices, int *labels, int *counts) {
  int n = 0;
  for (int i = 0; i < run->train.n; i++) {
    int label = run->train.labels[i];
    if (counts[label]++ >= MOST_A_CLASS)
      continue;
    indices[n] = run->train.indices[i];
    labels[n++] = label;
  }
  return n;
}

static float *class_means(const Run *run, const float *rows, const int *labels, int n, int64_t channels) {
  int n_classes = run->set->n_classes;
  g_autofree double *sums = g_new0(double, (gsize)n_classes *(gsize)channels);
  g_autofree int *counts = g_new0(int, n_classes);
  float *means = g_new0(float, (gsize)n_classes *(gsize)channels);
  for (int i = 0; i < n; i++) {
    counts[labels[i]]++;
    for (int64_t c = 0; c < channels; c++)
      sums[labels[i] * channels + c] += rows[i * channels + c];
  }
  for (int64_t k = 0; k < n_classes * channels; k++)
    means[k] = (float)(sums[k] / MAX(1, counts[k / channels]));
  return means;
}

static RunProgress estimate(Run *run, Manipulation *manipulation, GError **error) {
  if (run->set->text.tokens) {
    input_error(error, "the method %s estimates its fixed pattern from pictures; make it learnable for texts",
                manipulation->kind->name);
    return RUN_FAILED;
  }
  const ManipulationPart *part = g_ptr_array_index(manipulation->parts, 0);
  int64_t channels = part->shape.dim[part->channel_axis];
  g_autoptr(Program) program =
      program_new_watching(run->model, run->manipulations, run->alignment, part->site, run->pool, error);
  if (!program)
    return RUN_FAILED;
  g_autofree int *indices = g_new(int, run->train.n), *labels = g_new(int, run->train.n);
  g_autofree int *counts = g_new0(int, run->set->n_classes);
  int n = choose_samples(run, indices, labels, counts);
  g_autofree float *rows = g_new(float, (gsize)n *(gsize)channels);
  SampleContext samples = run_samples(program, &run->train);
  if (!program_site_means(program, run_load_sample, &samples, indices, n, rows, run->stop))
    return RUN_STOPPED;
  g_autofree float *means = class_means(run, rows, labels, n, channels);
  return manipulation->kind->estimate(manipulation, run->set->classes, run->set->n_classes, means, error)
             ? RUN_GOES_ON
             : RUN_FAILED;
}

RunProgress run_estimate(Run *run, GError **error) {
  RunProgress progress = RUN_GOES_ON;
  for (guint i = 0; i < run->manipulations->len && progress == RUN_GOES_ON; i++) {
    Manipulation *manipulation = g_ptr_array_index(run->manipulations, i);
    if (manipulation->kind->estimate && manipulation->format == FORMAT_FIXED)
      progress = estimate(run, manipulation, error);
  }
  return progress;
}
