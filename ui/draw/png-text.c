#include "ui/draw/png-text.h"

#include <string.h>

#define HEADER_END (8 + 4 + 4 + 13 + 4) /* signature, IHDR */

/* The sum of PNG (ISO 3309), bit by bit: the texts are short. */
static guint32 checksum(const guint8 *bytes, gsize n) {
  guint32 sum = 0xffffffffu;
  for (gsize i = 0; i < n; i++) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; bit++)
      sum = sum >> 1 ^ (sum & 1 ? 0xedb88320u : 0);
  }
  return ~sum;
}

static void append_number(GByteArray *file, guint32 number) {
  guint32 big = GUINT32_TO_BE(number);
  g_byte_array_append(file, (const guint8 *)&big, 4);
}

static void append_text(GByteArray *file, const char *keyword, const char *text) {
  /* Not compressed, no language, no translated keyword. */
  static const guint8 plain[] = {0, 0, 0, 0, 0};
  g_autoptr(GByteArray) chunk = g_byte_array_new();
  g_byte_array_append(chunk, (const guint8 *)"iTXt", 4);
  g_byte_array_append(chunk, (const guint8 *)keyword, (guint)strlen(keyword));
  g_byte_array_append(chunk, plain, sizeof plain);
  g_byte_array_append(chunk, (const guint8 *)text, (guint)strlen(text));
  append_number(file, chunk->len - 4);
  g_byte_array_append(file, chunk->data, chunk->len);
  append_number(file, checksum(chunk->data, chunk->len));
}

GBytes *png_with_texts(GBytes *png, const char *const *pairs) {
  gsize n;
  const guint8 *bytes = g_bytes_get_data(png, &n);
  GByteArray *file = g_byte_array_sized_new((guint)n + 256);
  gsize head = MIN(n, HEADER_END);
  g_byte_array_append(file, bytes, (guint)head);
  for (; *pairs; pairs += 2)
    if (pairs[1])
      append_text(file, pairs[0], pairs[1]);
  g_byte_array_append(file, bytes + head, (guint)(n - head));
  return g_byte_array_free_to_bytes(file);
}
