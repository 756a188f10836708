#include "app/apply.h"
#include "app/commands/commands.h"
#include "app/commands/runs.h"
#include "app/output.h"
#include "app/picture-files.h"
#include "app/predictions.h"
#include "data/file.h"
#include "engine/error.h"

#include <stdio.h>

typedef struct {
  char *store, *input, *output;
  gboolean json;
  int threads;
} Options;

/* Answers all pictures, a batch after the other, and prints them where that is asked for.  (transfer full)
 */
static GPtrArray *answer_all(Apply *apply, const GPtrArray *paths, bool json) {
  GPtrArray *answers = g_ptr_array_new_with_free_func(g_object_unref);
  for (guint first = 0; first < paths->len && (!json || output_flush()); first += APPLY_BATCH) {
    ApplyPicture pictures[APPLY_BATCH];
    int n = (int)MIN(APPLY_BATCH, paths->len - first);
    for (int i = 0; i < n; i++)
      pictures[i] = (ApplyPicture){.name = g_ptr_array_index(paths, first + (guint)i)};
    GPtrArray *batch = apply_answer(apply, pictures, n, false, NULL);
    for (guint i = 0; json && i < batch->len; i++)
      predictions_print_json(g_ptr_array_index(batch, i));
    g_ptr_array_extend_and_steal(answers, batch);
  }
  return answers;
}

/* How many have an error; the first one's sentence in *first. */
static int count_failed(const GPtrArray *answers, const char **first) {
  int failed = 0;
  for (guint i = 0; i < answers->len; i++) {
    const HfAnswer *answer = g_ptr_array_index(answers, i);
    if (answer->error && failed++ == 0)
      *first = answer->error;
  }
  return failed;
}

static void report(const Options *options, guint n, int failed, int skipped) {
  output_line("%u picture%s answered, %d could not be read, %d other file%s left out", n - (guint)failed,
              n - (guint)failed == 1 ? "" : "s", failed, skipped, skipped == 1 ? "" : "s");
  output_path("written to", options->output);
}

static bool apply_to(Apply *apply, const Options *options, const GPtrArray *paths, int skipped,
                     GError **error) {
  if (apply_warning(apply))
    fprintf(stderr, "hoarfrost: warning: %s\n", apply_warning(apply));
  g_autoptr(GPtrArray) answers = answer_all(apply, paths, options->json);
  const char *first = NULL;
  int failed = count_failed(answers, &first);
  if (failed == (int)answers->len && failed == 1)
    return input_error(error, "%s", first);
  if (failed == (int)answers->len && failed > 0)
    return input_error(error, "none of the %d pictures in %s can be read; the first: %s", failed,
                       options->input, first);
  if (!options->output)
    return true;
  GString *csv = predictions_csv((HfAnswer *const *)answers->pdata, answers->len, apply_names(apply));
  bool written = file_replace(options->output, csv->str, csv->len, error);
  g_string_free(csv, TRUE);
  if (written && !options->json)
    report(options, answers->len, failed, skipped);
  return written;
}

static bool run(const Options *options, const char *name, GError **error) {
  g_autoptr(RunStore) store = runs_open(options->store, error);
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  int skipped = 0;
  if (!store || !picture_files_add(paths, options->input, &skipped, error))
    return false;
  if (paths->len == 0)
    return input_error(error, "the folder %s holds no PNG or JPEG picture; give another folder",
                       options->input);
  g_autoptr(Apply) apply = apply_open(store, name, options->threads, 0, error);
  return apply && apply_to(apply, options, paths, skipped, error);
}

bool command_apply(const Command *command, int argc, char **argv, GError **error) {
  Options options = {0};
  const GOptionEntry entries[] = {
      {"input", 0, 0, G_OPTION_ARG_FILENAME, &options.input, "A PNG or JPEG picture, or a folder of them",
       "PATH"},
      {"output", 0, 0, G_OPTION_ARG_FILENAME, &options.output, "Where the table of answers goes", "FILE.csv"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "Prints one JSON object a picture", NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads, "Threads; 0: as many as cores", "N"},
      RUNS_STORE_OPTION(&options.store),
      {NULL}};
  bool done = command_options(command, entries, &argc, &argv, 1, 1, error);
  if (done && !options.input)
    done = command_usage_error(command, error, "no picture is given: give --input PATH");
  if (done && !options.output && !options.json)
    done = command_usage_error(command, error, "nothing is asked for: give --output FILE.csv or --json");
  if (done && options.threads < 0)
    done = command_usage_error(command, error, "--threads %d is less than 0", options.threads);
  if (done)
    done = run(&options, argv[1], error);
  g_free(options.store);
  g_free(options.input);
  g_free(options.output);
  return done;
}
