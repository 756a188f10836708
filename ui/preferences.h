/* The preferences: theme, threads, where the runs are kept and what they take, the first steps.  Every change
 * is written at once.
 *
 * Signals: "free-space" (), when deleted runs are to go for ever; "first-steps" (), when tour and recorded
 * run are to be shown again. */
#pragma once

#include <adwaita.h>

#define HF_TYPE_PREFERENCES (hf_preferences_get_type())
G_DECLARE_FINAL_TYPE(HfPreferences, hf_preferences, HF, PREFERENCES, AdwPreferencesWindow)

/* `usual_place` is the store's path where none is set. */
HfPreferences *hf_preferences_new(GtkWindow *parent, GSettings *settings, const char *usual_place);
/* How many deleted runs the store still holds; the size is looked up again. */
void hf_preferences_set_deleted(HfPreferences *self, int runs);
