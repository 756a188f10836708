#include "tests/support/tiny-onnx.h"

#include <string.h>

void wire_varint(GByteArray *to, uint64_t number) {
  do {
    uint8_t byte = (uint8_t)((number & 127) | (number > 127 ? 128 : 0));
    g_byte_array_append(to, &byte, 1);
    number >>= 7;
  } while (number);
}

void wire_int(GByteArray *to, unsigned field, int64_t number) {
  wire_varint(to, field << 3);
  wire_varint(to, (uint64_t)number);
}

void wire_float(GByteArray *to, unsigned field, float number) {
  wire_varint(to, field << 3 | 5);
  g_byte_array_append(to, (const guint8 *)&number, sizeof number);
}

void wire_bytes(GByteArray *to, unsigned field, const void *bytes, size_t size) {
  wire_varint(to, field << 3 | 2);
  wire_varint(to, size);
  if (size)
    g_byte_array_append(to, bytes, (guint)size);
}

void wire_text(GByteArray *to, unsigned field, const char *text) {
  wire_bytes(to, field, text, strlen(text));
}

void wire_part(GByteArray *to, unsigned field, GByteArray *part) {
  wire_bytes(to, field, part->data, part->len);
  g_byte_array_unref(part);
}

GByteArray *tiny_tensor(const char *name, int type, const int64_t *dims, const void *raw, size_t size) {
  GByteArray *tensor = g_byte_array_new();
  for (; *dims != -1; dims++)
    wire_int(tensor, 1, *dims);
  wire_int(tensor, 2, type);
  wire_text(tensor, 8, name);
  if (raw)
    wire_bytes(tensor, 9, raw, size);
  return tensor;
}

GByteArray *tiny_port(const char *name, int type, const int64_t *dims) {
  GByteArray *shape = g_byte_array_new();
  for (; *dims != -1; dims++) {
    GByteArray *dim = g_byte_array_new();
    if (*dims)
      wire_int(dim, 1, *dims);
    else
      wire_text(dim, 2, "batch");
    wire_part(shape, 1, dim);
  }
  GByteArray *tensor = g_byte_array_new(), *any = g_byte_array_new(), *port = g_byte_array_new();
  wire_int(tensor, 1, type);
  wire_part(tensor, 2, shape);
  wire_part(any, 1, tensor);
  wire_text(port, 1, name);
  wire_part(port, 2, any);
  return port;
}

GByteArray *tiny_node(const char *op, const char *name, const char *inputs, const char *outputs) {
  GByteArray *node = g_byte_array_new();
  const char *lists[] = {inputs, outputs};
  for (unsigned field = 1; field <= 2; field++) {
    g_auto(GStrv) names = g_strsplit(lists[field - 1], " ", -1);
    for (char **one = names; *one && **one; one++)
      wire_text(node, field, strcmp(*one, "-") == 0 ? "" : *one);
  }
  wire_text(node, 3, name);
  wire_text(node, 4, op);
  return node;
}

void tiny_node_int(GByteArray *node, const char *name, int64_t number) {
  GByteArray *attribute = g_byte_array_new();
  wire_text(attribute, 1, name);
  wire_int(attribute, 3, number);
  wire_int(attribute, 20, 2);
  wire_part(node, 5, attribute);
}

void tiny_node_tensor(GByteArray *node, const char *name, GByteArray *part) {
  GByteArray *attribute = g_byte_array_new();
  wire_text(attribute, 1, name);
  wire_part(attribute, 5, part);
  wire_int(attribute, 20, 4);
  wire_part(node, 5, attribute);
}

GByteArray *tiny_model(GByteArray *part) {
  GByteArray *model = g_byte_array_new(), *opset = g_byte_array_new();
  wire_int(model, 1, 8);
  wire_text(model, 2, "hand");
  wire_text(opset, 1, "");
  wire_int(opset, 2, 16);
  wire_part(model, 8, opset);
  wire_part(model, 7, part);
  return model;
}

void tiny_metadata(GByteArray *model, const char *key, const char *value) {
  GByteArray *entry = g_byte_array_new();
  wire_text(entry, 1, key);
  wire_text(entry, 2, value);
  wire_part(model, 14, entry);
}

GByteArray *tiny_graph(void) {
  static const float w[12] = {1, 2, 3, 4, -1, -2, -3, -4, 0.5f, 0, 0, 0.25f}, b[3] = {0, 1, -1};
  GByteArray *graph = g_byte_array_new();
  GByteArray *constant = tiny_node("Constant", "c", "", "b");
  tiny_node_tensor(constant, "value", tiny_tensor("", ONNX_FLOAT, (int64_t[]){3, -1}, b, sizeof b));
  wire_part(graph, GRAPH_NODE, constant);
  GByteArray *gemm = tiny_node("Gemm", "layer", "x w b", "h");
  tiny_node_int(gemm, "transB", 1);
  wire_part(graph, GRAPH_NODE, gemm);
  wire_part(graph, GRAPH_NODE, tiny_node("Relu", "act", "h", "y"));
  wire_text(graph, 2, "g");
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("w", ONNX_FLOAT, (int64_t[]){3, 4, -1}, w, sizeof w));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 3, -1}));
  return graph;
}
