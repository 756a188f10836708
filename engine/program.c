#include "engine/program.h"

#include "engine/error.h"
#include "engine/program-internal.h"

#include <string.h>

/* A piece is about this much memory at work, so that it stays in a core's cache, and at most so many samples.
 */
#define PIECE_BYTES ((size_t)3 << 20)
#define PIECE_MOST  16

ValueId program_constant_ints(Program *self, const char *name, int64_t n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(self->graph, name, tensor);
}

/* The picture in the middle of f's input, zeros around it; an odd rest goes left and top. */
static ValueId place_picture(Program *self, ValueId picture) {
  int64_t rows = self->height - self->picture_height, columns = self->width - self->picture_width;
  if (rows == 0 && columns == 0)
    return picture;
  int64_t pads[8] = {0, 0, (rows + 1) / 2, (columns + 1) / 2, 0, 0, rows / 2, columns / 2};
  return GRAPH_ADD(self->graph, "Pad", "placed picture", picture,
                   program_constant_ints(self, "pads", 8, pads));
}

static ValueId channel_constant(Program *self, const char *name, const float *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_floats(&SHAPE(1, self->channels, 1, 1), numbers);
  return graph_constant(self->graph, name, tensor);
}

/* (x range - mean) / std, a channel each, as x gain + shift. */
static ValueId normalise(Program *self, const ModelCard *card, ValueId x) {
  float gain[4], shift[4], range = card->range_255 ? 255 : 1;
  bool any = card->range_255;
  for (int c = 0; c < self->channels; c++) {
    float mean = c < 4 ? card->mean[c] : 0, std = c < 4 ? card->std[c] : 1;
    gain[c] = range / std;
    shift[c] = -mean / std;
    any |= mean != 0 || std != 1;
  }
  if (!any)
    return x;
  ValueId scaled = GRAPH_ADD(self->graph, "Mul", "scaled", x, channel_constant(self, "gain", gain));
  return GRAPH_ADD(self->graph, "Add", "normalised", scaled, channel_constant(self, "shift", shift));
}

ValueId program_add_parameter(Program *self, const char *name, Tensor *tensor, bool trained) {
  ValueId value = graph_parameter(self->graph, name, tensor);
  if (trained) {
    Parameter parameter = {g_intern_string(name), tensor, value};
    g_array_append_val(self->parameters, parameter);
  }
  return value;
}

/* f with what is put in inside it, then its answers as rows: (batch, n_source). */
static ValueId add_model(Program *self, const FrozenModel *model, GPtrArray *manipulations, ValueId x) {
  if (model->graph->inputs->len > 1) {
    const Value *other = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 1));
    graph_fail(self->graph, "%s has an input '%s' beside the picture, and there is nothing to give it",
               model->name, other->name);
    return VALUE_NONE;
  }
  g_autoptr(GArray) map = program_import(self, model, manipulations, &x);
  if (self->graph->error || model->graph->outputs->len == 0)
    return VALUE_NONE;
  ValueId z = g_array_index(map, ValueId, g_array_index(model->graph->outputs, ValueId, 0));
  if (self->site)
    self->site_means =
        program_channel_means(self, self->site, g_array_index(map, ValueId, self->site->value));
  ValueId rows = GRAPH_ADD(self->graph, "Flatten", "source answers", z);
  if (rows)
    node_set_int(graph_last(self->graph), "axis", 1);
  return rows;
}

void program_add_alignment(Program *self, Alignment *alignment) {
  bool trained = alignment->kind->family == FAMILY_LINEAR;
  ValueId omega = program_add_parameter(self, "omega", alignment->omega, trained);
  ValueId bias = program_add_parameter(self, "bias", alignment->bias, alignment_trains_bias(alignment));
  ValueId mapped = GRAPH_ADD(self->graph, "MatMul", "mapped answers", self->source, omega);
  self->target = GRAPH_ADD(self->graph, "Add", "target answers", mapped, bias);
  self->labels = graph_input(self->graph, "labels", TENSOR_INT64, &SHAPE(-1));
  self->loss = GRAPH_ADD(self->graph, "CrossEntropy", "loss", self->target, self->labels);
  graph_set_output(self->graph, self->target);
}

static void build(Program *self, const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                  Alignment *alignment) {
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  int64_t batch =
      input->shape.dim[0] > 0 ? input->shape.dim[0] : -1; /* where f fixes it, so do its answers */
  self->picture = graph_input(self->graph, "picture", TENSOR_FLOAT32,
                              &SHAPE(batch, self->channels, self->picture_height, self->picture_width));
  bool prompted = mode == PROMPT_ON;
  ValueId x = place_picture(self, self->picture);
  if (prompted)
    x = program_add_manipulations(self, manipulations, "before", x);
  x = normalise(self, &model->card, x);
  if (prompted)
    x = program_add_manipulations(self, manipulations, "after", x);
  self->received = x;
  self->source = add_model(self, model, prompted ? manipulations : NULL, x);
  program_add_alignment(self, alignment);
}

static Plan *make_plan(Program *self, int64_t batch, bool trains, GError **error) {
  ValueId outputs[] = {self->source, self->target, self->loss, self->received, self->site_means, VALUE_NONE};
  g_autofree ValueId *gradients = g_new0(ValueId, self->parameters->len + 1);
  for (guint i = 0; i < self->parameters->len; i++)
    gradients[i] = g_array_index(self->parameters, Parameter, i).value;
  bool back = trains && self->parameters->len > 0;
  PlanOptions options = {
      .batch = batch, .outputs = outputs, .target = back ? self->loss : VALUE_NONE, .gradients = gradients};
  return plan_new(self->graph, &options, error);
}

