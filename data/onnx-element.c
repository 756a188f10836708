#include "data/onnx-internal.h"
#include "data/onnx-upgrade.h"

#include "onnx.pb-c.h"

#include <string.h>

#define UINT8_NUMBER ONNX__TENSOR_PROTO__DATA_TYPE__UINT8

int onnx_element(const GArray *elements, ValueId id) {
  return id > VALUE_NONE && (guint)id < elements->len ? g_array_index(elements, int, id) : 0;
}

void onnx_note_element(GArray *elements, ValueId id, int element) {
  int unknown = 0;
  while (elements->len <= (guint)id)
    g_array_append_val(elements, unknown);
  g_array_index(elements, int, id) = element;
}

void onnx_note_elements(const OnnxNode *node, const Node *added, int n_outputs, const ValueId *outputs) {
  int first = node->n_inputs > 0 ? onnx_element(node->elements, node->inputs[0]) : 0;
  if (strcmp(node->op, "Cast") == 0)
    first = (int)node_int(added, "to", 0);
  else if (strcmp(node->op, "CastLike") == 0 && node->n_inputs > 1)
    first = onnx_element(node->elements, node->inputs[1]);
  else if (strcmp(node->op, "QuantizeLinear") == 0)
    first = (int)node_int(added, "output_dtype", UINT8_NUMBER);
  else if (strcmp(node->op, "DynamicQuantizeLinear") == 0)
    first = UINT8_NUMBER;
  for (int i = 0; i < n_outputs; i++)
    onnx_note_element(node->elements, outputs[i], first);
}
