/* What comes back at the next start beside the choice (choice-file.h) and the window's size and sidebars
 * (ui/window.h): the page, how patterns are shown, and the run that is shown. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _WindowSession WindowSession;

/* Sets page and look as they were, and keeps what becomes of them, at most every half second.  All are
 * borrowed and outlive the session; the window's actions and pages must be there. */
WindowSession *window_session_new(HfWindow *window, HfController *controller, GSettings *settings);
void window_session_free(WindowSession *session);
