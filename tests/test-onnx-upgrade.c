/* Old forms of operators beside today's: one node, its numbers, and what must come out. */
#include "data/onnx.h"
#include "engine/plan.h"
#include "tests/support/tiny-onnx.h"

#include <string.h>

/* Inputs, separated by spaces: TYPE SHAPE:NUMBERS, where TYPE is one of the letters below and a shape of rank
 * 0 is empty.  The first is the graph's input, the others are frozen.  Attributes: name=3, name=0.5. */
typedef struct {
  const char *op;
  int opset;
  const char *inputs, *attributes, *expected;
} Form;

static const Form forms[] = {
    {"Add", 6, "f2x3x2:0,1,2,3,4,5,6,7,8,9,10,11 f3:10,20,30", "broadcast=1 axis=1",
     "10 11 22 23 34 35 16 17 28 29 40 41"},
    {"Add", 6, "f2x3:0,1,2,3,4,5 f3:10,20,30", "broadcast=1", "10 21 32 13 24 35"},
    {"Add", 7, "f2x3:0,1,2,3,4,5 f3:10,20,30", "", "10 21 32 13 24 35"},
    {"Sub", 6, "f2x2:0,1,2,3 f2:10,20", "broadcast=1 axis=0", "-10 -9 -18 -17"},
    {"Sub", 1, "f2x2:0,1,2,3 f2:10,20", "broadcast=1 axis=-2", "-10 -9 -18 -17"},
    {"Mul", 6, "f2x2:0,1,2,3 f2:10,20", "broadcast=1 axis=0", "0 10 40 60"},
    {"Div", 6, "f2x2:0,1,2,3 f2:1,2", "broadcast=1 axis=0", "0 1 1 1.5"},
    {"Pow", 6, "f2x2:1,2,3,4 f2:2,3", "broadcast=1 axis=0", "1 4 27 64"},
    {"Greater", 6, "f2x2:0,1,2,3 f2:0,2", "broadcast=1 axis=0", "0 1 0 1"},
    {"Less", 6, "f2x2:0,1,2,3 f2:1,3", "broadcast=1 axis=0", "1 0 1 0"},
    {"Equal", 6, "i2x2:0,1,2,3 i2:1,3", "broadcast=1 axis=0", "0 1 0 1"},
    {"And", 6, "t2x2:1,1,1,1 t2:1,0", "broadcast=1 axis=0", "1 1 0 0"},
    {"Or", 6, "t2x2:0,1,0,1 t2:1,0", "broadcast=1 axis=0", "1 1 0 1"},
    {"Xor", 6, "t2x2:0,1,0,1 t2:1,0", "broadcast=1 axis=0", "1 0 0 1"},
    {"PRelu", 6, "f1x2x2:-1,-2,-3,4 f2:2,3", "", "-2 -4 -9 4"},
    {"PRelu", 9, "f1x2x2:-1,-2,-3,4 f2:2,3", "", "-2 -6 -6 4"},
    {"PRelu", 6, "f1x2x2:-1,-2,-3,4 f1:2", "", "-2 -4 -6 4"},
    {"Selu", 1, "f2:1,2", "", "1.0507 2.1014"},
    {"Selu", 6, "f2:1,2", "", "1.050701 2.101402"},
    {"Clip", 6, "f3:-5,0,5", "min=-1.0 max=2.0", "-1 0 2"},
    {"Clip", 13, "f3:-5,0,5 f:-1 f:2", "", "-1 0 2"},
    {"Softmax", 11, "f1x2x2:0,0,0,0", "", "0.25 0.25 0.25 0.25"},
    {"Softmax", 13, "f1x2x2:0,0,0,0", "", "0.5 0.5 0.5 0.5"},
    {"QuantizeLinear", 13, "f4:-300,-1.5,1.5,300 f:1 b:0", "", "-128 -2 2 127"},
    {"QuantizeLinear", 13, "f4:-300,-1.5,1.5,300 f:1 B:3", "", "0 1 5 255"},
    {"QuantizeLinear", 13, "f4:-300,-1.5,1.5,300 f:1", "", "0 0 2 255"},
    {"QuantizeLinear", 13, "f2x2:1,-300,1,300 f2:1,2 b2:0,1", "axis=0", "1 -128 1 127"},
    {"DequantizeLinear", 13, "b4:-128,0,3,127 f:0.5 b:3", "", "-65.5 -1.5 0 62"},
    {"HardSigmoid", 1, "f3:-5,0,5", "alpha=0.5 beta=0.25", "0 0.25 1"},
    {"Mod", 10, "B2:7,200 B2:4,60", "", "3 20"},
};

