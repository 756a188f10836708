#include "engine/passes/match.h"

#include "engine/plan.h"

#include <math.h>
#include <string.h>

static void note_trial(Match *match, const Plan *plan, int trial) {
  match->trials[trial] = g_new0(Trial, match->n_values);
  for (guint i = 1; i < match->n_values; i++) {
    const Tensor *tensor = plan_value(plan, (ValueId)i);
    Trial *to = &match->trials[trial][i];
    *to = (Trial){.type = tensor->type, .shape = tensor->shape};
    to->has_number = tensor->data && tensor_count(tensor) == 1 && tensor->type != TENSOR_BOOL &&
                     graph_value(match->graph, (ValueId)i)->kind != VALUE_PARAMETER;
    if (to->has_number)
      to->number = tensor->type == TENSOR_INT64 ? (float)*tensor_ints(tensor) : *tensor_floats(tensor);
  }
}

/* Two sizes of the batch, so that an axis of one is not taken for it; a graph that holds for one picture only
 * gets one trial. */
static bool run_trials(Match *match) {
  static const int batches[2][MATCH_TRIALS] = {{2, 3}, {1, 0}};
  for (int k = 0; k < 2; k++) {
    match->n_trials = 0;
    for (int i = 0; i < MATCH_TRIALS && batches[k][i]; i++) {
      PlanOptions options = {.batch = batches[k][i], .shapes_only = true};
      g_autoptr(Plan) plan = plan_new(match->graph, &options, NULL);
      if (!plan)
        break;
      g_free(match->trials[i]);
      note_trial(match, plan, i);
      match->n_trials++;
      if (i + 1 == MATCH_TRIALS || !batches[k][i + 1])
        return true;
    }
  }
  return false;
}

static int *readers_of(const Match *match, ValueId value) {
  return &g_array_index(match->readers, int, value);
}

static GraphNode *producer_of(const Match *match, ValueId value) {
  return g_ptr_array_index(match->producers, value);
}

Match *match_new(Graph *graph) {
  Match *match = g_new0(Match, 1);
  match->graph = graph;
  match->n_values = graph->values->len;
  match->producers = g_ptr_array_new();
  match->readers = g_array_new(FALSE, TRUE, sizeof(int));
  g_ptr_array_set_size(match->producers, (int)match->n_values);
  g_array_set_size(match->readers, match->n_values);
  if (!run_trials(match)) {
    match_free(match);
    return NULL;
  }
  for (guint k = 0; k < graph->nodes->len; k++) {
    GraphNode *node = g_ptr_array_index(graph->nodes, k);
    for (int i = 0; i < node->n_outputs; i++)
      g_ptr_array_index(match->producers, node->outputs[i]) = node;
    for (int i = 0; i < node->n_inputs; i++)
      ++*readers_of(match, node->inputs[i]);
  }
  for (guint i = 0; i < graph->outputs->len; i++)
    ++*readers_of(match, g_array_index(graph->outputs, ValueId, i));
  return match;
}

void match_free(Match *match) {
  if (!match)
    return;
  for (int i = 0; i < MATCH_TRIALS; i++)
    g_free(match->trials[i]);
  g_ptr_array_unref(match->producers);
  g_array_unref(match->readers);
  g_free(match);
}

bool match_is_there(const Match *match, const GraphNode *node) {
  return node->n_outputs == 0 || producer_of(match, node->outputs[0]) == node;
}

void match_sweep(Match *match) {
  GPtrArray *nodes = match->graph->nodes, *gone = g_ptr_array_new();
  gsize n = 0;
  g_autofree gpointer *all = g_ptr_array_steal(nodes, &n);
  for (gsize k = 0; k < n; k++)
    g_ptr_array_add(match_is_there(match, all[k]) ? nodes : gone, all[k]);
  int left = (int)nodes->len;
  g_ptr_array_extend(nodes, gone, NULL, NULL);
  g_ptr_array_set_size(nodes, left);
  g_ptr_array_unref(gone);
}

