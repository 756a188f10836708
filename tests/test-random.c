/* Random numbers: known answers, ranges, permutations. */
#include "engine/random.h"

#include <glib.h>
#include <math.h>

/* Philox4x32-10 of counter 0, key 0, from the known-answer file of the authors' Random123 library. */
static void test_known_answer(void) {
  Random zero = {0, 0, 0};
  g_assert_cmphex(random_bits(&zero, 0), ==, 0xe169c58d6627e8d5);
}

static void test_moments(void) {
  Random random = {7, RANDOM_PATTERN, 3};
  double sum = 0, square = 0, uniform = 0;
  int n = 100000;
  for (int i = 0; i < n; i++) {
    double z = random_normal(&random, (uint64_t)i), u = random_uniform(&random, (uint64_t)i);
    g_assert_true(isfinite(z) && u >= 0 && u < 1);
    sum += z;
    square += z * z;
    uniform += u;
  }
  g_assert_cmpfloat(fabs(sum / n), <, 0.02);
  g_assert_cmpfloat(fabs(square / n - 1), <, 0.02);
  g_assert_cmpfloat(fabs(uniform / n - 0.5), <, 0.01);
}

static void test_permutation(void) {
  Random first = {7, RANDOM_ORDER, 0}, second = {7, RANDOM_ORDER, 1};
  uint32_t a[1000], b[1000], same = 0;
  gboolean seen[1000] = {0};
  random_permutation(&first, a, 1000);
  random_permutation(&second, b, 1000);
  for (int i = 0; i < 1000; i++) {
    g_assert_false(seen[a[i]]);
    seen[a[i]] = TRUE;
    same += a[i] == b[i];
  }
  g_assert_cmpuint(same, <, 20);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/random/known-answer", test_known_answer);
  g_test_add_func("/random/moments", test_moments);
  g_test_add_func("/random/permutation", test_permutation);
  return g_test_run();
}
