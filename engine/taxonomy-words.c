/* The words that the sentences of the rules are filled in with. */
#include "engine/taxonomy-rules.h"

#include <string.h>

static const char *const places[] = {
    [LOCATION_INPUT] = "at the input",
    [LOCATION_EMBEDDING] = "at the embedding",
    [LOCATION_HIDDEN] = "at a hidden tensor",
};

static char *value_name(AxisId axis, int value) {
  return g_strdup(taxonomy_axes[axis].values[value].name);
}

static char *number(gint64 n) {
  return g_strdup_printf("%" G_GINT64_FORMAT, n);
}

static char *model_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->context->model_title ? choice->context->model_title : "The model");
}

static char *other_input_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->context->other_input ? choice->context->other_input : "");
}

static char *task_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->context->task_title ? choice->context->task_title : "the task");
}

static char *source_word(const TaxonomyChoice *choice) {
  return number(choice->context->n_source);
}

static char *target_word(const TaxonomyChoice *choice) {
  return number(choice->context->n_target);
}

static char *averaged_word(const TaxonomyChoice *choice) {
  return number(choice->context->averaged);
}

static char *needed_word(const TaxonomyChoice *choice) {
  return number((gint64)choice->context->averaged * choice->context->n_target);
}

static char *fit_word(const TaxonomyChoice *choice) {
  return number(choice->context->n_source / MAX(1, choice->context->n_target));
}

static char *numbers_word(const TaxonomyChoice *choice) {
  return number((gint64)choice->context->n_source * choice->context->n_target);
}

static char *per_class_word(const TaxonomyChoice *choice) {
  int n = choice->context->n_train / MAX(1, choice->context->n_target);
  return n ? g_strdup_printf("about %d training sample%s", n, n > 1 ? "s" : "")
           : g_strdup("less than one training sample");
}

static char *format_word(const TaxonomyChoice *choice) {
  return value_name(AXIS_FORMAT, choice->cell.value[AXIS_FORMAT]);
}

static char *location_word(const TaxonomyChoice *choice) {
  return g_strdup(places[choice->cell.value[AXIS_LOCATION]]);
}

static char *operator_word(const TaxonomyChoice *choice) {
  return value_name(AXIS_OPERATOR, choice->cell.value[AXIS_OPERATOR]);
}

static char *family_word(const TaxonomyChoice *choice) {
  return value_name(AXIS_ALIGNMENT, choice->cell.value[AXIS_ALIGNMENT]);
}

static char *method_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->method ? choice->method->name : "none");
}

static char *note_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->method && choice->method->note ? choice->method->note : "");
}

static char *method_operator_word(const TaxonomyChoice *choice) {
  return choice->method ? value_name(AXIS_OPERATOR, (int)choice->method->op) : g_strdup("none");
}

static char *method_locations_word(const TaxonomyChoice *choice) {
  GString *text = g_string_new(NULL);
  for (int i = 0; choice->method && i < N_LOCATIONS; i++)
    if (choice->method->locations & 1u << i)
      g_string_append_printf(text, "%s%s", text->len ? " and " : "", places[i]);
  return g_string_free(text, FALSE);
}

static char *alignment_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->alignment->name);
}

static char *alignment_title_word(const TaxonomyChoice *choice) {
  return g_strdup(choice->alignment->title);
}

static char *alignment_family_word(const TaxonomyChoice *choice) {
  return value_name(AXIS_ALIGNMENT, (int)choice->alignment->family);
}

static const struct {
  const char *name;
  char *(*word)(const TaxonomyChoice *choice); /* (transfer full) */
} words[] = {
    {"{model}", model_word},
    {"{other input}", other_input_word},
    {"{task}", task_word},
    {"{source}", source_word},
    {"{target}", target_word},
    {"{averaged}", averaged_word},
    {"{needed}", needed_word},
    {"{fit}", fit_word},
    {"{numbers}", numbers_word},
    {"{per class}", per_class_word},
    {"{format}", format_word},
    {"{location}", location_word},
    {"{operator}", operator_word},
    {"{family}", family_word},
    {"{method}", method_word},
    {"{note}", note_word},
    {"{method's operator}", method_operator_word},
    {"{method's locations}", method_locations_word},
    {"{alignment}", alignment_word},
    {"{alignment title}", alignment_title_word},
    {"{alignment's family}", alignment_family_word},
};

char *taxonomy_sentence(const char *template, const TaxonomyChoice *choice) {
  GString *text = g_string_new(NULL);
  for (const char *p = template; *p;) {
    guint k = 0;
    while (k < G_N_ELEMENTS(words) && !g_str_has_prefix(p, words[k].name))
      k++;
    if (k == G_N_ELEMENTS(words)) {
      g_string_append_c(text, *p++);
      continue;
    }
    g_autofree char *word = words[k].word(choice);
    g_string_append(text, word);
    p += strlen(words[k].name);
  }
  return g_string_free(text, FALSE);
}
