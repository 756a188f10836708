/* Pictures from PNG and JPEG files, as the engine's plain Picture.
 *
 * The kind is taken from the first bytes, not from the name.  At most 64 million pixels; the size is looked
 * at before anything is decoded.  A file that ends early or is damaged is refused, not filled up.  Pictures
 * come out upright (Exif orientation), 8 bit a channel, transparent parts blended onto black, with one
 * channel where red, green and blue are equal everywhere, else three. */
#pragma once

#include "engine/sample-set.h"

#define PICTURE_MOST_PIXELS 64000000

/* Reads the file; `picture` points into the returned bytes.  NULL and one sentence when it cannot.  Any
 * thread. (transfer full) */
GBytes *picture_read(const char *path, Picture *picture, GError **error);
/* The same from memory; `where` names it in messages.  (transfer full) */
GBytes *picture_decode(const uint8_t *data, size_t size, const char *where, Picture *picture, GError **error);
/* True for file names that end like a PNG or JPEG file's, in any case. */
bool picture_file_name(const char *name);
