/* NPY: round trips, all element types, both orders, and headers that lie. */
#include "data/npy.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

/* An NPY file of version 1 (2 where wide) from its header's text and its numbers. */
static GByteArray *npy_file(bool wide, const char *header, const void *numbers, size_t size) {
  GByteArray *file = g_byte_array_new();
  size_t length = strlen(header);
  g_byte_array_append(file, (const guint8 *)"\x93NUMPY", 6);
  guint8 version[] = {wide ? 2 : 1, 0, (guint8)length, (guint8)(length >> 8), 0, 0};
  g_byte_array_append(file, version, wide ? 6 : 4);
  g_byte_array_append(file, (const guint8 *)header, (guint)length);
  g_byte_array_append(file, numbers, (guint)size);
  return file;
}

static Tensor *parse(bool wide, const char *header, const void *numbers, size_t size, GError **error) {
  g_autoptr(GByteArray) file = npy_file(wide, header, numbers, size);
  return npy_from_bytes(file->data, file->len, "test.npy", error);
}

static void test_round_trip(void) {
  const Shape shapes[] = {
      {0}, SHAPE(3), SHAPE(0), SHAPE(2, 3, 4), SHAPE(2, 0, 5), SHAPE(1, 1, 1, 1, 1, 1, 1, 7)};
  for (guint s = 0; s < G_N_ELEMENTS(shapes); s++)
    for (int ints = 0; ints < 2; ints++) {
      g_autoptr(Tensor) tensor = tensor_new(ints ? TENSOR_INT64 : TENSOR_FLOAT32, &shapes[s], NULL);
      for (int64_t i = 0; i < tensor_count(tensor); i++)
        if (ints)
          tensor_ints(tensor)[i] = i * 1000000007 - 3;
        else
          tensor_floats(tensor)[i] = 0.1f * (float)i - 1;
      g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
      g_assert_cmpuint((g_bytes_get_size(bytes) - tensor_bytes(tensor)) % 64, ==, 0);
      g_autoptr(GError) error = NULL;
      g_autoptr(Tensor) back =
          npy_from_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "test.npy", &error);
      g_assert_no_error(error);
      g_assert_cmpint(back->type, ==, tensor->type);
      g_assert_true(shape_equal(&back->shape, &tensor->shape));
      g_assert_cmpmem(back->data, tensor_bytes(back), tensor->data, tensor_bytes(tensor));
    }
}

/* The header that numpy.save writes, byte for byte. */
static void test_header(void) {
  g_autoptr(Tensor) tensor = tensor_from_floats(&SHAPE(1), (float[]){1});
  g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
  const char *data = g_bytes_get_data(bytes, NULL);
  const char *start = "\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }";
  g_assert_cmpmem(data, 10, start, 10);
  g_assert_true(strncmp(data + 10, start + 10, strlen(start + 10)) == 0);
  g_assert_cmpint(data[127], ==, '\n');
}

