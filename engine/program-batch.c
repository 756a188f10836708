/* Runs a program over batches: pieces for the pool, sums in the order of the pieces. */
#include "engine/program-internal.h"

#include <string.h>

/* Pieces whose gradients are kept before they are added up: bounds the memory of a large batch. */
#define GRADIENT_PIECES 32

/* What all pieces of one batch share. */
typedef struct {
  Program *program;
  SampleSource source;
  void *data;
  const int *indices, *labels;
  int n;
  int batch; /* samples that the mean loss is over: n, or more when a batch is done in several parts */
  float *received, *z, *losses, *correct, *means;
  float *gradients; /* NULL: forward only */
  size_t gradients_length;
  const StopFlag *stop;
} Batch;

/* Ids and the place of each sample's last token; zeros behind `count` samples. */
static void load_texts(const Batch *batch, Workspace *workspace, int first, int count) {
  const Program *program = batch->program;
  int tokens = program->text.tokens;
  int64_t *ids = tensor_ints(workspace_input(workspace, program->ids));
  int64_t *ends = tensor_ints(workspace_input(workspace, program->ends));
  g_autofree int64_t *sample = g_new(int64_t, tokens + 1);
  for (int i = 0; i < count; i++) {
    batch->source(batch->data, batch->indices[first + i], sample);
    memcpy(ids + (size_t)i * (size_t)tokens, sample, sizeof *ids * (size_t)tokens);
    ends[i] = sample[tokens];
  }
  memset(ids + (size_t)count * (size_t)tokens, 0,
         sizeof *ids * (size_t)(program->piece - count) * (size_t)tokens);
  memset(ends + count, 0, sizeof *ends * (size_t)(program->piece - count));
}

static void load_pictures(const Batch *batch, Workspace *workspace, int first, int count) {
  const Program *program = batch->program;
  size_t area = (size_t)program->picture_height * (size_t)program->picture_width,
         size = area * (size_t)program->channels;
  float *pictures = tensor_floats(workspace_input(workspace, program->picture));
  for (int i = 0; i < count; i++) {
    batch->source(batch->data, batch->indices[first + i], pictures + size * (size_t)i);
    if (program->bgr && program->channels == 3)
      planes_swap_red_blue(pictures + size * (size_t)i, area);
  }
  memset(pictures + size * (size_t)count, 0, size * (size_t)(program->piece - count) * sizeof(float));
}

static void load_piece(const Batch *batch, Workspace *workspace, int first, int count) {
  const Program *program = batch->program;
  int64_t *labels = tensor_ints(workspace_input(workspace, program->labels));
  (program->text.tokens ? load_texts : load_pictures)(batch, workspace, first, count);
  for (int i = 0; i < program->piece; i++)
    labels[i] = batch->labels && i < count ? batch->labels[first + i] : 0;
}

/* The class with the largest answer, the lowest one on ties. */
static int largest(const float *row, int n) {
  int best = 0;
  for (int i = 1; i < n; i++)
    if (row[i] > row[best])
      best = i;
  return best;
}

/* The share of right answers in one sample: of its one row, or of the rows of all its tokens. */
static float share_right(const Batch *batch, Workspace *workspace, const Tensor *target, int first, int sample) {
  const Program *program = batch->program;
  int n = (int)target->shape.dim[1], tokens = program->text.next_token ? program->text.tokens : 1, right = 0;
  const float *rows = tensor_floats(target) + (size_t)sample * (size_t)tokens * (size_t)n;
  const int64_t *follow = program->text.next_token
                              ? tensor_ints(workspace_input(workspace, program->ids)) + sample * tokens + 1
                              : NULL;
  for (int t = 0; t < tokens; t++) {
    int wanted = t + 1 < tokens ? (int)follow[t] : batch->labels[first + sample];
    right += largest(rows + (size_t)t * (size_t)n, n) == wanted;
  }
  return (float)right / (float)tokens;
}

static void read_answers(const Batch *batch, Workspace *workspace, int first, int count) {
  const Program *program = batch->program;
  const Tensor *target = workspace_output(workspace, program->target);
  int n_source = program->n_source;
  if (batch->z)
    memcpy(batch->z + (size_t)first * (size_t)n_source,
           tensor_floats(workspace_output(workspace, program->source)),
           sizeof(float) * (size_t)count * (size_t)n_source);
  size_t size = (size_t)program->channels * (size_t)program->height * (size_t)program->width;
  if (batch->received)
    memcpy(batch->received + (size_t)first * size,
           tensor_floats(workspace_output(workspace, program->received)),
           sizeof(float) * (size_t)count * size);
  if (batch->losses)
    memcpy(batch->losses + first, tensor_floats(workspace_output(workspace, program->loss)),
           sizeof(float) * (size_t)count);
  if (batch->means) {
    const Tensor *means = workspace_output(workspace, program->site_means);
    size_t channels = (size_t)means->shape.dim[1];
    memcpy(batch->means + (size_t)first * channels, tensor_floats(means),
           sizeof(float) * (size_t)count * channels);
  }
  for (int i = 0; i < count && batch->correct; i++)
    batch->correct[first + i] = share_right(batch, workspace, target, first, i);
}