void match_start(Match *match) {
  match->n_nodes = 0;
  match->full = false;
}

static void record(Match *match, const GraphNode *node) {
  for (int i = 0; i < match->n_nodes; i++)
    if (match->nodes[i] == node)
      return;
  if (match->n_nodes < MATCH_NODES)
    match->nodes[match->n_nodes++] = node;
  else
    match->full = true;
}

static bool is_no_op(const Match *match, const GraphNode *node) {
  const char *op = node->node.op->name;
  if (strcmp(op, "Cast") == 0) {
    const Trial *from = match_trial(match, node->inputs[0], 0), *to = match_trial(match, node->outputs[0], 0);
    return from && to && from->type == to->type && from->type == TENSOR_FLOAT32;
  }
  /* Dropout's second output, which masks, is often there and read by nobody. */
  for (int i = 1; i < node->n_outputs; i++)
    if (*readers_of(match, node->outputs[i]) > 0)
      return false;
  return strcmp(op, "Identity") == 0 || strcmp(op, "Dropout") == 0;
}

#define MOST_NO_OPS 8 /* one behind the other */

ValueId match_through(Match *match, ValueId value) {
  for (int i = 0; i < MOST_NO_OPS; i++) {
    const GraphNode *node = producer_of(match, value);
    if (!node || !is_no_op(match, node))
      break;
    value = node->inputs[0];
  }
  return value;
}

GraphNode *match_node(Match *match, ValueId value, const char *op) {
  GraphNode *found = producer_of(match, match_through(match, value));
  if (!found || strcmp(found->node.op->name, op) != 0)
    return NULL;
  for (GraphNode *node = producer_of(match, value); node != found; node = producer_of(match, node->inputs[0]))
    record(match, node);
  record(match, found);
  return found;
}

bool match_same(Match *match, ValueId a, ValueId b) {
  return match_through(match, a) == match_through(match, b);
}

const Trial *match_trial(const Match *match, ValueId value, int i) {
  return value > 0 && (guint)value < match->n_values && i < match->n_trials ? &match->trials[i][value] : NULL;
}

bool match_number(Match *match, ValueId value, float *number) {
  for (int i = 0; i < match->n_trials; i++) {
    const Trial *trial = match_trial(match, value, i);
    if (!trial || !trial->has_number || (i > 0 && trial->number != *number))
      return false;
    *number = trial->number;
  }
  return true;
}

bool match_near(double found, double number) {
  return fabs(found - number) <= 1e-6 * fabs(number);
}

bool match_is(Match *match, ValueId value, float number) {
  float found;
  return match_number(match, value, &found) && match_near(found, number);
}

bool match_same_shape(const Match *match, ValueId a, ValueId b) {
  for (int i = 0; i < match->n_trials; i++) {
    const Trial *p = match_trial(match, a, i), *q = match_trial(match, b, i);
    if (!p || !q || p->type != q->type || !shape_equal(&p->shape, &q->shape))
      return false;
  }
  return true;
}

bool match_with_number(Match *match, const GraphNode *node, ValueId *other, float *number) {
  for (int side = 1; side >= 0 && node->n_inputs == 2; side--)
    if (match_number(match, node->inputs[side], number)) {
      *other = node->inputs[1 - side];
      return true;
    }
  return false;
}

static int reads(const GraphNode *node, ValueId value) {
  int n = 0;
  for (int k = 0; k < node->n_inputs; k++)
    n += node->inputs[k] == value;
  return n;
}

/* Whether only recorded nodes and root read the value. */
static bool is_inside(const Match *match, const GraphNode *root, ValueId value) {
  int n = reads(root, value);
  for (int i = 0; i < match->n_nodes; i++)
    n += match->nodes[i] == root ? 0 : reads(match->nodes[i], value);
  return n == *readers_of(match, value);
}

bool match_owns(const Match *match, const GraphNode *root) {
  for (int i = 0; i < match->n_nodes; i++)
    for (int k = 0; match->nodes[i] != root && k < match->nodes[i]->n_outputs; k++)
      if (!is_inside(match, root, match->nodes[i]->outputs[k]))
        return false;
  return !match->full && root->n_outputs == 1;
}

