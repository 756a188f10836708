#include "engine/next-token.h"
#include "engine/error.h"
#include "engine/language-model.h"

#include <math.h>
#include <string.h>

#define MAX_PLANS       4
#define STEP            32 /* lengths of plans are multiples of it */
#define MAX_TOKENS      (1 << 20)
#define CAUSAL_DISTANCE 1e-5 /* relative L2 of logits with and without tokens behind */

/* The graph made ready for one length. */
typedef struct {
  int length;
  Plan *plan;
  Workspace *workspace;
} Length;

struct _NextToken {
  const FrozenModel *model;
  Pool *pool;
  int vocabulary;
  int fixed;       /* tokens a row that the graph wants; -1: any number */
  GArray *lengths; /* Length, the newest last */
  enum { CAUSAL_UNKNOWN, CAUSAL_YES, CAUSAL_NO } causal;
  float *logits;
};

static const Value *input_value(const FrozenModel *model, guint i) {
  return graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, i));
}

static void length_clear(void *data) {
  Length *length = data;
  workspace_free(length->workspace);
  plan_free(length->plan);
}

NextToken *next_token_new(const FrozenModel *model, Pool *pool, GError **error) {
  int vocabulary = frozen_model_classes(model);
  if (!language_model_check(model, error))
    return NULL;
  NextToken *self = g_new0(NextToken, 1);
  self->model = model;
  self->pool = pool;
  self->vocabulary = vocabulary;
  int64_t fixed = input_value(model, 0)->shape.dim[1];
  self->fixed = fixed < 0 ? -1 : (int)MIN(fixed, MAX_TOKENS);
  self->lengths = g_array_new(FALSE, FALSE, sizeof(Length));
  g_array_set_clear_func(self->lengths, length_clear);
  self->logits = g_new(float, vocabulary);
  return self;
}

void next_token_free(NextToken *self) {
  if (!self)
    return;
  g_array_unref(self->lengths);
  g_free(self->logits);
  g_free(self);
}

int next_token_vocabulary(const NextToken *self) {
  return self->vocabulary;
}

static Plan *plan_for(const NextToken *self, int length, bool shapes_only, GError **error) {
  const Graph *graph = self->model->graph;
  g_autofree Shape *shapes = g_new0(Shape, graph->inputs->len);
  for (guint i = 0; i < graph->inputs->len; i++) {
    shapes[i] = input_value(self->model, i)->shape;
    shapes[i].dim[0] = shapes[i].dim[0] < 0 ? 1 : shapes[i].dim[0];
    shapes[i].dim[1] = shapes[i].dim[1] < 0 ? length : shapes[i].dim[1];
  }
  ValueId answers = g_array_index(graph->outputs, ValueId, 0), outputs[] = {answers, VALUE_NONE};
  PlanOptions options = {
      .input_shapes = shapes, .batch = 1, .outputs = outputs, .pool = self->pool, .shapes_only = shapes_only};
  g_autoptr(Plan) plan = plan_new(graph, &options, error);
  const Tensor *logits = plan ? plan_value(plan, answers) : NULL;
  if (logits && (logits->type != TENSOR_FLOAT32 || logits->shape.rank != 3 || logits->shape.dim[0] < 1 ||
                 logits->shape.dim[1] != length || logits->shape.dim[2] != self->vocabulary)) {
    input_error(error, "%s does not answer for each of %d tokens", self->model->name, length);
    return NULL;
  }
  return g_steal_pointer(&plan);
}

/* The plan for a length, made where it is not there yet.  Borrowed until the next call. */
static const Length *length_for(NextToken *self, int n, GError **error) {
  for (guint i = 0; i < self->lengths->len; i++)
    if (g_array_index(self->lengths, Length, i).length == n)
      return &g_array_index(self->lengths, Length, i);
  g_autoptr(Plan) plan = plan_for(self, n, false, error);
  Workspace *workspace = plan ? workspace_new(plan, error) : NULL;
  if (!workspace)
    return NULL;
  Length length = {n, g_steal_pointer(&plan), workspace};
  if (self->lengths->len == MAX_PLANS)
    g_array_remove_index(self->lengths, 0);
  g_array_append_val(self->lengths, length);
  return &g_array_index(self->lengths, Length, self->lengths->len - 1);
}

