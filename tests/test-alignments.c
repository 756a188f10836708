/* Alignments: hand-worked maps, ties, edge cases, and properties on random answers. */
#include "engine/alignment.h"
#include "engine/error.h"

#include <math.h>
#include <string.h>

static const Random draw = {3, RANDOM_ALIGNMENT, 0};

static Alignment *make_with(const char *name, int n_source, int n_target, const char *key, const char *text) {
  const AlignmentKind *kind = alignment_find(name);
  g_assert_nonnull(kind);
  g_autoptr(Settings) settings = settings_new(NULL, kind->settings);
  g_autoptr(GError) error = NULL;
  if (key)
    g_assert_true(settings_set(settings, key, text, NULL));
  Alignment *alignment = alignment_new(kind, settings, n_source, n_target, NULL, &draw, &error);
  g_assert_no_error(error);
  return alignment;
}

static Alignment *make(const char *name, int n_source, int n_target) {
  return make_with(name, n_source, n_target, NULL, NULL);
}

static float omega(const Alignment *alignment, int s, int t) {
  return tensor_floats(alignment->omega)[s * alignment->n_target + t];
}

/* Fits to `answers`: for sample i f says answers[i], and labels[i] is right. */
static void fit_answers(Alignment *alignment, int n, const int *answers, const int *labels) {
  g_autofree float *z = g_new0(float, n * alignment->n_source);
  for (int i = 0; i < n; i++)
    z[i * alignment->n_source + answers[i]] = 5;
  alignment_fit_start(alignment);
  alignment_fit_count(alignment, z, labels, n);
  alignment_fit_finish(alignment);
}

/* Fits so that exactly these counts (n_source, n_target) arise. */
static void fit_counts(Alignment *alignment, const int *counts) {
  g_autoptr(GArray) answers = g_array_new(FALSE, FALSE, sizeof(int)),
                    labels = g_array_new(FALSE, FALSE, sizeof(int));
  for (int s = 0; s < alignment->n_source; s++)
    for (int t = 0; t < alignment->n_target; t++)
      for (int i = 0; i < counts[s * alignment->n_target + t]; i++) {
        g_array_append_val(answers, s);
        g_array_append_val(labels, t);
      }
  fit_answers(alignment, (int)answers->len, (const int *)answers->data, (const int *)labels->data);
}

static void assert_map(const Alignment *alignment, const int *sources) {
  for (int t = 0; t < alignment->n_target; t++)
    for (int s = 0; s < alignment->n_source; s++)
      g_assert_cmpfloat(omega(alignment, s, t), ==, s == sources[t]);
}

static void test_greedy(void) {
  /* 9 maps source 1 to target 0, which leaves 4 (source 2, target 1) before 8 and 7, whose row or column is
   * gone. */
  const int counts[] = {0, 2, 8, /**/ 9, 7, 1, /**/ 3, 4, 0, /**/ 8, 0, 0};
  const int expected[] = {1, 2, 0};
  for (int k = 0; k < 2; k++) {
    g_autoptr(Alignment) alignment = make(k ? "flm" : "ilm", 4, 3);
    fit_counts(alignment, counts);
    assert_map(alignment, expected);
    int top[3];
    alignment_top(alignment, top);
    g_assert_cmpmem(top, sizeof top, expected, sizeof expected);
    g_assert_cmpuint(alignment->warnings->len, ==, 0);
  }
}

static void test_ties(void) {
  /* All counts are equal: lowest source class, then lowest target class. */
  const int equal[] = {2, 2, 2, 2, 2, 2, 2, 2, 2}, diagonal[] = {0, 1, 2};
  g_autoptr(Alignment) alignment = make("flm", 3, 3);
  fit_counts(alignment, equal);
  assert_map(alignment, diagonal);
  /* Source 0 ties over targets 1 and 2, and is before source 2 with the same count for target 0. */
  const int counts[] = {0, 4, 4, /**/ 0, 0, 1, /**/ 4, 0, 4}, expected[] = {2, 0, 1};
  fit_counts(alignment, counts);
  assert_map(alignment, expected);
}