bool match_sole_reader(const Match *match, ValueId value) {
  return *readers_of(match, value) == 1;
}

Node *match_inserted(const Match *match, ValueId value) {
  return &producer_of(match, value)->node;
}

#define NEIGHBOURS 64 /* values that are put in for one structure at the most */

/* "ROOT/OP", and where a neighbour has that name already "ROOT/OP_2".  (transfer full) */
static char *inserted_name(const Match *match, const GraphNode *root, const char *op) {
  guint n = match->graph->values->len;
  for (int number = 1;; number++) {
    g_autofree char *name = number == 1 ? g_strdup_printf("%s/%s", root->node.name, op)
                                        : g_strdup_printf("%s/%s_%d", root->node.name, op, number);
    bool taken = false;
    for (guint i = MAX(match->n_values, n > NEIGHBOURS ? n - NEIGHBOURS : 0); i < n && !taken; i++)
      taken = strcmp(graph_value(match->graph, (ValueId)i)->name, name) == 0;
    if (!taken)
      return g_steal_pointer(&name);
  }
}

ValueId match_insert(Match *match, const GraphNode *root, const char *op, int n_inputs,
                     const ValueId *inputs) {
  GPtrArray *nodes = match->graph->nodes;
  guint at;
  if (!g_ptr_array_find(nodes, root, &at))
    return VALUE_NONE;
  g_autofree char *name = inserted_name(match, root, op);
  ValueId value = graph_add(match->graph, op, name, n_inputs, inputs);
  if (value == VALUE_NONE)
    return VALUE_NONE;
  GraphNode *node = g_ptr_array_steal_index(nodes, nodes->len - 1);
  g_ptr_array_insert(nodes, (int)at, node);
  g_ptr_array_set_size(match->producers, value + 1); /* some of the inputs may be new constants */
  g_array_set_size(match->readers, (guint)value + 1);
  for (int i = 0; i < n_inputs; i++)
    ++*readers_of(match, inputs[i]);
  g_ptr_array_index(match->producers, value) = node;
  return value;
}

/* One reader less; a node that nobody reads any more is gone, and reads nothing. */
static void release(Match *match, ValueId first) {
  g_autoptr(GArray) values = g_array_new(FALSE, FALSE, sizeof(ValueId));
  g_array_append_val(values, first);
  while (values->len > 0) {
    ValueId value = g_array_index(values, ValueId, values->len - 1);
    g_array_set_size(values, values->len - 1);
    GraphNode *node = value == VALUE_NONE ? NULL : producer_of(match, value);
    int left = --*readers_of(match, value);
    for (int i = 0; node && i < node->n_outputs; i++)
      left = MAX(left, *readers_of(match, node->outputs[i]));
    if (!node || left > 0)
      continue;
    for (int i = 0; i < node->n_outputs; i++)
      g_ptr_array_index(match->producers, node->outputs[i]) = NULL;
    g_array_append_vals(values, node->inputs, (guint)node->n_inputs);
  }
}

Node *match_replace(Match *match, GraphNode *root, const char *op, int n_inputs, const ValueId *inputs) {
  g_autofree ValueId *old = root->inputs;
  int n_old = root->n_inputs;
  root->inputs = g_memdup2(inputs, sizeof(ValueId) * (size_t)n_inputs);
  root->n_inputs = n_inputs;
  root->node.op = op_find(op);
  g_ptr_array_set_size(root->node.attributes, 0);
  if (match->readers->len < match->graph->values->len) {
    g_array_set_size(match->readers, match->graph->values->len);
    g_ptr_array_set_size(match->producers, (int)match->graph->values->len);
  }
  for (int i = 0; i < n_inputs; i++)
    ++*readers_of(match, inputs[i]);
  for (int i = 0; i < n_old; i++)
    release(match, old[i]);
  return &root->node;
}
