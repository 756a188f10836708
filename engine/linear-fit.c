#include "engine/linear-fit.h"

#include "engine/error.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* A set of numbers with its gradient and moments. */
typedef struct {
  float *numbers, *gradient, *moments[OPTIMISER_MAX_MOMENTS];
  size_t n;
} Trained;

static void trained_init(Trained *trained, Tensor *tensor, int n_moments) {
  trained->n = (size_t)tensor_count(tensor);
  trained->numbers = tensor_floats(tensor);
  trained->gradient = g_new0(float, trained->n);
  for (int k = 0; k < n_moments; k++)
    trained->moments[k] = g_new0(float, trained->n);
}

static void trained_clear(Trained *trained) {
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

static bool train(Alignment *self, const float *z, const int *labels, int n, const LinearFit *fit,
                  Batch *batch, Trained *omega, Trained *bias, const StopFlag *stop, GError **error) {
  int per_epoch = n / fit->batch, epochs = (fit->steps + per_epoch - 1) / per_epoch;
  g_autofree uint32_t *order = g_new(uint32_t, n);
  for (int step = 0; step < fit->steps; step++) {
    int epoch = step / per_epoch, place = step % per_epoch;
    if (stop_requested(stop)) {
      g_set_error_literal(error, HOARFROST_ERROR, HOARFROST_ERROR_STOPPED,
                          "stopped while a linear alignment was fitted");
      return false;
    }
    if (place == 0)
      random_permutation(&(Random){fit->seed, RANDOM_ORDER, (uint32_t)epoch}, order, (size_t)n);
    for (int i = 0; i < fit->batch; i++) {
      size_t sample = order[(size_t)place * (size_t)fit->batch + (size_t)i];
      memcpy(batch->z + (size_t)i * (size_t)self->n_source, z + sample * (size_t)self->n_source,
             sizeof(float) * (size_t)self->n_source);
      batch->labels[i] = labels[sample];
    }
    double loss = batch_gradient(batch, omega, bias);
    if (!isfinite(loss))
      return input_error(error,
                         "the loss of the linear alignment is not a number at step %d; lower optimiser.rate",
                         step + 1);
    double rate = schedule_rate(fit->settings, step, fit->steps, epoch, epochs);
    fit->optimiser->update(fit->settings, rate, step + 1, omega->n, omega->numbers, omega->gradient,
                           omega->moments);
    if (alignment_trains_bias(self))
      fit->optimiser->update(fit->settings, rate, step + 1, bias->n, bias->numbers, bias->gradient,
                             bias->moments);
  }
  return true;
}

bool linear_fit(Alignment *self, const float *z, const int *labels, int n, const LinearFit *fit,
                const StopFlag *stop, GError **error) {
  if (fit->batch < 1 || fit->batch > n)
    return input_error(error,
                       "a batch of %d needs at least as many samples, but there are %d; set run.batch lower",
                       fit->batch, n);
  Trained omega = {0}, bias = {0};
  trained_init(&omega, self->omega, fit->optimiser->n_moments);
  trained_init(&bias, self->bias, fit->optimiser->n_moments);
  size_t rows = (size_t)fit->batch;
  Batch batch = {fit->batch,
                 self->n_source,
                 self->n_target,
                 g_new(float, rows *(size_t)self->n_source),
                 g_new(float, rows *(size_t)self->n_target),
                 g_new(int, rows)};
  bool done = train(self, z, labels, n, fit, &batch, &omega, &bias, stop, error);
  trained_clear(&omega);
  trained_clear(&bias);
  g_free(batch.z);
  g_free(batch.logits);
  g_free(batch.labels);
  return done;
}
