/* The inner loops of every set that this processor can run, against the same sums in doubles. */
#include "engine/activation.h"
#include "engine/kernels/vectors.h"
#include "tests/support/vectors-wide.h"

#include <math.h>
#include <string.h>

static float noise(int64_t i) {
  uint32_t h = (uint32_t)i * 2654435761u;
  h ^= h >> 15;
  h *= 2246822519u;
  return (float)((h >> 8) % 2001) / 1000 - 1;
}

static const Vectors *sets[5];
static int n_sets;

static void find_sets(void) {
  sets[n_sets++] = &vectors_plain;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) {
    sets[n_sets++] = &vectors_avx2;
    sets[n_sets++] = &vectors_wide;
  }
  if (vectors() == &vectors_avx512)
    sets[n_sets++] = &vectors_avx512;
#endif
}

#define X_FLOATS 4096
#define W_FLOATS 8192
#define Y_FLOATS 2048

static float x[X_FLOATS], w[W_FLOATS], bias[64], y[Y_FLOATS], before[Y_FLOATS];
static uint8_t bits[Y_FLOATS];

/* What finish does to a sum, and the bit. */
static double finished(const DirectTile *t, double sum, int c, float old, bool *bit) {
  double z = sum + (t->bias ? t->bias[c] : 0) + (t->add ? old : 0);
  const Activation *a = t->activation;
  bool clips = a && a->kind == ACTIVATION_CLIP;
  double low = clips ? a->low : 0, high = clips ? a->high : INFINITY;
  *bit = clips ? z >= low && z <= high : z > 0;
  return a ? fmin(fmax(z, low), high) : z;
}

/* Sum over taps and depth; depthwise: over taps, weights by channel. */
static double sum_of(const DirectTile *t, int i, int c, int width, bool depthwise) {
  double sum = 0;
  for (int64_t tap = 0; tap < t->taps; tap++) {
    const float *from = t->x + i * t->x_step + t->offsets[tap];
    for (int64_t k = 0; !depthwise && k < t->depth; k++)
      sum += (double)from[k] * t->weights[(tap * t->depth + k) * width + c];
    if (depthwise)
      sum += (double)from[c] * t->weights[tap * t->depth + c];
  }
  return sum;
}

static void check_tile(const Vectors *set, const DirectTile *t, int pixels, int width, bool depthwise) {
  for (int i = 0; i < Y_FLOATS; i++)
    before[i] = y[i] = noise(i + 77);
  memset(bits, 0xaa, sizeof bits);
  if (depthwise)
    set->depthwise(t, pixels);
  else
    set->direct[width / set->lanes - 1][pixels - 1](t);
  int next = 0;
  for (int i = 0; i < pixels; i++)
    for (int c = 0; c < t->y_step; c++, next++) {
      int at = (int)(i * t->y_step) + c;
      if (c >= t->channels) {
        g_assert_cmpfloat(y[at], ==, before[at]);
        continue;
      }
      bool bit;
      double expected = finished(t, sum_of(t, i, c, width, depthwise), c, before[at], &bit);
      if (!(fabs(y[at] - expected) < 1e-4))
        g_error("%s, %d pixels of %d channels: y[%d][%d] is %g, expected %g", set->name, pixels, t->channels,
                i, c, y[at], expected);
      /* A sum this near to a kink may fall on either side. */
      if (t->bits && fabs(expected) > 1e-4 && fabs(expected - 0.5) > 1e-4)
        g_assert_cmpint(t->bits[i * t->bits_step + c / 8] >> c % 8 & 1, ==, bit);
    }
  g_assert_cmpfloat(y[pixels * t->y_step], ==, before[pixels * t->y_step]);
}

static const Activation relu = {ACTIVATION_RELU, 0, INFINITY}, clip = {ACTIVATION_CLIP, -0.5, 0.5};
static const int64_t offsets[] = {0, 40, 7, 200, 311, 80, 120, 160, 240};

static void fill(void) {
  for (int i = 0; i < X_FLOATS; i++)
    x[i] = noise(i);
  for (int i = 0; i < W_FLOATS; i++)
    w[i] = noise(i + 5000);
  for (int i = 0; i < 64; i++)
    bias[i] = noise(i + 9000);
}

static void check_finishes(const Vectors *set, DirectTile tile, int pixels, int width, bool depthwise) {
  check_tile(set, &tile, pixels, width, depthwise);
  tile.bias = bias;
  tile.add = true;
  check_tile(set, &tile, pixels, width, depthwise);
  tile.add = false;
  tile.activation = &relu;
  check_tile(set, &tile, pixels, width, depthwise);
  tile.bits = bits;
  tile.bits_step = 8;
  check_tile(set, &tile, pixels, width, depthwise);
  tile.activation = &clip;
  check_tile(set, &tile, pixels, width, depthwise);
}

