/* Arrays of numbers as blobs: a zlib stream over the bytes of the numbers (little-endian, row-major),
 * shuffled: first all lowest bytes, then all next ones.  Exponents of neighbours are alike, so shuffled bytes
 * shrink further.
 *
 * In Python: numpy.frombuffer(zlib.decompress(blob), 'u1').reshape(4, -1).T.tobytes() are the bytes of
 * float32. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* (transfer full) */
GBytes *array_pack(const void *numbers, gsize count, gsize element_size);
/* Numbers of a blob: exactly `count` of them, or any number where count is -1.  `what` names it in the error.
 * (transfer full) (element-type of element_size) */
GArray *array_unpack(const void *blob, gsize size, gsize element_size, gint64 count, const char *what,
                     GError **error);
