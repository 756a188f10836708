#include "data/onnx-internal.h"

#include "onnx.pb-c.h"

#include <string.h>

void *onnx_block(GPtrArray *blocks, size_t size) {
  void *block = g_malloc0(MAX(size, 1));
  g_ptr_array_add(blocks, block);
  return block;
}

static const int elements[] = {
    [TENSOR_FLOAT32] = ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT,
    [TENSOR_INT64] = ONNX__TENSOR_PROTO__DATA_TYPE__INT64,
    [TENSOR_BOOL] = ONNX__TENSOR_PROTO__DATA_TYPE__BOOL,
};

Onnx__TensorProto *onnx_message_tensor(GPtrArray *blocks, const Tensor *tensor, char *name) {
  Onnx__TensorProto *message = ONNX_MESSAGE(blocks, Onnx__TensorProto, ONNX__TENSOR_PROTO__INIT);
  message->name = name;
  message->n_dims = (size_t)tensor->shape.rank;
  message->dims = (int64_t *)tensor->shape.dim;
  message->has_data_type = true;
  message->data_type = elements[tensor->type];
  message->has_raw_data = true;
  message->raw_data = (ProtobufCBinaryData){tensor_bytes(tensor), tensor->data};
  return message;
}

static void set_port_shape(GPtrArray *blocks, Onnx__TypeProto__Tensor *type, const Shape *shape) {
  type->shape = ONNX_MESSAGE(blocks, Onnx__TensorShapeProto, ONNX__TENSOR_SHAPE_PROTO__INIT);
  type->shape->n_dim = (size_t)shape->rank;
  type->shape->dim = onnx_block(blocks, sizeof(void *) * (size_t)shape->rank);
  for (int i = 0; i < shape->rank; i++) {
    Onnx__TensorShapeProto__Dimension *dim =
        ONNX_MESSAGE(blocks, Onnx__TensorShapeProto__Dimension, ONNX__TENSOR_SHAPE_PROTO__DIMENSION__INIT);
    bool known = shape->dim[i] >= 0;
    dim->value_case = known ? ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
                            : ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_PARAM;
    if (known)
      dim->dim_value = shape->dim[i];
    else
      g_ptr_array_add(blocks, dim->dim_param = i ? g_strdup_printf("size%d", i) : g_strdup("batch"));
    type->shape->dim[i] = dim;
  }
}

Onnx__ValueInfoProto *onnx_message_port(GPtrArray *blocks, char *name, TensorType element,
                                        const Shape *shape) {
  Onnx__ValueInfoProto *port = ONNX_MESSAGE(blocks, Onnx__ValueInfoProto, ONNX__VALUE_INFO_PROTO__INIT);
  port->name = name;
  port->type = ONNX_MESSAGE(blocks, Onnx__TypeProto, ONNX__TYPE_PROTO__INIT);
  port->type->value_case = ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE;
  port->type->tensor_type = ONNX_MESSAGE(blocks, Onnx__TypeProto__Tensor, ONNX__TYPE_PROTO__TENSOR__INIT);
  port->type->tensor_type->has_elem_type = true;
  port->type->tensor_type->elem_type = elements[element];
  set_port_shape(blocks, port->type->tensor_type, shape);
  return port;
}

/* A type that the file named by its ONNX number is the engine's now. */
static int64_t engine_number(const Attribute *attribute) {
  TensorType type;
  bool names_type = strcmp(attribute->name, "to") == 0 || strcmp(attribute->name, "dtype") == 0;
  return names_type && onnx_tensor_type((int)attribute->i, &type) ? elements[type] : attribute->i;
}

Onnx__AttributeProto *onnx_message_attribute(GPtrArray *blocks, const Attribute *attribute) {
  static const Onnx__AttributeProto__AttributeType types[] = {
      [ATTRIBUTE_INT] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT,
      [ATTRIBUTE_FLOAT] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT,
      [ATTRIBUTE_TEXT] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING,
      [ATTRIBUTE_INTS] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS,
      [ATTRIBUTE_FLOATS] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS,
      [ATTRIBUTE_TENSOR] = ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR,
  };
  Onnx__AttributeProto *message = ONNX_MESSAGE(blocks, Onnx__AttributeProto, ONNX__ATTRIBUTE_PROTO__INIT);
  message->name = attribute->name;
  message->has_type = true;
  message->type = types[attribute->type];
  message->has_i = attribute->type == ATTRIBUTE_INT;
  message->i = message->has_i ? engine_number(attribute) : 0;
  message->has_f = attribute->type == ATTRIBUTE_FLOAT;
  message->f = attribute->f;
  message->has_s = attribute->type == ATTRIBUTE_TEXT;
  if (message->has_s)
    message->s = (ProtobufCBinaryData){strlen(attribute->text), (uint8_t *)attribute->text};
  message->n_ints = attribute->ints ? (size_t)attribute->n_numbers : 0;
  message->ints = attribute->ints;
  message->n_floats = attribute->floats ? (size_t)attribute->n_numbers : 0;
  message->floats = attribute->floats;
  if (attribute->tensor)
    message->t = onnx_message_tensor(blocks, attribute->tensor, NULL);
  return message;
}
