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

void tiny_node_float(GByteArray *node, const char *name, float number) {
  GByteArray *attribute = g_byte_array_new();
  wire_text(attribute, 1, name);
  wire_float(attribute, 2, number);
  wire_int(attribute, 20, 1);
  wire_part(node, 5, attribute);
}

void tiny_node_ints(GByteArray *node, const char *name, const int64_t *numbers) {
  GByteArray *attribute = g_byte_array_new();
  wire_text(attribute, 1, name);
  for (; *numbers != G_MININT64; numbers++)
    wire_int(attribute, 8, *numbers);
  wire_int(attribute, 20, 7);
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
  return tiny_model_of(part, 16);
}

GByteArray *tiny_model_of(GByteArray *part, int version) {
  GByteArray *model = g_byte_array_new(), *opset = g_byte_array_new();
  wire_int(model, 1, 8);
  wire_text(model, 2, "hand");
  wire_text(opset, 1, "");
  wire_int(opset, 2, version);
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

static void add_ints(GByteArray *graph, const char *name, int64_t n, const int64_t *ints) {
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor(name, ONNX_INT64, (int64_t[]){n, -1}, ints, sizeof(int64_t) * (size_t)n));
}

#define ADD_INTS(graph, name, ...)                                                                           \
  add_ints(graph, name, (int64_t)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)),                       \
           (int64_t[]){__VA_ARGS__})

static void add_floats(GByteArray *graph, const char *name, const int64_t *dims) {
  int64_t n = 1;
  for (const int64_t *dim = dims; *dim != -1; dim++)
    n *= *dim;
  g_autofree float *numbers = g_new(float, n);
  for (int64_t i = 0; i < n; i++)
    numbers[i] = (float)(i * 5 % 13) / 6 - 1;
  wire_part(graph, GRAPH_INITIALISER,
            tiny_tensor(name, ONNX_FLOAT, dims, numbers, sizeof(float) * (size_t)n));
}

GByteArray *tiny_picture_graph(void) {
  GByteArray *graph = g_byte_array_new();
  ADD_INTS(graph, "pads", 0, 0, 1, 1, 0, 0, 1, 1);
  ADD_INTS(graph, "zero", 0);
  ADD_INTS(graph, "one", 1);
  ADD_INTS(graph, "row", -1, 18);
  add_floats(graph, "k", (int64_t[]){4, 1, 3, 3, -1});
  add_floats(graph, "kb", (int64_t[]){4, -1});
  add_floats(graph, "low", (int64_t[]){-1});
  add_floats(graph, "w", (int64_t[]){18, 3, -1});
  add_floats(graph, "b", (int64_t[]){3, -1});
  wire_part(graph, GRAPH_NODE, tiny_node("Pad", "pad", "x pads", "p"));
  GByteArray *conv = tiny_node("Conv", "conv", "p k kb", "c");
  tiny_node_ints(conv, "kernel_shape", (int64_t[]){3, 3, G_MININT64});
  tiny_node_ints(conv, "strides", (int64_t[]){2, 1, G_MININT64});
  tiny_node_ints(conv, "dilations", (int64_t[]){1, 1, G_MININT64});
  tiny_node_ints(conv, "pads", (int64_t[]){0, 0, 0, 0, G_MININT64});
  tiny_node_int(conv, "group", 2);
  wire_part(graph, GRAPH_NODE, conv);
  wire_part(graph, GRAPH_NODE, tiny_node("Clip", "clip", "c low", "r"));
  GByteArray *pool = tiny_node("MaxPool", "pool", "r", "m");
  tiny_node_ints(pool, "kernel_shape", (int64_t[]){1, 2, G_MININT64});
  tiny_node_ints(pool, "strides", (int64_t[]){1, 2, G_MININT64});
  wire_part(graph, GRAPH_NODE, pool);
  wire_part(graph, GRAPH_NODE, tiny_node("Slice", "slice", "m zero one one", "s"));
  GByteArray *concat = tiny_node("Concat", "concat", "s s", "j");
  tiny_node_int(concat, "axis", 1);
  wire_part(graph, GRAPH_NODE, concat);
  GByteArray *transpose = tiny_node("Transpose", "turn", "j", "t");
  tiny_node_ints(transpose, "perm", (int64_t[]){0, 2, 3, 1, G_MININT64});
  wire_part(graph, GRAPH_NODE, transpose);
  wire_part(graph, GRAPH_NODE, tiny_node("Reshape", "rows", "t row", "f"));
  wire_part(graph, GRAPH_NODE, tiny_node("MatMul", "head", "f w", "z"));
  wire_part(graph, GRAPH_NODE, tiny_node("Add", "bias", "z b", "a"));
  GByteArray *softmax = tiny_node("Softmax", "shares", "a", "y");
  tiny_node_int(softmax, "axis", -1);
  wire_part(graph, GRAPH_NODE, softmax);
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 2, 6, 6, -1}));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 3, -1}));
  return graph;
}
