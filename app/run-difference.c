#include "app/run-difference.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define MINUS "−"

static void setting_free(gpointer data) {
  SpecSetting *setting = data;
  g_free(setting->group);
  g_free(setting->key);
  g_ptr_array_unref(setting->values);
  g_free(setting);
}

/* Reads a key from all files.  (transfer full) */
static SpecSetting *setting_new(GPtrArray *files, const char *group, const char *key) {
  SpecSetting *setting = g_new0(SpecSetting, 1);
  *setting = (SpecSetting){g_strdup(group), g_strdup(key), g_ptr_array_new_with_free_func(g_free)};
  for (guint i = 0; i < files->len; i++) {
    char *value = g_key_file_get_string(g_ptr_array_index(files, i), group, key, NULL);
    g_ptr_array_add(setting->values, value);
    setting->differs |= g_strcmp0(value, g_ptr_array_index(setting->values, 0)) != 0;
  }
  return setting;
}

static void add_group(GPtrArray *settings, GPtrArray *files, const char *group) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < files->len; i++) {
    g_auto(GStrv) keys = g_key_file_get_keys(g_ptr_array_index(files, i), group, NULL, NULL);
    for (char **key = keys; key && *key; key++)
      if (g_hash_table_add(seen, g_strdup(*key)))
        g_ptr_array_add(settings, setting_new(files, group, *key));
  }
}

static bool method_differs(const GPtrArray *settings, const char *group) {
  for (guint i = 0; i < settings->len; i++) {
    const SpecSetting *setting = g_ptr_array_index(settings, i);
    if (setting->differs && g_str_equal(setting->group, group) && g_str_equal(setting->key, "method"))
      return true;
  }
  return false;
}

/* Whether it is nothing but a name, without effect on the result, or said by the method's name already. */
static bool follows(const GPtrArray *settings, const SpecSetting *setting) {
  if (g_str_equal(setting->group, "run"))
    return g_str_equal(setting->key, "preset") || g_str_equal(setting->key, "threads");
  if (!method_differs(settings, setting->group))
    return false;
  for (guint i = 0; i < setting->values->len; i++)
    if (!g_ptr_array_index(setting->values, i))
      return true; /* a constant of one of the methods */
  return g_str_equal(setting->key, "operator") || g_str_equal(setting->key, "family");
}

GPtrArray *spec_settings(const char *const *texts, guint n, GError **error) {
  g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func((GDestroyNotify)g_key_file_unref);
  for (guint i = 0; i < n; i++) {
    g_ptr_array_add(files, g_key_file_new());
    if (!g_key_file_load_from_data(g_ptr_array_index(files, i), texts[i], strlen(texts[i]), G_KEY_FILE_NONE,
                                   error))
      return NULL;
  }
  GPtrArray *settings = g_ptr_array_new_with_free_func(setting_free);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n; i++) {
    g_auto(GStrv) groups = g_key_file_get_groups(g_ptr_array_index(files, i), NULL);
    for (char **group = groups; *group; group++)
      if (g_hash_table_add(seen, g_strdup(*group)))
        add_group(settings, files, *group);
  }
  for (guint i = 0; i < settings->len; i++) {
    SpecSetting *setting = g_ptr_array_index(settings, i);
    setting->counts = setting->differs && !follows(settings, setting);
  }
  return settings;
}

int spec_settings_count(const GPtrArray *settings) {
  int n = 0;
  for (guint i = 0; i < settings->len; i++)
    n += ((const SpecSetting *)g_ptr_array_index(settings, i))->counts;
  return n;
}

static double best(const RunRow *row) {
  return row->result.best_test_accuracy;
}

static double last(const RunRow *row) {
  return row->result.last_test_accuracy;
}

static double no_prompt(const RunRow *row) {
  return row->result.no_prompt_test_accuracy;
}

static double no_prompt_full_size(const RunRow *row) {
  return row->result.no_prompt_full_size_test_accuracy;
}

static double gain(const RunRow *row) {
  return row->gain;
}

static double steps(const RunRow *row) {
  return row->result.steps;
}

static double trainable(const RunRow *row) {
  return (double)row->result.trainable_parameters;
}

static double seconds(const RunRow *row) {
  return row->result.seconds;
}

static double rate(const RunRow *row) {
  return row->result.images_per_second;
}

static double norm(const RunRow *row) {
  return row->result.pattern_norm;
}

const ResultRow run_result_rows[] = {
    {"best by validation", N_("Test accuracy, best by validation"), RESULT_SHARE, false, best},
    {"last step", N_("Test accuracy, last step"), RESULT_SHARE, false, last},
    {"no prompt", N_("Test accuracy, no prompt"), RESULT_SHARE, false, no_prompt},
    {"no prompt, full size", N_("Test accuracy, no prompt, full size"), RESULT_SHARE, false,
     no_prompt_full_size},
    {"gain", N_("Gain over the better baseline"), RESULT_SHARE, false, gain},
    {"pattern norm", N_("Norm of the pattern, L2"), RESULT_NUMBER, false, norm},
    {"steps", N_("Steps trained"), RESULT_COUNT, true, steps},
    {"trainable numbers", N_("Trainable numbers"), RESULT_COUNT, true, trainable},
    {"seconds", N_("Time"), RESULT_SECONDS, true, seconds},
    {"samples a second", N_("Samples a second"), RESULT_COUNT, true, rate},
    {NULL},
};

/* "9 216": groups of three with a narrow space.  (transfer full) */
static char *grouped(double number) {
  g_autofree char *digits = g_strdup_printf("%.0f", fabs(number));
  GString *text = g_string_new(NULL);
  for (size_t i = 0, n = strlen(digits); i < n; i++) {
    if (i && (n - i) % 3 == 0)
      g_string_append(text, "\u202f");
    g_string_append_c(text, digits[i]);
  }
  return g_string_free(text, FALSE);
}

/* The size of a number, without sign and unit; `digits` for what has no unit.  (transfer full) */
static char *size_text(ResultForm form, double number, const char *digits) {
  static const double scales[] = {
      [RESULT_SHARE] = 100, [RESULT_COUNT] = 1, [RESULT_SECONDS] = 1, [RESULT_NUMBER] = 1};
  if (form == RESULT_COUNT)
    return grouped(number);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  double size = fabs(number) * scales[form];
  g_ascii_formatd(text, sizeof text, form == RESULT_NUMBER ? digits : "%.1f", size);
  return g_strdup(text);
}

static const struct {
  const char *value, *difference;
} units[] = {[RESULT_SHARE] = {" %", N_(" points")},
             [RESULT_COUNT] = {"", ""},
             [RESULT_SECONDS] = {" s", " s"},
             [RESULT_NUMBER] = {"", ""}};

static const char *translated(const char *text) {
  return *text ? _(text) : "";
}

char *result_text(ResultForm form, double number) {
  if (!isfinite(number))
    return g_strdup("");
  g_autofree char *size = size_text(form, number, "%.4g");
  return g_strdup_printf("%s%s%s", number < 0 ? MINUS : "", size, units[form].value);
}

char *result_difference_text(ResultForm form, double a, double b) {
  double difference = b - a;
  if (!isfinite(difference))
    return g_strdup("");
  g_autofree char *size = size_text(form, difference, "%.3g");
  bool zero = strspn(size, "0.") == strlen(size);
  const char *sign = zero ? "±" : difference < 0 ? MINUS : "+";
  return g_strdup_printf("%s%s%s", sign, zero ? "0" : size, translated(units[form].difference));
}
