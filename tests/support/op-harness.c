#include "tests/support/op-harness.h"

#include "engine/graph.h"
#include "engine/ops/support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* "2x3"; *end is behind it. */
static Shape parse_shape(const char *text, const char **end) {
  Shape shape = {0};
  while (g_ascii_isdigit(*text)) {
    shape.dim[shape.rank++] = g_ascii_strtoll(text, (char **)&text, 10);
    if (*text == 'x')
      text++;
  }
  *end = text;
  return shape;
}

#define MOST_LISTED 256

/* "[1,2]" or "{1,2}": a tensor of rank 1, int64, or float32 where a number has a point; "[2x1:1,2]": of a
 * shape, 0 where no more numbers are listed. */
static Tensor *parse_list(const char *text) {
  int64_t ints[MOST_LISTED] = {0}, n = 0;
  float floats[MOST_LISTED] = {0};
  const char *p = text + 1;
  Shape shape = {0};
  bool shaped = strchr(text, ':') != NULL, real = strchr(text, '.') != NULL;
  if (shaped)
    shape = parse_shape(p, &p);
  p += shaped;
  while (*p != ']' && *p != '}') {
    g_assert_cmpint(n, <, MOST_LISTED);
    if (real)
      floats[n++] = (float)g_ascii_strtod(p, (char **)&p);
    else
      ints[n++] = g_ascii_strtoll(p, (char **)&p, 10);
    if (*p == ',')
      p++;
  }
  const Shape *all = shaped ? &shape : &SHAPE(n);
  g_assert_cmpint(shape_count(all), <=, MOST_LISTED);
  return real ? tensor_from_floats(all, floats) : tensor_from_ints(all, ints);
}

/* "?[1,0]" */
static Tensor *parse_truths(const char *text) {
  g_autoptr(Tensor) ints = parse_list(text + 1);
  Tensor *tensor = tensor_new(TENSOR_BOOL, &ints->shape, NULL);
  g_assert_nonnull(tensor);
  int64_t n = tensor_count(tensor);
  for (int64_t i = 0; i < n; i++)
    ((uint8_t *)tensor->data)[i] = tensor_ints(ints)[i] != 0;
  return tensor;
}

static Tensor *parse_number(const char *text) {
  Shape scalar = {0};
  float number = (float)g_ascii_strtod(text, NULL);
  int64_t whole = g_ascii_strtoll(text, NULL, 10);
  return strchr(text, '.') ? tensor_from_floats(&scalar, &number) : tensor_from_ints(&scalar, &whole);
}

static Tensor *parse_floats(const OpCase *c, int k, const char *text) {
  Shape shape = parse_shape(text, &text);
  Tensor *tensor = tensor_new(TENSOR_FLOAT32, &shape, NULL);
  g_assert_nonnull(tensor);
  int64_t n = tensor_count(tensor);
  for (int64_t i = 0; i < n; i++)
    tensor_floats(tensor)[i] = c->fill(k, i);
  return tensor;
}

static void parse_input(OpHarness *h, const char *text) {
  int k = h->n_inputs++;
  if (strcmp(text, "-") == 0)
    return;
  bool number = text[0] == '=', list = text[0] == '[' || text[0] == '{';
  bool truths = text[0] == '?';
  h->x[k] = list     ? parse_list(text)
            : truths ? parse_truths(text)
            : number ? parse_number(text + 1)
                     : parse_floats(&h->c, k, text);
  if (text[truths] == '[' || number || strchr(text, '!'))
    h->known |= 1u << k;
}

static void parse_attribute(Node *node, const char *text) {
  const char *value = strchr(text, '=') + 1;
  g_autofree char *name = g_strndup(text, (gsize)(value - 1 - text));
  if (value[0] == '[') {
    g_autoptr(Tensor) ints = parse_list(value);
    node_set_ints(node, name, (int)tensor_count(ints), tensor_ints(ints));
  } else if (value[strspn(value, "+-.0123456789e")]) {
    node_set_text(node, name, value);
  } else if (strchr(value, '.')) {
    node_set_float(node, name, (float)g_ascii_strtod(value, NULL));
  } else {
    node_set_int(node, name, g_ascii_strtoll(value, NULL, 10));
  }
}

