#include "ui/pipeline-blocks.h"

/* How often each operator occurs, in the order of the first occurrence. */
typedef struct {
  GPtrArray *names;  /* const char *, borrowed */
  GHashTable *count; /* by name */
  int64_t numbers;
} Tally;

static void block_free(gpointer data) {
  PipelineBlock *block = data;
  g_free(block->name);
  g_free(block->operators);
  g_free(block);
}

static void tally_init(Tally *tally) {
  tally->names = g_ptr_array_new();
  tally->count = g_hash_table_new(g_str_hash, g_str_equal);
  tally->numbers = 0;
}

static void tally_clear(Tally *tally) {
  g_ptr_array_unref(tally->names);
  g_hash_table_unref(tally->count);
}

static void tally_node(Tally *tally, const Graph *graph, const GraphNode *node) {
  const char *name = node->node.op->name;
  int n = GPOINTER_TO_INT(g_hash_table_lookup(tally->count, name));
  if (n == 0)
    g_ptr_array_add(tally->names, (char *)name);
  g_hash_table_insert(tally->count, (char *)name, GINT_TO_POINTER(n + 1));
  for (int i = 0; i < node->n_inputs; i++) {
    const Value *value = node->inputs[i] == VALUE_NONE ? NULL : graph_value(graph, node->inputs[i]);
    if (value && value->kind == VALUE_CONSTANT && value->type == TENSOR_FLOAT32)
      tally->numbers += shape_count(&value->tensor->shape);
  }
}

static char *tally_words(const Tally *tally) {
  GString *text = g_string_new(NULL);
  for (guint i = 0; i < tally->names->len; i++) {
    const char *name = g_ptr_array_index(tally->names, i);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(tally->count, name));
    g_string_append_printf(text, n > 1 ? "%s%s %d" : "%s%s", i ? ", " : "", name, n);
  }
  return g_string_free(text, text->len == 0);
}

static bool computes(const GraphNode *node, ValueId value) {
  for (int i = 0; i < node->n_outputs; i++)
    if (node->outputs[i] == value)
      return true;
  return false;
}

/* Walks the nodes from *node up to the one that computes `end` (to the last one where none does). */
static void walk(PipelineBlock *block, const Graph *graph, guint *node, ValueId end) {
  Tally tally;
  tally_init(&tally);
  for (bool found = false; *node < graph->nodes->len && !found; (*node)++) {
    const GraphNode *each = g_ptr_array_index(graph->nodes, *node);
    tally_node(&tally, graph, each);
    found = computes(each, end);
  }
  block->operators = tally_words(&tally);
  block->numbers = tally.numbers;
  tally_clear(&tally);
}

static PipelineBlock *add_block(GPtrArray *blocks, const FrozenModel *model, const char *name, ValueId value,
                                const Shape *shape) {
  PipelineBlock *block = g_new0(PipelineBlock, 1);
  block->name = g_strdup(name);
  block->tensor = graph_value(model->graph, value)->name;
  block->value = value;
  block->shape = *shape;
  g_ptr_array_add(blocks, block);
  return block;
}

GPtrArray *pipeline_blocks(const FrozenModel *model) {
  GPtrArray *blocks = g_ptr_array_new_with_free_func(block_free);
  guint node = 0;
  int hidden = 0;
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (!site->alias || site->inside) {
      hidden++;
      continue;
    }
    PipelineBlock *block = add_block(blocks, model, site->alias, site->value, &site->shape);
    if (site->location != LOCATION_INPUT)
      walk(block, model->graph, &node, site->value);
    block->hidden = hidden;
    hidden = 0;
  }
  ValueId output = g_array_index(model->graph->outputs, ValueId, 0);
  PipelineBlock *last = add_block(blocks, model, "answers", output, &model->output_shape);
  walk(last, model->graph, &node, output);
  last->hidden = hidden;
  return blocks;
}
