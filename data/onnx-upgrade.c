#include "data/onnx-upgrade.h"

#include "data/onnx-internal.h"
#include "engine/error.h"
#include "engine/plan.h"

#include "onnx.pb-c.h"

#include <string.h>

typedef Onnx__AttributeProto Proto;

typedef struct {
  const char *op;                                 /* as the file calls it */
  int below;                                      /* the first operator set in which the rule does not hold */
  const char *lost;                               /* attributes that are not copied, between spaces */
  bool (*inputs)(OnnxNode *node, GError **error); /* may be NULL */
  bool (*attributes)(const OnnxNode *node, Node *added, GError **error); /* may be NULL */
} Rule;

static const Proto *find(const OnnxNode *node, const char *name) {
  for (size_t i = 0; i < node->proto->n_attribute; i++)
    if (g_strcmp0(node->proto->attribute[i]->name, name) == 0)
      return node->proto->attribute[i];
  return NULL;
}

static int64_t find_int(const OnnxNode *node, const char *name, int64_t otherwise) {
  const Proto *attribute = find(node, name);
  return attribute ? attribute->i : otherwise;
}

static bool refuse(const OnnxNode *node, GError **error, const char *why) {
  return input_error(error, "%s: node '%s' (%s, operator set %d) %s; export the model for operator set 13",
                     node->where, onnx_node_name(node->proto), node->proto->op_type, node->opset, why);
}

/* Lets the axes of the second input begin at `axis` of the first: ones are put behind them. */
static bool align_second(OnnxNode *node, int64_t axis, GError **error) {
  int rank = onnx_rank(node, node->inputs[0]), second = onnx_rank(node, node->inputs[1]);
  if (rank < 0 || second < 0)
    return refuse(node, error, "broadcasts along an axis of tensors whose number of axes is not known");
  axis += axis < 0 ? rank : 0;
  if (axis < 0 || axis + second > rank)
    return refuse(node, error, "broadcasts along an axis that is not there");
  int64_t axes[TENSOR_MAX_RANK];
  int n = 0;
  for (int i = (int)axis + second; i < rank; i++, n++)
    axes[n] = second + n;
  if (n == 0)
    return true;
  g_autoptr(Tensor) list = tensor_from_ints(&SHAPE(n), axes);
  ValueId constant = graph_constant(node->graph, "axes", list);
  node->inputs[1] =
      GRAPH_ADD(node->graph, "Unsqueeze", onnx_node_name(node->proto), node->inputs[1], constant);
  return true;
}

/* broadcast, axis: the second input's axes fit to those of the first from `axis` on, by default to its last.
 */
static bool broadcast(OnnxNode *node, GError **error) {
  const Proto *axis = find(node, "axis");
  bool given = axis && find_int(node, "broadcast", 0) != 0 && node->n_inputs == 2;
  return !given || !node->inputs[0] || !node->inputs[1] || align_second(node, axis->i, error);
}

/* A slope for each channel. */
static bool slopes(OnnxNode *node, GError **error) {
  if (node->n_inputs != 2 || !node->inputs[0] || onnx_rank(node, node->inputs[1]) != 1 ||
      onnx_rank(node, node->inputs[0]) < 2)
    return true;
  const Value *slope = graph_value(node->graph, node->inputs[1]);
  bool one = slope->kind != VALUE_COMPUTED && slope->shape.dim[0] == 1;
  return one || align_second(node, 1, error);
}

/* The axes from `axis` (1) on as one. */
static bool flatten_rest(OnnxNode *node, GError **error) {
  int64_t axis = find_int(node, "axis", 1);
  if (node->n_inputs != 1 || !node->inputs[0] || axis == -1 || axis == onnx_rank(node, node->inputs[0]) - 1)
    return true;
  const char *name = onnx_node_name(node->proto);
  node->shape = GRAPH_ADD(node->graph, "Shape", name, node->inputs[0]);
  node->inputs[0] = GRAPH_ADD(node->graph, "Flatten", name, node->inputs[0]);
  if (node->inputs[0])
    node_set_int(graph_last(node->graph), "axis", axis);
  return true;
}

static bool last_axis(const OnnxNode *node, Node *added, GError **error) {
  node_set_int(added, "axis", -1);
  return true;
}

static bool needs_evaluation(OnnxNode *node, GError **error) {
  return find_int(node, "is_test", 0) != 0 || node->proto->n_output == 1 ||
         refuse(node, error, "is in training mode");
}

static bool needs_channels(OnnxNode *node, GError **error) {
  return (find_int(node, "spatial", 1) != 0 || refuse(node, error, "has statistics for each pixel")) &&
         (node->opset >= 7 || needs_evaluation(node, error));
}

/* Resize 10 and Upsample have (x, scales), today's Resize (x, roi, scales). */
static bool scales_third(OnnxNode *node, GError **error) {
  const Proto *height = find(node, "height_scale"), *width = find(node, "width_scale");
  if (height && width) {
    g_autoptr(Tensor) scales = tensor_from_floats(&SHAPE(4), (float[]){1, 1, height->f, width->f});
    node->inputs[1] = graph_constant(node->graph, "scales", scales);
    node->n_inputs = 2;
  }
  if (node->n_inputs != 2)
    return refuse(node, error, "has no scales");
  node->inputs[2] = node->inputs[1];
  node->inputs[1] = VALUE_NONE;
  node->n_inputs = 3;
  return true;
}

static bool resize_like_upsample(const OnnxNode *node, Node *added, GError **error) {
  const Proto *mode = find(node, "mode");
  bool nearest = !mode || (mode->s.len == 7 && memcmp(mode->s.data, "nearest", 7) == 0);
  node_set_text(added, "mode", nearest ? "nearest" : "linear");
  node_set_text(added, "coordinate_transformation_mode", "asymmetric");
  node_set_text(added, "nearest_mode", "floor");
  return true;
}

