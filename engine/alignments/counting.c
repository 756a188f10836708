#include "engine/alignments/counting.h"

#define MOST_NAMED 10 /* classes in one warning */

void counting_add_answers(Alignment *self, const float *z, const int *labels, int n) {
  for (int i = 0; i < n; i++, z += self->n_source) {
    int answer = 0;
    for (int s = 1; s < self->n_source; s++)
      if (z[s] > z[answer])
        answer = s;
    self->counts[(size_t)answer * (size_t)self->n_target + (size_t)labels[i]] += 1;
  }
}

/* missing[t]: no sample of target class t was counted.  Its column of omega becomes 1/n_source, and a warning
 * says so. Returns how many are missing.  (transfer full) */
static bool *fill_missing(Alignment *self) {
  int columns = self->n_target, n = 0;
  bool *missing = g_new(bool, columns);
  g_autoptr(GString) named = g_string_new(NULL);
  for (int t = 0; t < columns; t++) {
    double sum = 0;
    for (int s = 0; s < self->n_source; s++)
      sum += self->counts[s * columns + t];
    missing[t] = !(sum > 0);
    if (!missing[t])
      continue;
    for (int s = 0; s < self->n_source; s++)
      tensor_floats(self->omega)[s * columns + t] = 1.0f / (float)self->n_source;
    if (n++ < MOST_NAMED)
      g_string_append_printf(named, "%s%d", named->len ? ", " : "", t);
  }
  if (n > MOST_NAMED)
    g_string_append_printf(named, " and %d more", n - MOST_NAMED);
  if (n > 0)
    g_ptr_array_add(
        self->warnings,
        g_strdup_printf(
            "No training sample of target class %s was counted: each model class has the same share "
            "in it; add samples or leave the class out",
            named->str));
  return missing;
}

typedef struct {
  double count;
  int s, t;
} Pair;

static int by_count(const void *a, const void *b) {
  const Pair *p = a, *q = b;
  if (p->count != q->count)
    return p->count > q->count ? -1 : 1;
  return p->s != q->s ? p->s - q->s : p->t - q->t;
}

/* Taking the largest of all again and again is walking once down the sorted pairs.  When they are used up all
 * free pairs have the count zero, and the order of ties joins the k-th free source class with the k-th free
 * target class. */
void counting_solve_one_to_one(Alignment *self) {
  int rows = self->n_source, columns = self->n_target;
  float *omega = tensor_floats(self->omega);
  for (int i = 0; i < rows * columns; i++)
    omega[i] = 0;
  g_autofree bool *taken = fill_missing(self), *used = g_new0(bool, rows);
  g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
  for (int s = 0; s < rows; s++)
    for (int t = 0; t < columns; t++)
      if (self->counts[s * columns + t] > 0)
        g_array_append_val(pairs, ((Pair){self->counts[s * columns + t], s, t}));
  g_array_sort(pairs, by_count);
  for (guint i = 0; i < pairs->len; i++) {
    const Pair *pair = &g_array_index(pairs, Pair, i);
    if (used[pair->s] || taken[pair->t])
      continue;
    used[pair->s] = taken[pair->t] = true;
    omega[pair->s * columns + pair->t] = 1;
  }
  for (int t = 0, s = 0; t < columns; t++) {
    if (taken[t])
      continue;
    while (used[s])
      s++;
    used[s] = true;
    omega[s * columns + t] = 1;
  }
}

void counting_solve_shares(Alignment *self) {
  int rows = self->n_source, columns = self->n_target;
  double smoothing = settings_number(self->settings, "smoothing");
  float *omega = tensor_floats(self->omega);
  g_autofree bool *missing = fill_missing(self);
  g_autofree double *scale = g_new0(double, rows); /* 1 / (sum_t N[s,t] + smoothing) */
  for (int s = 0; s < rows; s++) {
    double sum = 0;
    for (int t = 0; t < columns; t++)
      sum += self->counts[s * columns + t];
    scale[s] = sum > 0 ? 1 / (sum + smoothing) : 0;
  }
  for (int t = 0; t < columns; t++) {
    double sum = 0;
    for (int s = 0; s < rows; s++)
      sum += self->counts[s * columns + t] * scale[s];
    for (int s = 0; s < rows && !missing[t]; s++)
      omega[s * columns + t] = (float)(self->counts[s * columns + t] * scale[s] / sum);
  }
}
