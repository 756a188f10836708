#include "data/store/array.h"

#include "engine/error.h"

#include <zlib.h>

/* The largest array that is unpacked: a damaged store must not fill the memory. */
#define LIMIT ((gsize)1 << 30)
#define CHUNK ((gsize)1 << 16)

/* bytes[k * count + i] = byte k of number i, and back. */
static void shuffle(const guint8 *numbers, guint8 *bytes, gsize count, gsize element_size) {
  for (gsize k = 0; k < element_size; k++)
    for (gsize i = 0; i < count; i++)
      bytes[k * count + i] = numbers[i * element_size + k];
}

static void unshuffle(const guint8 *bytes, guint8 *numbers, gsize count, gsize element_size) {
  for (gsize k = 0; k < element_size; k++)
    for (gsize i = 0; i < count; i++)
      numbers[i * element_size + k] = bytes[k * count + i];
}

GBytes *array_pack(const void *numbers, gsize count, gsize element_size) {
  gsize size = count * element_size;
  g_autofree guint8 *bytes = g_malloc(size + 1);
  shuffle(numbers, bytes, count, element_size);
  uLongf packed = compressBound(size);
  guint8 *blob = g_malloc(packed);
  if (compress2(blob, &packed, bytes, size, Z_DEFAULT_COMPRESSION) != Z_OK)
    g_error("out of memory for an array of %" G_GSIZE_FORMAT " bytes", size);
  return g_bytes_new_take(g_realloc(blob, packed), packed);
}

/* Inflates at most `limit` bytes; NULL when the stream is damaged or longer. */
static GByteArray *inflate_all(const void *blob, gsize size, gsize limit) {
  z_stream stream = {.next_in = (Bytef *)blob, .avail_in = (uInt)MIN(size, G_MAXUINT32)};
  if (inflateInit(&stream) != Z_OK)
    return NULL;
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  int code = Z_OK;
  while (code == Z_OK && bytes->len <= limit) {
    guint had = bytes->len;
    g_byte_array_set_size(bytes, had + (guint)CHUNK);
    stream.next_out = bytes->data + had;
    stream.avail_out = (uInt)CHUNK;
    code = inflate(&stream, Z_NO_FLUSH);
    g_byte_array_set_size(bytes, bytes->len - stream.avail_out);
  }
  inflateEnd(&stream);
  return code == Z_STREAM_END && bytes->len <= limit ? g_steal_pointer(&bytes) : NULL;
}

GArray *array_unpack(const void *blob, gsize size, gsize element_size, gint64 count, const char *what,
                     GError **error) {
  bool known = count >= 0 && (gsize)count <= LIMIT / element_size;
  g_autoptr(GByteArray) bytes = inflate_all(blob, size, known ? (gsize)count * element_size : LIMIT);
  if (!bytes || bytes->len % element_size || (count >= 0 && bytes->len != (gsize)count * element_size)) {
    input_error(error, "%s in the store is damaged; put back a copy of the store", what);
    return NULL;
  }
  gsize n = bytes->len / element_size;
  GArray *numbers = g_array_sized_new(FALSE, FALSE, (guint)element_size, (guint)n);
  g_array_set_size(numbers, (guint)n);
  if (n)
    unshuffle(bytes->data, (guint8 *)numbers->data, n, element_size);
  return numbers;
}
