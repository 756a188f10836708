/* Structural: a rule, fixed before any answer was seen, says which source classes stand for a target class.
 *
 *     omega[s,t] = 1 / m_t  where s is one of the m_t source classes of t,  0 elsewhere
 *
 * Without a rule file target class t has the source classes t m .. t m + m - 1, m = averaged: the first m Kt
 * logits are reshaped to (Kt, m) and averaged, as in BAR (arXiv 2007.08714) and Voice2Series (arXiv
 * 2106.09296); m = 1 is "class i stands for class i" (Elsayed et al. 2019, arXiv 1806.11146). */
#include "engine/alignments/alignments.h"
#include "engine/error.h"

static const Setting rows[] = {
    {"rule", "Rule file", SETTING_TEXT, "", 0, 0, NULL,
     "Path of a file with lines \"target class: source class, source class\"; empty: class i stands for "
     "class i."},
    {"averaged", "Averaged classes", SETTING_INTEGER, "1", 1, 100000, NULL,
     "How many source classes are averaged for each target class, where there is no rule file."},
    {NULL},
};

/* Writes self->rule from the setting `averaged`. */
static bool rule_in_order(Alignment *self, GError **error) {
  int m = settings_integer(self->settings, "averaged");
  if ((gint64)m * self->n_target > self->n_source)
    return input_error(
        error,
        "structural needs %d source class%s for each of the %d target classes, but the model has only %d "
        "classes: %s",
        m, m > 1 ? "es" : "", self->n_target, self->n_source,
        m > 1 ? "set alignment.averaged lower, or take blm or linear"
              : "take blm or linear, or fewer classes");
  self->rule = g_new(int, self->n_source);
  for (int s = 0; s < self->n_source; s++)
    self->rule[s] = s / m < self->n_target ? s / m : -1;
  return true;
}

static bool init(Alignment *self, const Random *random, GError **error) {
  const char *path = settings_text(self->settings, "rule");
  if (*path && !self->rule)
    return input_error(
        error, "the rule file %s of the structural alignment was not read; leave alignment.rule empty here",
        path);
  if (!self->rule && !rule_in_order(self, error))
    return false;
  g_autofree int *members = g_new0(int, self->n_target);
  for (int s = 0; s < self->n_source; s++)
    if (self->rule[s] >= 0)
      members[self->rule[s]]++;
  for (int t = 0; t < self->n_target; t++)
    if (members[t] == 0)
      return input_error(error, "the structural rule names no source class for target class %d; add one", t);
  for (int s = 0; s < self->n_source; s++)
    if (self->rule[s] >= 0)
      tensor_floats(self->omega)[s * self->n_target + self->rule[s]] = 1.0f / (float)members[self->rule[s]];
  return true;
}

const AlignmentKind alignment_structural = {
    .name = "structural",
    .title = "Structural (rule-based)",
    .paper = "Elsayed et al. 2019, arXiv 1806.11146; Tsai et al. 2020, arXiv 2007.08714",
    .summary = "A rule says which of the model's classes stand for which class of the task.",
    .family = FAMILY_STRUCTURAL,
    .refit = REFIT_NEVER,
    .settings = rows,
    .init = init,
};
