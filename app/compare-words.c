#include "app/compare-words.h"

#include <glib/gi18n.h>
#include <math.h>

static const char *keep(CompareWords *self, char *text) {
  const char *kept = g_string_chunk_insert(self->texts, text);
  g_free(text);
  return kept;
}

static void add_results(CompareWords *self, const RunRow *a, const RunRow *b, bool effort) {
  for (const ResultRow *result = run_result_rows; result->name; result++) {
    if (result->effort != effort)
      continue;
    double of_a = result->number(a), of_b = result->number(b);
    HfCompareRow row = {.name = _(result->title),
                        .a = isfinite(of_a) ? keep(self, result_text(result->form, of_a)) : NULL,
                        .b = isfinite(of_b) ? keep(self, result_text(result->form, of_b)) : NULL};
    if (row.a && row.b)
      row.difference = keep(self, result_difference_text(result->form, of_a, of_b));
    row.differs = row.a || row.b;
    g_array_append_val(self->rows, row);
  }
}

/* "1.5e-3" and "0.0015" are numbers, "32" and "border" are not two. */
static const char *difference_of(CompareWords *self, const char *a, const char *b) {
  char *end_a, *end_b;
  double of_a = a ? g_ascii_strtod(a, &end_a) : 0, of_b = b ? g_ascii_strtod(b, &end_b) : 0;
  if (!a || !b || !*a || !*b || *end_a || *end_b)
    return NULL;
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(text, sizeof text, "%.4g", fabs(of_b - of_a));
  return keep(self, g_strdup_printf("%s%s", of_b < of_a ? "−" : "+", text));
}

static void add_settings(CompareWords *self, const GPtrArray *settings) {
  for (guint i = 0; i < settings->len; i++) {
    const SpecSetting *setting = g_ptr_array_index(settings, i);
    const char *a = g_ptr_array_index(setting->values, SIDE_A),
               *b = g_ptr_array_index(setting->values, SIDE_B);
    HfCompareRow row = {.name = keep(self, g_strdup_printf("%s.%s", setting->group, setting->key)),
                        .a = a ? g_string_chunk_insert(self->texts, a) : NULL,
                        .b = b ? g_string_chunk_insert(self->texts, b) : NULL,
                        .differs = setting->differs};
    /* A seed is a name, not a quantity. */
    if (setting->differs && !g_str_equal(setting->key, "seed"))
      row.difference = difference_of(self, a, b);
    g_array_append_val(self->rows, row);
  }
}

static const SpecSetting *first_that_counts(const GPtrArray *settings) {
  for (guint i = 0; i < settings->len; i++) {
    const SpecSetting *setting = g_ptr_array_index(settings, i);
    if (setting->counts)
      return setting;
  }
  return NULL;
}

/* (transfer full) */
static char *sentence_of(const RunRow *a, const RunRow *b, const GPtrArray *settings) {
  int n = spec_settings_count(settings);
  const SpecSetting *first = first_that_counts(settings);
  const char *of_a = a->result.pattern_sha256, *of_b = b->result.pattern_sha256;
  if (g_str_equal(a->id, b->id))
    return g_strdup(_("The same run stands on both sides."));
  if (n == 0 && of_a && of_b)
    return g_strdup(g_str_equal(of_a, of_b)
                        ? _("The settings are the same, and the patterns are the same bit for bit.")
                        : _("The settings are the same, but the patterns are not."));
  if (n == 0)
    return g_strdup(_("The settings are the same."));
  if (n == 1 && g_str_equal(first->key, "seed"))
    return g_strdup(_("Only the seed differs: this is what chance does."));
  if (n == 1)
    return g_strdup_printf(_("Only %s.%s differs: a controlled comparison."), first->group, first->key);
  return g_strdup_printf(ngettext("%d setting differs at once: this is no controlled comparison.",
                                  "%d settings differ at once: this is no controlled comparison.",
                                  (unsigned long)n),
                         n);
}

CompareWords *compare_words_new(const RunRow *a, const RunRow *b, GError **error) {
  g_autoptr(GPtrArray) settings = spec_settings((const char *const[]){a->spec, b->spec}, N_SIDES, error);
  if (!settings)
    return NULL;
  CompareWords *self = g_new0(CompareWords, 1);
  self->texts = g_string_chunk_new(1024);
  self->rows = g_array_new(FALSE, FALSE, sizeof(HfCompareRow));
  add_results(self, a, b, false);
  int results = (int)self->rows->len;
  add_settings(self, settings);
  int known = (int)self->rows->len;
  add_results(self, a, b, true);
  const HfCompareRow *rows = (const HfCompareRow *)(const void *)self->rows->data;
  self->sections[0] = (HfCompareSection){_("Result"), rows, results, .numbers = true};
  self->sections[1] = (HfCompareSection){_("Setting"), rows + results, known - results, .same_hidden = true};
  self->sections[2] =
      (HfCompareSection){_("Effort"), rows + known, (int)self->rows->len - known, .numbers = true};
  self->sentence = sentence_of(a, b, settings);
  self->warns = spec_settings_count(settings) > 1;
  return self;
}

void compare_words_free(CompareWords *words) {
  if (!words)
    return;
  g_string_chunk_free(words->texts);
  g_array_unref(words->rows);
  g_free(words->sentence);
  g_free(words);
}

HfRunChoice compare_choice(const RunRow *row, GStringChunk *texts) {
  g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(row->created / 1000);
  g_autoptr(GDateTime) local = utc ? g_date_time_to_local(utc) : NULL;
  g_autofree char *date = local ? g_date_time_format(local, "%-d %b %Y, %H:%M") : g_strdup("");
  g_autofree char *facts = g_strdup_printf(_("%s · %d of %d steps · %s · %s → %s"), date, row->result.steps,
                                           row->total_steps, row->alignment, row->model, row->dataset);
  g_autofree char *name = row->name && *row->name ? g_strdup(row->name)
                                                  : g_strdup_printf(_("%s on %s"), row->method, row->dataset);
  return (HfRunChoice){.id = g_string_chunk_insert(texts, row->id),
                       .name = g_string_chunk_insert(texts, name),
                       .facts = g_string_chunk_insert(texts, facts),
                       .accuracy = row->result.best_test_accuracy};
}