static void test_direct(void) {
  fill();
  for (int s = 0; s < n_sets; s++)
    for (int v = 1; v <= DIRECT_VECTORS; v++)
      for (int pixels = 1; pixels <= sets[s]->direct_pixels[v - 1]; pixels++) {
        int width = v * sets[s]->lanes;
        const int channels[] = {width, width - 8, width - sets[s]->lanes + 1, width - 3};
        for (size_t i = 0; i < G_N_ELEMENTS(channels); i++) {
          DirectTile tile = {.x = x,
                             .weights = w,
                             .x_step = 13,
                             .offsets = offsets,
                             .taps = 3,
                             .depth = 11,
                             .y = y,
                             .y_step = 61,
                             .channels = MAX(1, channels[i])};
          check_finishes(sets[s], tile, pixels, width, false);
          tile.taps = 0;
          check_tile(sets[s], &tile, pixels, width, false);
        }
      }
}

static void test_depthwise(void) {
  fill();
  for (int s = 0; s < n_sets; s++)
    for (int channels = 1; channels <= 40; channels += channels < 9 ? 1 : 5)
      for (int pixels = 1; pixels <= 9; pixels++) {
        DirectTile tile = {.x = x,
                           .weights = w,
                           .x_step = 43,
                           .offsets = offsets,
                           .taps = 9,
                           .depth = 48,
                           .y = y,
                           .y_step = 41,
                           .channels = channels};
        check_finishes(sets[s], tile, pixels, 0, true);
      }
}

static void test_activations(void) {
  for (int s = 0; s < n_sets; s++)
    for (int n = 0; n <= 35; n++) {
      float masked[40], z[40];
      for (int i = 0; i < 40; i++)
        y[i] = z[i] = floorf(noise(i + n) * 4);
      sets[s]->relu(y, n, bits);
      for (int i = 0; i < n; i++) {
        g_assert_cmpfloat(y[i], ==, MAX(z[i], 0));
        g_assert_cmpint(bits[i / 8] >> i % 8 & 1, ==, z[i] > 0);
      }
      sets[s]->mask(masked, z, n, bits);
      for (int i = 0; i < n; i++)
        g_assert_cmpfloat(masked[i], ==, z[i] > 0 ? z[i] : 0);
      g_assert_cmpfloat(y[n], ==, z[n]);
      memcpy(y, z, sizeof z);
      sets[s]->clip(y, n, -1, 2, bits);
      for (int i = 0; i < n; i++) {
        g_assert_cmpfloat(y[i], ==, CLAMP(z[i], -1, 2));
        g_assert_cmpint(bits[i / 8] >> i % 8 & 1, ==, z[i] >= -1 && z[i] <= 2);
      }
      if (n % 8)
        g_assert_cmpint(bits[n / 8] >> n % 8, ==, 0);
    }
}

/* Not a number stays so, and lets the gradient of relu pass as PyTorch does. */
static void test_not_a_number(void) {
  for (int s = 0; s < n_sets; s++) {
    float z[9] = {NAN, -INFINITY, INFINITY, -0.0f, 1, 2, 3, 4, NAN};
    memcpy(y, z, sizeof z);
    sets[s]->relu(y, 9, bits);
    g_assert_true(isnan(y[0]) && isnan(y[8]) && y[1] == 0 && isinf(y[2]) && !signbit(y[3]));
    g_assert_cmphex(bits[0], ==, 0xf5);
    memcpy(y, z, sizeof z);
    sets[s]->clip(y, 9, -1, 1, bits);
    g_assert_true(isnan(y[0]) && isnan(y[8]) && y[1] == -1 && y[2] == 1);
  }
}

/* Every length up to a few vectors; the sums of the exponentials, each of them, and what is no number. */
static void test_exponentials(void) {
  for (int k = 0; k < n_sets; k++)
    for (int64_t n = 1; n < 40; n++) {
      float most = -INFINITY, least = INFINITY, out[40];
      double sum = 0;
      for (int64_t i = 0; i < n; i++) {
        x[i] = 50 * noise(i * 7 + n);
        most = MAX(most, x[i]);
        least = MIN(least, x[i]);
      }
      g_assert_cmpfloat(sets[k]->most(x, n, 1), ==, most);
      g_assert_cmpfloat(sets[k]->most(x, n, -1), ==, -least);
      double found = sets[k]->exponentials(x, out, n, most);
      for (int64_t i = 0; i < n; i++) {
        double expected = exp((double)(x[i] - most));
        sum += expected;
        g_assert_cmpfloat(fabs(out[i] - expected), <=, 3e-7 * expected + 2e-38);
      }
      g_assert_cmpfloat(fabs(found - sum), <=, 1e-6 * sum);
      g_assert_cmpfloat(sets[k]->exponentials(x, NULL, n, most), ==, found);
      x[n - 1] = NAN;
      g_assert_true(isnan(sets[k]->most(x, n, -1)));
      g_assert_true(isnan(sets[k]->exponentials(x, out, n, most)) && isnan(out[n - 1]));
      x[n - 1] = -INFINITY;
      sets[k]->exponentials(x, out, n, most);
      g_assert_cmpfloat(out[n - 1], ==, 0);
    }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  find_sets();
  g_test_add_func("/vectors/direct", test_direct);
  g_test_add_func("/vectors/depthwise", test_depthwise);
  g_test_add_func("/vectors/activations", test_activations);
  g_test_add_func("/vectors/not-a-number", test_not_a_number);
  g_test_add_func("/vectors/exponentials", test_exponentials);
  return g_test_run();
}