typedef struct {
  char letter;
  int element;
  size_t size;
} Kind;

static const Kind kinds[] = {
    {'f', ONNX_FLOAT, 4}, {'i', ONNX_INT64, 8}, {'t', ONNX_BOOL, 1},
    {'b', ONNX_INT8, 1},  {'B', ONNX_UINT8, 1},
};

typedef struct {
  const Kind *kind;
  Shape shape;
  int64_t n;
  double numbers[16];
} Operand;

static Operand parse(const char *text) {
  Operand operand = {.kind = kinds};
  while (operand.kind->letter != *text)
    operand.kind++;
  for (text++; *text != ':'; text += *text == 'x')
    operand.shape.dim[operand.shape.rank++] = g_ascii_strtoll(text, (char **)&text, 10);
  for (; *text; operand.n++)
    operand.numbers[operand.n] = g_ascii_strtod(text + 1, (char **)&text);
  g_assert_cmpint(operand.n, ==, shape_count(&operand.shape));
  return operand;
}

/* As a file holds it. */
static void pack(const Operand *operand, uint8_t *bytes) {
  for (int64_t i = 0; i < operand->n; i++) {
    float real = (float)operand->numbers[i];
    int64_t whole = (int64_t)operand->numbers[i];
    memcpy(bytes + (size_t)i * operand->kind->size, operand->kind->letter == 'f' ? (void *)&real : &whole,
           operand->kind->size);
  }
}

static void set_attribute(GByteArray *node, const char *text) {
  const char *value = strchr(text, '=') + 1;
  g_autofree char *name = g_strndup(text, (gsize)(value - 1 - text));
  if (strchr(value, '.'))
    tiny_node_float(node, name, (float)g_ascii_strtod(value, NULL));
  else
    tiny_node_int(node, name, g_ascii_strtoll(value, NULL, 10));
}

static FrozenModel *load(const Form *form, Operand *first) {
  GByteArray *graph = g_byte_array_new();
  g_auto(GStrv) inputs = g_strsplit(form->inputs, " ", -1), settings = g_strsplit(form->attributes, " ", -1);
  g_autoptr(GString) names = g_string_new(NULL);
  for (int k = 0; inputs[k]; k++) {
    Operand operand = parse(inputs[k]);
    uint8_t bytes[128];
    char name[] = {(char)('a' + k), 0};
    int64_t dims[TENSOR_MAX_RANK + 1];
    memcpy(dims, operand.shape.dim, sizeof operand.shape.dim);
    dims[operand.shape.rank] = -1;
    pack(&operand, bytes);
    g_string_append_printf(names, "%s%s", k ? " " : "", name);
    if (k > 0)
      wire_part(
          graph, GRAPH_INITIALISER,
          tiny_tensor(name, operand.kind->element, dims, bytes, (size_t)operand.n * operand.kind->size));
    else
      wire_part(graph, GRAPH_INPUT, tiny_port(name, operand.kind->element, dims));
    if (k == 0)
      *first = operand;
  }
  GByteArray *node = tiny_node(form->op, "node", names->str, "y");
  for (char **setting = settings; *setting; setting++)
    if (**setting)
      set_attribute(node, *setting);
  wire_part(graph, GRAPH_NODE, node);
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){-1}));
  g_autoptr(GByteArray) file = tiny_model_of(graph, form->opset);
  g_autoptr(GError) error = NULL;
  FrozenModel *model = onnx_load_bytes(file->data, file->len, "old.onnx", &error);
  g_assert_no_error(error);
  return model;
}

