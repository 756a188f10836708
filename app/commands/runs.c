#include "app/commands/runs.h"

#include "app/commands/commands.h"
#include "app/output.h"
#include "engine/error.h"

static const char run_help[] = "RUN is the run's UUID, its first characters (at least 4), or \"last\".";

static const Command sub_commands[] = {
    {"list", "", "Lists the stored runs, newest first", NULL, runs_list},
    {"show", "RUN", "All that is known of a run", run_help, runs_show},
    {"export", "RUN", "Writes a run's spec, pattern, picture or all of it into files", run_help, runs_export},
    {"compare", "RUN RUN…", "What differs between runs, and their results side by side", run_help,
     runs_compare},
    {"delete", "[RUN…]", "Hides runs, or removes the hidden ones for ever", run_help, runs_delete},
    {"merge", "FILE", "Copies the runs of another store, or of a bundle, into this one", NULL, runs_merge},
    {NULL},
};

static void print_help(const Command *command) {
  output_line("Usage:\n  hoarfrost runs COMMAND [OPTION…]\n\n%s\n\nCommands:", command->summary);
  for (const Command *sub = sub_commands; sub->name; sub++)
    output_line("  %-9s %s", sub->name, sub->summary);
  output_line("\nhoarfrost runs COMMAND --help tells more about one of them.");
}

bool command_runs(const Command *command, int argc, char **argv, GError **error) {
  if (argc < 2)
    return command_usage_error(command, error, "a command is missing: %s", command->usage);
  if (g_str_equal(argv[1], "--help") || g_str_equal(argv[1], "-h")) {
    print_help(command);
    return false;
  }
  for (const Command *sub = sub_commands; sub->name; sub++)
    if (g_str_equal(sub->name, argv[1])) {
      g_autofree char *name = g_strdup_printf("runs %s", sub->name);
      Command named = *sub;
      named.name = name;
      return sub->run(&named, argc - 1, argv + 1, error);
    }
  return command_usage_error(command, error, "there is no command 'runs %s'", argv[1]);
}

RunStore *runs_open(const char *path, GError **error) {
  if (path && !g_file_test(path, G_FILE_TEST_EXISTS)) {
    input_error(error, "there is no run store %s", path);
    return NULL;
  }
  return run_store_open(path, error);
}

RunRow *runs_get(RunStore *store, const char *text, GError **error) {
  g_autofree char *id = run_store_find(store, text, error);
  return id ? run_store_get(store, id, error) : NULL;
}

char *runs_date(int64_t created) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(created / 1000);
  g_autoptr(GDateTime) local = utc ? g_date_time_to_local(utc) : NULL;
  return local ? g_date_time_format(local, "%Y-%m-%d %H:%M") : g_strdup("");
}

void runs_write_row(JsonLine *json, const RunRow *row) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(row->created / 1000);
  g_autofree char *created = utc ? g_date_time_format_iso8601(utc) : NULL;
  json_text(json, "run", row->id);
  json_text(json, "name", row->name);
  json_text(json, "status", run_status_name(row->status));
  json_text(json, "created", created);
  json_text(json, "preset", row->preset);
  json_text(json, "format", row->format);
  json_text(json, "location", row->location);
  json_text(json, "operator", row->operator);
  json_text(json, "method", row->method);
  json_text(json, "family", row->family);
  json_text(json, "alignment", row->alignment);
  json_text(json, "optimiser", row->optimiser);
  json_text(json, "model", row->model);
  json_text(json, "dataset", row->dataset);
  json_integer(json, "seed", (int64_t)row->seed);
  json_integer(json, "total_steps", row->total_steps);
  json_number(json, "gain", row->gain);
  json_bool(json, "star", row->star);
  json_text(json, "tags", row->tags);
  json_text(json, "note", row->note);
  json_text(json, "error", row->error);
}
