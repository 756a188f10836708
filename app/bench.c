#include "app/bench.h"

#include <math.h>

#define LEAST_TIMES 3

static int compare_doubles(gconstpointer a, gconstpointer b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

double bench_median(const BenchOptions *options, bool (*run)(void *data), void *data) {
  if (!run(data))
    return NAN;
  g_autoptr(GArray) times = g_array_new(FALSE, FALSE, sizeof(double));
  int64_t begun = g_get_monotonic_time(), now = begun;
  guint least = options->steps ? (guint)options->steps : LEAST_TIMES;
  double limit = options->steps ? 0 : options->seconds;
  while (times->len < least || (double)(now - begun) / G_USEC_PER_SEC < limit) {
    int64_t start = g_get_monotonic_time();
    if (!run(data))
      return NAN;
    now = g_get_monotonic_time();
    double milliseconds = (double)(now - start) / 1000;
    g_array_append_val(times, milliseconds);
  }
  g_array_sort(times, compare_doubles);
  guint n = times->len;
  return (g_array_index(times, double, (n - 1) / 2) + g_array_index(times, double, n / 2)) / 2;
}
