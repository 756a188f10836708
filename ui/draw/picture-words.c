#include "ui/draw/picture-words.h"

#include <glib/gi18n.h>
#include <math.h>

/* Mean absolute distance of each of 3 x 3 parts. */
static const char *const parts[9] = {
    N_("at the top left"),    N_("at the top"),    N_("at the top right"),
    N_("at the left"),        N_("in the middle"), N_("at the right"),
    N_("at the bottom left"), N_("at the bottom"), N_("at the bottom right"),
};

typedef struct {
  double sum[9];
  size_t n[9];
} Parts;

static double part_mean(const Parts *found, int i) {
  return found->n[i] ? found->sum[i] / found->n[i] : 0;
}

static const char *strongest(const Parts *found) {
  double most = 0, least = INFINITY, least_outside = INFINITY;
  int best = 0;
  for (int i = 0; i < 9; i++) {
    double mean = part_mean(found, i);
    if (mean > most) {
      most = mean;
      best = i;
    }
    least = MIN(least, mean);
    if (i != 4)
      least_outside = MIN(least_outside, mean);
  }
  if (most == 0)
    return NULL;
  if (least > 0.8 * most)
    return _("everywhere alike");
  /* All around, and clearly weaker in the middle. */
  if (least_outside > 0.5 * most && part_mean(found, 4) < 0.8 * least_outside)
    return _("at the border");
  return _(parts[best]);
}

PictureFacts picture_facts(const PatternNumbers *pattern) {
  PictureFacts facts = {0};
  Parts found = {0};
  double sum = 0;
  size_t n = 0, i = 0;
  for (int c = 0; c < pattern->channels; c++)
    for (int y = 0; y < pattern->height; y++)
      for (int x = 0; x < pattern->width; x++, i++) {
        if (pattern->mask && pattern->mask[i] == 0)
          continue;
        double distance = (double)pattern->numbers[i] - pattern->neutral;
        if (!isfinite(distance))
          continue;
        int part = 3 * (3 * y / pattern->height) + 3 * x / pattern->width;
        sum += distance;
        n++;
        facts.most = MAX(facts.most, fabs(distance));
        found.sum[part] += fabs(distance);
        found.n[part]++;
      }
  facts.mean = n ? sum / n : 0;
  facts.where = strongest(&found);
  return facts;
}

char *picture_words(const PatternNumbers *pattern) {
  PictureFacts facts = picture_facts(pattern);
  if (!facts.where)
    return g_strdup(_("neutral everywhere"));
  char mean[G_ASCII_DTOSTR_BUF_SIZE], most[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(mean, sizeof mean, "%.2g", facts.mean);
  g_ascii_formatd(most, sizeof most, "%.2g", facts.most);
  return g_strdup_printf(_("mean %s, L-infinity %s, strongest %s"), mean, most, facts.where);
}

char *picture_probe(const PatternNumbers *picture, int x, int y, bool sign) {
  GString *text = g_string_new(NULL);
  if (x < 0 || y < 0 || x >= picture->width || y >= picture->height)
    return g_string_free(text, FALSE);
  size_t plane = (size_t)picture->height * picture->width, at = (size_t)y * picture->width + x;
  bool grey = true;
  for (int c = 1; c < picture->channels; c++)
    grey = grey && picture->numbers[at + c * plane] == picture->numbers[at];
  int channels = grey ? MIN(picture->channels, 1) : MIN(picture->channels, 3);
  for (int c = 0; c < channels; c++) {
    size_t i = at + c * plane;
    if (c)
      g_string_append_c(text, ' ');
    if (picture->mask && picture->mask[i] == 0) {
      g_string_append(text, "–");
      continue;
    }
    double value = (double)picture->numbers[i] - picture->neutral;
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    bool fine = sign && fabs(value) < 0.1;
    g_ascii_formatd(digits, sizeof digits, fine ? "%.3f" : "%.2f", fabs(value));
    const char *from = digits[0] == '0' ? digits + 1 : digits;
    g_string_append_printf(text, "%s%s", value < 0 ? "−" : sign ? "+" : "", from);
  }
  return g_string_free(text, FALSE);
}
