/* The rule file of the structural alignment: reads the file that the alignment's setting `rule` names. */
#pragma once

#include "engine/setting.h"

/* *rule is a target class (or -1) for each of n_source source classes; NULL where the settings name no file.
 * The names may be NULL: then the file has numbers only.  (transfer full) */
bool rule_file_read(const Settings *settings, int n_source, char *const *source_names, int n_target,
                    char *const *target_names, int **rule, GError **error);
