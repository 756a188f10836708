#include "ui/run-words.h"

#include <glib/gi18n.h>
#include <math.h>

const char *run_words_name(HfRunItem *item) {
  const char *name = hf_run_item_text(item, HF_RUN_NAME);
  return *name ? name : hf_run_item_text(item, HF_RUN_METHOD);
}

static GDateTime *local_time(gint64 milliseconds) {
  g_autoptr(GDateTime) time = g_date_time_new_from_unix_local(milliseconds / 1000);
  return time ? g_steal_pointer(&time) : g_date_time_new_from_unix_local(0);
}

/* Days since the year 1. */
static int day_of(GDateTime *time) {
  GDate date;
  g_date_clear(&date, 1);
  g_date_set_dmy(&date, (GDateDay)g_date_time_get_day_of_month(time), (GDateMonth)g_date_time_get_month(time),
                 (GDateYear)g_date_time_get_year(time));
  return (int)g_date_get_julian(&date);
}

char *run_words_date(gint64 created, gint64 now) {
  g_autoptr(GDateTime) time = local_time(created);
  g_autoptr(GDateTime) today = local_time(now);
  int days = day_of(today) - day_of(time);
  if (days == 0)
    return g_date_time_format(time, _("Today, %H:%M"));
  if (days == 1)
    return g_date_time_format(time, _("Yesterday, %H:%M"));
  bool this_year = g_date_time_get_year(time) == g_date_time_get_year(today);
  return g_date_time_format(time, this_year ? _("%-d %B") : _("%-d %b %Y"));
}

char *run_words_whole_date(gint64 created) {
  g_autoptr(GDateTime) time = local_time(created);
  return g_date_time_format(time, "%c");
}

/* The one that the gain is over; NaN: neither is known. */
static double better_baseline(const HfRunFacts *facts, const char **which) {
  bool full = facts->no_prompt_full_size > facts->no_prompt || isnan(facts->no_prompt);
  *which = full ? _("f without the prompt, on pictures of full size") : _("f without the prompt");
  return full ? facts->no_prompt_full_size : facts->no_prompt;
}

char *run_words_gain(HfRunItem *item) {
  const HfRunFacts *facts = hf_run_item_facts(item);
  const char *which;
  double baseline = better_baseline(facts, &which);
  if (isnan(facts->accuracy))
    return g_strdup("");
  if (isnan(facts->gain) || isnan(baseline))
    return g_strdup_printf(_("%.1f %% of the test samples; the baselines are not measured"),
                           100 * facts->accuracy);
  /* Translators: the third is a baseline, as in "f without the prompt". */
  return g_strdup_printf(facts->gain < 0 ? _("%.1f %% of the test samples, %.1f points below %s (%.1f %%)")
                                         : _("%.1f %% of the test samples, %.1f points over %s (%.1f %%)"),
                         100 * facts->accuracy, fabs(100 * facts->gain), which, 100 * baseline);
}

char *run_words_steps(HfRunItem *item) {
  const HfRunFacts *facts = hf_run_item_facts(item);
  if (facts->total_steps <= 0)
    return g_strdup("–");
  return facts->steps == facts->total_steps
             ? g_strdup_printf("%'d", facts->steps)
             : g_strdup_printf(_("%'d of %'d"), facts->steps, facts->total_steps);
}

static const struct {
  const char *words, *icon;
} statuses[HF_N_RUN_STATUSES] = {
    [HF_RUN_RUNNING] = {N_("Running"), "media-playback-start-symbolic"},
    [HF_RUN_FINISHED] = {N_("Finished"), "object-select-symbolic"},
    [HF_RUN_STOPPED] = {N_("Stopped"), "media-playback-stop-symbolic"},
    [HF_RUN_FAILED] = {N_("Failed"), "dialog-error-symbolic"},
    [HF_RUN_INTERRUPTED] = {N_("Interrupted"), "dialog-warning-symbolic"},
};

const char *run_words_status(HfRunStatus status) {
  return _(statuses[status].words);
}

const char *run_words_status_icon(HfRunStatus status) {
  return statuses[status].icon;
}

char *run_words_axes(HfRunItem *item) {
  g_autoptr(GString) all = g_string_new(NULL);
  for (int axis = 0; axis < N_AXES; axis++)
    g_string_append_printf(all, "%s%s: %s", axis ? "\n" : "", taxonomy_axes[axis].title,
                           hf_run_item_text(item, HF_RUN_AXES + axis));
  return g_string_free(g_steal_pointer(&all), FALSE);
}

char *run_words_tags(HfRunItem *item) {
  g_auto(GStrv) tags = g_strsplit(hf_run_item_text(item, HF_RUN_TAGS), ",", -1);
  return g_strjoinv(", ", tags);
}
