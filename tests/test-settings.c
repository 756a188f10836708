/* Settings: types, ranges, defaults, refusals that name key, text and range; the same in every locale. */
#include "engine/error.h"
#include "engine/nearest-name.h"
#include "engine/run-spec.h"
#include "engine/setting.h"

#include <locale.h>
#include <string.h>

static const Setting common[] = {
    {"rate", "Rate", SETTING_NUMBER, "0.05", 0, 10, NULL, "How far."},
    {"count", "Count", SETTING_INTEGER, "3", -5, 1000000, NULL, "How many."},
    {"mode", "Mode", SETTING_CHOICE, "slow", 0, 0, "slow|fast|very fast", "Which."},
    {NULL},
};
static const Setting own[] = {
    {"path", "Path", SETTING_TEXT, "", 0, 0, NULL, "Where."},
    {"marks", "Marks", SETTING_NUMBERS, "0.5, 0.72", 0, 200, NULL, "When."},
    {"norm", "Norm", SETTING_NUMBER_OR_RUN, "0", 0, 1e6, NULL, "How long."},
    {NULL},
};

static void test_defaults(void) {
  g_autoptr(Settings) settings = settings_new(common, own);
  g_assert_cmpfloat(settings_number(settings, "rate"), ==, 0.05);
  g_assert_cmpint(settings_integer(settings, "count"), ==, 3);
  g_assert_true(settings_is(settings, "mode", "slow"));
  g_assert_cmpstr(settings_text(settings, "path"), ==, "");
  double marks[3] = {-1, -1, -1};
  g_assert_cmpint(settings_numbers(settings, "marks", marks, 3), ==, 2);
  g_assert_true(marks[0] == 0.5 && marks[1] == 0.72 && marks[2] == -1);
  g_assert_null(settings_row(settings, "norms"));
}

/* name, text, whether it is taken */
static const struct {
  const char *name, *text;
  bool taken;
} cases[] = {
    {"rate", "1e-3", true},        {"rate", " 2.5 ", true},   {"rate", "0", true},
    {"rate", "10.01", false},      {"rate", "-0.1", false},   {"rate", "nan", false},
    {"rate", "inf", false},        {"rate", "1,5", false},    {"rate", "", false},
    {"rate", "1 2", false},        {"rate", "1e999", false},  {"count", "-5", true},
    {"count", "1000000", true},    {"count", "1.5", false},   {"count", "1000001", false},
    {"count", "-6", false},        {"count", "0x10", false},  {"count", "99999999999999999999", false},
    {"count", "12 # lots", false}, {"mode", "fast", true},    {"mode", "very fast", true},
    {"mode", "Fast", false},       {"mode", "", false},       {"mode", "slow|fast", false},
    {"path", "/a b/ü.png", true},  {"path", "a\nb", false},   {"path", "\xff", false},
    {"marks", "", true},           {"marks", "1,2, 3", true}, {"marks", "1,,2", false},
    {"marks", "1;2", false},       {"marks", "201", false},   {"norm", "run:0a1b", true},
    {"norm", "12.5", true},        {"norm", "run:", false},   {"norm", "ran:1", false},
    {"norm", "-1", false},
};

static void test_types(void) {
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Settings) settings = settings_new(common, own);
    g_autoptr(GError) error = NULL;
    bool taken = settings_set(settings, cases[i].name, cases[i].text, &error);
    if (taken != cases[i].taken)
      g_test_message("%s = %s", cases[i].name, cases[i].text);
    g_assert_true(taken == cases[i].taken);
    const Setting *row = settings_row(settings, cases[i].name);
    g_assert_true(taken || g_str_equal(settings_text(settings, cases[i].name), row->initial));
    g_assert_true(taken == !error);
    if (error)
      g_assert_true(g_str_has_prefix(error->message, cases[i].name));
  }
  g_autofree char *endless = g_strnfill(100000, 'x');
  g_autoptr(Settings) settings = settings_new(common, own);
  g_assert_false(settings_set(settings, "path", endless, NULL));
}

static void test_messages(void) {
  g_autoptr(Settings) settings = settings_new(common, own);
  g_autoptr(GError) error = NULL;
  settings_set(settings, "count", "-6", &error);
  g_assert_cmpstr(error->message, ==, "count = -6 is not allowed: give a whole number from -5 to 1000000");
  g_clear_error(&error);
  settings_set(settings, "mode", "quick", &error);
  g_assert_cmpstr(error->message, ==, "mode = quick is not allowed: give one of slow, fast, very fast");
  g_clear_error(&error);
  settings_set(settings, "ratte", "1", &error);
  g_assert_cmpstr(error->message, ==, "ratte is not a setting here; did you mean rate?");
  g_clear_error(&error);
  settings_set(settings, "something", "1", &error);
  g_assert_cmpstr(error->message, ==,
                  "something is not a setting here; there are: rate, count, mode, path, marks, norm");
}