/* Runs n ids at the front of the rows of a plan and copies the logits behind the last of them. */
static bool run(NextToken *self, const Length *length, const int64_t *ids, int n, const StopFlag *stop,
                float *logits, GError **error) {
  const Graph *graph = self->model->graph;
  for (guint i = 0; i < graph->inputs->len; i++) {
    const Value *value = input_value(self->model, i);
    Tensor *input = workspace_input(length->workspace, g_array_index(graph->inputs, ValueId, i));
    for (int64_t k = 0; input && k < tensor_count(input); k++) {
      int64_t at = k % length->length, number = at < n ? ids[at] : 0;
      if (i > 0)
        number = strcmp(value->name, "position_ids") == 0 ? at : at < n;
      if (input->type == TENSOR_INT64)
        tensor_ints(input)[k] = number;
      else if (input->type == TENSOR_FLOAT32)
        tensor_floats(input)[k] = (float)number;
      else
        ((uint8_t *)input->data)[k] = number != 0;
    }
  }
  if (!workspace_forward(length->workspace, stop)) {
    g_set_error_literal(error, HOARFROST_ERROR, HOARFROST_ERROR_STOPPED, "stopped");
    return false;
  }
  const Tensor *answers = workspace_output(length->workspace, g_array_index(graph->outputs, ValueId, 0));
  memcpy(logits, tensor_floats(answers) + (int64_t)(n - 1) * self->vocabulary,
         sizeof(float) * (size_t)self->vocabulary);
  return true;
}

static double distance(const float *a, const float *b, int n) {
  double difference = 0, size = 0;
  for (int i = 0; i < n; i++) {
    difference += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
    size += (double)b[i] * b[i];
  }
  return sqrt(difference) / sqrt(size);
}

static int rounded(int n) {
  return (n + STEP - 1) / STEP * STEP;
}

/* The first text: as it is, and with tokens behind it. */
static bool run_first(NextToken *self, const int64_t *ids, int n, const StopFlag *stop, GError **error) {
  const Length *exact = length_for(self, n, error);
  if (!exact || !run(self, exact, ids, n, stop, self->logits, error))
    return false;
  g_autofree float *padded = g_new(float, self->vocabulary);
  const Length *longer = length_for(self, rounded(n + 1), NULL);
  if (!longer)
    return true; /* the next text tries again */
  if (!run(self, longer, ids, n, stop, padded, error))
    return false;
  bool same = distance(padded, self->logits, self->vocabulary) <= CAUSAL_DISTANCE;
  self->causal = same ? CAUSAL_YES : CAUSAL_NO;
  return true;
}

bool next_token_fits(NextToken *self, int n) {
  if (self->fixed >= 0 || n > MAX_TOKENS)
    return n <= self->fixed;
  g_autoptr(Plan) plan = plan_for(self, n, true, NULL);
  return plan != NULL;
}

/* Says that n tokens are too many where fewer can be had: `error` is what stood in the way. */
static void explain(NextToken *self, int n, GError **error) {
  if (next_token_fits(self, n) || !next_token_fits(self, 1))
    return;
  int fits = 1, fails = n;
  while (fails - fits > 1) {
    int middle = fits + (fails - fits) / 2;
    if (next_token_fits(self, middle))
      fits = middle;
    else
      fails = middle;
  }
  g_clear_error(error);
  input_error(error, "the text has %d tokens, and %s takes at most %d", n, self->model->name, fits);
}

const float *next_token_logits(NextToken *self, const int64_t *ids, int n, const StopFlag *stop,
                               GError **error) {
  for (int i = 0; i < n; i++)
    if (ids[i] < 0 || ids[i] >= self->vocabulary) {
      input_error(error, "token %" G_GINT64_FORMAT " is not in 0 to %d", ids[i], self->vocabulary - 1);
      return NULL;
    }
  g_autoptr(GError) problem = NULL;
  bool done = false;
  if (self->fixed >= 0 || n > MAX_TOKENS) {
    int most = self->fixed >= 0 ? self->fixed : MAX_TOKENS;
    const Length *length = n <= most ? length_for(self, most, error) : NULL;
    if (n > most)
      input_error(error, "the text has %d tokens, and %s takes at most %d", n, self->model->name, most);
    return length && run(self, length, ids, n, stop, self->logits, error) ? self->logits : NULL;
  }
  if (self->causal == CAUSAL_UNKNOWN)
    done = run_first(self, ids, n, stop, &problem);
  else {
    const Length *length = self->causal == CAUSAL_YES ? length_for(self, rounded(n), NULL) : NULL;
    if (!length)
      length = length_for(self, n, &problem);
    done = length && run(self, length, ids, n, stop, self->logits, &problem);
  }
  if (!done && !g_error_matches(problem, HOARFROST_ERROR, HOARFROST_ERROR_STOPPED))
    explain(self, n, &problem);
  if (!done)
    g_propagate_error(error, g_steal_pointer(&problem));
  return done ? self->logits : NULL;
}

int token_draw(const float *logits, int n, double temperature, double uniform) {
  int most = 0;
  for (int i = 1; i < n; i++)
    if (logits[i] > logits[most])
      most = i;
  if (!(temperature > 0))
    return most;
  double sum = 0, part = 0;
  for (int i = 0; i < n; i++)
    sum += exp((logits[i] - logits[most]) / temperature);
  for (int i = 0; i < n; i++) {
    part += exp((logits[i] - logits[most]) / temperature);
    if (part > uniform * sum)
      return i;
  }
  return most;
}
