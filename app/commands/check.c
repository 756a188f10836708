#include "app/commands/commands.h"
#include "app/json-line.h"
#include "app/output.h"
#include "app/session.h"
#include "app/spec-file.h"
#include "engine/error.h"

static const char *const verdict_names[] = {[VERDICT_POSSIBLE] = "possible",
                                            [VERDICT_ALLOWED_BUT] = "allowed, but",
                                            [VERDICT_IMPOSSIBLE] = "impossible"};

static void write_repairs(JsonLine *json, const Verdict *verdict) {
  json_open(json, "repairs", '[');
  for (guint i = 0; i < verdict->repairs->len; i++) {
    const Repair *repair = &g_array_index(verdict->repairs, Repair, i);
    g_autofree char *cell = cell_text(repair->cell);
    json_open(json, NULL, '{');
    json_text(json, "text", repair->text);
    json_text(json, "cell", cell);
    json_text(json, "method", repair->method);
    json_text(json, "alignment", repair->alignment);
    json_close(json, '}');
  }
  json_close(json, ']');
}

static void write_verdict(JsonLine *json, const Session *session, guint i, const Verdict *verdict) {
  g_autofree char *cell = cell_text(run_spec_cell(session->spec, (int)i));
  json_open(json, NULL, '{');
  json_text(json, "cell", cell);
  json_text(json, "verdict", verdict_names[verdict->kind]);
  json_open(json, "consequences", '[');
  for (guint k = 0; k < verdict->consequences->len; k++)
    json_text(json, NULL, g_ptr_array_index(verdict->consequences, k));
  json_close(json, ']');
  json_text(json, "reason", verdict->kind == VERDICT_IMPOSSIBLE ? verdict->reason : NULL);
  write_repairs(json, verdict);
  json_close(json, '}');
}

/* Comments of a key file, so that the whole output is a spec again. */
static void print_verdict(const Session *session, guint i, const Verdict *verdict) {
  g_autofree char *cell = cell_text(run_spec_cell(session->spec, (int)i));
  output_line("# %s: %s", cell, verdict_names[verdict->kind]);
  for (guint k = 0; k < verdict->consequences->len; k++)
    output_line("# %s", (const char *)g_ptr_array_index(verdict->consequences, k));
  if (verdict->kind != VERDICT_IMPOSSIBLE)
    return;
  output_line("# %s", verdict->reason);
  for (guint k = 0; k < verdict->repairs->len; k++)
    output_line("# repair: %s", g_array_index(verdict->repairs, Repair, k).text);
}

/* What no rule knows of before the run is built: sizes, counts of samples. */
static bool build(const Session *session, GError **error) {
  g_autoptr(Run) run = session_run(session, NULL, (RunObserver){0}, NULL, 0, error);
  return run != NULL;
}

static bool check(const Session *session, bool as_json, GError **error) {
  g_autofree char *text = run_spec_text(session->spec);
  g_autoptr(GError) fault = NULL;
  bool possible = session_check(session, &fault) && build(session, &fault);
  JsonLine *json = as_json ? json_line_new() : NULL;
  if (json) {
    json_bool(json, "possible", possible);
    json_text(json, "reason", fault ? fault->message : NULL);
    json_text(json, "spec", text);
    json_open(json, "manipulations", '[');
  } else
    output_text(text);
  for (guint i = 0; i < session->spec->manipulations->len; i++) {
    g_autoptr(Verdict) verdict = session_judge(session, i);
    if (json)
      write_verdict(json, session, i, verdict);
    else
      print_verdict(session, i, verdict);
  }
  if (json) {
    json_close(json, ']');
    json_print(json);
  }
  if (!possible)
    g_propagate_error(error, g_steal_pointer(&fault));
  return possible;
}

bool command_check(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *preset = NULL, *store_path = NULL;
  g_auto(GStrv) sets = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
      {"preset", 0, 0, G_OPTION_ARG_FILENAME, &preset, "A preset in place of a spec file", "NAME"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sets, "Changes a key of the spec", "GROUP.KEY=VALUE"},
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The run store, for norm = run:ID", "FILE.db"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object: spec, verdicts, repairs", NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, 1, error))
    return false;
  if ((argc > 1) == (preset != NULL))
    return command_usage_error(command, error, "give either a spec file or --preset");
  g_autoptr(RunSpec) spec = spec_from_arguments(argc > 1 ? argv[1] : NULL, preset, sets, error);
  g_autoptr(RunStore) store = NULL;
  if (!spec || (session_needs_store(spec) && !(store = run_store_open(store_path, error))))
    return false;
  g_autoptr(Session) session = session_open(spec, store, error);
  return session && check(session, as_json, error);
}
