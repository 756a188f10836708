/* The user's own models in a window: opening a file, asking what it does not say, the list of them.
 *
 * Adds win.open-model (a file chooser), win.add-model (path, "ay"), win.edit-model (path, "s"),
 * win.forget-model (path, "s") and, while the questions are on the screen, win.answer-model ("as", key=value:
 * changes answers and takes them). A file that cannot be used changes nothing: what the reader says of it,
 * and the operators that are missing, stand in a dialog.  Main thread; files are read in a thread. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _WindowModels WindowModels;

/* listed: the list of own models has changed.  (transfer full) */
WindowModels *window_models_new(HfWindow *window, HfController *controller, void (*listed)(gpointer),
                                gpointer data);
/* The chosen model is loaded: one that a spec names by its path comes on the list like those that were opened.
 */
void window_models_loaded(WindowModels *self, const FrozenModel *model);
void window_models_free(WindowModels *self);
