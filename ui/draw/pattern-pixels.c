#include "ui/draw/pattern-pixels.h"

#include <math.h>
#include <string.h>

#define MIDDLE 0.86 /* of the diverging map */
#define GREY   0xff808080u

static const double percentiles[N_PATTERN_MAPS] = {[MAP_COLOUR] = 0.995, [MAP_DIVERGING] = 0.98};

/* What one pixel of the diverging map stands for, and one number of the others: a distance from neutral, NaN
 * where there is none. */
static float distance_at(const PatternNumbers *pattern, size_t i) {
  if (pattern->map != MAP_DIVERGING || pattern->channels < 3)
    return !pattern->mask || pattern->mask[i] != 0 ? pattern->numbers[i] - pattern->neutral : NAN;
  size_t plane = (size_t)pattern->height * pattern->width;
  float sum = 0;
  for (size_t c = 0; c < 3; c++) {
    if (pattern->mask && pattern->mask[i + c * plane] == 0)
      return NAN;
    sum += pattern->numbers[i + c * plane] - pattern->neutral;
  }
  return sum / 3;
}

static size_t n_distances(const PatternNumbers *pattern) {
  size_t planes = pattern->map == MAP_DIVERGING ? 1 : (size_t)pattern->channels;
  return planes * (size_t)pattern->height * pattern->width;
}

static uint32_t bits_of(float distance) {
  float size = fabsf(distance);
  uint32_t bits;
  memcpy(&bits, &size, sizeof bits);
  return bits;
}

/* The k-th smallest of the absolute numbers, 0 = the smallest.  Bits of positive floats ascend with the
 * floats, so two passes over halves of the bits find it. */
static float select_distance(const GArray *all, size_t k) {
  g_autofree guint *count = g_new0(guint, 1 << 16);
  for (guint i = 0; i < all->len; i++)
    count[bits_of(g_array_index(all, float, i)) >> 16]++;
  uint32_t high = 0;
  for (; k >= count[high]; high++)
    k -= count[high];
  memset(count, 0, (1 << 16) * sizeof *count);
  for (guint i = 0; i < all->len; i++) {
    uint32_t bits = bits_of(g_array_index(all, float, i));
    if (bits >> 16 == high)
      count[bits & 0xffff]++;
  }
  uint32_t low = 0;
  for (; k >= count[low]; low++)
    k -= count[low];
  uint32_t bits = high << 16 | low;
  float found;
  memcpy(&found, &bits, sizeof found);
  return found;
}

/* Absolute distances of all numbers that belong to the pattern.  (transfer full) */
static GArray *distances(const PatternNumbers *pattern) {
  size_t n = n_distances(pattern);
  GArray *found = g_array_sized_new(FALSE, FALSE, sizeof(float), (guint)n);
  for (size_t i = 0; i < n; i++) {
    float distance = fabsf(distance_at(pattern, i));
    if (isfinite(distance))
      g_array_append_val(found, distance);
  }
  return found;
}

static double share_above(const GArray *all, double most) {
  size_t above = 0;
  for (guint i = 0; i < all->len; i++)
    above += g_array_index(all, float, i) > most;
  return all->len ? (double)above / all->len : 0;
}

PatternRange pattern_range(const PatternNumbers *pattern) {
  g_autoptr(GArray) all = distances(pattern);
  PatternRange range = {1, 0, 0};
  if (!all->len)
    return range;
  range.most = select_distance(all, all->len - 1);
  float most = select_distance(all, (size_t)(percentiles[pattern->map] * (all->len - 1)));
  /* A pattern that hardly anywhere differs from neutral is shown by its largest number. */
  if (most == 0)
    most = (float)range.most;
  if (most > 0)
    range.factor = 0.5 / most;
  range.clipped = share_above(all, most);
  return range;
}

PatternRange pattern_range_locked(const PatternNumbers *pattern, double factor) {
  g_autoptr(GArray) all = distances(pattern);
  double most = all->len ? select_distance(all, all->len - 1) : 0;
  return (PatternRange){factor, share_above(all, 0.5 / factor), most};
}

char *pattern_factor_text(double factor) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, factor < 1 ? "%.2f" : factor < 10 ? "%.1f" : "%.0f", factor);
  return g_strdup_printf("×%s", text);
}

char *pattern_range_text(PatternRange range) {
  char factor[G_ASCII_DTOSTR_BUF_SIZE], clipped[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(factor, sizeof factor, range.factor < 10 ? "%.2f" : "%.0f", range.factor);
  g_ascii_formatd(clipped, sizeof clipped, "%.1f", 100 * range.clipped);
  return g_strdup_printf("×%s around grey, %s %% clipped", factor, clipped);
}

static uint32_t byte_of(double shown) {
  return isfinite(shown) ? (uint32_t)lround(255 * CLAMP(shown, 0, 1)) : 128;
}

static uint32_t level(const PatternNumbers *pattern, size_t i, double factor) {
  if (pattern->mask && pattern->mask[i] == 0)
    return 128;
  return byte_of(0.5 + factor * ((double)pattern->numbers[i] - pattern->neutral));
}

/* -1 .. 1 to blue, light grey, orange.  Both ends are equally dark. */
static uint32_t diverging(double side) {
  static const double blue[] = {0.0, 0.447, 0.698}, orange[] = {0.78, 0.36, 0.0};
  const double *end = side < 0 ? blue : orange;
  double t = MIN(fabs(side), 1);
  uint32_t pixel = 0xff;
  for (int c = 0; c < 3; c++)
    pixel = pixel << 8 | byte_of(MIDDLE + t * (end[c] - MIDDLE));
  return pixel;
}

static uint32_t pixel_at(const PatternNumbers *pattern, size_t i, double factor) {
  size_t plane = (size_t)pattern->height * pattern->width;
  if (pattern->map == MAP_DIVERGING) {
    float distance = distance_at(pattern, i);
    return isfinite(distance) ? diverging(2 * factor * distance) : GREY;
  }
  size_t green = pattern->channels >= 3 ? plane : 0, blue = 2 * green;
  return 0xff000000u | level(pattern, i, factor) << 16 | level(pattern, i + green, factor) << 8 |
         level(pattern, i + blue, factor);
}

void pattern_pixels(const PatternNumbers *pattern, PatternRange range, void *rows, size_t stride) {
  for (int y = 0; y < pattern->height; y++) {
    uint32_t *row = (uint32_t *)(void *)((unsigned char *)rows + (size_t)y * stride);
    for (int x = 0; x < pattern->width; x++)
      row[x] = pixel_at(pattern, (size_t)y * pattern->width + x, range.factor);
  }
}

double picture_pixels(const PatternNumbers *picture, void *rows, size_t stride) {
  PatternNumbers plain = *picture;
  plain.mask = NULL;
  plain.neutral = 0.5f;
  plain.map = MAP_COLOUR;
  pattern_pixels(&plain, (PatternRange){1, 0}, rows, stride);
  size_t n = n_distances(&plain), outside = 0;
  for (size_t i = 0; i < n; i++)
    outside += !(plain.numbers[i] >= -0.002f && plain.numbers[i] <= 1.002f);
  return n ? (double)outside / n : 0;
}
