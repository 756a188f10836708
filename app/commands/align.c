#include "app/commands/commands.h"
#include "app/interrupt.h"
#include "app/rule-file.h"
#include "data/npy.h"
#include "engine/error.h"
#include "engine/linear-fit.h"
#include "engine/run-spec.h"

#include <string.h>

/* Settings of a fit outside a run: the method's own, and those of a run that matter to it: seed, and for
 * linear the length of the training, the optimiser and its constants. */
typedef struct {
  const AlignmentKind *kind;
  Settings *own, *run, *optimiser;
} AlignSettings;

static const char *const run_keys[] = {"seed", "epochs", "batch", NULL};

/* Assigns "key=value" to the first table that has the key. */
static bool assign(const Command *command, const AlignSettings *settings, const char *text, GError **error) {
  const char *equals = strchr(text, '=');
  if (!equals)
    return command_usage_error(command, error, "--set takes key=value, not '%s'", text);
  g_autofree char *key = g_strstrip(g_strndup(text, (gsize)(equals - text)));
  bool linear = settings->kind->family == FAMILY_LINEAR;
  Settings *table = settings_row(settings->own, key)                   ? settings->own
                    : g_strv_contains(run_keys, key)                   ? settings->run
                    : linear && settings_row(settings->optimiser, key) ? settings->optimiser
                                                                       : NULL;
  if (table)
    return settings_set(table, key, equals + 1, error);
  return input_error(error, "alignment '%s' has no setting '%s'; hoarfrost alignments %s lists its settings",
                     settings->kind->name, key, settings->kind->name);
}

/* Reads labels (n) int64 and checks that each is a target class.  (transfer full) */
static int *read_labels(const char *path, int64_t n, gint64 n_target, GError **error) {
  g_autoptr(Tensor) tensor = npy_read(path, error);
  if (!tensor)
    return NULL;
  if (tensor->type != TENSOR_INT64 || tensor->shape.rank != 1 || tensor->shape.dim[0] != n) {
    g_autofree char *shape = shape_text(&tensor->shape);
    input_error(error,
                "the labels must be %" G_GINT64_FORMAT
                " int64 numbers, one a row of the logits, but %s holds %s of shape %s",
                n, path, tensor_type_name(tensor->type), shape);
    return NULL;
  }
  g_autofree int *labels = g_new(int, MAX(n, 1));
  for (int64_t i = 0; i < n; i++) {
    int64_t label = tensor_ints(tensor)[i];
    if (label < 0 || label >= n_target) {
      input_error(error,
                  "label %" G_GINT64_FORMAT " at place %" G_GINT64_FORMAT
                  " of %s is not in 0 to %" G_GINT64_FORMAT,
                  label, i, path, n_target - 1);
      return NULL;
    }
    labels[i] = (int)label;
  }
  return g_steal_pointer(&labels);
}

static bool fit_linear(const AlignSettings *settings, Alignment *alignment, const Tensor *logits,
                       const int *labels, GError **error) {
  int n = (int)logits->shape.dim[0], batch = MIN(settings_integer(settings->run, "batch"), n);
  LinearFit fit = {.optimiser = optimiser_kinds[0],
                   .settings = settings->optimiser,
                   .batch = batch,
                   .steps = batch ? settings_integer(settings->run, "epochs") * (n / batch) : 0,
                   .seed = g_ascii_strtoull(settings_text(settings->run, "seed"), NULL, 10)};
  if (linear_fit(&fit, alignment, tensor_floats(logits), labels, n, interrupt_flag()))
    return true;
  g_set_error_literal(error, HOARFROST_ERROR, HOARFROST_ERROR_STOPPED,
                      "stopped before the alignment was fitted");
  return false;
}