/* The range of the results was that of the zero point's type. */
static bool quantised_type(const OnnxNode *node, Node *added, GError **error) {
  int element = node->n_inputs > 2 ? onnx_element(node->elements, node->inputs[2]) : 0;
  if (element != 0 && !node_attribute(added, "output_dtype"))
    node_set_int(added, "output_dtype", element);
  return true;
}

/* The constants were rounded to four places. */
static bool selu_constants(const OnnxNode *node, Node *added, GError **error) {
  if (!node_attribute(added, "alpha"))
    node_set_float(added, "alpha", 1.6732f);
  if (!node_attribute(added, "gamma"))
    node_set_float(added, "gamma", 1.0507f);
  return true;
}

static bool concat_axis(const OnnxNode *node, Node *added, GError **error) {
  if (!node_attribute(added, "axis"))
    node_set_int(added, "axis", 1);
  return true;
}

/* The type by its name in ONNX's messages. */
static bool cast_by_name(const OnnxNode *node, Node *added, GError **error) {
  static const char *const names[] = {"",      "FLOAT", "UINT8", "INT8",    "UINT16", "INT16",  "INT32",
                                      "INT64", "",      "BOOL",  "FLOAT16", "DOUBLE", "UINT32", "UINT64"};
  const Proto *to = find(node, "to");
  for (guint i = 1; to && i < G_N_ELEMENTS(names); i++)
    if (*names[i] && to->s.len == strlen(names[i]) && memcmp(to->s.data, names[i], to->s.len) == 0) {
      node_set_int(added, "to", i);
      return true;
    }
  return refuse(node, error, "casts to a type that is not supported");
}

#define BROADCASTS(NAME)                                                                                     \
  { NAME, 7, " axis broadcast consumed_inputs ", broadcast, NULL }

static const Rule rules[] = {
    BROADCASTS("Add"),
    BROADCASTS("And"),
    BROADCASTS("Div"),
    BROADCASTS("Equal"),
    BROADCASTS("Greater"),
    BROADCASTS("Less"),
    BROADCASTS("Mul"),
    BROADCASTS("Or"),
    BROADCASTS("Pow"),
    BROADCASTS("Sub"),
    BROADCASTS("Xor"),
    {"BatchNormalization", 9, " consumed_inputs is_test spatial ", needs_channels, NULL},
    {"Cast", 6, " to ", NULL, cast_by_name},
    {"Concat", 4, " ", NULL, concat_axis},
    {"Dropout", 7, " consumed_inputs is_test ", needs_evaluation, NULL},
    {"Gemm", 7, " broadcast ", NULL, NULL},
    {"Hardmax", 13, " axis ", flatten_rest, last_axis},
    {"LogSoftmax", 13, " axis ", flatten_rest, last_axis},
    {"PRelu", 7, " consumed_inputs ", slopes, NULL},
    {"QuantizeLinear", G_MAXINT, " ", NULL, quantised_type},
    {"Resize", 11, " mode ", scales_third, resize_like_upsample},
    {"Selu", 6, " consumed_inputs ", NULL, selu_constants},
    {"Softmax", 13, " axis ", flatten_rest, last_axis},
    {"Upsample", G_MAXINT, " height_scale mode width_scale ", scales_third, resize_like_upsample},
};

static const Rule *find_rule(const Onnx__NodeProto *proto, int opset) {
  for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
    if (opset < rules[i].below && strcmp(rules[i].op, proto->op_type) == 0)
      return &rules[i];
  return NULL;
}

const char *onnx_operator_today(const char *name) {
  static const char *const renamed[][2] = {{"Scatter", "ScatterElements"}, {"Upsample", "Resize"}};
  for (guint i = 0; i < G_N_ELEMENTS(renamed); i++)
    if (strcmp(name, renamed[i][0]) == 0)
      return renamed[i][1];
  return name;
}

/* Gradients pass to the first 32 inputs of a node, so the first of more become a node of their own. */
static void gather_inputs(OnnxNode *node) {
  static const char *const associative[] = {"Concat", "Max", "Min", "Sum", NULL};
  while (node->n_inputs > PLAN_GRADIENT_INPUTS && g_strv_contains(associative, node->op)) {
    int rest = node->n_inputs - PLAN_GRADIENT_INPUTS;
    node->inputs[0] =
        graph_add(node->graph, node->op, onnx_node_name(node->proto), PLAN_GRADIENT_INPUTS, node->inputs);
    if (!node->inputs[0])
      return;
    if (strcmp(node->op, "Concat") == 0)
      node_set_int(graph_last(node->graph), "axis", find_int(node, "axis", 1));
    memmove(node->inputs + 1, node->inputs + PLAN_GRADIENT_INPUTS, sizeof(ValueId) * (size_t)rest);
    node->n_inputs = 1 + rest;
  }
}

bool onnx_upgrade_inputs(OnnxNode *node, GError **error) {
  const Rule *rule = find_rule(node->proto, node->opset);
  if (rule && rule->inputs && !rule->inputs(node, error))
    return false;
  gather_inputs(node);
  return true;
}

bool onnx_upgrade_replaces(const Onnx__NodeProto *proto, int opset, const char *attribute) {
  const Rule *rule = find_rule(proto, opset);
  g_autofree char *word = g_strdup_printf(" %s ", attribute ? attribute : "");
  return rule && attribute && *attribute && strstr(rule->lost, word);
}

bool onnx_upgrade_attributes(const OnnxNode *node, Node *added, GError **error) {
  const Rule *rule = find_rule(node->proto, node->opset);
  return !rule || !rule->attributes || rule->attributes(node, added, error);
}