static void test_used_up(void) {
  /* f says 2 to everything: target 1 has most of it; the others go on with zeros, in order. */
  const int counts[] = {0, 0, 0, /**/ 0, 0, 0, /**/ 3, 6, 2, /**/ 0, 0, 0}, expected[] = {0, 2, 1};
  g_autoptr(Alignment) alignment = make("ilm", 4, 3);
  fit_counts(alignment, counts);
  assert_map(alignment, expected);
}

static void test_missing(void) {
  static const char *const names[] = {"flm", "ilm", "blm", "blm+"};
  for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
    g_autoptr(Alignment) alignment = make(names[k], 4, 3);
    const int counts[] = {0, 0, 5, /**/ 0, 0, 0, /**/ 3, 0, 2, /**/ 0, 0, 0};
    fit_counts(alignment, counts);
    g_assert_cmpuint(alignment->warnings->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(alignment->warnings, 0), "target class 1 "));
    for (int s = 0; s < 4; s++)
      g_assert_cmpfloat(omega(alignment, s, 1), ==, 0.25f);
    int top[3];
    alignment_top(alignment, top);
    g_assert_true(top[0] == 2 && top[1] == 0 && top[2] == 0);
    fit_counts(alignment, (const int[]){1, 0, 0, /**/ 0, 1, 0, /**/ 0, 0, 1, /**/ 0, 0, 0});
    g_assert_cmpuint(alignment->warnings->len, ==, 0);
  }
}

static void test_blm(void) {
  /* Rows sum to 4, 1, 5; A = {3/5, 1/5; 0, 1/2; 5/6, 0}; the columns sum to 43/30 and 7/10. */
  const int counts[] = {3, 1, /**/ 0, 1, /**/ 5, 0};
  g_autoptr(Alignment) alignment = make("blm", 3, 2);
  fit_counts(alignment, counts);
  const double expected[] = {18.0 / 43, 2.0 / 7, 0, 5.0 / 7, 25.0 / 43, 0};
  for (int i = 0; i < 6; i++)
    g_assert_cmpfloat_with_epsilon(tensor_floats(alignment->omega)[i], expected[i], 1e-7);
}

static void test_blm_plus(void) {
  /* 20 target classes: k = int(0.15 * 20) = 3.  One sample a class; the three largest of 4 softmax
   * probabilities are kept, and of the tied last two the lower class. */
  g_autoptr(Alignment) alignment = make_with("blm+", 21, 20, "smoothing", "0");
  g_autofree float *z = g_new(float, 21 * 20);
  int labels[20];
  for (int i = 0; i < 20; i++) {
    labels[i] = i;
    for (int s = 0; s < 21; s++)
      z[i * 21 + s] = -1000;
    z[i * 21 + i] = logf(4);
    z[i * 21 + (i + 20) % 21] = logf(3); /* of 4 + 3 + 1.5 + 1.5 = 10 */
    z[i * 21 + (i + 5) % 21] = z[i * 21 + (i + 9) % 21] = logf(1.5f);
  }
  alignment_fit_start(alignment);
  alignment_fit_count(alignment, z, labels, 20);
  int low = MIN((3 + 5) % 21, (3 + 9) % 21), high = MAX((3 + 5) % 21, (3 + 9) % 21);
  const double *counts = alignment->counts;
  g_assert_cmpfloat_with_epsilon(counts[3 * 20 + 3], 0.4, 1e-6);
  g_assert_cmpfloat_with_epsilon(counts[2 * 20 + 3], 0.3, 1e-6);
  g_assert_cmpfloat_with_epsilon(counts[low * 20 + 3], 0.15, 1e-6);
  g_assert_cmpfloat(counts[high * 20 + 3], ==, 0);
}

