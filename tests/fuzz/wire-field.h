/* A message in protobuf's wire format as a list of its fields, without knowing what they mean. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { WIRE_VARINT = 0, WIRE_EIGHT = 1, WIRE_BYTES = 2, WIRE_FOUR = 5 };

typedef struct {
  uint64_t tag; /* number << 3 | wire */
  int wire;
  const uint8_t *body; /* borrowed; behind the length where there is one */
  size_t size;
} WireField;

/* Bytes that the number takes; 0: it is none. */
size_t wire_read(const uint8_t *at, const uint8_t *end, uint64_t *number);
/* NULL when the bytes are no message.  (transfer full) */
GArray *wire_fields(const uint8_t *bytes, size_t size);
void wire_append_varint(GByteArray *out, uint64_t number);
/* A field with its tag, and its length where its form has one. */
void wire_append(GByteArray *out, uint64_t tag, const uint8_t *body, size_t size);
