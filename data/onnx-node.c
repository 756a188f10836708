#include "data/onnx-internal.h"
#include "data/onnx-upgrade.h"
#include "engine/error.h"

#include "onnx.pb-c.h"

#include <string.h>

#define MAX_ATTRIBUTES 64
#define MAX_NUMBERS    (1 << 24) /* in one attribute */

typedef Onnx__AttributeProto Proto;

const char *onnx_node_name(const Onnx__NodeProto *node) {
  if (node->name && *node->name)
    return node->name;
  return node->n_output > 0 && node->output[0] ? node->output[0] : "";
}

bool onnx_has_operator(const char *op) {
  static const char *const own[] = {"Attention", "CrossEntropy", "Linear", "Relayout", NULL};
  return op_find(op) && !g_strv_contains(own, op);
}

bool onnx_node_supported(const Onnx__NodeProto *node, const char **reason) {
  const char *unused;
  reason = reason ? reason : &unused;
  const char *op = node->op_type ? node->op_type : "";
  for (size_t i = 0; i < node->n_attribute; i++)
    if (node->attribute[i]->g || node->attribute[i]->n_graphs > 0) {
      *reason = "has a graph inside, which is not supported";
      return false;
    }
  bool own = !node->domain || !*node->domain || strcmp(node->domain, "ai.onnx") == 0;
  *reason = "is not supported";
  return own && (strcmp(op, "Constant") == 0 || onnx_has_operator(onnx_operator_today(op)));
}

static bool set_float(Node *node, Proto *proto, const char *where, GError **error) {
  node_set_float(node, proto->name, proto->f);
  return true;
}

static bool set_int(Node *node, Proto *proto, const char *where, GError **error) {
  node_set_int(node, proto->name, proto->i);
  return true;
}

static bool set_text(Node *node, Proto *proto, const char *where, GError **error) {
  g_autofree char *text = proto->s.len ? g_strndup((const char *)proto->s.data, proto->s.len) : g_strdup("");
  g_autofree char *visible = g_utf8_validate(text, -1, NULL) ? NULL : text_one_line(text);
  node_set_text(node, proto->name, visible ? visible : text);
  return true;
}

static bool set_tensor(Node *node, Proto *proto, const char *where, GError **error) {
  if (!proto->t)
    return input_error(error, "%s: attribute '%s' of node '%s' is empty; export the model again", where,
                       proto->name, node->name);
  g_autoptr(Tensor) tensor = onnx_tensor(proto->t, proto->name, where, error);
  if (tensor)
    node_set_tensor(node, proto->name, tensor);
  return tensor != NULL;
}

static bool set_floats(Node *node, Proto *proto, const char *where, GError **error) {
  node_set_floats(node, proto->name, (int)proto->n_floats, proto->floats);
  return true;
}

static bool set_ints(Node *node, Proto *proto, const char *where, GError **error) {
  node_set_ints(node, proto->name, (int)proto->n_ints, proto->ints);
  return true;
}

/* By number of AttributeProto.AttributeType; the others are not supported. */
static bool (*const setters[])(Node *node, Proto *proto, const char *where, GError **error) = {
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT] = set_float,
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT] = set_int,
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__STRING] = set_text,
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__TENSOR] = set_tensor,
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS] = set_floats,
    [ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INTS] = set_ints,
};

/* Attributes that became inputs, with the first operator set that has them so (ONNX Changelog). */
typedef struct {
  const char *op, *attribute;
  int input, since;
} Moved;

static const Moved moved[] = {
    {"Clip", "min", 1, 11},       {"Clip", "max", 2, 11},       {"Pad", "pads", 1, 11},
    {"Pad", "value", 2, 11},      {"Slice", "starts", 1, 10},   {"Slice", "ends", 2, 10},
    {"Slice", "axes", 3, 10},     {"Squeeze", "axes", 1, 13},   {"Split", "split", 1, 13},
    {"Unsqueeze", "axes", 1, 13}, {"ReduceSum", "axes", 1, 13}, {"Dropout", "ratio", 1, 12},
    {"Pad", "paddings", 1, 2},    {"Reshape", "shape", 1, 5},   {"TopK", "k", 1, 10},
    {"Upsample", "scales", 1, 9},
};