static void make_node(OpHarness *h) {
  ValueId inputs[OP_MAX_INPUTS], outputs[OP_MAX_OUTPUTS];
  const char *names[OP_MAX_OUTPUTS] = {"y0", "y1", "y2", "y3"};
  h->graph = graph_new();
  for (int k = 0; k < h->n_inputs; k++)
    inputs[k] = h->x[k] ? graph_input(h->graph, "x", h->x[k]->type, &h->x[k]->shape) : VALUE_NONE;
  graph_add_many(h->graph, h->c.op, "node", h->n_inputs, inputs, h->n_outputs, names, outputs);
  g_assert_no_error(h->graph->error);
  h->node = graph_last(h->graph);
  h->node->activation = h->c.activation;
  g_auto(GStrv) attributes = g_strsplit(h->c.attributes, " ", -1);
  for (char **attribute = attributes; *attribute; attribute++)
    if (**attribute)
      parse_attribute(h->node, *attribute);
}

int64_t op_harness_place(const Tensor *tensor, int64_t i) {
  int64_t strides[TENSOR_MAX_RANK], place = 0;
  memory_strides(tensor, strides);
  for (int k = tensor->shape.rank - 1; k >= 0; k--) {
    place += i % tensor->shape.dim[k] * strides[k];
    i /= tensor->shape.dim[k];
  }
  return place;
}

/* The same numbers in the case's order. */
static void reorder(Tensor *x, TensorOrder order) {
  size_t size = tensor_type_size(x->type);
  g_autofree char *old = g_memdup2(x->data, tensor_bytes(x));
  x->order = order;
  int64_t n = tensor_count(x);
  for (int64_t i = 0; i < n; i++)
    memcpy((char *)x->data + op_harness_place(x, i) * (int64_t)size, old + i * (int64_t)size, size);
}

static bool infer(OpHarness *h, GError **error) {
  Tensor shapes[OP_MAX_INPUTS];
  const Tensor *x[OP_MAX_INPUTS];
  for (int k = 0; k < h->n_inputs; k++) {
    x[k] = h->x[k] ? &shapes[k] : NULL;
    if (!h->x[k])
      continue;
    shapes[k] = *h->x[k];
    if (!(h->known >> k & 1))
      shapes[k].data = NULL;
  }
  for (int k = 0; k < h->n_outputs; k++)
    h->y[k] = tensor_take(TENSOR_FLOAT32, &(Shape){0}, NULL, NULL, NULL);
  if (!h->node->op->infer(h->node, h->n_inputs, x, h->n_outputs, h->y, error))
    return false;
  bool last = h->c.order == ORDER_CHANNELS_LAST;
  for (int k = 0; k < h->n_outputs; k++)
    if (last && h->y[k]->shape.rank == h->x[0]->shape.rank)
      h->y[k]->order = h->c.order;
  if (strcmp(h->c.op, "Relayout") == 0)
    h->y[0]->order = (TensorOrder)node_int(h->node, "to", 0);
  if (h->node->op->prepare)
    h->prepared = h->node->op->prepare(h->node, h->n_inputs, x, h->y);
  return true;
}

static void fill_with_nan(void *data, size_t bytes) {
  memset(data, 0xff, bytes);
}

static void poison(const OpHarness *h, void *data, size_t bytes) {
  if (!h->unpoisoned)
    fill_with_nan(data, bytes);
}

static void allocate(Tensor *tensor) {
  size_t bytes = tensor_bytes(tensor);
  tensor->data = g_aligned_alloc0(1, MAX(bytes, 1), TENSOR_ALIGNMENT);
  fill_with_nan(tensor->data, bytes);
  tensor->owner = tensor->data;
  tensor->free_data = (GDestroyNotify)g_aligned_free;
}

static Tensor *gradient_like(const Tensor *tensor) {
  Tensor *gradient = tensor_take(tensor->type, &tensor->shape, NULL, NULL, NULL);
  gradient->order = tensor->order;
  allocate(gradient);
  return gradient;
}

static OpCall call_of(OpHarness *h) {
  return (OpCall){.node = h->node,
                  .prepared = h->prepared,
                  .n_inputs = h->n_inputs,
                  .n_outputs = h->n_outputs,
                  .x = (const Tensor *const *)h->x,
                  .y = h->y,
                  .dy = (const Tensor *const *)h->dy,
                  .dx = h->dx,
                  .scratch = h->scratch,
                  .scratch_bytes = h->scratch_bytes,
                  .pool = h->c.pool};
}

