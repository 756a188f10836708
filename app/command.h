/* The headless commands.  One command a file of commands/, one row in the table of command.c.
 *
 * They need no display, no D-Bus and no settings schema, and are dispatched before anything of the window
 * starts. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct _Command Command;

struct _Command {
  const char *name;
  const char *usage;   /* what follows the name */
  const char *summary; /* one line for the list of commands */
  const char *help;    /* further lines of its --help; NULL: none */
  /* argv[0] is the command's name.  False without an error: there was nothing to do but to show the help. */
  bool (*run)(const Command *command, int argc, char **argv, GError **error);
};

extern const Command commands[]; /* ends with a NULL name */
const Command *command_find(const char *name);

/* Reads the options of `entries` (ends with an empty row; texts and paths are G_OPTION_ARG_FILENAME, since
 * bytes of the command line need not be UTF-8) and checks how many arguments are left, most < 0: any number.
 * The arguments stand in argv[1..argc-1] afterwards.  Shows the help and returns false without an error for
 * --help. */
bool command_options(const Command *command, const GOptionEntry *entries, int *argc, char ***argv, int least,
                     int most, GError **error);
/* Sets HOARFROST_ERROR_USAGE with a sentence that ends in a pointer to the command's help.  Always returns
 * false. */
bool command_usage_error(const Command *command, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* The list of commands, as `hoarfrost --help` shows it. */
void command_print_list(void);