/* Six target classes would give k = int(0.9) = 0: one probability is kept. */
static void test_blm_plus_at_least_one(void) {
  g_autoptr(Alignment) alignment = make("blm+", 8, 6);
  float z[6 * 8];
  int labels[6];
  for (int i = 0; i < 6; i++) {
    labels[i] = i;
    for (int s = 0; s < 8; s++)
      z[i * 8 + s] = s == i ? 2 : s == 7 ? 1.5f : 0;
  }
  alignment_fit_start(alignment);
  alignment_fit_count(alignment, z, labels, 6);
  alignment_fit_finish(alignment);
  for (int t = 0; t < 6; t++) {
    g_assert_cmpfloat(omega(alignment, t, t), ==, 1);
    g_assert_cmpfloat(omega(alignment, 7, t), ==, 0);
  }
}

/* Perfect answers without smoothing: the many-to-many maps are one to one. */
static void test_perfect(void) {
  const int counts[] = {0, 0, 4, /**/ 0, 0, 0, /**/ 7, 0, 0, /**/ 0, 2, 0}, expected[] = {2, 3, 0};
  for (int k = 0; k < 2; k++) {
    g_autoptr(Alignment) alignment = make_with(k ? "blm" : "blm+", 4, 3, "smoothing", "0");
    fit_counts(alignment, counts);
    assert_map(alignment, expected);
  }
}

/* The greedy match as it is told in the paper, for comparison. */
static void slow_greedy(const double *counts, int rows, int columns, int *sources) {
  g_autofree double *left = g_memdup2(counts, sizeof(double) * (gsize)(rows * columns));
  for (int k = 0; k < columns; k++) {
    int best = 0;
    for (int i = 1; i < rows * columns; i++)
      if (left[i] > left[best])
        best = i;
    sources[best % columns] = best / columns;
    for (int t = 0; t < columns; t++)
      left[best / columns * columns + t] = -1;
    for (int s = 0; s < rows; s++)
      left[s * columns + best % columns] = -1;
  }
}

/* Random answers, few enough for ties and gaps: columns sum to one, greedy is greedy, the order of the
 * samples does not matter to whole counts, and renaming target classes renames columns. */
static void test_random(void) {
  static const char *const names[] = {"flm", "ilm", "blm", "blm+"};
  for (uint32_t trial = 0; trial < 200; trial++) {
    Random random = {11, RANDOM_DRAWING, trial};
    int columns = 2 + (int)random_below(&random, 0, 7), rows = columns + (int)random_below(&random, 1, 6);
    int n = columns + (int)random_below(&random, 2, 30);
    g_autofree float *z = g_new(float, n *rows);
    g_autofree int *labels = g_new(int, n), *renamed = g_new(int, n), *sources = g_new(int, columns);
    for (int i = 0; i < n * rows; i++)
      z[i] = (float)random_below(&random, (uint64_t)(100 + i), 4);
    for (int i = 0; i < n; i++) {
      labels[i] = i < columns ? i : (int)random_below(&random, (uint64_t)(10000 + i), (uint32_t)columns);
      renamed[i] = (labels[i] + 1) % columns;
    }
    for (guint k = 0; k < G_N_ELEMENTS(names); k++) {
      g_autoptr(Alignment) alignment = make(names[k], rows, columns), shifted = make(names[k], rows, columns);
      alignment_fit_start(alignment);
      alignment_fit_count(alignment, z, labels, n / 2);
      alignment_fit_count(alignment, z + n / 2 * rows, labels + n / 2, n - n / 2);
      alignment_fit_finish(alignment);
      alignment_fit_start(shifted);
      alignment_fit_count(shifted, z, renamed, n);
      alignment_fit_finish(shifted);
      for (int t = 0; t < columns; t++) {
        double sum = 0;
        for (int s = 0; s < rows; s++) {
          sum += omega(alignment, s, t);
          if (!alignment->kind->one_to_one) /* ties go by the number of the class there */
            g_assert_cmpfloat_with_epsilon(omega(alignment, s, t), omega(shifted, s, (t + 1) % columns),
                                           1e-6);
        }
        g_assert_cmpfloat_with_epsilon(sum, 1, 1e-5);
      }
      if (alignment->kind->one_to_one) {
        slow_greedy(alignment->counts, rows, columns, sources);
        assert_map(alignment, sources);
      }
    }
  }
}