OpHarness *op_harness_new(const OpCase *c, GError **error) {
  OpHarness *h = g_new0(OpHarness, 1);
  h->c = *c;
  h->n_outputs = MAX(c->n_outputs, 1);
  g_auto(GStrv) inputs = g_strsplit(c->inputs, " ", -1);
  for (char **input = inputs; *input; input++)
    parse_input(h, *input);
  make_node(h);
  const Op *op = h->node->op;
  /* The order exists for ranks 3 to 5. */
  if (h->x[0]->shape.rank < 3 || h->x[0]->shape.rank > 5)
    h->c.order = ORDER_ROW_MAJOR;
  for (int k = 0; k < h->n_inputs; k++)
    if (h->c.order == ORDER_CHANNELS_LAST && h->x[k] && op->layout_inputs >> k & 1 &&
        h->x[k]->shape.rank == h->x[0]->shape.rank)
      reorder(h->x[k], h->c.order);
  if (!infer(h, error)) {
    op_harness_free(h);
    return NULL;
  }
  for (int k = 0; k < h->n_outputs; k++) {
    allocate(h->y[k]);
    if (h->y[k]->type == TENSOR_FLOAT32 && op->backward)
      h->dy[k] = gradient_like(h->y[k]);
  }
  for (int k = 0; k < h->n_inputs && op->backward; k++)
    if (h->x[k] && h->dy[0] && h->x[k]->type == TENSOR_FLOAT32 && !(h->known >> k & 1) &&
        !(op->no_gradient >> k & 1))
      h->dx[k] = gradient_like(h->x[k]);
  OpCall call = call_of(h);
  h->scratch_bytes = op->scratch ? (op->scratch(&call) + 63) & ~(size_t)63 : 0;
  h->saved_bytes = op->saved ? op->saved(&call) : 0;
  h->scratch = g_aligned_alloc0(1, MAX(h->scratch_bytes * (size_t)pool_workers(c->pool), 1), 64);
  h->saved = g_aligned_alloc0(1, MAX(h->saved_bytes, 1), 64);
  return h;
}

void op_harness_free(OpHarness *h) {
  if (h->node && h->node->op->release)
    h->node->op->release(h->prepared);
  for (int k = 0; k < h->n_inputs; k++) {
    tensor_unref(h->x[k]);
    tensor_unref(h->dx[k]);
  }
  for (int k = 0; k < h->n_outputs; k++) {
    tensor_unref(h->y[k]);
    tensor_unref(h->dy[k]);
  }
  g_aligned_free(h->scratch);
  g_aligned_free(h->saved);
  graph_free(h->graph);
  g_free(h);
}

void op_harness_forward(OpHarness *h, bool keep) {
  OpCall call = call_of(h);
  poison(h, h->scratch, h->scratch_bytes * (size_t)pool_workers(h->c.pool));
  poison(h, h->saved, h->saved_bytes);
  for (int k = 0; k < h->n_outputs; k++)
    poison(h, h->y[k]->data, tensor_bytes(h->y[k]));
  call.saved = keep && h->saved_bytes ? h->saved : NULL;
  h->node->op->forward(&call);
}

void op_harness_backward(OpHarness *h, unsigned wanted, bool accumulate) {
  if (wanted == 0)
    return;
  const Op *op = h->node->op;
  Tensor kept[OP_MAX_INPUTS + OP_MAX_OUTPUTS];
  const Tensor *x[OP_MAX_INPUTS];
  Tensor *y[OP_MAX_OUTPUTS], *dx[OP_MAX_INPUTS];
  unsigned keeps = op->keeps ? op->keeps(h->node, wanted) : 0;
  for (int k = 0; k < h->n_inputs; k++) {
    x[k] = h->x[k] ? &kept[k] : NULL;
    dx[k] = wanted >> k & 1 ? h->dx[k] : NULL;
    if (dx[k] && !(accumulate && k == 0))
      poison(h, dx[k]->data, tensor_bytes(dx[k]));
    if (!h->x[k])
      continue;
    kept[k] = *h->x[k];
    if (!(keeps & KEEP_INPUT(k)))
      kept[k].data = NULL;
  }
  for (int k = 0; k < h->n_outputs; k++) {
    y[k] = &kept[OP_MAX_INPUTS + k];
    *y[k] = *h->y[k];
    if (!(keeps & KEEP_OUTPUT(k)))
      y[k]->data = NULL;
  }
  OpCall call = call_of(h);
  poison(h, h->scratch, h->scratch_bytes * (size_t)pool_workers(h->c.pool));
  call.x = x;
  call.y = y;
  call.dx = dx;
  call.accumulate = accumulate;
  call.saved = h->saved_bytes ? h->saved : NULL;
  op->backward(&call);
}
