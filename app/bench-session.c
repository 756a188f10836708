/* The bench of a run spec: the program of the run itself, on its own training pictures. */
#include "app/bench.h"
#include "engine/error.h"

#include <math.h>

typedef struct {
  Run *run;
  const SamplePart *part;
  int channels, height, width;
  int *indices, *labels;
  float *losses;
  int n;
  GError *error;
} SessionBench;

static void load_picture(void *data, int index, void *planes) {
  const SessionBench *bench = data;
  picture_resize(&g_array_index(bench->part->pictures, Picture, index), bench->height, bench->width,
                 bench->channels, planes);
}

static bool forward(void *data) {
  SessionBench *bench = data;
  return program_evaluate(run_program(bench->run), load_picture, bench, bench->indices, bench->labels,
                          bench->n, bench->losses, NULL, NULL);
}

static bool step(void *data) {
  SessionBench *bench = data;
  return run_step_on(bench->run, bench->indices, bench->n, &bench->error) == RUN_GOES_ON;
}

/* How many workers a run with this setting has. */
static int workers(int threads) {
  Pool *pool = pool_new(threads);
  int n = pool_workers(pool);
  pool_free(pool);
  return n;
}

bool bench_session(Session *session, const BenchOptions *options, BenchResult *result, GError **error) {
  if (options->batch)
    session->spec->batch = options->batch;
  session->spec->threads = options->threads ? options->threads : session->spec->threads;
  g_autoptr(Run) run = session_run(session, NULL, (RunObserver){0}, NULL, 0, error);
  if (!run)
    return false;
  int n = session->spec->batch;
  SessionBench bench = {.run = run,
                        .part = &session->set->train,
                        .indices = g_new(int, n),
                        .labels = g_new(int, n),
                        .losses = g_new(float, n),
                        .n = n};
  program_picture_size(run_program(run), &bench.channels, &bench.height, &bench.width);
  for (int i = 0; i < n; i++) {
    bench.indices[i] = i % sample_part_size(bench.part);
    bench.labels[i] = g_array_index(bench.part->labels, int, bench.indices[i]);
  }
  bool trains = program_n_parameters(run_program(run)) > 0;
  result->batch = n;
  result->threads = workers(session->spec->threads);
  result->forward_ms = bench_median(options, forward, &bench);
  result->step_ms = trains ? bench_median(options, step, &bench) : NAN;
  result->kept_bytes = program_kept_bytes_per_item(run_program(run));
  g_free(bench.indices);
  g_free(bench.labels);
  g_free(bench.losses);
  if (bench.error)
    g_propagate_error(error, bench.error);
  return !bench.error;
}
