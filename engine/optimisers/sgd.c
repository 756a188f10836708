/* Stochastic gradient descent with momentum.
 *
 *     g  = dL/dp + weight_decay p
 *     m  = momentum m + g
 *     p -= rate m
 *
 * Polyak 1964, in the form of torch.optim.SGD (the rate is outside the momentum; no dampening). */
#include "engine/optimisers/optimisers.h"

static const Setting rows[] = {
    {"momentum", "Momentum", SETTING_NUMBER, "0.9", 0, 0.999999, NULL,
     "How much of the last step's direction is kept; 0 is plain gradient descent."},
    {"weight_decay", "Weight decay", SETTING_NUMBER, "0", 0, 1000, NULL,
     "Times the parameter, added to its gradient: the L2 penalty weight_decay/2 times the squared norm."},
    {NULL},
};

static void update(const Settings *settings, double rate, int step, size_t n, float *parameters,
                   const float *gradient, float *const *moments) {
  float keep = (float)settings_number(settings, "momentum");
  float decay = (float)settings_number(settings, "weight_decay"), size = (float)rate;
  float *m = moments[0];
  for (size_t i = 0; i < n; i++) {
    m[i] = keep * m[i] + (gradient[i] + decay * parameters[i]);
    parameters[i] -= size * m[i];
  }
}

const OptimiserKind optimiser_sgd = {
    .name = "sgd",
    .title = "SGD with momentum",
    .paper = "Polyak 1964, doi 10.1016/0041-5553(64)90137-5",
    .summary = "All numbers move along the gradient, smoothed over the last steps.",
    .settings = rows,
    .n_moments = 1,
    .update = update,
};
