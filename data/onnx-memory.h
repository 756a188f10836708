/* Memory for unpacking a file, counted: a file may ask for so much and no more.  All that it ever asked for
 * counts: what is freed while unpacking (protobuf-c's lists of fields) is little in an honest file.
 *
 * What was allocated is plain malloc memory: it may be taken out of the message (the message's pointer set to
 * NULL) and given back with free() later, after the budget itself is gone. */
#pragma once

#include <protobuf-c/protobuf-c.h>

#include <stdbool.h>

typedef struct {
  ProtobufCAllocator allocator; /* for protobuf-c; borrows this struct, which must not move */
  size_t left;                  /* bytes that may still be asked for */
  bool refused;                 /* something was refused */
} OnnxMemory;

void onnx_memory_init(OnnxMemory *memory, size_t budget);
