/* Opening what a user hands over: a spec becomes the choice; a bundle's run is put into the store and shown.
 */
#pragma once

#include "app/controller.h"

/* Never waits for the file.  What goes wrong is said by the controller's "failed". */
void open_file(HfController *controller, const char *path);
