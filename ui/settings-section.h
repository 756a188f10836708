/* A titled, foldable group of settings rows: those of one group of the spec.
 *
 *   "assign" (const char *assignment)
 * Main thread. */
#pragma once

#include "engine/setting.h"
#include <gtk/gtk.h>
#include <stdbool.h>

#define HF_TYPE_SETTINGS_SECTION (hf_settings_section_get_type())
G_DECLARE_FINAL_TYPE(HfSettingsSection, hf_settings_section, HF, SETTINGS_SECTION, GtkBox)

GtkWidget *hf_settings_section_new(const char *title, bool open);
/* Builds the rows again where they are not the ones shown: call with every spec. `method` is a row of its own
 * that chooses among the methods (NULL: none).  Tables may be NULL; `skipped` names (NULL-terminated, may be
 * NULL) are left out; other names have another address. */
void hf_settings_section_set_rows(HfSettingsSection *self, const char *group, const Setting *method,
                                  const Setting *const tables[2], const char *const *skipped);
/* Shows the values of the group in the spec's key file; `meant`: the numbers that a 0 stands for there, as
 * far as they are known, may be NULL. */
void hf_settings_section_set_values(HfSettingsSection *self, GKeyFile *file, GKeyFile *meant);