static double number_at(const Tensor *tensor, int64_t i) {
  return tensor->type == TENSOR_FLOAT32 ? tensor_floats(tensor)[i]
         : tensor->type == TENSOR_INT64 ? (double)tensor_ints(tensor)[i]
                                        : ((uint8_t *)tensor->data)[i];
}

static void fill(Tensor *tensor, const Operand *operand) {
  for (int64_t i = 0; i < operand->n; i++)
    if (tensor->type == TENSOR_FLOAT32)
      tensor_floats(tensor)[i] = (float)operand->numbers[i];
    else if (tensor->type == TENSOR_INT64)
      tensor_ints(tensor)[i] = (int64_t)operand->numbers[i];
    else
      ((uint8_t *)tensor->data)[i] = operand->numbers[i] != 0;
}

static char *answer(const FrozenModel *model, const Operand *first) {
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan =
      plan_new(model->graph, &(PlanOptions){.input_shapes = &first->shape, .batch = 1}, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  fill(workspace_input(workspace, g_array_index(model->graph->inputs, ValueId, 0)), first);
  g_assert_true(workspace_forward(workspace, NULL));
  const Tensor *y = workspace_output(workspace, g_array_index(model->graph->outputs, ValueId, 0));
  GString *text = g_string_new(NULL);
  for (int64_t i = 0; i < tensor_count(y); i++)
    g_string_append_printf(text, "%s%.7g", i ? " " : "", number_at(y, i));
  return g_string_free(text, FALSE);
}

static void test_forms(void) {
  for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
    Operand first;
    g_test_message("%s, operator set %d, %s", forms[i].op, forms[i].opset, forms[i].inputs);
    g_autoptr(FrozenModel) model = load(&forms[i], &first);
    g_autofree char *text = answer(model, &first);
    g_assert_cmpstr(text, ==, forms[i].expected);
  }
}

/* A zero point that is computed: its type comes through the nodes before it. */
static void test_computed_type(void) {
  GByteArray *graph = g_byte_array_new(), *cast = tiny_node("Cast", "cast", "s", "z");
  const float scale = 1;
  tiny_node_int(cast, "to", ONNX_INT8);
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("s", ONNX_FLOAT, (int64_t[]){-1}, &scale, sizeof scale));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){2, -1}));
  wire_part(graph, GRAPH_NODE, cast);
  wire_part(graph, GRAPH_NODE, tiny_node("Identity", "same", "z", "zero"));
  wire_part(graph, GRAPH_NODE, tiny_node("QuantizeLinear", "node", "x s zero", "y"));
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_INT8, (int64_t[]){2, -1}));
  g_autoptr(GByteArray) file = tiny_model_of(graph, 13);
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load_bytes(file->data, file->len, "computed.onnx", &error);
  g_assert_no_error(error);
  g_autofree char *text = answer(model, &(Operand){.shape = SHAPE(2), .n = 2, .numbers = {-300, 300}});
  g_assert_cmpstr(text, ==, "-128 127");
}

