/* Opening what a user hands over: a spec becomes the choice; a bundle's run is put into the store and shown;
 * a model
 * is added to the user's own (win.add-model); a picture is answered by the prompt that is shown
 * (win.apply-files). */
#pragma once

#include "app/controller.h"

/* Never waits for the file.  What goes wrong is said by the controller's "failed".  `actions`: the window's.
 */
void open_file(HfController *controller, GActionGroup *actions, const char *path);
