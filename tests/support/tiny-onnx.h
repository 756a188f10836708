/* Small ONNX files in memory, written field by field: also such as no exporter would write.
 *
 * Field numbers are those of onnx.proto.  Functions that take a GByteArray called `part` consume it. */
#pragma once

#include <glib.h>
#include <stdint.h>

/* Protobuf's wire format. */
void wire_varint(GByteArray *to, uint64_t number);
void wire_int(GByteArray *to, unsigned field, int64_t number);
void wire_float(GByteArray *to, unsigned field, float number);
void wire_bytes(GByteArray *to, unsigned field, const void *bytes, size_t size);
void wire_text(GByteArray *to, unsigned field, const char *text);
void wire_part(GByteArray *to, unsigned field, GByteArray *part);

/* Field numbers of GraphProto. */
enum { GRAPH_NODE = 1, GRAPH_INITIALISER = 5, GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
/* Numbers of TensorProto.DataType. */
enum {
  ONNX_FLOAT = 1,
  ONNX_UINT8,
  ONNX_INT8,
  ONNX_UINT16,
  ONNX_INT16,
  ONNX_INT32,
  ONNX_INT64,
  ONNX_STRING,
  ONNX_BOOL,
  ONNX_FLOAT16,
  ONNX_DOUBLE,
  ONNX_UINT32,
  ONNX_UINT64,
  ONNX_BFLOAT16 = 16
};

/* A TensorProto; dims ends with -1; raw NULL: without raw_data. */
GByteArray *tiny_tensor(const char *name, int type, const int64_t *dims, const void *raw, size_t size);
/* A ValueInfoProto of float32 (or `type`); an axis 0 is written as a name. */
GByteArray *tiny_port(const char *name, int type, const int64_t *dims);
/* A NodeProto; inputs and outputs are names separated by spaces, "-" for one that is left out. */
GByteArray *tiny_node(const char *op, const char *name, const char *inputs, const char *outputs);
void tiny_node_int(GByteArray *node, const char *name, int64_t number);
void tiny_node_float(GByteArray *node, const char *name, float number);
/* Numbers end with G_MININT64. */
void tiny_node_ints(GByteArray *node, const char *name, const int64_t *numbers);
void tiny_node_tensor(GByteArray *node, const char *name, GByteArray *part);
/* A ModelProto: the graph in an operator set; tiny_model: 16. */
GByteArray *tiny_model_of(GByteArray *part, int opset);
GByteArray *tiny_model(GByteArray *part);
void tiny_metadata(GByteArray *model, const char *key, const char *value);

/* The graph of a valid model: x (batch, 4) -> Gemm with w (3, 4), b (3) -> Relu -> y (batch, 3), and a
 * Constant. */
GByteArray *tiny_graph(void);
/* The graph of a small convolutional network with shapes computed in it: x (batch, 2, 6, 6) -> Pad, Conv,
 * Clip, MaxPool, Slice, Concat, Transpose, Reshape, MatMul, Add, Softmax -> y (batch, 3). */
GByteArray *tiny_picture_graph(void);
