/* Adam: steps scaled by running means of the gradient and of its square.
 *
 *     g  = dL/dp + weight_decay p
 *     m  = beta1 m + (1 - beta1) g          v = beta2 v + (1 - beta2) g^2
 *     p -= rate / (1 - beta1^t)  *  m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 *
 * Kingma & Ba 2015, arXiv 1412.6980, in the order of operations of torch.optim.Adam (epsilon outside the
 * root). */
#include "engine/optimisers/optimisers.h"

#include <math.h>

static const Setting rows[] = {
    {"beta1", "β₁, decay of the mean", SETTING_NUMBER, "0.9", 0, 0.999999, NULL,
     "How much of the running mean of the gradient is kept at each step."},
    {"beta2", "β₂, decay of the squares", SETTING_NUMBER, "0.999", 0, 0.99999999, NULL,
     "How much of the running mean of the squared gradient is kept at each step."},
    {"epsilon", "ε", SETTING_NUMBER, "1e-8", 1e-30, 1, NULL,
     "Added to the root of the squares so that nothing is divided by zero."},
    {"weight_decay", "Weight decay", SETTING_NUMBER, "0", 0, 1000, NULL,
     "Times the parameter, added to its gradient: the L2 penalty weight_decay/2 times the squared norm."},
    {NULL},
};

static void update(const Settings *settings, double rate, int step, size_t n, float *parameters,
                   const float *gradient, float *const *moments) {
  double beta1 = settings_number(settings, "beta1"), beta2 = settings_number(settings, "beta2");
  float keep1 = (float)beta1, keep2 = (float)beta2, add1 = (float)(1 - beta1), add2 = (float)(1 - beta2);
  float epsilon = (float)settings_number(settings, "epsilon");
  float decay = (float)settings_number(settings, "weight_decay");
  float size = (float)(rate / (1 - pow(beta1, step))), root = (float)sqrt(1 - pow(beta2, step));
  float *m = moments[0], *v = moments[1];
  for (size_t i = 0; i < n; i++) {
    float g = gradient[i] + decay * parameters[i];
    m[i] = keep1 * m[i] + add1 * g;
    v[i] = keep2 * v[i] + add2 * g * g;
    parameters[i] -= size * m[i] / (sqrtf(v[i]) / root + epsilon);
  }
}

const OptimiserKind optimiser_adam = {
    .name = "adam",
    .title = "Adam",
    .paper = "Kingma & Ba 2015, arXiv 1412.6980",
    .summary =
        "Each number has a step of its own size, from running means of its gradient and of the square.",
    .settings = rows,
    .n_moments = 2,
    .update = update,
};
