#include "app/command.h"

#include "app/commands/commands.h"
#include "app/output.h"
#include "engine/error.h"

#include <string.h>

const Command *command_find(const char *name) {
  for (const Command *command = commands; command->name; command++)
    if (g_str_equal(command->name, name))
      return command;
  return NULL;
}

bool command_usage_error(const Command *command, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_autofree char *line = text_one_line(text);
  g_set_error(error, HOARFROST_ERROR, HOARFROST_ERROR_USAGE, "%s; see hoarfrost %s --help", line,
              command->name);
  return false;
}

static void print_help(const Command *command, GOptionContext *context) {
  g_autofree char *name = g_strdup_printf("hoarfrost %s", command->name);
  g_set_prgname(name);
  g_option_context_set_summary(context, command->summary);
  if (command->help)
    g_option_context_set_description(context, command->help);
  g_autofree char *help = g_option_context_get_help(context, TRUE, NULL);
  output_text(help);
}

bool command_options(const Command *command, const GOptionEntry *entries, int *argc, char ***argv, int least,
                     int most, GError **error) {
  gboolean help = FALSE;
  const GOptionEntry common[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Shows this help", NULL}, {NULL}};
  g_autoptr(GOptionContext) context = g_option_context_new(command->usage);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_add_main_entries(context, common, NULL);
  if (entries)
    g_option_context_add_main_entries(context, entries, NULL);
  g_autoptr(GError) fault = NULL;
  if (!g_option_context_parse(context, argc, argv, &fault))
    return command_usage_error(command, error, "%s", fault->message);
  if (help) {
    print_help(command, context);
    return false;
  }
  /* What stands after "--" are arguments, also where they begin with a dash. */
  if (*argc > 1 && g_str_equal((*argv)[1], "--")) {
    memmove(*argv + 1, *argv + 2, sizeof(char *) * (size_t)(*argc - 1));
    (*argc)--;
  }
  if (*argc - 1 < least)
    return command_usage_error(command, error, "an argument is missing: hoarfrost %s %s", command->name,
                               command->usage);
  if (most >= 0 && *argc - 1 > most)
    return command_usage_error(command, error, "the argument '%s' is one too many", (*argv)[most + 1]);
  return true;
}

void command_print_list(void) {
  for (const Command *command = commands; command->name; command++)
    output_line("  %-11s %s", command->name, command->summary);
}
