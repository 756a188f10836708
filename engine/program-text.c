/* Programs of texts: f's answers for each token of rows of ids, and what is wanted of them.
 *
 *     ids (batch, tokens) -> f -> answers (batch, tokens, n_source)
 *     source   the answers behind each sample's last token, (batch, n_source)
 *     a label a text:    target = source . omega + bias, loss = cross-entropy
 *     next token:        target = answers as rows, (batch tokens, n_source); token t's answers are to tell
 *                        token t + 1, the last one's the label; a sample's loss is the mean over its tokens */
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
  ValueId rest = GRAPH_ADD(self->graph, "Slice", "later tokens", self->ids,
                           program_constant_ints(self, "first", 1, &first),
                           program_constant_ints(self, "end", 1, &end),
                           program_constant_ints(self, "axis", 1, &axis));
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

void program_build_text(Program *self, const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                        Alignment *alignment) {
  self->ids = graph_input(self->graph, "ids", TENSOR_INT64, &SHAPE(-1, self->text.tokens));
  self->ends = graph_input(self->graph, "ends", TENSOR_INT64, &SHAPE(-1));
  ValueId answers = language_model_import(self->graph, model, self->ids);
  self->source = last_answers(self, answers);
  if (!self->text.next_token) {
    program_add_alignment(self, alignment);
    return;
  }
  self->labels = graph_input(self->graph, "labels", TENSOR_INT64, &SHAPE(-1));
  add_next_token(self, answers, alignment->n_source);
}
