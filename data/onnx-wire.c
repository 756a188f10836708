#include "data/onnx-wire.h"

#include "engine/error.h"

typedef struct {
  const uint8_t *start; /* of the file */
  const char *where;
  size_t fields;
  GError **error;
} Walk;

typedef struct {
  const uint8_t *p, *end;
} Span;

static bool damaged(const Walk *walk, const uint8_t *at, const char *what) {
  return input_error(walk->error,
                     "%s is no ONNX file or is damaged: %s at byte %zu; fetch or export it again",
                     walk->where, what, (size_t)(at - walk->start));
}

/* A number of 7 bits a byte, the lowest first, at most 10 bytes. */
static bool read_varint(Span *span, uint64_t *number) {
  *number = 0;
  for (int shift = 0; shift < 70 && span->p < span->end; shift += 7) {
    uint8_t byte = *span->p++;
    *number |= shift < 64 ? (uint64_t)(byte & 127) << shift : 0;
    if (byte < 128)
      return true;
  }
  return false;
}

/* The body of a field that has no length in front: a number, 8 bytes, 4 bytes. */
static bool skip_number(Span *span, unsigned wire_type) {
  uint64_t number;
  if (wire_type == PROTOBUF_C_WIRE_TYPE_VARINT)
    return read_varint(span, &number);
  ptrdiff_t bytes = wire_type == PROTOBUF_C_WIRE_TYPE_64BIT ? 8 : 4;
  if (span->end - span->p < bytes)
    return false;
  span->p += bytes;
  return true;
}

static bool has_wire_type(unsigned wire_type) {
  return wire_type <= PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED || wire_type == PROTOBUF_C_WIRE_TYPE_32BIT;
}

static bool walk_message(Walk *walk, const ProtobufCMessageDescriptor *descriptor, Span span, int depth) {
  if (depth > WIRE_MAX_DEPTH)
    return damaged(walk, span.p, "messages are nested deeper than 32");
  uint64_t seen =
      0; /* bit = place of the field in the descriptor; ONNX's messages have fewer than 64 fields */
  while (span.p < span.end) {
    const uint8_t *at = span.p;
    uint64_t tag, length;
    if (!read_varint(&span, &tag) || tag >> 3 == 0 || tag > G_MAXUINT32)
      return damaged(walk, at, "a field has no valid number");
    if (++walk->fields > WIRE_MAX_FIELDS)
      return damaged(walk, at, "more than 4 million fields");
    unsigned wire_type = tag & 7;
    if (!has_wire_type(wire_type))
      return damaged(walk, at, "a field has an unknown form");
    if (wire_type != PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED) {
      if (!skip_number(&span, wire_type))
        return damaged(walk, at, "a number reaches past the end");
      continue;
    }
    if (!read_varint(&span, &length) || length > (uint64_t)(span.end - span.p))
      return damaged(walk, at, "a length reaches past the end");
    Span body = {span.p, span.p + length};
    span.p += length;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
    if (!field || field->type != PROTOBUF_C_TYPE_MESSAGE)
      continue;
    uint64_t bit = (uint64_t)1 << ((field - descriptor->fields) & 63);
    if (field->label != PROTOBUF_C_LABEL_REPEATED && (seen & bit))
      return damaged(walk, at, "a part that stands once in a model stands there twice");
    seen |= bit;
    if (!walk_message(walk, field->descriptor, body, depth + 1))
      return false;
  }
  return true;
}

bool wire_check(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                const char *where, GError **error) {
  Walk walk = {.start = bytes, .where = where, .error = error};
  return walk_message(&walk, descriptor, (Span){bytes, bytes + size}, 1);
}
