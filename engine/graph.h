/* A graph: values and the nodes that compute them, in the order in which they are computed.
 *
 * A value is a leaf (an input that is bound at each run, a frozen constant, a parameter that the optimiser
 * may write) or an output of a node.  "Frozen" needs no mode: a constant has no gradient, and nothing reads
 * one.
 *
 * Builders need no ifs: the first error is kept in the graph, everything after it returns VALUE_NONE, and
 * plan_new() reports it.  A graph belongs to one thread until it is planned; a Plan (plan.h) runs it. */
#pragma once

#include "engine/op.h"

typedef int ValueId;
#define VALUE_NONE 0

typedef enum { VALUE_INPUT, VALUE_CONSTANT, VALUE_PARAMETER, VALUE_COMPUTED } ValueKind;

typedef struct {
  char *name; /* the ONNX tensor's name, or the builder's; never NULL, may be "" */
  ValueKind kind;
  TensorType type; /* inputs, constants, parameters */
  Shape shape;     /* likewise; -1 in an input's shape: known when bound */
  Tensor *tensor;  /* constants and parameters: the numbers.  A parameter's may be written between runs */
} Value;

typedef struct {
  Node node;
  int n_inputs, n_outputs;
  ValueId *inputs; /* VALUE_NONE: left out */
  ValueId *outputs;
} GraphNode;

typedef struct _Graph {
  GPtrArray *values; /* Value *, index = ValueId; [0] is NULL */
  GPtrArray *nodes;  /* GraphNode *, each after those it reads */
  GArray *inputs;    /* ValueId of VALUE_INPUT leaves, in order */
  GArray *outputs;   /* ValueId, for a frozen model: its answers, in order */
  GError *error;     /* the first one */
} Graph;

Graph *graph_new(void);
void graph_free(Graph *graph);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Graph, graph_free)

ValueId graph_input(Graph *graph, const char *name, TensorType type, const Shape *shape);
/* Keeps a reference. */
ValueId graph_constant(Graph *graph, const char *name, Tensor *tensor);
/* Keeps a reference; the owner may write the numbers between runs, and asks a plan for its gradient. */
ValueId graph_parameter(Graph *graph, const char *name, Tensor *tensor);
/* A constant of rank 0 or of the given shape, all elements `number`. */
ValueId graph_fill(Graph *graph, const char *name, const Shape *shape, float number);

/* Adds a node with n_inputs inputs and one output called `name`.  Attributes are added to the node that
 * graph_last() returns.  An unknown op is an error that names it. */
ValueId graph_add(Graph *graph, const char *op, const char *name, int n_inputs, const ValueId *inputs);
/* The same with several outputs; the ids stand in outputs[]. */
void graph_add_many(Graph *graph, const char *op, const char *name, int n_inputs, const ValueId *inputs,
                    int n_outputs, const char *const *output_names, ValueId *outputs);
#define GRAPH_ADD(graph, op, name, ...)                                                                      \
  graph_add(graph, op, name, (int)(sizeof((ValueId[]){__VA_ARGS__}) / sizeof(ValueId)),                      \
            (ValueId[]){__VA_ARGS__})
Node *graph_last(Graph *graph);
void node_set_int(Node *node, const char *name, int64_t i);
void node_set_float(Node *node, const char *name, float f);
void node_set_text(Node *node, const char *name, const char *text);
void node_set_ints(Node *node, const char *name, int n, const int64_t *ints);
void node_set_floats(Node *node, const char *name, int n, const float *floats);
void node_set_tensor(Node *node, const char *name, Tensor *tensor); /* keeps a reference */

void graph_set_output(Graph *graph, ValueId value);
void graph_fail(Graph *graph, const char *format, ...) G_GNUC_PRINTF(2, 3);

const Value *graph_value(const Graph *graph, ValueId value);
/* The value of this name, VALUE_NONE when there is none. */
ValueId graph_find(const Graph *graph, const char *name);

/* Begins to copy `from` into `graph`: its inputs and leaves.  inputs[i], a value of `graph`, stands for the
 * i-th input of `from`.  Constants are shared, not copied.  Returns the map from ids of `from` to ids of
 * `graph`, in which the outputs of nodes are VALUE_NONE yet.  (transfer full) (element-type ValueId) */
GArray *graph_import_leaves(Graph *graph, const Graph *from, const ValueId *inputs);
/* One node of `from` with other inputs, values of `graph`; fills outputs[]. */
void graph_add_copy(Graph *graph, const Graph *from, const GraphNode *node, const ValueId *inputs,
                    ValueId *outputs);