static void test_copy(void) {
  g_autoptr(Settings) settings = settings_new(common, own);
  g_assert_true(settings_set(settings, "rate", "1.5", NULL) &&
                settings_set(settings, "norm", "run:abc", NULL));
  g_autoptr(Settings) copy = settings_copy(settings);
  g_assert_true(settings_set(settings, "rate", "2", NULL));
  g_assert_cmpfloat(settings_number(copy, "rate"), ==, 1.5);
  const char *id = NULL;
  g_assert_true(settings_names_run(copy, "norm", &id));
  g_assert_cmpstr(id, ==, "abc");
  g_assert_true(settings_set(copy, "norm", "3", NULL));
  g_assert_false(settings_names_run(copy, "norm", NULL));
  g_assert_cmpfloat(settings_number(copy, "norm"), ==, 3);
}

/* A locale with a decimal comma must change nothing, neither in reading nor in messages. */
static void test_locale(void) {
  static const char *const names[] = {"de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "fr_FR.utf8", NULL};
  const char *found = NULL;
  for (int i = 0; names[i] && !found; i++)
    found = setlocale(LC_ALL, names[i]);
  if (!found) {
    g_test_skip("a locale with a decimal comma is absent");
    return;
  }
  test_defaults();
  test_types();
  setlocale(LC_ALL, "C");
}

static void test_nearest(void) {
  static const char *const names[] = {"border", "overlay", "ilm", "blm", "blm+", NULL};
  g_assert_cmpint(edit_distance("kitten", "sitting"), ==, 3);
  g_assert_cmpint(edit_distance("", "abc"), ==, 3);
  g_assert_cmpint(edit_distance("abcd", "acbd"), ==, 1);
  g_assert_cmpint(edit_distance("bacth", "batch"), ==, 1);
  g_assert_cmpstr(nearest_name("boarder", names), ==, "border");
  g_assert_cmpstr(nearest_name("ILM", names), ==, "ilm");
  g_assert_cmpstr(nearest_name("blm++", names), ==, "blm+");
  g_assert_null(nearest_name("warp", names));
  g_assert_null(nearest_name("", names));
  g_autofree char *endless = g_strnfill(100000, 'b');
  g_assert_null(nearest_name(endless, names));
}

/* In every table a row that counts only sometimes says so by a choice of the same group. */
static void check_deciders(const Setting *const tables[3], int *n) {
  for (int t = 0; t < 3; t++)
    for (const Setting *row = tables[t]; row && row->name; row++) {
      g_autofree char *decider = setting_decider(row);
      const Setting *by = NULL;
      for (int k = 0; k < 3 && decider; k++)
        for (const Setting *other = tables[k]; other && other->name; other++)
          by = g_str_equal(other->name, decider) ? other : by;
      g_assert_true((row->counts != NULL) == (by != NULL));
      if (!by)
        continue;
      g_auto(GStrv) choices = g_strsplit(by->choices, "|", -1);
      int counting = 0;
      for (char **choice = choices; *choice; choice++)
        counting += setting_counts(row, *choice);
      g_auto(GStrv) values = g_strsplit(strchr(row->counts, '=') + 1, "|", -1);
      g_assert_cmpint(counting, ==, g_strv_length(values));
      g_assert_cmpint(counting, <, g_strv_length(choices));
      ++*n;
    }
}

static void test_deciders(void) {
  int n = 0;
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++)
    check_deciders(
        (const Setting *const[]){run_spec_manipulation_rows, manipulation_common(*kind), (*kind)->settings},
        &n);
  for (const AlignmentKind *const *kind = alignment_kinds; *kind; kind++)
    check_deciders((const Setting *const[]){run_spec_alignment_rows, (*kind)->settings, NULL}, &n);
  for (const OptimiserKind *const *kind = optimiser_kinds; *kind; kind++)
    check_deciders((const Setting *const[]){run_spec_optimiser_rows, optimiser_settings, (*kind)->settings},
                   &n);
  g_assert_cmpint(n, >, 5);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/settings/defaults", test_defaults);
  g_test_add_func("/settings/types", test_types);
  g_test_add_func("/settings/messages", test_messages);
  g_test_add_func("/settings/copy", test_copy);
  g_test_add_func("/settings/locale", test_locale);
  g_test_add_func("/settings/nearest", test_nearest);
  g_test_add_func("/settings/deciders", test_deciders);
  return g_test_run();
}
