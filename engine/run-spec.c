#include "engine/run-spec.h"

#define MOST_SAMPLES 100000000
#define MOST_STEPS   1000000000
#define LAST_SEED    9007199254740991.0 /* 2^53 - 1: any reader of JSON keeps it */

const Setting run_settings[] = {
    {"preset", "Preset", SETTING_TEXT, "", 0, 0, NULL, "The preset that this spec is built on; empty: none."},
    {"model", "Model", SETTING_TEXT, "", 0, 0, NULL,
     "A name from `hoarfrost models`, or the path of an .onnx file."},
    {"dataset", "Data set", SETTING_TEXT, "", 0, 0, NULL, "A name from `hoarfrost datasets`, or a path."},
    {"train", "Training samples", SETTING_INTEGER, "0", 0, MOST_SAMPLES, NULL,
     "How many samples train; 0: all.", .zero = "all"},
    {"validation", "Validation samples", SETTING_INTEGER, "0", 0, MOST_SAMPLES, NULL,
     "How many samples validate; 0: a tenth of the training file.", .zero = "a tenth"},
    {"test", "Test samples", SETTING_INTEGER, "0", 0, MOST_SAMPLES, NULL, "How many samples test; 0: all.",
     .zero = "all"},
    {"seed", "Seed", SETTING_INTEGER, "1", 0, LAST_SEED, NULL,
     "The same spec with the same seed gives the same run."},
    {"epochs", "Epochs", SETTING_INTEGER, "5", 1, 1000000, NULL,
     "How often training goes through its samples."},
    {"steps", "Steps", SETTING_INTEGER, "0", 0, MOST_STEPS, NULL,
     "Optimiser steps instead of epochs; 0: as the epochs say.", .zero = "by epochs"},
    {"batch", "Batch", SETTING_INTEGER, "64", 1, 65536, NULL, "Samples a step."},
    {"evaluate_every", "Evaluate every", SETTING_TEXT, "1 epoch", 0, 0, NULL, "\"N epoch\" or \"N step\"."},
    {"tokens", "Tokens", SETTING_INTEGER, "64", 2, 65536, NULL,
     "Texts: tokens a sample at most; longer texts are cut at their end, and a text without labels is cut "
     "into "
     "samples of so many."},
    {"threads", "Threads", SETTING_INTEGER, "0", 0, 256, NULL, "Threads that compute; 0: as many as cores.",
     .zero = "all cores"},
    {NULL},
};

const Setting run_spec_manipulation_rows[] = {
    {"format", "Format", SETTING_CHOICE, "learnable", 0, 0, "fixed|learnable",
     "Whether the optimiser may change the pattern."},
    {"location", "Location", SETTING_CHOICE, "input", 0, 0, "input|embedding|hidden",
     "Where the pattern enters the model."},
    {"site", "Site", SETTING_TEXT, "", 0, 0, NULL,
     "The tensor of an embedding or hidden location; empty: the location's own."},
    {"operator", "Operator", SETTING_CHOICE, "", 0, 0, "additive|concatenative|parametric",
     "How the pattern meets the signal; the method has one."},
    {"method", "Method", SETTING_TEXT, "", 0, 0, NULL, "A name from `hoarfrost methods`."},
    {NULL},
};

const Setting run_spec_alignment_rows[] = {
    {"family", "Family", SETTING_CHOICE, "", 0, 0, "identity|structural|statistical|linear",
     "How the model's answers become the task's; the method has one."},
    {"method", "Method", SETTING_TEXT, "", 0, 0, NULL, "A name from `hoarfrost alignments`."},
    {NULL},
};

const Setting run_spec_optimiser_rows[] = {
    {"method", "Method", SETTING_TEXT, "adam", 0, 0, NULL, "A name from `hoarfrost optimisers`."},
    {NULL},
};

const Setting run_spec_card_rows[] = {
    {"task", "Task", SETTING_TEXT, "", 0, 0, NULL,
     "What the model was trained for: image-classification, ..."},
    {"mean", "Mean", SETTING_TEXT, "", 0, 0, NULL,
     "JSON array: what is taken from each channel of a picture."},
    {"std", "Deviation", SETTING_TEXT, "", 0, 0, NULL, "JSON array: what each channel is then divided by."},
    {"input_range", "Range", SETTING_TEXT, "", 0, 0, NULL, "0..1 or 0..255: pictures before that."},
    {"channel_order", "Channel order", SETTING_TEXT, "", 0, 0, NULL, "RGB or BGR."},
    {"resize", "Resized to", SETTING_TEXT, "", 0, 0, NULL, "How pictures of its own data were resized."},
    {"input_size", "Input size", SETTING_TEXT, "", 0, 0, NULL,
     "JSON array of channels, height, width, where the graph leaves them open."},
    {"features", "Features", SETTING_TEXT, "", 0, 0, NULL,
     "What the input is made of, where it is no picture."},
    {"tokenizer", "Tokeniser", SETTING_TEXT, "", 0, 0, NULL, "The file that makes tokens of texts."},
    {"classes", "Classes", SETTING_TEXT, "", 0, 0, NULL, "JSON array: the names of its classes."},
    {NULL},
};

ManipulationSpec *manipulation_spec_copy(const ManipulationSpec *spec) {
  ManipulationSpec *copy = g_memdup2(spec, sizeof *spec);
  copy->site = g_strdup(spec->site);
  copy->settings = settings_copy(spec->settings);
  return copy;
}

void manipulation_spec_free(ManipulationSpec *spec) {
  if (!spec)
    return;
  g_free(spec->site);
  settings_free(spec->settings);
  g_free(spec);
}

RunSpec *run_spec_copy(const RunSpec *spec) {
  RunSpec *copy = g_memdup2(spec, sizeof *spec);
  copy->preset = g_strdup(spec->preset);
  copy->model = g_strdup(spec->model);
  copy->dataset = g_strdup(spec->dataset);
  copy->manipulations = g_ptr_array_new_with_free_func((GDestroyNotify)manipulation_spec_free);
  for (guint i = 0; i < spec->manipulations->len; i++)
    g_ptr_array_add(copy->manipulations, manipulation_spec_copy(g_ptr_array_index(spec->manipulations, i)));
  copy->alignment_settings = settings_copy(spec->alignment_settings);
  copy->optimiser_settings = settings_copy(spec->optimiser_settings);
  copy->card = settings_copy(spec->card);
  return copy;
}

void run_spec_free(RunSpec *spec) {
  if (!spec)
    return;
  g_free(spec->preset);
  g_free(spec->model);
  g_free(spec->dataset);
  g_clear_pointer(&spec->manipulations, g_ptr_array_unref);
  settings_free(spec->alignment_settings);
  settings_free(spec->optimiser_settings);
  settings_free(spec->card);
  g_free(spec);
}

Cell run_spec_cell(const RunSpec *spec, int manipulation) {
  const ManipulationSpec *entry = g_ptr_array_index(spec->manipulations, (guint)manipulation);
  return (Cell){{[AXIS_FORMAT] = (int)entry->format,
                 [AXIS_LOCATION] = (int)entry->location,
                 [AXIS_OPERATOR] = (int)entry->op,
                 [AXIS_ALIGNMENT] = (int)spec->alignment->family}};
}
