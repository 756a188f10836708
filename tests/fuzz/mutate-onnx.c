/* How the fuzzer changes a file: a field of some message in it is dropped, doubled, moved or given other
 * contents, and the lengths of all messages around it are written anew, so that what comes out is a message
 * again.  Every fourth change is libFuzzer's own, of bytes. */
#include "tests/fuzz/wire-field.h"

#include "engine/op.h"

#include <math.h>
#include <string.h>

#define MAX_DEPTH  12
#define GRAPH      7 /* field of ModelProto */
#define MAX_CHANGE 4

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t max_size, unsigned seed);

static guint below(GRand *rand, guint n) {
  return (guint)g_rand_int_range(rand, 0, (gint32)MAX(n, 1));
}

static uint64_t odd_number(GRand *rand, uint64_t old) {
  static const int64_t numbers[] = {0,          1,         -1,        2,          3,         4,
                                    7,          -2,        16,        63,         64,        127,
                                    255,        256,       65536,     1 << 20,    1 << 30,   G_MAXINT32,
                                    G_MININT32, 1LL << 33, 1LL << 40, G_MAXINT64, G_MININT64};
  guint pick = below(rand, 4);
  return pick == 0   ? old + 1
         : pick == 1 ? old - 1
         : pick == 2 ? below(rand, 20)
                     : (uint64_t)numbers[below(rand, G_N_ELEMENTS(numbers))];
}

static float odd_float(GRand *rand) {
  static const float numbers[] = {0,     -0.0f,  1,     -1,    0.5f,     2,         3,
                                  1e-6f, 1e-45f, 1e30f, 3e38f, INFINITY, -INFINITY, NAN};
  return numbers[below(rand, G_N_ELEMENTS(numbers))];
}

static const char *some_operator(GRand *rand) {
  guint n = 0;
  while (op_table[n])
    n++;
  return op_table[below(rand, n)]->name;
}

/* A number of 8 or 4 bytes somewhere in raw contents. */
static void change_number(GByteArray *body, GRand *rand) {
  bool wide = body->len >= 8 && below(rand, 2);
  guint size = wide ? 8 : 4;
  if (body->len < size)
    return;
  guint8 *at = body->data + below(rand, body->len / size) * size;
  uint64_t old, number;
  memcpy(&old, at, wide ? sizeof old : sizeof(uint32_t));
  float fraction = odd_float(rand);
  number = odd_number(rand, old);
  memcpy(at, wide ? (const void *)&number : (const void *)&fraction, size);
}

/* Bytes, a text or packed numbers. */
static void change_body(GByteArray *body, const GArray *siblings, const WireField *field, GRand *rand) {
  g_autofree char *text = g_strndup(body->len ? (const char *)body->data : "", body->len);
  const WireField *other = &g_array_index(siblings, WireField, below(rand, siblings->len));
  guint pick = below(rand, 4);
  if (op_find(text) && pick > 0) {
    const char *name = some_operator(rand);
    g_byte_array_set_size(body, 0);
    g_byte_array_append(body, (const guint8 *)name, (guint)strlen(name));
  } else if (pick < 2 && other->wire == field->wire && other->size < 64) { /* a name becomes another one */
    g_byte_array_set_size(body, 0);
    g_byte_array_append(body, other->body, (guint)other->size);
  } else if (pick == 2) {
    change_number(body, rand);
  } else {
    guint old = body->len, most = old + 16;
    g_byte_array_set_size(body, most);
    memset(body->data + old, 0, most - old);
    g_byte_array_set_size(body, (guint)LLVMFuzzerMutate(body->data, old, most));
  }
}

static void append_changed(GByteArray *out, const WireField *field, const GArray *siblings, GRand *rand) {
  uint64_t number = 0;
  g_autoptr(GByteArray) body = g_byte_array_new();
  g_byte_array_append(body, field->body, (guint)field->size);
  switch (field->wire) {
  case WIRE_VARINT:
    wire_read(field->body, field->body + field->size, &number);
    wire_append_varint(out, field->tag);
    wire_append_varint(out, odd_number(rand, number));
    return;
  case WIRE_BYTES:
    change_body(body, siblings, field, rand);
    break;
  default:
    change_number(body, rand);
  }
  wire_append(out, field->tag, body->data, body->len);
}

