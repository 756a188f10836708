#include "app/commands/commands.h"
bool command_runs(const Command *command, int argc, char **argv, GError **error) {
  return command_usage_error(command, error, "x");
}
