#include "tests/support/safetensors.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

struct _SafeTensors {
  GMappedFile *map;
  JsonParser *parser;
  const char *numbers;
};

SafeTensors *safetensors_open(const char *path) {
  g_autoptr(GError) error = NULL;
  SafeTensors *file = g_new0(SafeTensors, 1);
  file->map = g_mapped_file_new(path, FALSE, &error);
  g_assert_no_error(error);
  const char *bytes = g_mapped_file_get_contents(file->map);
  uint64_t length;
  memcpy(&length, bytes, sizeof length);
  file->parser = json_parser_new();
  json_parser_load_from_data(file->parser, bytes + sizeof length, (gssize)length, &error);
  g_assert_no_error(error);
  file->numbers = bytes + sizeof length + length;
  return file;
}

void safetensors_close(SafeTensors *file) {
  if (!file)
    return;
  g_mapped_file_unref(file->map);
  g_object_unref(file->parser);
  g_free(file);
}

Tensor *safetensors_get(const SafeTensors *file, const char *name) {
  JsonObject *header = json_node_get_object(json_parser_get_root(file->parser));
  g_assert_true(json_object_has_member(header, name));
  JsonObject *entry = json_object_get_object_member(header, name);
  JsonArray *sizes = json_object_get_array_member(entry, "shape");
  Shape shape = {.rank = (int)json_array_get_length(sizes)};
  for (int i = 0; i < shape.rank; i++)
    shape.dim[i] = json_array_get_int_element(sizes, (guint)i);
  bool floats = strcmp(json_object_get_string_member(entry, "dtype"), "F32") == 0;
  Tensor *tensor = tensor_new(floats ? TENSOR_FLOAT32 : TENSOR_INT64, &shape, NULL);
  int64_t start = json_array_get_int_element(json_object_get_array_member(entry, "data_offsets"), 0);
  memcpy(tensor->data, file->numbers + start, tensor_bytes(tensor));
  return tensor;
}

double relative_distance(const Tensor *a, const Tensor *b) {
  if (!shape_equal(&a->shape, &b->shape))
    return INFINITY;
  double difference = 0, size = 0;
  for (int64_t i = 0; i < tensor_count(b); i++) {
    double x = tensor_floats(a)[i], y = tensor_floats(b)[i];
    difference += (x - y) * (x - y);
    size += y * y;
  }
  return sqrt(difference / size);
}
