#include "app/bench.h"
#include "app/commands/commands.h"
#include "app/json-line.h"
#include "app/output.h"
#include "app/spec-file.h"
#include "data/models.h"
#include "engine/error.h"

#include <cblas.h>
#include <math.h>
#include <sys/resource.h>

static double peak_rss_mib(void) {
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss / 1024 : NAN;
}

static void print_result(const char *name, const BenchResult *result, bool as_json) {
  double milliseconds = isfinite(result->step_ms) ? result->step_ms : result->forward_ms;
  double rate = 1000 * result->batch / milliseconds;
  if (as_json) {
    JsonLine *json = json_line_new();
    json_text(json, "model", name);
    json_integer(json, "batch", result->batch);
    json_integer(json, "threads", result->threads);
    json_number(json, "forward_ms", result->forward_ms);
    json_number(json, "step_ms", result->step_ms);
    json_number(json, "items_per_second", rate);
    json_number(json, "peak_rss_mib", peak_rss_mib());
    json_integer(json, "kept_bytes_per_item", (int64_t)result->kept_bytes);
    json_text(json, "blas_core", openblas_get_corename());
    json_print(json);
    return;
  }
  g_autofree char *line = text_one_line(name);
  output_line("%s, batch %d, %d thread%s, BLAS core %s", line, result->batch, result->threads,
              result->threads > 1 ? "s" : "", openblas_get_corename());
  output_line("  forward   %9.2f ms", result->forward_ms);
  if (isfinite(result->step_ms))
    output_line("  step      %9.2f ms", result->step_ms);
  output_line("  items     %9.1f a second", rate);
  output_line("  kept      %9.1f KiB an item", (double)result->kept_bytes / 1024);
  output_line("  peak RSS  %9.1f MiB", peak_rss_mib());
}

static bool bench_spec(const char *path, const BenchOptions *options, BenchResult *result, GError **error) {
  g_autoptr(RunSpec) spec = spec_from_arguments(path, NULL, NULL, error);
  g_autoptr(RunStore) store = NULL;
  if (!spec || (session_needs_store(spec) && !(store = run_store_open(NULL, error))))
    return false;
  g_autoptr(Session) session = session_open(spec, store, error);
  return session && session_check(session, error) && bench_session(session, options, result, error);
}

static bool bench_file(const char *path, const BenchOptions *options, BenchResult *result, GError **error) {
  g_autoptr(FrozenModel) model = model_load(path, error);
  return model && bench_model(model, options, result, error);
}

bool command_bench(const Command *command, int argc, char **argv, GError **error) {
  BenchOptions options = {.tokens = 64, .seconds = 3};
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
      {"batch", 0, 0, G_OPTION_ARG_INT, &options.batch, "Items a step (64, or the spec's batch)", "N"},
      {"tokens", 0, 0, G_OPTION_ARG_INT, &options.tokens, "Tokens a row, for language models (64)", "T"},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "Workers (as many as cores)", "T"},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds,
       "How long forward and step are each repeated (3)", "S"},
      {"steps", 0, 0, G_OPTION_ARG_INT, &options.steps, "How often they are repeated instead", "N"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object", NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (options.batch < 0 || options.tokens < 1 || options.threads < 0 || options.seconds < 0 ||
      options.steps < 0)
    return command_usage_error(command, error, "numbers must not be negative");
  if (options.batch > 1 << 20 || options.tokens > 1 << 20)
    return command_usage_error(command, error, "--batch and --tokens go up to %d", 1 << 20);
  BenchResult result = {.forward_ms = NAN, .step_ms = NAN};
  bool is_spec = g_str_has_suffix(argv[1], ".ini");
  bool done =
      is_spec ? bench_spec(argv[1], &options, &result, error) : bench_file(argv[1], &options, &result, error);
  if (done)
    print_result(argv[1], &result, as_json);
  return done;
}
