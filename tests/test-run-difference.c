/* What differs between specs, and what it is worth: what counts as a setting, the sentence, the lines. */
#include "app/compare-words.h"

#include <math.h>

static const char base[] =
    "[run]\nseed = 1\nbatch = 64\nthreads = 0\n[manipulation]\noperator = concatenative\n"
    "method = border\nform = sigmoid\n[optimiser]\nmethod = adam\nrate = 0.05\n";

/* (transfer full) */
static RunRow *row_with(const char *id, const char *from, const char *to) {
  RunRow *row = run_row_new();
  g_auto(GStrv) parts = g_strsplit(base, from, 2);
  row->id = g_strdup(id);
  row->spec = g_strjoinv(to, parts);
  row->name = g_strdup(id);
  row->result.best_test_accuracy = 0.5;
  row->result.pattern_sha256 = g_strdup("00");
  return row;
}

static void test_settings(void) {
  g_autoptr(RunRow) other = row_with("b", "method = border\nform = sigmoid", "method = overlay\nframe = 9");
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) settings = spec_settings((const char *[]){base, other->spec}, 2, &error);
  g_assert_no_error(error);
  static const char *const keys[] = {"seed", "batch", "threads", "operator", "method",
                                     "form", "frame", "method",  "rate"};
  g_assert_cmpint(settings->len, ==, G_N_ELEMENTS(keys));
  for (guint i = 0; i < settings->len; i++)
    g_assert_cmpstr(((SpecSetting *)g_ptr_array_index(settings, i))->key, ==, keys[i]);
  const SpecSetting *form = g_ptr_array_index(settings, 5), *method = g_ptr_array_index(settings, 4);
  g_assert_cmpstr(g_ptr_array_index(form->values, 0), ==, "sigmoid");
  g_assert_null(g_ptr_array_index(form->values, 1));
  /* Another method brings other constants: one choice. */
  g_assert_true(form->differs && !form->counts && method->counts);
  g_assert_cmpint(spec_settings_count(settings), ==, 1);
  g_assert_null(spec_settings((const char *[]){base, "no key file"}, 2, &error));
  g_assert_nonnull(error);
}

static void test_sentences(void) {
  static const struct {
    const char *from, *to, *sentence;
    bool warns;
  } cases[] = {
      {"rate = 0.05", "rate = 0.2", "Only optimiser.rate differs: a controlled comparison.", false},
      {"threads = 0", "threads = 2", "The settings are the same, and the patterns are the same bit for bit.",
       false},
      {"seed = 1", "seed = 2", "Only the seed differs: this is what chance does.", false},
      {"seed = 1\nbatch = 64", "seed = 2\nbatch = 32",
       "2 settings differ at once: this is no controlled comparison.", true},
  };
  g_autoptr(RunRow) a = row_with("a", "seed = 1", "seed = 1");
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RunRow) b = row_with("b", cases[i].from, cases[i].to);
    g_autoptr(CompareWords) words = compare_words_new(a, b, NULL);
    g_assert_cmpstr(words->sentence, ==, cases[i].sentence);
    g_assert_cmpint(words->warns, ==, cases[i].warns);
  }
  g_autoptr(CompareWords) same = compare_words_new(a, a, NULL);
  g_assert_cmpstr(same->sentence, ==, "The same run stands on both sides.");
}

static void test_numbers(void) {
  static const struct {
    ResultForm form;
    double a, b;
    const char *text, *difference;
  } cases[] = {
      {RESULT_SHARE, 0.7344, 0.7, "73.4 %", "−3.4 points"},
      {RESULT_SHARE, -0.05, -0.05, "−5.0 %", "±0 points"},
      {RESULT_COUNT, 9216, 10216, "9\u202f216", "+1\u202f000"},
      {RESULT_SECONDS, 12.34, 12.3, "12.3 s", "±0 s"},
      {RESULT_NUMBER, 5.4712, 19.89, "5.471", "+14.4"},
      {RESULT_SHARE, NAN, 0.3, "", ""},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = result_text(cases[i].form, cases[i].a);
    g_autofree char *difference = result_difference_text(cases[i].form, cases[i].a, cases[i].b);
    g_assert_cmpstr(text, ==, cases[i].text);
    g_assert_cmpstr(difference, ==, cases[i].difference);
  }
}

/* Results, settings, efforts; a seed has no difference, a rate has. */
static void test_lines(void) {
  g_autoptr(RunRow) a = row_with("a", "seed = 1", "seed = 1"), b = row_with("b", "seed = 1", "seed = 7");
  b->result.best_test_accuracy = NAN;
  g_autoptr(CompareWords) words = compare_words_new(a, b, NULL);
  const HfCompareSection *results = &words->sections[0], *settings = &words->sections[1];
  g_assert_cmpstr(results->rows[0].a, ==, "50.0 %");
  g_assert_null(results->rows[0].b);
  g_assert_null(results->rows[0].difference);
  g_assert_true(settings->same_hidden);
  g_assert_cmpstr(settings->rows[0].name, ==, "run.seed");
  g_assert_cmpstr(settings->rows[0].b, ==, "7");
  g_assert_null(settings->rows[0].difference);
  g_assert_false(settings->rows[1].differs);
  g_autoptr(RunRow) c = row_with("c", "rate = 0.05", "rate = 0.2");
  g_autoptr(CompareWords) rates = compare_words_new(a, c, NULL);
  g_assert_cmpstr(rates->sections[1].rows[rates->sections[1].n - 1].difference, ==, "+0.15");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/run-difference/settings", test_settings);
  g_test_add_func("/run-difference/sentences", test_sentences);
  g_test_add_func("/run-difference/numbers", test_numbers);
  g_test_add_func("/run-difference/lines", test_lines);
  return g_test_run();
}
