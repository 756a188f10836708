/* A walk over protobuf's wire format before anything is unpacked: what a hostile file may not do.
 *
 * The walk follows the descriptors that protobuf-c generates, so it sees exactly the nesting that unpacking
 * would. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include <glib.h>
#include <stdbool.h>

#define WIRE_MAX_DEPTH  32        /* messages inside messages, the file itself included */
#define WIRE_MAX_FIELDS (4 << 20) /* entries of any kind; a packed array is one */

/* Refuses lengths past the end, unknown wire types, messages nested deeper than WIRE_MAX_DEPTH, more than
 * WIRE_MAX_FIELDS fields, and a message that may stand once but stands twice (protobuf merges them, in
 * quadratic time).  Takes time linear in the size and a bounded stack.  `where` names the file in the error.
 */
bool wire_check(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size,
                const char *where, GError **error);
