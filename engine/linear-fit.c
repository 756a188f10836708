#include "engine/linear-fit.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* A set of numbers with its gradient and moments. */
typedef struct {
  float *numbers, *start, *gradient, *moments[OPTIMISER_MAX_MOMENTS];
  size_t n;
} Trained;

static void trained_init(Trained *trained, Tensor *tensor, int n_moments) {
  trained->n = (size_t)tensor_count(tensor);
  trained->numbers = tensor_floats(tensor);
  trained->start = g_memdup2(trained->numbers, trained->n * sizeof(float));
  trained->gradient = g_new0(float, trained->n);
  for (int k = 0; k < n_moments; k++)
    trained->moments[k] = g_new0(float, trained->n);
}

static void trained_undo(Trained *trained) {
  memcpy(trained->numbers, trained->start, trained->n * sizeof(float));
}

static void trained_clear(Trained *trained) {
  g_free(trained->start);
  g_free(trained->gradient);
  for (int k = 0; k < OPTIMISER_MAX_MOMENTS; k++)
    g_free(trained->moments[k]);
}

/* Softmax cross-entropy of one row of logits; they become the gradient of the loss divided by `batch`:
 * dL/dlogit_t = (softmax_t - [t = label]) / batch. */
static double row_loss(float *logits, int n, int label, int batch) {
  float top = logits[0];
  for (int t = 1; t < n; t++)
    top = MAX(top, logits[t]);
  double sum = 0, right = logits[label] - top;
  for (int t = 0; t < n; t++)
    sum += logits[t] = expf(logits[t] - top);
  for (int t = 0; t < n; t++)
    logits[t] = (float)((logits[t] / sum - (t == label)) / batch);
  return log(sum) - right;
}

typedef struct {
  int rows, n_source, n_target;
  float *z, *logits; /* of the batch: (rows, n_source), (rows, n_target) */
  int *labels;
} Batch;

/* dL/domega = z' dL/dlogits, dL/dbias = the sum over rows.  Returns the mean loss. */
static double batch_gradient(Batch *batch, const Trained *omega, const Trained *bias) {
  int rows = batch->rows, source = batch->n_source, target = batch->n_target;
  for (int i = 0; i < rows; i++)
    memcpy(batch->logits + i * target, bias->numbers, sizeof(float) * (size_t)target);
  cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, target, source, 1, batch->z, source,
              omega->numbers, target, 1, batch->logits, target);
  double loss = 0;
  for (int i = 0; i < rows; i++)
    loss += row_loss(batch->logits + i * target, target, batch->labels[i], rows);
  cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, source, target, rows, 1, batch->z, source,
              batch->logits, target, 0, omega->gradient, target);
  memset(bias->gradient, 0, sizeof(float) * (size_t)target);
  for (int i = 0; i < rows; i++)
    for (int t = 0; t < target; t++)
      bias->gradient[t] += batch->logits[i * target + t];
  return loss / rows;
}

/* Copies the samples order[0..rows-1] into the batch. */
static void gather(Batch *batch, const float *z, const int *labels, const uint32_t *order) {
  size_t n_source = (size_t)batch->n_source;
  for (int i = 0; i < batch->rows; i++) {
    memcpy(batch->z + (size_t)i * n_source, z + order[i] * n_source, sizeof(float) * n_source);
    batch->labels[i] = labels[order[i]];
  }
}

static bool train(const LinearFit *fit, Alignment *self, const float *z, const int *labels, int n,
                  Batch *batch, Trained *omega, Trained *bias, const StopFlag *stop) {
  int per_epoch = n / batch->rows, epochs = (fit->steps + per_epoch - 1) / per_epoch;
  g_autofree uint32_t *order = g_new(uint32_t, n);
  for (int step = 0; step < fit->steps; step++) {
    int epoch = step / per_epoch, place = step % per_epoch;
    if (stop_requested(stop))
      return false;
    if (place == 0)
      random_permutation(&(Random){fit->seed, RANDOM_ORDER, (uint32_t)epoch}, order, (size_t)n);
    gather(batch, z, labels, order + (size_t)place * (size_t)batch->rows);
    if (!isfinite(batch_gradient(batch, omega, bias))) {
      g_ptr_array_add(
          self->warnings,
          g_strdup_printf("The loss of the linear alignment was not a number at step %d, and its training "
                          "ended there; lower the learning rate",
                          step + 1));
      return true;
    }
    double rate = schedule_rate(fit->settings, step, fit->steps, epoch, epochs);
    fit->optimiser->update(fit->settings, rate, step + 1, omega->n, omega->numbers, omega->gradient,
                           omega->moments);
    if (alignment_trains_bias(self))
      fit->optimiser->update(fit->settings, rate, step + 1, bias->n, bias->numbers, bias->gradient,
                             bias->moments);
  }
  return true;
}

bool linear_fit(const LinearFit *fit, Alignment *self, const float *z, const int *labels, int n,
                const StopFlag *stop) {
  Trained omega = {0}, bias = {0};
  trained_init(&omega, self->omega, fit->optimiser->n_moments);
  trained_init(&bias, self->bias, fit->optimiser->n_moments);
  int rows = MAX(1, MIN(fit->batch, n));
  Batch batch = {rows,
                 self->n_source,
                 self->n_target,
                 g_new(float, (size_t)rows *(size_t)self->n_source),
                 g_new(float, (size_t)rows *(size_t)self->n_target),
                 g_new(int, rows)};
  bool done = n < 1 || train(fit, self, z, labels, n, &batch, &omega, &bias, stop);
  if (!done) {
    trained_undo(&omega);
    trained_undo(&bias);
  }
  trained_clear(&omega);
  trained_clear(&bias);
  g_free(batch.z);
  g_free(batch.logits);
  g_free(batch.labels);
  return done;
}
