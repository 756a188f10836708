/* One setting of a table as a row: its title, and what fits its type: an entry for numbers and text, segments
 * for a few short choices, a drop-down for many.  The help is the tooltip and the accessible description.
 *
 * What was typed is checked against the row's type and range at once; only a valid new value emits
 *   "assign" (const char *assignment)   "group.key=value"
 * Main thread. */
#pragma once

#include "engine/setting.h"
#include <gtk/gtk.h>

#define HF_TYPE_SETTING_ROW (hf_setting_row_get_type())
G_DECLARE_FINAL_TYPE(HfSettingRow, hf_setting_row, HF, SETTING_ROW, GtkBox)

/* The setting is copied, its texts too. */
GtkWidget *hf_setting_row_new(const char *group, const Setting *setting);
/* Shows the value without emitting anything. */
void hf_setting_row_set_text(HfSettingRow *self, const char *text);
/* Shows its value in the spec's key file, without emitting; hides itself where the setting does not count.
 * `meant` (may be NULL) has the numbers that a 0 stands for, as far as they are known. */
void hf_setting_row_show(HfSettingRow *self, GKeyFile *file, GKeyFile *meant);
/* Borrowed. */
const char *hf_setting_row_group(HfSettingRow *self);
const char *hf_setting_row_key(HfSettingRow *self);