int program_piece_size(const Plan *single) {
  int piece = 1;
  while (piece < PIECE_MOST && (size_t)piece * 2 * plan_workspace_bytes(single) <= PIECE_BYTES)
    piece *= 2;
  return piece;
}

static bool check_answers(Program *self, const Alignment *alignment, GError **error) {
  const Shape *shape = &plan_value(self->plan, self->source)->shape;
  self->n_source = (int)shape->dim[1];
  if (shape->dim[0] != self->piece || self->n_source != alignment->n_source) {
    g_autofree char *text = shape_text(shape);
    return input_error(
        error, "the model answers with shape %s for %d samples; one row of %d classes a sample is needed",
        text, self->piece, alignment->n_source);
  }
  return true;
}

static Program *start(Pool *pool) {
  Program *self = g_new0(Program, 1);
  self->pool = pool;
  self->graph = graph_new();
  self->parameters = g_array_new(FALSE, FALSE, sizeof(Parameter));
  return self;
}

/* Plans what was built; `most`: samples a piece at most, where the model leaves that open. */
static bool finish(Program *self, const FrozenModel *model, const Alignment *alignment, bool trains, int most,
                   GError **error) {
  /* A model with a fixed batch is always run with it; others are tried with one sample to see what it takes.
   */
  const Value *input = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, 0));
  self->piece = (int)MAX(1, input->shape.dim[0]);
  self->plan = make_plan(self, self->piece, trains, error);
  if (self->plan && input->shape.dim[0] < 0 && MIN(most, program_piece_size(self->plan)) > 1) {
    self->piece = MIN(most, program_piece_size(self->plan));
    plan_free(self->plan);
    self->plan = make_plan(self, self->piece, trains, error);
  }
  if (!self->plan || !check_answers(self, alignment, error))
    return false;
  self->workspaces = g_new0(Workspace *, pool_workers(self->pool));
  for (int i = 0; i < pool_workers(self->pool); i++)
    if (!(self->workspaces[i] = workspace_new(self->plan, error)))
      return false;
  return true;
}

static Program *make_program(const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                             Alignment *alignment, bool trains, int most, const Site *watched, Pool *pool,
                             GError **error) {
  g_autoptr(Program) self = start(pool);
  self->site = watched;
  if (!frozen_model_picture(model, &self->channels, &self->height, &self->width)) {
    input_error(error,
                "model '%s' does not take pictures (batch, channels, height, width); choose another model",
                model->name);
    return NULL;
  }
  const Manipulation *first = manipulations->len ? g_ptr_array_index(manipulations, 0) : NULL;
  bool full = mode == PROMPT_FULL_SIZE || !first;
  self->picture_height = full ? self->height : first->picture_height;
  self->picture_width = full ? self->width : first->picture_width;
  self->bgr = model->card.bgr;
  self->manipulations = mode == PROMPT_ON ? g_ptr_array_ref(manipulations) : NULL;
  build(self, model, mode, manipulations, alignment);
  return finish(self, model, alignment, trains, most, error) ? g_steal_pointer(&self) : NULL;
}

Program *program_new(const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                     Alignment *alignment, bool trains, Pool *pool, GError **error) {
  return make_program(model, mode, manipulations, alignment, trains, PIECE_MOST, NULL, pool, error);
}

Program *program_new_watching(const FrozenModel *model, GPtrArray *manipulations, Alignment *alignment,
                              const Site *site, Pool *pool, GError **error) {
  return make_program(model, PROMPT_OFF, manipulations, alignment, false, PIECE_MOST, site, pool, error);
}

Program *program_new_single(const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                            Alignment *alignment, GError **error) {
  return make_program(model, mode, manipulations, alignment, false, 1, NULL, NULL, error);
}

Program *program_new_text(const FrozenModel *model, const TextForm *text, PromptMode mode,
                          GPtrArray *manipulations, Alignment *alignment, bool trains, Pool *pool,
                          GError **error) {
  g_autoptr(Program) self = start(pool);
  self->text = *text;
  self->manipulations = mode == PROMPT_ON ? g_ptr_array_ref(manipulations) : NULL;
  program_build_text(self, model, alignment);
  return finish(self, model, alignment, trains, pool ? PIECE_MOST : 1, error) ? g_steal_pointer(&self) : NULL;
}

void program_free(Program *self) {
  if (!self)
    return;
  for (int i = 0; self->workspaces && i < pool_workers(self->pool); i++)
    workspace_free(self->workspaces[i]);
  g_free(self->workspaces);
  plan_free(self->plan);
  workspace_free(self->pattern_workspace);
  plan_free(self->pattern_plan);
  graph_free(self->graph);
  g_clear_pointer(&self->manipulations, g_ptr_array_unref);
  g_array_unref(self->parameters);
  g_free(self->piece_gradients);
  g_free(self);
}

void program_picture_size(const Program *self, int *channels, int *height, int *width) {
  *channels = self->channels;
  *height = self->picture_height;
  *width = self->picture_width;
}

int program_tokens(const Program *self) {
  return self->text.tokens;
}

int program_n_parameters(const Program *self) {
  return (int)self->parameters->len;
}

const Parameter *program_parameter(const Program *self, int i) {
  return &g_array_index(self->parameters, Parameter, i);
}

int program_n_source(const Program *self) {
  return self->n_source;
}

size_t program_kept_bytes_per_item(const Program *self) {
  return plan_kept_bytes(self->plan) / (size_t)self->piece;
}

const Graph *program_graph(const Program *self) {
  return self->graph;
}
