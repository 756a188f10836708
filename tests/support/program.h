/* The built program as a black box: what it prints and how it ends.  Its run store and settings lie in a
 * folder of the test's own. */
#pragma once

#include <glib.h>

typedef struct {
  int status; /* exit status; -1: it was killed by a signal */
  char *out, *err;
  char **lines; /* of out, without the empty one at the end */
  guint n_lines;
} Outcome;

void outcome_free(Outcome *outcome);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Outcome, outcome_free)

/* Before the first call: `program` is the executable, `folder` becomes its home and its current folder. */
void program_set_up(const char *program, const char *folder);
/* Runs it with arguments that are separated by spaces in `line`.  (transfer full) */
Outcome *program_run(const char *line, ...) G_GNUC_PRINTF(1, 2);
/* Starts it and returns the pid; *out is its standard output. */
GPid program_start(const char *line, int *out);

/* Asserts the status; shows what was printed where it differs. */
void outcome_assert(const Outcome *outcome, int status, const char *line);
#define PROGRAM_OK(...)                                                                                      \
  G_STMT_START {                                                                                             \
    g_autoptr(Outcome) program_outcome = program_run(__VA_ARGS__);                                           \
    outcome_assert(program_outcome, 0, program_outcome->err);                                                \
  }                                                                                                          \
  G_STMT_END
