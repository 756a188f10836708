/* Programs of texts: f's answers for each token of rows of ids, and what is wanted of them.
 *
 *     ids (batch, tokens) -> f -> answers (batch, tokens, n_source)
 *     source   the answers behind each sample's last token, (batch, n_source)
 *     a label a text:    target = source . omega + bias, loss = cross-entropy
 *     next token:        target = answers as rows, (batch tokens, n_source); token t's answers are to tell
 *                        token t + 1, the last one's the label; a sample's loss is the mean over its tokens
 */
#include "engine/language-model.h"
#include "engine/program-internal.h"

static ValueId along(Program *self, const char *op, const char *name, ValueId x, int64_t axis) {
  return GRAPH_ADD(self->graph, op, name, x, program_constant_ints(self, "axis", 1, &axis));
}

/* (batch, n_source) */
static ValueId last_answers(Program *self, ValueId answers) {
  ValueId places = along(self, "Unsqueeze", "places", self->ends, 1);
  ValueId source = GRAPH_ADD(self->graph, "GatherND", "source answers", answers, places);
  if (source)
    node_set_int(graph_last(self->graph), "batch_dims", 1);
  return source;
}

/* What follows each token: (batch tokens). */
static ValueId followers(Program *self) {
  int64_t first = 1, end = self->text.tokens, axis = 1, flat = -1;
  ValueId rest = GRAPH_ADD(
      self->graph, "Slice", "later tokens", self->ids, program_constant_ints(self, "first", 1, &first),
      program_constant_ints(self, "end", 1, &end), program_constant_ints(self, "axis", 1, &axis));
  ValueId labels = along(self, "Unsqueeze", "column of labels", self->labels, 1);
  ValueId all = GRAPH_ADD(self->graph, "Concat", "following tokens", rest, labels);
  if (all)
    node_set_int(graph_last(self->graph), "axis", 1);
  return GRAPH_ADD(self->graph, "Reshape", "wanted", all, program_constant_ints(self, "flat", 1, &flat));
}

static void add_next_token(Program *self, ValueId answers, int n_source) {
  int64_t rows[] = {-1, n_source}, samples[] = {-1, self->text.tokens}, tokens = 1;
  self->target = GRAPH_ADD(self->graph, "Reshape", "target answers", answers,
                           program_constant_ints(self, "rows", 2, rows));
  ValueId losses = GRAPH_ADD(self->graph, "CrossEntropy", "losses", self->target, followers(self));
  ValueId table = GRAPH_ADD(self->graph, "Reshape", "losses of samples", losses,
                            program_constant_ints(self, "samples", 2, samples));
  self->loss = GRAPH_ADD(self->graph, "ReduceMean", "loss", table);
  if (self->loss) {
    node_set_ints(graph_last(self->graph), "axes", 1, &tokens);
    node_set_int(graph_last(self->graph), "keepdims", 0);
  }
  graph_set_output(self->graph, self->target);
}

/* Soft prompts stand one behind the other in front of the text; returns how many rows they are. */
static int64_t place_soft_prompts(GPtrArray *manipulations) {
  int64_t rows = 0;
  for (guint i = 0; manipulations && i < manipulations->len; i++) {
    Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    if (manipulation->soft_rows > 0)
      ((ManipulationPart *)g_ptr_array_index(manipulation->parts, 0))->position = rows;
    rows += manipulation->soft_rows;
  }
  return rows;
}

/* Tokens that stand in front of all others where the parts put them in, and are answered too.  Keys and
 * values are no tokens. */
static int64_t inserted_tokens(GPtrArray *manipulations) {
  int64_t tokens = 0;
  for (guint i = 0; manipulations && i < manipulations->len; i++) {
    const Manipulation *manipulation = g_ptr_array_index(manipulations, i);
    for (guint k = 0; manipulation->parts && k < manipulation->parts->len; k++) {
      const ManipulationPart *part = g_ptr_array_index(manipulation->parts, k);
      tokens += part->site->partner ? 0 : part->tokens;
    }
  }
  return tokens;
}

/* A model for texts of one length takes that many tokens, those of a soft prompt among them. */
static bool check_length(Program *self, const FrozenModel *model, int64_t soft) {
  const Value *ids = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  int64_t length = ids->shape.rank == 2 ? ids->shape.dim[1] : -1;
  if (length <= 0 || self->text.tokens + soft == length)
    return true;
  if (length <= soft)
    graph_fail(self->graph,
               "%s takes texts of exactly %" G_GINT64_FORMAT
               " tokens, and the soft prompt has %" G_GINT64_FORMAT
               "; give it fewer, or export the model with an open length",
               model->name, length, soft);
  else
    graph_fail(self->graph,
               "%s takes texts of exactly %" G_GINT64_FORMAT " tokens; set run.tokens to %" G_GINT64_FORMAT
               ", or export it with an open length",
               model->name, length, length - soft);
  return false;
}

/* f's answers for the text's own tokens. */
static ValueId add_model(Program *self, const FrozenModel *model) {
  int64_t soft = place_soft_prompts(self->manipulations), first = soft + inserted_tokens(self->manipulations);
  if (!check_length(self, model, soft))
    return VALUE_NONE;
  ValueId ids = soft ? tokens_dummy(self->graph, self->ids, soft, 0) : self->ids;
  g_autofree ValueId *inputs = language_model_inputs(self->graph, model, ids);
  g_autoptr(GArray) map = program_import(self, model, self->manipulations, inputs);
  if (self->graph->error)
    return VALUE_NONE;
  ValueId answers = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  return first ? tokens_drop(self->graph, answers, 1, 0, first) : answers;
}

void program_build_text(Program *self, const FrozenModel *model, Alignment *alignment) {
  self->ids = graph_input(self->graph, "ids", TENSOR_INT64, &SHAPE(-1, self->text.tokens));
  self->ends = graph_input(self->graph, "ends", TENSOR_INT64, &SHAPE(-1));
  ValueId answers = add_model(self, model);
  self->source = last_answers(self, answers);
  if (!self->text.next_token) {
    program_add_alignment(self, alignment);
    return;
  }
  self->labels = graph_input(self->graph, "labels", TENSOR_INT64, &SHAPE(-1));
  add_next_token(self, answers, alignment->n_source);
}
