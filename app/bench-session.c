/* The bench of a run spec: the program of the run itself, on its own training samples. */
#include "app/bench.h"
#include "engine/error.h"

#include <math.h>

typedef struct {
  Run *run;
  int *indices;
  float *losses;
  int n;
  GError *error;
} SessionBench;

static bool forward(void *data) {
  SessionBench *bench = data;
  return run_answer_on(bench->run, bench->indices, bench->n, bench->losses);
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
  SessionBench bench = {.run = run, .indices = g_new(int, n), .losses = g_new(float, n), .n = n};
  for (int i = 0; i < n; i++)
    bench.indices[i] = i % sample_part_size(&session->set->train);
  bool trains = program_n_parameters(run_program(run)) > 0;
  result->batch = n;
  result->threads = workers(session->spec->threads);
  result->forward_ms = bench_median(options, forward, &bench);
  result->step_ms = trains ? bench_median(options, step, &bench) : NAN;
  result->kept_bytes = program_kept_bytes_per_item(run_program(run));
  g_free(bench.indices);
  g_free(bench.losses);
  if (bench.error)
    g_propagate_error(error, bench.error);
  return !bench.error;
}
