/* The program with a window: one process a user, one window.  Starting it again, or opening a spec, presents
 * the window that is there.
 *
 * Actions: app.quit, app.preferences, app.about, app.open, app.theme (string: system, light or dark). */
#pragma once

#include <adwaita.h>

#define HF_TYPE_APPLICATION (hf_application_get_type())
G_DECLARE_FINAL_TYPE(HfApplication, hf_application, HF, APPLICATION, AdwApplication)

/* Opens the window and returns when it is closed.  argv holds the program's name and the files to open.
 * False, with one sentence, where there is no display. */
bool application_run(int argc, char **argv, int *status, GError **error);
