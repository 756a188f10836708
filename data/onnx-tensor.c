#include "data/number.h"
#include "data/onnx-internal.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <stdlib.h>
#include <string.h>

/* Where a tensor without raw_data keeps its numbers. */
typedef enum { FIELD_NONE, FIELD_FLOAT, FIELD_DOUBLE, FIELD_INT32, FIELD_INT64, FIELD_UINT64 } TypedField;

/* By number of TensorProto.DataType. */
static const struct {
  const char *name;
  TypedField field; /* FIELD_NONE: not supported */
  NumberKind kind;
} elements[] = {
    [ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT] = {"float32", FIELD_FLOAT, NUMBER_FLOAT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT8] = {"uint8", FIELD_INT32, NUMBER_UINT8},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT8] = {"int8", FIELD_INT32, NUMBER_INT8},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT16] = {"uint16", FIELD_INT32, NUMBER_UINT16},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT16] = {"int16", FIELD_INT32, NUMBER_INT16},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT32] = {"int32", FIELD_INT32, NUMBER_INT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__INT64] = {"int64", FIELD_INT64, NUMBER_INT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__STRING] = {"string", FIELD_NONE},
    [ONNX__TENSOR_PROTO__DATA_TYPE__BOOL] = {"bool", FIELD_INT32, NUMBER_BOOL},
    [ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT16] = {"float16", FIELD_INT32, NUMBER_FLOAT16},
    [ONNX__TENSOR_PROTO__DATA_TYPE__DOUBLE] = {"float64", FIELD_DOUBLE, NUMBER_FLOAT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT32] = {"uint32", FIELD_UINT64, NUMBER_UINT32},
    [ONNX__TENSOR_PROTO__DATA_TYPE__UINT64] = {"uint64", FIELD_UINT64, NUMBER_UINT64},
    [ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX64] = {"complex64", FIELD_NONE},
    [ONNX__TENSOR_PROTO__DATA_TYPE__COMPLEX128] = {"complex128", FIELD_NONE},
    [ONNX__TENSOR_PROTO__DATA_TYPE__BFLOAT16] = {"bfloat16", FIELD_INT32, NUMBER_BFLOAT16},
};

/* The numbers of a tensor: n of them `stride` bytes apart, in memory that may be taken over by setting *owner
 * to NULL. */
typedef struct {
  size_t n, stride;
  void **owner;
} Numbers;

const char *onnx_element_name(int element) {
  return element >= 0 && element < (int)G_N_ELEMENTS(elements) ? elements[element].name : NULL;
}

int onnx_element_number(const char *name) {
  for (int element = 0; element < (int)G_N_ELEMENTS(elements); element++)
    if (g_strcmp0(elements[element].name, name) == 0)
      return element;
  return -1;
}

NumberKind onnx_element_kind(int element) {
  return elements[element].kind;
}

bool onnx_tensor_type(int element, TensorType *type) {
  if (!onnx_element_name(element) || elements[element].field == FIELD_NONE)
    return false;
  *type = number_tensor_type(elements[element].kind);
  return true;
}

static Numbers typed_numbers(Onnx__TensorProto *proto, TypedField field) {
  const Numbers numbers[] = {
      [FIELD_FLOAT] = {proto->n_float_data, sizeof(float), (void **)&proto->float_data},
      [FIELD_DOUBLE] = {proto->n_double_data, sizeof(double), (void **)&proto->double_data},
      [FIELD_INT32] = {proto->n_int32_data, sizeof(int32_t), (void **)&proto->int32_data},
      [FIELD_INT64] = {proto->n_int64_data, sizeof(int64_t), (void **)&proto->int64_data},
      [FIELD_UINT64] = {proto->n_uint64_data, sizeof(uint64_t), (void **)&proto->uint64_data},
  };
  return numbers[field];
}

static bool tensor_shape(const Onnx__TensorProto *proto, const char *name, const char *where, Shape *shape,
                         GError **error) {
  if (proto->n_dims > TENSOR_MAX_RANK)
    return input_error(error, "%s: tensor '%s' has %zu axes; at most %d are supported", where, name,
                       proto->n_dims, TENSOR_MAX_RANK);
  *shape = (Shape){.rank = (int)proto->n_dims};
  for (size_t i = 0; i < proto->n_dims; i++)
    shape->dim[i] = proto->dims[i];
  if (shape_count(shape) < 0)
    return input_error(error, "%s: tensor '%s' has a negative or absurd size; export the model again", where,
                       name);
  return true;
}

/* raw_data is kept where its length fits; the message gives up its pointer. */
static Tensor *take_or_convert(const Numbers *numbers, NumberKind kind, const Shape *shape, GError **error) {
  void *bytes = *numbers->owner;
  if (number_is_native(kind) && bytes) {
    *numbers->owner = NULL;
    return tensor_take(number_tensor_type(kind), shape, bytes, free, bytes);
  }
  Tensor *tensor = tensor_new(number_tensor_type(kind), shape, error);
  if (tensor)
    number_convert(kind, bytes, numbers->stride, false, shape_count(shape), tensor->data);
  return tensor;
}

bool onnx_tensor_layout(const Onnx__TensorProto *proto, const char *name, const char *where, NumberKind *kind,
                        Shape *shape, GError **error) {
  TensorType type;
  if (!onnx_tensor_type(proto->data_type, &type)) {
    const char *element = onnx_element_name(proto->data_type);
    return input_error(error, "%s: tensor '%s' has elements of type %s, which is not supported", where, name,
                       element ? element : "that ONNX 1.12 does not know");
  }
  *kind = elements[proto->data_type].kind;
  return tensor_shape(proto, name, where, shape, error);
}

Tensor *onnx_tensor(Onnx__TensorProto *proto, const char *name, const char *where, GError **error) {
  Shape shape;
  NumberKind kind;
  if (!onnx_tensor_layout(proto, name, where, &kind, &shape, error))
    return NULL;
  if (proto->data_location == ONNX__TENSOR_PROTO__DATA_LOCATION__EXTERNAL) {
    input_error(error,
                "%s: the numbers of tensor '%s' lie in another file; only weights may; export the model "
                "again",
                where, name);
    return NULL;
  }
  size_t size = number_size(kind), count = (size_t)shape_count(&shape);
  Numbers numbers = typed_numbers(proto, elements[proto->data_type].field);
  if (proto->has_raw_data)
    numbers = (Numbers){proto->raw_data.len / size, size, (void **)&proto->raw_data.data};
  if (numbers.n != count || (proto->has_raw_data && proto->raw_data.len % size != 0)) {
    g_autofree char *text = shape_text(&shape);
    input_error(error, "%s: tensor '%s' of shape %s wants %zu numbers and has %zu; export the model again",
                where, name, text, count, numbers.n);
    return NULL;
  }
  return take_or_convert(&numbers, kind, &shape, error);
}

bool onnx_type_shape(const Onnx__TypeProto *type, Shape *shape) {
  *shape = (Shape){0};
  if (!type || type->value_case != ONNX__TYPE_PROTO__VALUE_TENSOR_TYPE || !type->tensor_type->shape ||
      type->tensor_type->shape->n_dim > TENSOR_MAX_RANK)
    return false;
  const Onnx__TensorShapeProto *proto = type->tensor_type->shape;
  shape->rank = (int)proto->n_dim;
  for (int i = 0; i < shape->rank; i++) {
    const Onnx__TensorShapeProto__Dimension *dim = proto->dim[i];
    bool known =
        dim->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE && dim->dim_value >= 0;
    shape->dim[i] = known ? dim->dim_value : -1;
  }
  return true;
}