static void test_rlm(void) {
  g_autoptr(Alignment) first = make("rlm", 36, 10), second = make("rlm", 36, 10);
  g_assert_cmpmem(tensor_floats(first->omega), 36 * 10 * 4, tensor_floats(second->omega), 36 * 10 * 4);
  uint32_t order[36];
  random_permutation(&draw, order, 36);
  int expected[10];
  for (int t = 0; t < 10; t++)
    expected[t] = (int)order[t];
  assert_map(first, expected);
}

static void test_structural(void) {
  g_autoptr(Alignment) plain = make("structural", 5, 3);
  assert_map(plain, (const int[]){0, 1, 2});
  g_autoptr(Alignment) averaged = make_with("structural", 7, 3, "averaged", "2");
  for (int s = 0; s < 7; s++)
    for (int t = 0; t < 3; t++)
      g_assert_cmpfloat(omega(averaged, s, t), ==, s / 2 == t ? 0.5f : 0);
  const int rule[] = {1, -1, 0, 1, 2, 1, -1};
  g_autoptr(Settings) settings = settings_new(NULL, plain->kind->settings);
  g_autoptr(Alignment) ruled = alignment_new(plain->kind, settings, 7, 3, rule, &draw, NULL);
  const float expected[] = {0, 1.0f / 3, 0, 0, 0, 0,        1, 0, 0, 0, 1.0f / 3,
                            0, 0,        0, 1, 0, 1.0f / 3, 0, 0, 0, 0};
  g_assert_cmpmem(tensor_floats(ruled->omega), sizeof expected, expected, sizeof expected);
}

static void test_identity_and_linear(void) {
  g_autoptr(Alignment) identity = make("identity", 4, 4);
  assert_map(identity, (const int[]){0, 1, 2, 3});
  g_autoptr(Alignment) linear = make("linear", 25, 3), unbiased = make_with("linear", 25, 3, "bias", "no");
  g_assert_true(alignment_trains_bias(linear) && !alignment_trains_bias(unbiased) &&
                !alignment_trains_bias(identity));
  float low = 0, high = 0;
  for (int i = 0; i < 75; i++) {
    low = MIN(low, tensor_floats(linear->omega)[i]);
    high = MAX(high, tensor_floats(linear->omega)[i]);
  }
  g_assert_true(low >= -0.2f && low < -0.15f && high <= 0.2f && high > 0.15f);
  for (int t = 0; t < 3; t++)
    g_assert_true(tensor_floats(linear->bias)[t] != 0 && tensor_floats(unbiased->bias)[t] == 0);
}

/* Each refusal says what would do instead. */
static void test_refused(void) {
  static const struct {
    const char *name, *key, *text;
    int n_source, n_target;
    const char *repair;
  } cases[] = {
      {"flm", NULL, NULL, 10, 43, "blm"},         {"ilm", NULL, NULL, 10, 43, "blm+"},
      {"rlm", NULL, NULL, 10, 43, "linear"},      {"identity", NULL, NULL, 36, 10, "structural"},
      {"structural", NULL, NULL, 10, 43, "blm"},  {"structural", "averaged", "4", 36, 10, "averaged"},
      {"ilm", NULL, NULL, 0, 10, "at least one"}, {"blm", NULL, NULL, 100000, 100000, "fewer classes"},
      {"structural", "rule", "x", 4, 4, "x"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const AlignmentKind *kind = alignment_find(cases[i].name);
    g_autoptr(Settings) settings = settings_new(NULL, kind->settings);
    g_autoptr(GError) error = NULL;
    if (cases[i].key)
      g_assert_true(settings_set(settings, cases[i].key, cases[i].text, NULL));
    g_assert_null(alignment_new(kind, settings, cases[i].n_source, cases[i].n_target, NULL, &draw, &error));
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, cases[i].repair));
  }
}