static void go_back(const Batch *batch, Workspace *workspace, int piece, int count) {
  const Program *program = batch->program;
  float *seed = tensor_floats(workspace_seed(workspace));
  for (int i = 0; i < program->piece; i++)
    seed[i] = i < count ? 1.0f / (float)batch->batch : 0;
  if (!workspace_backward(workspace, batch->stop))
    return;
  float *to = batch->gradients + (size_t)piece * batch->gradients_length;
  for (guint k = 0; k < program->parameters->len; k++) {
    const Tensor *gradient =
        workspace_gradient(workspace, g_array_index(program->parameters, Parameter, k).value);
    size_t length = (size_t)tensor_count(gradient);
    memcpy(to, tensor_floats(gradient), length * sizeof(float));
    to += length;
  }
}

static void run_piece(void *data, int piece, int worker) {
  const Batch *batch = data;
  const Program *program = batch->program;
  Workspace *workspace = program->workspaces[worker];
  int first = piece * program->piece, count = MIN(program->piece, batch->n - first);
  load_piece(batch, workspace, first, count);
  if (!workspace_forward(workspace, batch->stop))
    return;
  read_answers(batch, workspace, first, count);
  if (batch->gradients)
    go_back(batch, workspace, piece, count);
}

static bool run_batch(Batch *batch) {
  int pieces = (batch->n + batch->program->piece - 1) / batch->program->piece;
  return pool_for(batch->program->pool, pieces, run_piece, batch, batch->stop) &&
         !stop_requested(batch->stop);
}

bool program_answers(Program *self, SampleSource source, void *data, const int *indices, int n, float *z,
                     const StopFlag *stop) {
  return run_batch(&(Batch){
      .program = self, .source = source, .data = data, .indices = indices, .n = n, .z = z, .stop = stop});
}

bool program_receive(Program *self, SampleSource source, void *data, const int *indices, int n,
                     float *received, float *z, const StopFlag *stop) {
  return run_batch(&(Batch){.program = self,
                            .source = source,
                            .data = data,
                            .indices = indices,
                            .n = n,
                            .received = received,
                            .z = z,
                            .stop = stop});
}

bool program_site_means(Program *self, SampleSource source, void *data, const int *indices, int n,
                        float *rows, const StopFlag *stop) {
  return run_batch(&(Batch){.program = self,
                            .source = source,
                            .data = data,
                            .indices = indices,
                            .n = n,
                            .means = rows,
                            .stop = stop});
}

bool program_evaluate(Program *self, SampleSource source, void *data, const int *indices, const int *labels,
                      int n, float *losses, float *correct, const StopFlag *stop) {
  return run_batch(&(Batch){.program = self,
                            .source = source,
                            .data = data,
                            .indices = indices,
                            .labels = labels,
                            .n = n,
                            .losses = losses,
                            .correct = correct,
                            .stop = stop});
}

/* Adds the gradients of `pieces` pieces, in their order, to sums[]. */
static void add_pieces(const Program *self, int pieces, size_t length, float *const *sums) {
  size_t at = 0;
  for (guint k = 0; k < self->parameters->len; k++) {
    size_t count = (size_t)tensor_count(g_array_index(self->parameters, Parameter, k).tensor);
    for (int p = 0; p < pieces; p++) {
      const float *gradient = self->piece_gradients + (size_t)p * length + at;
      for (size_t i = 0; i < count; i++)
        sums[k][i] += gradient[i];
    }
    at += count;
  }
}

bool program_gradient(Program *self, SampleSource source, void *data, const int *indices, const int *labels,
                      int n, float *losses, float *correct, float *const *gradients, const StopFlag *stop) {
  size_t length = 0;
  for (guint k = 0; k < self->parameters->len; k++) {
    size_t count = (size_t)tensor_count(g_array_index(self->parameters, Parameter, k).tensor);
    memset(gradients[k], 0, count * sizeof(float));
    length += count;
  }
  if (!self->piece_gradients)
    self->piece_gradients = g_new(float, length *GRADIENT_PIECES);
  int most = GRADIENT_PIECES * self->piece;
  for (int first = 0; first < n; first += most) {
    int count = MIN(most, n - first);
    Batch batch = {.program = self,
                   .source = source,
                   .data = data,
                   .indices = indices + first,
                   .labels = labels + first,
                   .n = count,
                   .batch = n,
                   .losses = losses + first,
                   .correct = correct ? correct + first : NULL,
                   .gradients = self->piece_gradients,
                   .gradients_length = length,
                   .stop = stop};
    if (!run_batch(&batch))
      return false;
    add_pieces(self, (count + self->piece - 1) / self->piece, length, gradients);
  }
  return true;
}

bool program_inspect(Program *self, SampleSource source, void *data, int index, Tensor **received,
                     Tensor **z, GError **error) {
  Batch batch = {.program = self, .source = source, .data = data, .indices = &index, .n = 1};
  Workspace *workspace = self->workspaces[0];
  load_piece(&batch, workspace, 0, 1);
  workspace_forward(workspace, NULL);
  if (received)
    *received = tensor_from_floats(&SHAPE(1, self->channels, self->height, self->width),
                                   tensor_floats(workspace_output(workspace, self->received)));
  if (z)
    *z = tensor_from_floats(&SHAPE(1, self->n_source),
                            tensor_floats(workspace_output(workspace, self->source)));
  return true;
}
