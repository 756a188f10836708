#include "data/number.h"

#include <math.h>
#include <string.h>

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN); /* the files' order is then the machine's */

/* IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
static float half_to_float(uint16_t half) {
  uint32_t sign = (uint32_t)(half >> 15) << 31, exponent = (half >> 10) & 31, fraction = half & 1023;
  if (exponent == 0) {
    float small = (float)fraction * 0x1p-24f;
    return sign ? -small : small;
  }
  uint32_t bits = sign | (exponent == 31 ? 255u << 23 : (exponent + 112) << 23) | fraction << 13;
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

/* The upper half of a float32. */
static float bfloat_to_float(uint16_t upper) {
  uint32_t bits = (uint32_t)upper << 16;
  float number;
  memcpy(&number, &bits, sizeof number);
  return number;
}

#define READER(NAME, FROM, TO, VALUE)                                                                        \
  static void NAME(const void *bytes, void *to, int64_t i) {                                                 \
    FROM v;                                                                                                  \
    memcpy(&v, bytes, sizeof v);                                                                             \
    ((TO *)to)[i] = VALUE;                                                                                   \
  }
READER(read_float32, float, float, v)
READER(read_float64, double, float, (float)v)
READER(read_float16, uint16_t, float, half_to_float(v))
READER(read_bfloat16, uint16_t, float, bfloat_to_float(v))
READER(read_int8, int8_t, int64_t, v)
READER(read_int16, int16_t, int64_t, v)
READER(read_int32, int32_t, int64_t, v)
READER(read_int64, int64_t, int64_t, v)
READER(read_uint8, uint8_t, int64_t, v)
READER(read_uint16, uint16_t, int64_t, v)
READER(read_uint32, uint32_t, int64_t, v)
READER(read_uint64, uint64_t, int64_t, v > G_MAXINT64 ? G_MAXINT64 : (int64_t)v)
READER(read_bool, uint8_t, uint8_t, v != 0)

typedef struct {
  const char *name;
  size_t size;
  TensorType type;
  void (*read)(const void *bytes, void *to, int64_t i);
} NumberRow;

static const NumberRow rows[] = {
    [NUMBER_FLOAT32] = {"float32", 4, TENSOR_FLOAT32, read_float32},
    [NUMBER_FLOAT64] = {"float64", 8, TENSOR_FLOAT32, read_float64},
    [NUMBER_FLOAT16] = {"float16", 2, TENSOR_FLOAT32, read_float16},
    [NUMBER_BFLOAT16] = {"bfloat16", 2, TENSOR_FLOAT32, read_bfloat16},
    [NUMBER_INT8] = {"int8", 1, TENSOR_INT64, read_int8},
    [NUMBER_INT16] = {"int16", 2, TENSOR_INT64, read_int16},
    [NUMBER_INT32] = {"int32", 4, TENSOR_INT64, read_int32},
    [NUMBER_INT64] = {"int64", 8, TENSOR_INT64, read_int64},
    [NUMBER_UINT8] = {"uint8", 1, TENSOR_INT64, read_uint8},
    [NUMBER_UINT16] = {"uint16", 2, TENSOR_INT64, read_uint16},
    [NUMBER_UINT32] = {"uint32", 4, TENSOR_INT64, read_uint32},
    [NUMBER_UINT64] = {"uint64", 8, TENSOR_INT64, read_uint64},
    [NUMBER_BOOL] = {"bool", 1, TENSOR_BOOL, read_bool},
};

size_t number_size(NumberKind kind) {
  return rows[kind].size;
}

const char *number_name(NumberKind kind) {
  return rows[kind].name;
}

TensorType number_tensor_type(NumberKind kind) {
  return rows[kind].type;
}

bool number_is_native(NumberKind kind) {
  return kind == NUMBER_FLOAT32 || kind == NUMBER_INT64;
}

void number_convert(NumberKind kind, const void *from, size_t stride, bool swap, int64_t n, void *to) {
  const NumberRow *row = &rows[kind];
  if (number_is_native(kind) && stride == row->size && !swap) {
    if (n > 0)
      memcpy(to, from, (size_t)n * stride);
    return;
  }
  const uint8_t *bytes = from;
  for (int64_t i = 0; i < n; i++, bytes += stride) {
    uint8_t swapped[8];
    for (size_t k = 0; swap && k < row->size; k++)
      swapped[k] = bytes[row->size - 1 - k];
    row->read(swap ? swapped : bytes, to, i);
  }
}

/* To the nearest binary16, ties to even; beyond the largest: infinity. */
static float round_to_half(float number) {
  float size = fabsf(number);
  if (!(size < 65520))
    return isnan(number) ? number : copysignf(INFINITY, number);
  int exponent;
  frexpf(size, &exponent);
  float unit = ldexpf(1, MAX(exponent - 11, -24));
  return copysignf(rintf(size / unit) * unit, number);
}

static float round_to_bfloat(float number) {
  uint32_t bits;
  memcpy(&bits, &number, sizeof bits);
  if (!isnan(number))
    bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  memcpy(&number, &bits, sizeof bits);
  return number;
}

void number_round(NumberKind kind, int64_t n, void *numbers) {
  float *floats = numbers;
  int64_t *ints = numbers;
  if (kind == NUMBER_FLOAT16 || kind == NUMBER_BFLOAT16)
    for (int64_t i = 0; i < n; i++)
      floats[i] = kind == NUMBER_FLOAT16 ? round_to_half(floats[i]) : round_to_bfloat(floats[i]);
  else if (rows[kind].type == TENSOR_INT64 && rows[kind].size < sizeof(int64_t))
    for (int64_t i = 0; i < n; i++)
      rows[kind].read(&ints[i], ints, i); /* the low bytes */
}
