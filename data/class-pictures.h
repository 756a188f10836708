/* Example pictures of a model's classes: a sheet beside the models that Hoarfrost brings along.  Other models
 * have none. */
#pragma once

#include <glib.h>

/* The tiles of the classes beside each other, in their order: rows of n_classes * edge pixels, 0xFFRRGGBB
 * each. `model` is a name of the table of models.h, or anything else.  NULL: there is no sheet, it cannot be
 * read, or it is one of another number of classes.  Any thread.  (transfer full) */
GBytes *class_pictures_read(const char *model, int n_classes, int *edge);
