#include "tests/support/onnx-tensor-file.h"

#include "data/file.h"
#include "data/number.h"
#include "data/onnx-internal.h"
#include "data/onnx-wire.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#define BUDGET_FACTOR 9 /* a byte of a packed list may become a number of 8 */
#define BUDGET_BASE   ((size_t)1 << 20)

Tensor *onnx_read_tensor(const char *path, const char **element, GError **error) {
  g_autoptr(GMappedFile) map = file_map(path, error);
  if (!map)
    return NULL;
  const void *bytes = g_mapped_file_get_contents(map);
  size_t size = g_mapped_file_get_length(map);
  if (!wire_check(&onnx__tensor_proto__descriptor, bytes, size, path, error))
    return NULL;
  OnnxMemory memory;
  onnx_memory_init(&memory, BUDGET_FACTOR * size + BUDGET_BASE);
  Onnx__TensorProto *proto = onnx__tensor_proto__unpack(&memory.allocator, size, bytes);
  if (!proto) {
    input_error(error, "%s is no ONNX tensor or is damaged; fetch it again", path);
    return NULL;
  }
  Tensor *tensor = onnx_tensor(proto, "", path, error);
  if (tensor && element)
    *element = onnx_element_name(proto->data_type);
  onnx__tensor_proto__free_unpacked(proto, &memory.allocator);
  return tensor;
}

void onnx_round_to(Tensor *tensor, const char *element) {
  int number = onnx_element_number(element);
  TensorType type;
  if (number >= 0 && onnx_tensor_type(number, &type) && type == tensor->type)
    number_round(onnx_element_kind(number), tensor_count(tensor), tensor->data);
}
