#include "tests/fuzz/wire-field.h"

size_t wire_read(const uint8_t *at, const uint8_t *end, uint64_t *number) {
  *number = 0;
  for (size_t i = 0; i < 10 && at + i < end; i++) {
    *number |= (uint64_t)(at[i] & 127) << (7 * i);
    if (at[i] < 128)
      return i + 1;
  }
  return 0;
}

/* The field that begins there; false when none does. */
static bool read_field(const uint8_t *at, const uint8_t *end, WireField *field) {
  uint64_t length = 0;
  size_t n = wire_read(at, end, &field->tag);
  if (n == 0 || field->tag >> 3 == 0)
    return false;
  at += n;
  field->wire = (int)(field->tag & 7);
  switch (field->wire) {
  case WIRE_VARINT:
    length = wire_read(at, end, &(uint64_t){0});
    if (length == 0)
      return false;
    break;
  case WIRE_EIGHT:
    length = 8;
    break;
  case WIRE_FOUR:
    length = 4;
    break;
  case WIRE_BYTES:
    n = wire_read(at, end, &length);
    if (n == 0)
      return false;
    at += n;
    break;
  default:
    return false;
  }
  field->body = at;
  field->size = (size_t)length;
  return length <= (uint64_t)(end - at);
}

GArray *wire_fields(const uint8_t *bytes, size_t size) {
  g_autoptr(GArray) fields = g_array_new(FALSE, FALSE, sizeof(WireField));
  const uint8_t *end = bytes + size;
  for (WireField field; bytes < end; bytes = field.body + field.size) {
    if (!read_field(bytes, end, &field))
      return NULL;
    g_array_append_val(fields, field);
  }
  return g_steal_pointer(&fields);
}

void wire_append_varint(GByteArray *out, uint64_t number) {
  do {
    uint8_t byte = (uint8_t)((number & 127) | (number > 127 ? 128 : 0));
    g_byte_array_append(out, &byte, 1);
    number >>= 7;
  } while (number);
}

void wire_append(GByteArray *out, uint64_t tag, const uint8_t *body, size_t size) {
  wire_append_varint(out, tag);
  if ((tag & 7) == WIRE_BYTES)
    wire_append_varint(out, size);
  if (size)
    g_byte_array_append(out, body, (guint)size);
}