static bool fit(const AlignSettings *settings, Alignment *alignment, const Tensor *logits, const int *labels,
                GError **error) {
  if (settings->kind->family == FAMILY_LINEAR)
    return fit_linear(settings, alignment, logits, labels, error);
  alignment_fit_start(alignment);
  alignment_fit_count(alignment, tensor_floats(logits), labels, (int)logits->shape.dim[0]);
  alignment_fit_finish(alignment);
  return true;
}

static bool align(const AlignSettings *settings, const char *logits_path, const char *labels_path,
                  gint64 n_target, const char *omega_path, const char *bias_path, GError **error) {
  g_autoptr(Tensor) logits = npy_read(logits_path, error);
  if (!logits)
    return false;
  if (logits->type != TENSOR_FLOAT32 || logits->shape.rank != 2 || logits->shape.dim[0] > G_MAXINT ||
      logits->shape.dim[1] > G_MAXINT) {
    g_autofree char *shape = shape_text(&logits->shape);
    return input_error(error,
                       "the logits must be float32 of shape (samples, source classes), but %s has shape %s",
                       logits_path, shape);
  }
  int n_source = (int)logits->shape.dim[1];
  g_autofree int *labels = read_labels(labels_path, logits->shape.dim[0], n_target, error);
  g_autofree int *rule = NULL;
  if (!labels || !rule_file_read(settings->own, n_source, NULL, (int)n_target, NULL, &rule, error))
    return false;
  uint64_t seed = g_ascii_strtoull(settings_text(settings->run, "seed"), NULL, 10);
  g_autoptr(Alignment) alignment = alignment_new(settings->kind, settings->own, n_source, (int)n_target, rule,
                                                 &(Random){seed, RANDOM_ALIGNMENT, 0}, error);
  if (!alignment || !fit(settings, alignment, logits, labels, error))
    return false;
  for (guint i = 0; i < alignment->warnings->len; i++)
    g_printerr("hoarfrost: %s\n", (const char *)g_ptr_array_index(alignment->warnings, i));
  return npy_write(omega_path, alignment->omega, error) &&
         (!bias_path || npy_write(bias_path, alignment->bias, error));
}

bool command_align(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *logits = NULL, *labels = NULL, *output = NULL, *bias = NULL;
  g_auto(GStrv) sets = NULL;
  gint64 targets = 0;
  const GOptionEntry entries[] = {
      {"logits", 0, 0, G_OPTION_ARG_FILENAME, &logits, "float32 (samples, source classes)", "FILE.npy"},
      {"labels", 0, 0, G_OPTION_ARG_FILENAME, &labels, "int64 (samples): target classes from 0", "FILE.npy"},
      {"targets", 0, 0, G_OPTION_ARG_INT64, &targets, "Number of target classes", "N"},
      {"output", 0, 0, G_OPTION_ARG_FILENAME, &output,
       "Where omega goes, float32 (source classes, target classes)", "FILE.npy"},
      {"bias", 0, 0, G_OPTION_ARG_FILENAME, &bias, "Where the bias goes, float32 (target classes)",
       "FILE.npy"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sets,
       "A setting of the method; also seed, and for linear epochs, batch, rate, …", "KEY=VALUE"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (!logits || !labels || !output || !targets)
    return command_usage_error(command, error, "--logits, --labels, --targets and --output are all needed");
  if (targets < 1 || targets > G_MAXINT)
    return command_usage_error(command, error, "--targets must be a number of classes, 1 or more");
  const AlignmentKind *kind = alignment_find(argv[1]);
  if (!kind)
    return input_error(error, "there is no alignment '%s'; hoarfrost alignments lists them", argv[1]);
  g_autoptr(Settings) own = settings_new(NULL, kind->settings), run = settings_new(run_settings, NULL);
  g_autoptr(Settings) optimiser = settings_new(optimiser_settings, optimiser_kinds[0]->settings);
  AlignSettings settings = {kind, own, run, optimiser};
  for (char **text = sets; text && *text; text++)
    if (!assign(command, &settings, *text, error))
      return false;
  return align(&settings, logits, labels, targets, output, bias, error);
}