static void test_table(void) {
  for (const AlignmentKind *const *row = alignment_kinds; *row; row++) {
    const AlignmentKind *kind = *row;
    g_assert_true(alignment_find(kind->name) == kind);
    g_assert_true(*kind->title && *kind->paper && *kind->summary);
    g_assert_true(!kind->counted || (kind->count && kind->solve));
    g_assert_true(kind->counted == (kind->refit != REFIT_NEVER));
    g_assert_cmpint(alignment_of_family(kind->family)->family, ==, kind->family);
    g_autoptr(Alignment) alignment = make(kind->name, 6, kind->family == FAMILY_IDENTITY ? 6 : 4);
    alignment_fit_start(alignment);
    alignment_fit_finish(alignment);
    for (int64_t i = 0; i < tensor_count(alignment->omega); i++)
      g_assert_true(isfinite(tensor_floats(alignment->omega)[i]));
  }
  g_assert_null(alignment_find("blm++"));
}

static char *source_names[] = {"cat", "dog", "tench, Tinca tinca", "7", "ship: small", "B", NULL};
static char *target_names[] = {"animal", "thing: any", "2", NULL};

static void test_rule_file(void) {
  int rule[6];
  g_autoptr(GError) error = NULL;
  const char *text = "# animals first\nanimal: cat, dog , tench, Tinca tinca\n\n thing: any : ship: small # "
                     "a boat\r\n2: 7,5\n";
  g_assert_true(alignment_parse_rule(text, "r.txt", 6, source_names, 3, target_names, rule, &error));
  g_assert_no_error(error);
  const int expected[] = {0, 0, 0, 2, 1, 2};
  g_assert_cmpmem(rule, sizeof rule, expected, sizeof expected);
  g_assert_true(alignment_parse_rule("0: 5\n1: 4, 3\n", "r.txt", 6, NULL, 2, NULL, rule, &error));
  const int numbers[] = {-1, -1, -1, 1, 1, 0};
  g_assert_cmpmem(rule, sizeof rule, numbers, sizeof numbers);
}

static void test_rule_refused(void) {
  static const char *const cases[][2] = {
      {"animal: cat\nthing: any: dgo\n2: 7",
       "r.txt, line 2: \"dgo\" is no source class; did you mean \"dog\"?"},
      {"animal: cat\nanimals: dog",
       "r.txt, line 2: \"animals\" is no target class; did you mean \"animal\"?"},
      {"animal cat", "r.txt, line 1: write"},
      {"animal: cat\n2: cat", "stands for target class 0 already"},
      {"animal: cat\n2: 7", "no source class for target class 1 (thing: any)"},
      {"animal: 6", "a number from 0 to 5"},
      {"animal: -1", "a number from 0 to 5"},
      {"animal: cat,, dog", "line 1"},
      {"animal:", "line 1"},
      {"", "no source class for target class 0 (animal)"},
      {"animal: \xff", "UTF-8"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    int rule[6];
    g_autoptr(GError) error = NULL;
    g_assert_false(
        alignment_parse_rule(cases[i][0], "r.txt", 6, source_names, 3, target_names, rule, &error));
    if (!strstr(error->message, cases[i][1]))
      g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i][1]));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/alignments/table", test_table);
  g_test_add_func("/alignments/greedy", test_greedy);
  g_test_add_func("/alignments/ties", test_ties);
  g_test_add_func("/alignments/used-up", test_used_up);
  g_test_add_func("/alignments/missing", test_missing);
  g_test_add_func("/alignments/blm", test_blm);
  g_test_add_func("/alignments/blm-plus", test_blm_plus);
  g_test_add_func("/alignments/blm-plus/at-least-one", test_blm_plus_at_least_one);
  g_test_add_func("/alignments/perfect", test_perfect);
  g_test_add_func("/alignments/random", test_random);
  g_test_add_func("/alignments/rlm", test_rlm);
  g_test_add_func("/alignments/structural", test_structural);
  g_test_add_func("/alignments/identity-linear", test_identity_and_linear);
  g_test_add_func("/alignments/refused", test_refused);
  g_test_add_func("/alignments/rule-file", test_rule_file);
  g_test_add_func("/alignments/rule-file/refused", test_rule_refused);
  return g_test_run();
}
