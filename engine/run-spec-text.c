/* A run spec as a key file with all defaults written out. */
#include "engine/run-spec.h"

static void write_line(GString *text, const char *key, const char *value) {
  g_autoptr(GString) escaped = g_string_new(value);
  g_string_replace(escaped, "\\", "\\\\", 0);
  g_string_append_printf(text, "%s =%s%s\n", key, *escaped->str ? " " : "", escaped->str);
}

static void write_number(GString *text, const char *key, gint64 number) {
  g_string_append_printf(text, "%s = %" G_GINT64_FORMAT "\n", key, number);
}

static void write_settings(GString *text, const Settings *settings) {
  for (guint k = 0; k < G_N_ELEMENTS(settings->tables); k++)
    for (const Setting *row = settings->tables[k]; row && row->name; row++)
      write_line(text, row->name, settings_text(settings, row->name));
}

/* A group for what is said, if anything is. */
static void write_card(GString *text, const Settings *card) {
  const char *head = "\n[card]\n";
  for (const Setting *row = run_spec_card_rows; row->name; row++)
    if (*settings_text(card, row->name)) {
      g_string_append(text, head);
      write_line(text, row->name, settings_text(card, row->name));
      head = "";
    }
}

static const char *axis_name(AxisId axis, int value) {
  return taxonomy_axes[axis].values[value].name;
}

static void write_run(GString *text, const RunSpec *spec) {
  g_string_append(text, "[run]\n");
  if (spec->preset)
    write_line(text, "preset", spec->preset);
  write_line(text, "model", spec->model);
  write_line(text, "dataset", spec->dataset);
  write_number(text, "train", spec->train);
  write_number(text, "validation", spec->validation);
  write_number(text, "test", spec->test);
  write_number(text, "seed", (gint64)spec->seed);
  write_number(text, "epochs", spec->epochs);
  write_number(text, "steps", spec->steps);
  write_number(text, "batch", spec->batch);
  g_string_append_printf(text, "evaluate_every = %d %s\n", spec->evaluate_every,
                         spec->evaluate_unit == EVERY_EPOCH ? "epoch" : "step");
  write_number(text, "tokens", spec->tokens);
  write_number(text, "threads", spec->threads);
}

static void write_manipulation(GString *text, const ManipulationSpec *spec, guint number) {
  if (number == 1)
    g_string_append(text, "\n[manipulation]\n");
  else
    g_string_append_printf(text, "\n[manipulation %u]\n", number);
  write_line(text, "format", axis_name(AXIS_FORMAT, (int)spec->format));
  write_line(text, "location", axis_name(AXIS_LOCATION, (int)spec->location));
  if (spec->site)
    write_line(text, "site", spec->site);
  write_line(text, "operator", axis_name(AXIS_OPERATOR, (int)spec->op));
  if (spec->kind)
    write_line(text, "method", spec->kind->name);
  write_settings(text, spec->settings);
}

char *run_spec_text(const RunSpec *spec) {
  GString *text = g_string_new(NULL);
  write_run(text, spec);
  write_card(text, spec->card);
  for (guint i = 0; i < spec->manipulations->len; i++)
    write_manipulation(text, g_ptr_array_index(spec->manipulations, i), i + 1);
  g_string_append(text, "\n[alignment]\n");
  write_line(text, "family", axis_name(AXIS_ALIGNMENT, (int)spec->alignment->family));
  write_line(text, "method", spec->alignment->name);
  write_settings(text, spec->alignment_settings);
  g_string_append(text, "\n[optimiser]\n");
  write_line(text, "method", spec->optimiser->name);
  write_settings(text, spec->optimiser_settings);
  return g_string_free(text, FALSE);
}
