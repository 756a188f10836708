/* What is laid on a picture: the pixel that is pointed at, and words on a dark plate. */
#pragma once

#include "ui/lens.h"
#include "ui/picture-place.h"

#include <gtk/gtk.h>

/* A frame around the lens's pixel, white within black: seen on any picture.  Nothing where none is pointed
 * at.  `frame`: the picture's place in what the lens shows, in shares. */
void picture_append_cursor(GtkSnapshot *snapshot, const PicturePlace *place, const graphene_rect_t *frame,
                           HfLens *lens);
/* In the lower left corner. */
void picture_append_words(GtkWidget *widget, GtkSnapshot *snapshot, const PicturePlace *place,
                          const char *words);