/* The sum of 40 numbers side by side or added: the gradient reaches the last of them. */
static void check_many_inputs(const char *op) {
  const float one = 1;
  GByteArray *graph = g_byte_array_new();
  g_autoptr(GString) names = g_string_new(NULL);
  for (int i = 0; i < 39; i++)
    g_string_append(names, "c ");
  g_string_append(names, "x");
  GByteArray *node = tiny_node(op, "node", names->str, "y");
  if (strcmp(op, "Concat") == 0)
    tiny_node_int(node, "axis", 0);
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("c", ONNX_FLOAT, (int64_t[]){1, -1}, &one, sizeof one));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){1, -1}));
  wire_part(graph, GRAPH_NODE, node);
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){-1}));
  g_autoptr(GByteArray) file = tiny_model_of(graph, 13);
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load_bytes(file->data, file->len, "many.onnx", &error);
  g_assert_no_error(error);
  ValueId x = graph_find(model->graph, "x"), y = graph_find(model->graph, "y");
  PlanOptions options = {.batch = 1, .target = y, .gradients = (ValueId[]){x, VALUE_NONE}};
  g_autoptr(Plan) plan = plan_new(model->graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  *tensor_floats(workspace_input(workspace, x)) = 5;
  workspace_forward(workspace, NULL);
  const Tensor *out = workspace_output(workspace, y);
  int64_t last = tensor_count(out) - 1;
  g_assert_cmpint(last, ==, strcmp(op, "Concat") == 0 ? 39 : 0);
  g_assert_cmpfloat(tensor_floats(out)[last], ==, strcmp(op, "Sum") == 0 ? 44 : 5);
  for (int64_t i = 0; i <= last; i++)
    tensor_floats(workspace_seed(workspace))[i] = i == last ? 3 : 7;
  workspace_backward(workspace, NULL);
  g_assert_cmpfloat(*tensor_floats(workspace_gradient(workspace, x)), ==, 3);
}

static void test_many_inputs(void) {
  check_many_inputs("Concat");
  check_many_inputs("Max");
  check_many_inputs("Sum");
}

/* Reshape to sizes that are computed, in the way of PyTorch's dynamic exports: the number of axes is known
 * all the same, so that a softmax over the last of them stays as it is. */
static void test_computed_shape(void) {
  const int64_t zero = 0, two = 2;
  GByteArray *graph = g_byte_array_new();
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("i", ONNX_INT64, (int64_t[]){-1}, &zero, sizeof zero));
  wire_part(graph, GRAPH_INITIALISER, tiny_tensor("two", ONNX_INT64, (int64_t[]){1, -1}, &two, sizeof two));
  wire_part(graph, GRAPH_INPUT, tiny_port("x", ONNX_FLOAT, (int64_t[]){0, 4, -1}));
  GByteArray *list = tiny_node("Unsqueeze", "list", "batch", "first"),
             *sizes = tiny_node("Concat", "sizes", "first two two", "wanted"),
             *softmax = tiny_node("Softmax", "softmax", "z", "y");
  tiny_node_ints(list, "axes", (int64_t[]){0, G_MININT64});
  tiny_node_int(sizes, "axis", 0);
  tiny_node_int(softmax, "axis", 2);
  wire_part(graph, GRAPH_NODE, tiny_node("Shape", "shape", "x", "s"));
  wire_part(graph, GRAPH_NODE, tiny_node("Gather", "batch", "s i", "batch"));
  wire_part(graph, GRAPH_NODE, list);
  wire_part(graph, GRAPH_NODE, sizes);
  wire_part(graph, GRAPH_NODE, tiny_node("Reshape", "reshape", "x wanted", "z"));
  wire_part(graph, GRAPH_NODE, softmax);
  wire_part(graph, GRAPH_OUTPUT, tiny_port("y", ONNX_FLOAT, (int64_t[]){0, 2, 2, -1}));
  g_autoptr(GByteArray) file = tiny_model_of(graph, 11);
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = onnx_load_bytes(file->data, file->len, "shape.onnx", &error);
  g_assert_no_error(error);
  const GraphNode *last = g_ptr_array_index(model->graph->nodes, model->graph->nodes->len - 1);
  g_assert_cmpstr(last->node.op->name, ==, "Softmax");
  g_autofree char *text = answer(model, &(Operand){.shape = SHAPE(1, 4), .n = 4, .numbers = {1, 1, 2, 2}});
  g_assert_cmpstr(text, ==, "0.5 0.5 0.5 0.5");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/onnx-upgrade/forms", test_forms);
  g_test_add_func("/onnx-upgrade/computed-type", test_computed_type);
  g_test_add_func("/onnx-upgrade/many-inputs", test_many_inputs);
  g_test_add_func("/onnx-upgrade/computed-shape", test_computed_shape);
  return g_test_run();
}
