/* A linear alignment trained on given answers: it learns, repeats itself, follows its optimiser, and stops.
 */
#include "engine/linear-fit.h"
#include "tests/support/optimiser-named.h"

#include <math.h>
#include <string.h>

#define N      400
#define SOURCE 6
#define TARGET 3

static float z[N * SOURCE];
static int labels[N];

/* Answers whose largest of the first three is right after a shift of one class. */
static void make_answers(void) {
  Random random = {5, RANDOM_DRAWING, 0};
  for (int i = 0; i < N * SOURCE; i++)
    z[i] = (float)random_normal(&random, (uint64_t)i);
  for (int i = 0; i < N; i++) {
    const float *row = z + i * SOURCE;
    int top = row[0] > row[1] ? (row[0] > row[2] ? 0 : 2) : (row[1] > row[2] ? 1 : 2);
    labels[i] = (top + 1) % TARGET;
  }
}

static double accuracy(const Alignment *alignment) {
  int right = 0;
  for (int i = 0; i < N; i++) {
    float y[TARGET];
    int top = 0;
    for (int t = 0; t < TARGET; t++) {
      y[t] = tensor_floats(alignment->bias)[t];
      for (int s = 0; s < SOURCE; s++)
        y[t] += z[i * SOURCE + s] * tensor_floats(alignment->omega)[s * TARGET + t];
      top = y[t] > y[top] ? t : top;
    }
    right += top == labels[i];
  }
  return (double)right / N;
}

typedef struct {
  const char *optimiser, *rate, *bias;
  int batch, steps;
  StopFlag stop;
} Fit;

static Alignment *fit(const Fit *how) {
  const AlignmentKind *kind = alignment_find("linear");
  const OptimiserKind *optimiser = optimiser_named(how->optimiser);
  g_autoptr(Settings) own = settings_new(NULL, kind->settings),
                      settings = settings_new(optimiser_settings, optimiser->settings);
  g_assert_true(settings_set(own, "bias", how->bias, NULL) &&
                settings_set(settings, "rate", how->rate, NULL));
  g_autoptr(Alignment) alignment =
      alignment_new(kind, own, SOURCE, TARGET, NULL, &(Random){1, RANDOM_ALIGNMENT, 0}, NULL);
  LinearFit options = {optimiser, settings, how->batch, how->steps, 9};
  return linear_fit(&options, alignment, z, labels, N, &how->stop) ? g_steal_pointer(&alignment) : NULL;
}

static void test_learns(void) {
  static const Fit cases[] = {{"adam", "0.05", "yes", 64, 200, 0}, {"sgd", "0.1", "no", 50, 200, 0}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Alignment) first = fit(&cases[i]), second = fit(&cases[i]);
    g_assert_cmpfloat(accuracy(first), >, 0.95);
    g_assert_cmpmem(first->omega->data, sizeof(float) * SOURCE * TARGET, second->omega->data,
                    sizeof(float) * SOURCE * TARGET);
    for (int t = 0; t < TARGET; t++)
      g_assert_true((tensor_floats(first->bias)[t] != 0) == (i == 0));
  }
}

/* One step of plain descent on all samples is the gradient, compared with differences of the mean loss in
 * double. */
static double mean_loss(const double *omega, const double *bias) {
  double loss = 0;
  for (int i = 0; i < N; i++) {
    double y[TARGET], sum = 0;
    for (int t = 0; t < TARGET; t++) {
      y[t] = bias[t];
      for (int s = 0; s < SOURCE; s++)
        y[t] += (double)z[i * SOURCE + s] * omega[s * TARGET + t];
      sum += exp(y[t]);
    }
    loss += log(sum) - y[labels[i]];
  }
  return loss / N;
}

static void test_gradient(void) {
  g_autoptr(Alignment) start = fit(&(Fit){"sgd", "1", "yes", N, 0, 0});
  g_autoptr(Alignment) moved = fit(&(Fit){"sgd", "1", "yes", N, 1, 0});
  double numbers[SOURCE * TARGET + TARGET];
  for (int i = 0; i < SOURCE * TARGET; i++)
    numbers[i] = tensor_floats(start->omega)[i];
  for (int t = 0; t < TARGET; t++)
    numbers[SOURCE * TARGET + t] = tensor_floats(start->bias)[t];
  for (int i = 0; i < SOURCE * TARGET + TARGET; i++) {
    double here = numbers[i], h = 1e-4;
    numbers[i] = here + h;
    double above = mean_loss(numbers, numbers + SOURCE * TARGET);
    numbers[i] = here - h;
    double below = mean_loss(numbers, numbers + SOURCE * TARGET);
    numbers[i] = here;
    double after = i < SOURCE * TARGET ? tensor_floats(moved->omega)[i]
                                       : tensor_floats(moved->bias)[i - SOURCE * TARGET];
    g_assert_cmpfloat_with_epsilon(here - after, (above - below) / (2 * h), 1e-5);
  }
}

static void test_ends(void) {
  g_assert_null(fit(&(Fit){"adam", "0.05", "yes", 64, 10, 1}));
  g_autoptr(Alignment) all = fit(&(Fit){"sgd", "1", "yes", N, 3, 0});
  g_autoptr(Alignment) more = fit(&(Fit){"sgd", "1", "yes", N + 1, 3, 0});
  g_assert_cmpmem(all->omega->data, sizeof(float) * SOURCE * TARGET, more->omega->data,
                  sizeof(float) * SOURCE * TARGET);
  g_assert_cmpuint(all->warnings->len, ==, 0);
  float kept = z[7];
  z[7] = NAN;
  g_autoptr(Alignment) broken = fit(&(Fit){"adam", "0.05", "yes", N, 10, 0});
  z[7] = kept;
  g_assert_cmpuint(broken->warnings->len, ==, 1);
  g_assert_nonnull(strstr(g_ptr_array_index(broken->warnings, 0), "at step 1"));
  for (int i = 0; i < SOURCE * TARGET; i++)
    g_assert_true(isfinite(tensor_floats(broken->omega)[i]));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  make_answers();
  g_test_add_func("/linear-fit/learns", test_learns);
  g_test_add_func("/linear-fit/gradient", test_gradient);
  g_test_add_func("/linear-fit/ends", test_ends);
  return g_test_run();
}
