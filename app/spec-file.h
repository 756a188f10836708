/* Run specs from the command line: a key file or a preset, with --set assignments on top. */
#pragma once

#include "engine/run-spec.h"

/* Exactly one of path and preset.  The assignments are NULL-terminated and may be NULL.  (transfer full) */
RunSpec *spec_from_arguments(const char *path, const char *preset, char *const *assignments, GError **error);
