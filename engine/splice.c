#include "engine/splice.h"

#include "engine/blocks.h"
#include "engine/error.h"
#include "engine/splice-internal.h"

#include <string.h>

bool splice_refuse(const Replay *replay, const GraphNode *node, const char *reason) {
  graph_fail(replay->graph, "node '%s' (%s) cannot follow the tokens that are put in: %s", node->node.name,
             node->node.op->name, reason);
  return false;
}

/* What is put in at a value of the model, in the order of the splices. */
static void build_splices(Graph *graph, Replay *replay, const Splice *splices, int n_splices, ValueId value,
                          ValueId *to) {
  for (int i = 0; i < n_splices && !graph->error; i++) {
    const Splice *splice = &splices[i];
    if (splice->site->value != value)
      continue;
    to[value] = splice->build(splice->data, graph, to[value]);
    if (!replay || splice->tokens == 0 || graph->error)
      continue;
    Growth *growth = &replay->growths[value].axis[splice->site->token_axis];
    if (growth->count && growth->at != splice->position)
      graph_fail(graph, "site '%s': tokens are put in at two places of one tensor; give both the same place",
                 splice->site->name);
    *growth = (Growth){growth->count + splice->tokens, splice->position, 1, splice->unseen};
  }
}

/* After the builders: each axis must be as long as the splice says. */
static bool check_site(Replay *replay, const Splice *splices, int n_splices, ValueId value) {
  for (int i = 0; i < n_splices; i++) {
    if (splices[i].site->value != value)
      continue;
    const Shape *old = shape_before(replay, value);
    Shape wanted = *old;
    for (int d = 0; d < old->rank; d++)
      wanted.dim[d] += growth_at(replay, value, d).count;
    const Shape *is = &tensor_after(replay, replay->to[value])->shape;
    g_autofree char *is_text = shape_text(is), *wanted_text = shape_text(&wanted);
    if (!shape_equal(is, &wanted))
      graph_fail(replay->graph, "site '%s': what is put in gives the shape %s instead of %s",
                 splices[i].site->name, is_text, wanted_text);
    break;
  }
  return !replay->graph->error;
}

static bool repair(Replay *replay, const GraphNode *node, ValueId *inputs) {
  NodeRepair row = splice_repair_of(node->node.op->name);
  GError **error = &replay->graph->error;
  return !row || (row(replay, node, inputs) && !*error && probe_extend(replay->after, error));
}

static bool follow(Replay *replay, const GraphNode *node) {
  g_autoptr(GError) reason = NULL;
  if (!probe_extend(replay->after, &reason)) {
    g_clear_error(&replay->graph->error);
    graph_fail(replay->graph, "the tokens that are put in do not get through: %s", reason->message);
    return false;
  }
  if (!follow_growths(replay, node))
    return false;
  note_arrival(replay, node);
  return true;
}

/* Behind the last node: whether the answers know of what was put in. */
static void check_arrival(Replay *replay) {
  const Graph *from = replay->model->graph;
  ValueId answers = g_array_index(from->outputs, ValueId, 0);
  for (int d = 0; d < TENSOR_MAX_RANK; d++)
    replay->arrived |= grows(replay, answers, d);
  if (!replay->arrived && replay->left_out)
    splice_refuse(
        replay, replay->left_out,
        "it leaves them out before the others could see them, so they would change nothing; choose a "
        "site in front of an attention");
}

/* replay NULL: nothing gets longer. */
static void replay_nodes(Graph *graph, Replay *replay, const Graph *from, const Splice *splices,
                         int n_splices, ValueId *to) {
  for (guint k = 0; k < from->nodes->len && !graph->error; k++) {
    const GraphNode *node = g_ptr_array_index(from->nodes, k);
    ValueId inputs[OP_MAX_INPUTS] = {VALUE_NONE}, outputs[OP_MAX_OUTPUTS];
    for (int i = 0; i < node->n_inputs; i++)
      inputs[i] = to[node->inputs[i]];
    if (replay && !repair(replay, node, inputs))
      return;
    GraphNode repaired = *node;
    while (repaired.n_inputs < MIN(node->node.op->max_inputs, OP_MAX_INPUTS) && inputs[repaired.n_inputs])
      repaired.n_inputs++;
    graph_add_copy(graph, from, &repaired, inputs, outputs);
    for (int i = 0; i < node->n_outputs && !graph->error; i++)
      to[node->outputs[i]] = outputs[i];
    if (graph->error || (replay && !follow(replay, node)))
      return;
    for (int i = 0; i < node->n_outputs && !graph->error; i++) {
      build_splices(graph, replay, splices, n_splices, node->outputs[i], to);
      if (replay && (graph->error || !probe_extend(replay->after, &graph->error) ||
                     !check_site(replay, splices, n_splices, node->outputs[i])))
        return;
    }
  }
}

static bool check_splices(Graph *graph, const Splice *splices, int n_splices) {
  for (int i = 0; i < n_splices; i++)
    if (splices[i].tokens > 0 && splices[i].site->token_axis < 0) {
      graph_fail(graph, "site '%s' has no token axis, so nothing can be put beside its elements",
                 splices[i].site->name);
      return false;
    }
  return true;
}

/* Sizes for what is open: two samples, or where f holds for one only, one. */
static bool make_probes(Replay *replay, const ValueId *inputs) {
  const Graph *from = replay->model->graph;
  for (int64_t batch = 2; batch >= 1; batch--) {
    g_autoptr(GError) reason = NULL;
    replay->after = probe_new(replay->graph, batch, NULL);
    bool good = probe_extend(replay->after, &reason);
    g_autofree Shape *shapes = g_new0(Shape, from->inputs->len + 1);
    for (guint i = 0; good && i < from->inputs->len; i++)
      shapes[i] = tensor_after(replay, inputs[i])->shape;
    replay->before = good ? probe_new(from, batch, shapes) : NULL;
    if (good && probe_extend(replay->before, &reason))
      return true;
    g_clear_pointer(&replay->after, probe_free);
    g_clear_pointer(&replay->before, probe_free);
    if (batch == 1)
      g_propagate_error(&replay->graph->error, g_steal_pointer(&reason));
  }
  return false;
}

GArray *splice_import(Graph *graph, const FrozenModel *model, const ValueId *inputs, const Splice *splices,
                      int n_splices) {
  const Graph *from = model->graph;
  GArray *map = graph_import_leaves(graph, from, inputs);
  ValueId *to = (ValueId *)map->data;
  bool longer = false;
  for (int i = 0; i < n_splices; i++)
    longer |= splices[i].tokens > 0;
  if (graph->error || !check_splices(graph, splices, n_splices))
    return map;
  g_autoptr(GArray) signal = graph_signal_path(from);
  g_autofree Growths *growths = g_new0(Growths, from->values->len);
  Replay replay = {
      .graph = graph, .model = model, .to = to, .growths = growths, .signal = (const bool *)signal->data};
  if (longer && !make_probes(&replay, inputs))
    return map;
  for (guint i = 0; i < from->inputs->len; i++)
    build_splices(graph, longer ? &replay : NULL, splices, n_splices, g_array_index(from->inputs, ValueId, i),
                  to);
  if (!longer || probe_extend(replay.after, &graph->error))
    replay_nodes(graph, longer ? &replay : NULL, from, splices, n_splices, to);
  if (longer && !graph->error)
    check_arrival(&replay);
  probe_free(replay.before);
  probe_free(replay.after);
  return map;
}
