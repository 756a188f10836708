#include "tests/support/program.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *executable, *home;

void program_set_up(const char *program, const char *folder) {
  executable = program;
  home = folder;
}

void outcome_free(Outcome *outcome) {
  g_free(outcome->out);
  g_free(outcome->err);
  g_strfreev(outcome->lines);
  g_free(outcome);
}

/* (transfer full) */
static char **arguments_of(const char *line) {
  g_auto(GStrv) words = g_strsplit(line, " ", -1);
  g_autoptr(GPtrArray) arguments = g_ptr_array_new();
  g_ptr_array_add(arguments, g_strdup(executable));
  for (char **word = words; *word; word++)
    if (**word)
      g_ptr_array_add(arguments, g_strdup(*word));
  g_ptr_array_add(arguments, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&arguments), FALSE);
}

/* (transfer full) */
static char **environment(void) {
  char **own = g_get_environ();
  own = g_environ_setenv(own, "HOME", home, TRUE);
  own = g_environ_setenv(own, "XDG_DATA_HOME", home, TRUE);
  return g_environ_unsetenv(own, "HOARFROST_DATA");
}

Outcome *program_run(const char *line, ...) {
  va_list values;
  va_start(values, line);
  g_autofree char *text = g_strdup_vprintf(line, values);
  va_end(values);
  g_auto(GStrv) arguments = arguments_of(text), variables = environment();
  Outcome *outcome = g_new0(Outcome, 1);
  g_autoptr(GError) error = NULL;
  int status = 0;
  g_spawn_sync(home, arguments, variables, G_SPAWN_DEFAULT, NULL, NULL, &outcome->out, &outcome->err, &status,
               &error);
  g_assert_no_error(error);
  outcome->status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  g_assert_true(g_utf8_validate(outcome->out, -1, NULL));
  outcome->lines = g_strsplit(outcome->out, "\n", -1);
  outcome->n_lines = g_strv_length(outcome->lines);
  if (outcome->n_lines && !*outcome->lines[outcome->n_lines - 1])
    g_clear_pointer(&outcome->lines[--outcome->n_lines], g_free);
  return outcome;
}

GPid program_start(const char *line, int *out) {
  g_auto(GStrv) arguments = arguments_of(line), variables = environment();
  g_autoptr(GError) error = NULL;
  GPid pid = 0;
  g_spawn_async_with_pipes(home, arguments, variables, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL, out,
                           NULL, &error);
  g_assert_no_error(error);
  return pid;
}

void outcome_assert(const Outcome *outcome, int status, const char *line) {
  if (outcome->status != status)
    g_test_message("status %d in place of %d: %s\nout: %s\nerr: %s", outcome->status, status, line,
                   outcome->out, outcome->err);
  g_assert_cmpint(outcome->status, ==, status);
}
