/* The program's entry: commands first, before anything of a window starts. */
#include "app/application.h"
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
              "  hoarfrost [FILE]                          opens the window: on a spec, a run, a model\n"
              "  hoarfrost COMMAND [OPTION…] [ARGUMENT…]\n\n"
              "Hoarfrost gives a frozen neural network a new task by changing what it sees and how its\n"
              "answers are read; the network itself is never changed.\n\n"
              "Commands:\n");
  command_print_list();
  output_text("\nhoarfrost COMMAND --help tells more about one of them.\n"
              "Begin with: hoarfrost run --preset default\n");
}

/* Nothing, or a file to open: a command's name comes first. */
static bool wants_window(int argc, char **argv) {
  return argc < 2 || (argc == 2 && !command_find(argv[1]) && g_file_test(argv[1], G_FILE_TEST_IS_REGULAR));
}

static bool dispatch(int argc, char **argv, int *status, GError **error) {
  if (wants_window(argc, argv))
    return application_run(argc, argv, status, error);
  const char *name = argv[1];
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
  int status = 0;
  dispatch(argc, argv, &status, &error);
  if (!error)
    output_finish(&error);
  if (!error)
    return status;
  output_flush();
  fprintf(stderr, "hoarfrost: %s\n", error->message);
  return error->domain == HOARFROST_ERROR && error->code == HOARFROST_ERROR_USAGE ? 2 : 1;
}
