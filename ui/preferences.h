/* The preferences: theme, threads, where the runs are kept.  Every change is written at once. */
#pragma once

#include <adwaita.h>

#define HF_TYPE_PREFERENCES (hf_preferences_get_type())
G_DECLARE_FINAL_TYPE(HfPreferences, hf_preferences, HF, PREFERENCES, AdwPreferencesWindow)

/* `usual_place` is the store's path where none is set. */
HfPreferences *hf_preferences_new(GtkWindow *parent, GSettings *settings, const char *usual_place);
