/* The commands' functions, one file each; the table that names them is commands.c. */
#pragma once

#include "app/command.h"

#define COMMAND(name) bool name(const Command *command, int argc, char **argv, GError **error)

COMMAND(command_run);
COMMAND(command_resume);
COMMAND(command_models);
COMMAND(command_datasets);
COMMAND(command_methods);
COMMAND(command_alignments);
COMMAND(command_optimisers);
COMMAND(command_presets);
COMMAND(command_check);
COMMAND(command_inspect);
COMMAND(command_forward);
COMMAND(command_gradient);
COMMAND(command_align);
COMMAND(command_apply);
COMMAND(command_bench);
COMMAND(command_prompt);
COMMAND(command_runs);
