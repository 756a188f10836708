/* Optimisers against ten steps of torch's, the table's rows, and schedules at their corners. */
#include "engine/optimiser.h"
#include "tests/references/optimisers.inc"
#include "tests/support/optimiser-named.h"

#include <math.h>
#include <string.h>

#define N 5

typedef struct {
  const char *name;
  const char *settings[5][2]; /* ends with NULL */
  double rate;
  const float (*expected)[N];
} Case;

static const Case cases[] = {
    {"adam", {{NULL}}, 0.05, adam_plain},
    {"adam",
     {{"beta1", "0.5"}, {"beta2", "0.99"}, {"epsilon", "1e-4"}, {"weight_decay", "0.1"}, {NULL}},
     0.02,
     adam_decay},
    {"sgd", {{"momentum", "0"}, {NULL}}, 0.1, sgd_plain},
    {"sgd", {{"weight_decay", "0.01"}, {NULL}}, 0.03, sgd_momentum},
};

/* The gradients of references/optimisers.py. */
static void gradients(int step, float *g) {
  static const double scale[N] = {1, 1e-3, 1e-7, 10, 0.5};
  for (int i = 0; i < N; i++)
    g[i] = (float)(sin(3 * step + 5 * i) * scale[i]);
}

static void test_torch(void) {
  for (guint c = 0; c < G_N_ELEMENTS(cases); c++) {
    const OptimiserKind *kind = optimiser_named(cases[c].name);
    g_autoptr(Settings) settings = settings_new(optimiser_settings, kind->settings);
    for (int k = 0; cases[c].settings[k][0]; k++)
      g_assert_true(settings_set(settings, cases[c].settings[k][0], cases[c].settings[k][1], NULL));
    float p[N] = {0.5f, -1, 0, 2, -0.25f}, g[N], m[OPTIMISER_MAX_MOMENTS][N] = {{0}};
    float *const moments[OPTIMISER_MAX_MOMENTS] = {m[0], m[1]};
    for (int step = 0; step < 10; step++) {
      gradients(step, g);
      kind->update(settings, cases[c].rate, step + 1, N, p, g, moments);
      for (int i = 0; i < N; i++)
        g_assert_cmpfloat(fabs(p[i] - cases[c].expected[step][i]), <, 1e-6);
    }
  }
}

/* Every row has settings that fit, and goes down the hill of |p|^2 / 2. */
static void test_table(void) {
  for (const OptimiserKind *const *row = optimiser_kinds; *row; row++) {
    const OptimiserKind *kind = *row;
    g_assert_cmpint(kind->n_moments, <=, OPTIMISER_MAX_MOMENTS);
    g_autoptr(Settings) settings = settings_new(optimiser_settings, kind->settings);
    for (const Setting *setting = kind->settings; setting->name; setting++)
      g_assert_true(settings_set(settings, setting->name, setting->initial, NULL));
    float p[2] = {1, -2}, g[2], m[OPTIMISER_MAX_MOMENTS][2] = {{0}};
    float *const moments[OPTIMISER_MAX_MOMENTS] = {m[0], m[1]};
    for (int step = 1; step <= 300; step++) {
      memcpy(g, p, sizeof g);
      kind->update(settings, 0.05, step, 2, p, g, moments);
    }
    g_assert_cmpfloat(fabs(p[0]) + fabs(p[1]), <, 0.05);
  }
}

static double rate_at(const char *schedule, const char *milestones, int step, int steps, int epoch,
                      int epochs) {
  g_autoptr(Settings) settings = settings_new(optimiser_settings, NULL);
  g_assert_true(settings_set(settings, "rate", "2", NULL) &&
                settings_set(settings, "schedule", schedule, NULL));
  if (milestones)
    g_assert_true(settings_set(settings, "milestones", milestones, NULL));
  return schedule_rate(settings, step, steps, epoch, epochs);
}

static void test_schedules(void) {
  g_assert_cmpfloat(rate_at("constant", NULL, 99, 100, 4, 5), ==, 2);
  /* ILM-VP: 200 epochs of 390 steps, the rate falls after 100 and after 144 epochs. */
  g_assert_cmpfloat(rate_at("multistep", NULL, 100 * 390 - 1, 200 * 390, 99, 200), ==, 2);
  g_assert_cmpfloat_with_epsilon(rate_at("multistep", NULL, 100 * 390, 200 * 390, 100, 200), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon(rate_at("multistep", NULL, 144 * 390 - 1, 200 * 390, 143, 200), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon(rate_at("multistep", NULL, 144 * 390, 200 * 390, 144, 200), 0.02, 1e-12);
  g_assert_cmpfloat(rate_at("multistep", "1, 3", 9, 100, 0, 5), ==, 2);
  g_assert_cmpfloat_with_epsilon(rate_at("multistep", "1, 3", 20, 100, 1, 5), 0.2, 1e-12);
  g_assert_cmpfloat_with_epsilon(rate_at("multistep", "1, 3", 60, 100, 3, 5), 0.02, 1e-12);
  g_assert_cmpfloat(rate_at("multistep", "", 99, 100, 4, 5), ==, 2);
  g_assert_cmpfloat(rate_at("cosine", NULL, 0, 100, 0, 5), ==, 2);
  g_assert_cmpfloat_with_epsilon(rate_at("cosine", NULL, 50, 100, 2, 5), 1, 1e-12);
  g_assert_cmpfloat_with_epsilon(rate_at("cosine", NULL, 100, 100, 5, 5), 0, 1e-12);
  /* No schedule leaves [0, rate], wherever it is asked, and none rises. */
  for (const ScheduleKind *kind = schedule_kinds; kind->name; kind++) {
    double before = 2;
    for (int step = 0; step <= 60; step++) {
      double rate = rate_at(kind->name, NULL, step, 50, step / 10, 5);
      g_assert_true(rate >= 0 && rate <= before);
      before = rate;
    }
  }
  g_assert_true(schedule_find("cosine") && !schedule_find("linear"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/optimisers/torch", test_torch);
  g_test_add_func("/optimisers/table", test_table);
  g_test_add_func("/optimisers/schedules", test_schedules);
  return g_test_run();
}