/* The row for an attribute of a node that an operator set has as an attribute still; NULL: none. */
static const Moved *find_moved(const Onnx__NodeProto *node, const Proto *attribute, int opset) {
  for (guint row = 0; row < G_N_ELEMENTS(moved); row++)
    if (opset < moved[row].since && strcmp(moved[row].op, node->op_type) == 0 &&
        g_strcmp0(attribute->name, moved[row].attribute) == 0)
      return &moved[row];
  return NULL;
}

bool onnx_node_attributes(Onnx__NodeProto *proto, int opset, Node *node, const char *where, GError **error) {
  if (proto->n_attribute > MAX_ATTRIBUTES)
    return input_error(error, "%s: node '%s' has %zu attributes; at most %d are supported", where, node->name,
                       proto->n_attribute, MAX_ATTRIBUTES);
  for (size_t i = 0; i < proto->n_attribute; i++) {
    Proto *attribute = proto->attribute[i];
    int type = (int)attribute->type;
    if (find_moved(proto, attribute, opset) || onnx_upgrade_replaces(proto, opset, attribute->name))
      continue;
    if (!attribute->name || node_attribute(node, attribute->name))
      return input_error(
          error,
          "%s: node '%s' has an attribute without a name or with the name of another; export the model again",
          where, node->name);
    if (type < 0 || type >= (int)G_N_ELEMENTS(setters) || !setters[type] ||
        attribute->n_floats > MAX_NUMBERS || attribute->n_ints > MAX_NUMBERS)
      return input_error(error, "%s: attribute '%s' of node '%s' (%s) is of a kind that is not supported",
                         where, attribute->name, node->name, proto->op_type);
    if (!setters[type](node, attribute, where, error))
      return false;
  }
  return true;
}

/* An empty list has no pointer. */
static Tensor *floats_tensor(const Proto *attribute) {
  return tensor_from_floats(&SHAPE((int64_t)attribute->n_floats),
                            attribute->n_floats ? attribute->floats : &attribute->f);
}

static Tensor *ints_tensor(const Proto *attribute) {
  return tensor_from_ints(&SHAPE((int64_t)attribute->n_ints),
                          attribute->n_ints ? attribute->ints : &attribute->i);
}

Tensor *onnx_node_constant(Onnx__NodeProto *proto, const char *where, GError **error) {
  const char *name = onnx_node_name(proto);
  Proto *attribute = proto->n_attribute == 1 ? proto->attribute[0] : NULL;
  const char *key = attribute && attribute->name ? attribute->name : "";
  if (strcmp(key, "value") == 0 && attribute->t)
    return onnx_tensor(attribute->t, name, where, error);
  if (strcmp(key, "value_float") == 0)
    return tensor_from_floats(&SHAPE(), &attribute->f);
  if (strcmp(key, "value_int") == 0)
    return tensor_from_ints(&SHAPE(), &attribute->i);
  if (strcmp(key, "value_floats") == 0)
    return floats_tensor(attribute);
  if (strcmp(key, "value_ints") == 0)
    return ints_tensor(attribute);
  input_error(error, "%s: Constant node '%s' holds no tensor or number; other constants are not supported",
              where, name);
  return NULL;
}

/* What was one float becomes a number, and what was one integer a list of one. */
static Tensor *moved_tensor(const Proto *attribute) {
  switch (attribute->type) {
  case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOAT:
    return tensor_from_floats(&SHAPE(), &attribute->f);
  case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__FLOATS:
    return floats_tensor(attribute);
  case ONNX__ATTRIBUTE_PROTO__ATTRIBUTE_TYPE__INT:
    return tensor_from_ints(&SHAPE(1), &attribute->i);
  default:
    return ints_tensor(attribute);
  }
}

void onnx_node_upgrade(const Onnx__NodeProto *proto, int opset, Graph *graph, ValueId *inputs,
                       int *n_inputs) {
  for (size_t i = 0; i < MIN(proto->n_attribute, MAX_ATTRIBUTES); i++) {
    const Proto *attribute = proto->attribute[i];
    const Moved *row = find_moved(proto, attribute, opset);
    if (!row)
      continue;
    g_autoptr(Tensor) tensor = moved_tensor(attribute);
    while (*n_inputs <= row->input)
      inputs[(*n_inputs)++] = VALUE_NONE;
    inputs[row->input] = graph_constant(graph, row->attribute, tensor);
  }
}