/* The message with one change in it, or in a message in it.  (transfer full) */
static GByteArray *change(const uint8_t *bytes, size_t size, GRand *rand, int depth) {
  g_autoptr(GArray) fields = wire_fields(bytes, size);
  if (!fields || fields->len == 0 || depth > MAX_DEPTH)
    return NULL;
  guint chosen = below(rand, fields->len), action = below(rand, 8), with = below(rand, fields->len);
  const WireField *field = &g_array_index(fields, WireField, chosen);
  g_autoptr(GByteArray) inner = field->wire == WIRE_BYTES && below(rand, 8) > 0
                                    ? change(field->body, field->size, rand, depth + 1)
                                    : NULL;
  GByteArray *out = g_byte_array_new();
  for (guint i = 0; i < fields->len; i++) {
    const WireField *one = &g_array_index(fields, WireField, i);
    const WireField *swapped = &g_array_index(fields, WireField, i == chosen ? with : i == with ? chosen : i);
    if (inner && i == chosen)
      wire_append(out, one->tag, inner->data, inner->len);
    else if (!inner && action == 0 && i == chosen)
      continue;
    else if (!inner && action == 1)
      wire_append(out, swapped->tag, swapped->body, swapped->size);
    else if (!inner && action > 2 && i == chosen)
      append_changed(out, one, fields, rand);
    else
      wire_append(out, one->tag, one->body, one->size);
    if (!inner && action == 2 && i == chosen)
      wire_append(out, one->tag, one->body, one->size);
  }
  return out;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  if (below(rand, 4) == 0)
    return LLVMFuzzerMutate(data, size, max_size);
  for (guint i = 1 + below(rand, MAX_CHANGE); i > 0; i--) {
    g_autoptr(GByteArray) changed = change(data, size, rand, 0);
    if (!changed || changed->len > max_size)
      return LLVMFuzzerMutate(data, size, max_size);
    if (changed->len)
      memcpy(data, changed->data, changed->len);
    size = changed->len;
  }
  return size;
}

static const WireField *find_graph(const GArray *fields) {
  for (guint i = 0; fields && i < fields->len; i++)
    if (g_array_index(fields, WireField, i).tag == (GRAPH << 3 | WIRE_BYTES))
      return &g_array_index(fields, WireField, i);
  return NULL;
}

/* The first model with some of the parts of the second's graph in its own. */
static void join_graphs(GByteArray *out, const GArray *first, const GArray *second, GRand *rand) {
  guint j = 0;
  for (guint i = 0; i < first->len; i++) {
    const WireField *one = &g_array_index(first, WireField, i);
    for (; j < second->len && below(rand, 3) == 0; j++) {
      const WireField *other = &g_array_index(second, WireField, j);
      wire_append(out, other->tag, other->body, other->size);
    }
    if (below(rand, 8) > 0)
      wire_append(out, one->tag, one->body, one->size);
  }
}

size_t LLVMFuzzerCustomCrossOver(const uint8_t *first, size_t first_size, const uint8_t *second,
                                 size_t second_size, uint8_t *out, size_t max_size, unsigned seed) {
  g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
  g_autoptr(GArray) ours = wire_fields(first, first_size), theirs = wire_fields(second, second_size);
  const WireField *graph = find_graph(ours), *other = find_graph(theirs);
  g_autoptr(GArray) parts = graph ? wire_fields(graph->body, graph->size) : NULL;
  g_autoptr(GArray) more = other ? wire_fields(other->body, other->size) : NULL;
  if (!parts || !more)
    return 0;
  g_autoptr(GByteArray) joined = g_byte_array_new(), file = g_byte_array_new();
  join_graphs(joined, parts, more, rand);
  for (guint i = 0; i < ours->len; i++) {
    const WireField *one = &g_array_index(ours, WireField, i);
    wire_append(file, one->tag, one == graph ? joined->data : one->body,
                one == graph ? joined->len : one->size);
  }
  if (file->len > max_size)
    return 0;
  if (file->len)
    memcpy(out, file->data, file->len);
  return file->len;
}