static void check_types(bool big_endian) {
  const struct {
    const char *code, *numbers; /* 1, 2, 3 little-endian */
    size_t size;
    TensorType type;
  } rows[] = {
      {"f2", "\x00\x3c\x00\x40\x00\x42", 2, TENSOR_FLOAT32},
      {"f4", "\0\0\x80\x3f\0\0\0\x40\0\0\x40\x40", 4, TENSOR_FLOAT32},
      {"f8", "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\x08\x40", 8, TENSOR_FLOAT32},
      {"i1", "\1\2\3", 1, TENSOR_INT64},
      {"u1", "\1\2\3", 1, TENSOR_INT64},
      {"i2", "\1\0\2\0\3\0", 2, TENSOR_INT64},
      {"u2", "\1\0\2\0\3\0", 2, TENSOR_INT64},
      {"i4", "\1\0\0\0\2\0\0\0\3\0\0\0", 4, TENSOR_INT64},
      {"u4", "\1\0\0\0\2\0\0\0\3\0\0\0", 4, TENSOR_INT64},
      {"i8", "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 8, TENSOR_INT64},
      {"u8", "\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0", 8, TENSOR_INT64},
  };
  for (guint r = 0; r < G_N_ELEMENTS(rows); r++) {
    size_t size = rows[r].size;
    char numbers[24];
    for (size_t i = 0; i < 3 * size; i++)
      numbers[i] = rows[r].numbers[big_endian ? i / size * size + size - 1 - i % size : i];
    g_autofree char *header = g_strdup_printf("{'descr': '%c%s', 'fortran_order': False, 'shape': (3,)}",
                                              big_endian ? '>' : '<', rows[r].code);
    g_autoptr(GError) error = NULL;
    g_autoptr(Tensor) tensor = parse(r % 2, header, numbers, 3 * size, &error);
    g_assert_no_error(error);
    g_assert_cmpint(tensor->type, ==, rows[r].type);
    for (int i = 0; i < 3; i++)
      if (tensor->type == TENSOR_FLOAT32)
        g_assert_cmpfloat(tensor_floats(tensor)[i], ==, (float)(i + 1));
      else
        g_assert_cmpint(tensor_ints(tensor)[i], ==, i + 1);
  }
}

static void test_types(void) {
  check_types(false);
  check_types(true);
}

/* Halves with a subnormal, an infinity and a negative; int8 with a sign; bool as 0 and 1; the largest uint64.
 */
static void test_corners(void) {
  g_autoptr(Tensor) halves = parse(false, "{'descr': '<f2', 'fortran_order': False, 'shape': (3,)}",
                                   "\x01\x00\x00\x7c\x00\xc0", 6, NULL);
  g_assert_cmpfloat(tensor_floats(halves)[0], ==, 0x1p-24f);
  g_assert_cmpfloat(tensor_floats(halves)[1], ==, G_MAXFLOAT * 2.0f);
  g_assert_cmpfloat(tensor_floats(halves)[2], ==, -2.0f);
  g_autoptr(Tensor) bytes =
      parse(false, "{'descr': '|i1', 'fortran_order': False, 'shape': (2, )}", "\xff\x80", 2, NULL);
  g_assert_cmpint(tensor_ints(bytes)[0], ==, -1);
  g_assert_cmpint(tensor_ints(bytes)[1], ==, -128);
  g_autoptr(Tensor) flags =
      parse(false, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", "\x00\x07", 2, NULL);
  g_assert_cmpint(flags->type, ==, TENSOR_INT64);
  g_assert_cmpint(tensor_ints(flags)[0], ==, 0);
  g_assert_cmpint(tensor_ints(flags)[1], ==, 1);
  g_autoptr(Tensor) huge = parse(false, "{'descr': '<u8', 'fortran_order': False, 'shape': ()}",
                                 "\xff\xff\xff\xff\xff\xff\xff\xff", 8, NULL);
  g_assert_cmpint(tensor_ints(huge)[0], ==, G_MAXINT64);
  g_assert_cmpint(huge->shape.rank, ==, 0);
}

/* In Fortran order element (i, j, k) of (2, 3, 4) lies at i + 2 j + 6 k. */
static void test_fortran(void) {
  guint8 numbers[24];
  for (guint8 i = 0; i < 24; i++)
    numbers[i] = i;
  g_autoptr(Tensor) tensor =
      parse(true, "{'shape': (2, 3, 4), 'fortran_order': True, 'descr': '|u1', }", numbers, 24, NULL);
  for (int i = 0; i < 2; i++)
    for (int j = 0; j < 3; j++)
      for (int k = 0; k < 4; k++)
        g_assert_cmpint(tensor_ints(tensor)[(i * 3 + j) * 4 + k], ==, i + 2 * j + 6 * k);
  g_autoptr(Tensor) empty =
      parse(false, "{'shape': (0, 3), 'fortran_order': True, 'descr': '|u1', }", "", 0, NULL);
  g_assert_cmpint(tensor_count(empty), ==, 0);
}

static void test_bool_is_written_as_int64(void) {
  uint8_t bits[] = {1, 0, 1};
  g_autoptr(Tensor) tensor = tensor_take(TENSOR_BOOL, &SHAPE(3), bits, NULL, NULL);
  g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
  g_autoptr(Tensor) back =
      npy_from_bytes(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), "test.npy", NULL);
  g_assert_cmpint(back->type, ==, TENSOR_INT64);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint(tensor_ints(back)[i], ==, bits[i]);
}

static void test_refused(void) {
  const struct {
    const char *header, *expected;
  } rows[] = {
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (281474976710657,)}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (18446744073709551615,)}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 1, 1, 1, 1, 1, 1, 1)}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (1", "shape"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': 1}", "shape"},
      {"{'descr': '<f4', 'fortran_order': False}", "shape"},
      {"{'descr': '<f4', 'shape': (1,)}", "order"},
      {"{'descr': '<c8', 'fortran_order': False, 'shape': (1,)}", "type"},
      {"{'descr': '|O', 'fortran_order': False, 'shape': (1,)}", "type"},
      {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}", "type"},
      {"{'descr': '<f4", "type"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "8"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': (0,)}", "4 bytes"},
      {"{'descr': '<f4', 'fortran_order': False, 'shape': ()} ", NULL},
      {"{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000,)}", "8000000000000"},
      {"", "type"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Tensor) tensor = parse(i % 2, rows[i].header, "\0\0\x80\x3f", 4, &error);
    g_assert_true((tensor != NULL) == (rows[i].expected == NULL));
    if (error)
      g_assert_nonnull(strstr(error->message, rows[i].expected));
  }
}

