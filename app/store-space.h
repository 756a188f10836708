/* What deleted runs still take in the store, and giving it back: the preferences' part that knows the store.
 */
#pragma once

#include "ui/preferences.h"

/* Counts the deleted runs in a thread and tells the preferences; asks before they go for ever.  store_path
 * NULL: the usual place. */
void store_space_attach(HfPreferences *preferences, const char *store_path);
