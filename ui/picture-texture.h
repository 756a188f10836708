/* A picture of a data set as GTK draws it. */
#pragma once

#include "engine/sample-set.h"

#include <gtk/gtk.h>

/* RGB of any picture, shrunk where it is larger than `most` pixels in height or width.  Any thread. (transfer
 * full) */
GdkTexture *picture_texture(const Picture *picture, int most);
