/* The program's entry: commands first, before anything of a window starts. */
#include "app/command.h"
#include "app/output.h"
#include "engine/error.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

static bool is_one_of(const char *text, const char *first, const char *second) {
  return g_str_equal(text, first) || g_str_equal(text, second);
}

static void print_help(void) {
  output_text("Usage:\n"
              "  hoarfrost COMMAND [OPTION…] [ARGUMENT…]\n\n"
              "Hoarfrost gives a frozen neural network a new task by changing what it sees and how its\n"
              "answers are read; the network itself is never changed.\n\n"
              "Commands:\n");
  command_print_list();
  output_text("\nhoarfrost COMMAND --help tells more about one of them.\n"
              "Begin with: hoarfrost run --preset default\n");
}

static bool dispatch(int argc, char **argv, GError **error) {
  const char *name = argc > 1 ? argv[1] : "--help";
  if (is_one_of(name, "--help", "-h")) {
    print_help();
    return true;
  }
  if (g_str_equal(name, "--version")) {
    output_line("hoarfrost %s", HOARFROST_VERSION);
    return true;
  }
  const Command *command = command_find(name);
  if (command)
    return command->run(command, argc - 1, argv + 1, error);
  g_autofree char *line = text_one_line(name);
  g_set_error(error, HOARFROST_ERROR, HOARFROST_ERROR_USAGE, "there is no command '%s'; see hoarfrost --help",
              line);
  return false;
}

int main(int argc, char **argv) {
  output_start();
  /* The engine has threads of its own; OpenBLAS is called from them with one thread each. */
  openblas_set_num_threads(1);
  g_autoptr(GError) error = NULL;
  dispatch(argc, argv, &error);
  if (!error)
    output_finish(&error);
  if (!error)
    return 0;
  output_flush();
  fprintf(stderr, "hoarfrost: %s\n", error->message);
  return error->domain == HOARFROST_ERROR && error->code == HOARFROST_ERROR_USAGE ? 2 : 1;
}