/* Every prefix of a file is refused, none is read past its end. */
static void test_truncated(void) {
  g_autoptr(Tensor) tensor = tensor_from_floats(&SHAPE(2, 2), (float[]){1, 2, 3, 4});
  g_autoptr(GBytes) bytes = npy_to_bytes(tensor);
  gsize size;
  const char *data = g_bytes_get_data(bytes, &size);
  for (size_t n = 0; n < size; n++) {
    g_autofree char *copy = g_memdup2(data, n ? n : 1); /* so that the sanitizer sees the end */
    g_autoptr(GError) error = NULL;
    g_assert_null(npy_from_bytes(copy, n, "test.npy", &error));
    g_assert_nonnull(error);
  }
}

static void test_files(void) {
  g_autoptr(GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp("npy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename(folder, "a.npy", NULL);
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(2), (int64_t[]){7, -7});
  g_assert_true(npy_write(path, tensor, &error));
  g_assert_true(npy_write(path, tensor, &error)); /* over the old one */
  g_autoptr(Tensor) back = npy_read(path, &error);
  g_assert_no_error(error);
  g_assert_cmpint(tensor_ints(back)[1], ==, -7);
  g_assert_null(npy_read(folder, &error));
  g_assert_nonnull(strstr(error->message, "folder"));
  g_clear_error(&error);
  g_autofree char *nowhere = g_build_filename(folder, "no", "b.npy", NULL);
  g_assert_null(npy_read(nowhere, &error));
  g_clear_error(&error);
  g_assert_false(npy_write(nowhere, tensor, &error));
  g_assert_nonnull(strstr(error->message, nowhere));
  g_clear_error(&error);
  if (g_file_test("/dev/full", G_FILE_TEST_EXISTS)) {
    g_assert_false(npy_write("/dev/full", tensor, &error)); /* a full disk */
    g_assert_nonnull(error);
  }
  g_unlink(path);
  g_assert_cmpint(g_rmdir(folder), ==, 0); /* nothing else was left */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/npy/round-trip", test_round_trip);
  g_test_add_func("/npy/header", test_header);
  g_test_add_func("/npy/types", test_types);
  g_test_add_func("/npy/corners", test_corners);
  g_test_add_func("/npy/fortran", test_fortran);
  g_test_add_func("/npy/bool", test_bool_is_written_as_int64);
  g_test_add_func("/npy/refused", test_refused);
  g_test_add_func("/npy/truncated", test_truncated);
  g_test_add_func("/npy/files", test_files);
  return g_test_run();
}
