#include "app/model-questions.h"

#include <glib/gi18n.h>
#include <string.h>

#define MOST_TASKS 16

typedef struct {
  const char *key, *title, *hint;
  const HfModelChoice *choices;
  bool from_file, is_array;
} Row;

static const HfModelChoice ranges[] = {{"0..1", N_("0 to 1")}, {"0..255", N_("0 to 255")}, {NULL, NULL}};
static const HfModelChoice orders[] = {
    {"RGB", N_("Red, green, blue")}, {"BGR", N_("Blue, green, red")}, {NULL, NULL}};

static const Row rows[] = {
    {"title", N_("Name")},
    {"task", N_("What it takes")},
    {"input_size", N_("Channels, height, width"), N_("3, 224, 224"), NULL, false, true},
    {"mean", N_("Mean of each channel"), N_("0.485, 0.456, 0.406"), NULL, false, true},
    {"std", N_("Deviation of each channel"), N_("0.229, 0.224, 0.225"), NULL, false, true},
    {"input_range", N_("Range of pixels"), NULL, ranges},
    {"channel_order", N_("Order of channels"), NULL, orders},
    {"classes", N_("Names of classes"), NULL, NULL, true},
    {"tokenizer", N_("Tokeniser"), N_("tokenizer.bin")},
    {"license", N_("Licence"), N_("unknown")},
};

static const Row *find(const char *key) {
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].key, key) == 0)
      return &rows[i];
  return NULL;
}

/* "[0.5, 0.5]" as people write it.  (transfer full) */
static char *without_brackets(const char *text) {
  g_autofree char *copy = g_strdup(text);
  g_strdelimit(copy, "[]", ' ');
  return g_strdup(g_strstrip(copy));
}

char *model_answer_text(const char *key, const char *answer) {
  const Row *row = find(key);
  g_autofree char *stripped = g_strdup(answer);
  g_strstrip(stripped);
  if (!row || !row->is_array || !*stripped || *stripped == '[')
    return g_steal_pointer(&stripped);
  g_autoptr(GString) text = g_string_new(stripped);
  g_string_replace(text, "×", ",", 0);
  g_string_replace(text, "x", ",", 0);
  return g_strdup_printf("[%s]", text->str);
}

/* A table's texts in the user's language; the array ends with NULLs.  The array is kept in texts. */
static const HfModelChoice *translated(GPtrArray *texts, const HfModelChoice *choices) {
  HfModelChoice *copy = g_new0(HfModelChoice, MOST_TASKS);
  g_ptr_array_add(texts, copy);
  for (int i = 0; choices[i].value && i < MOST_TASKS - 1; i++)
    copy[i] = (HfModelChoice){choices[i].value, _(choices[i].title)};
  return copy;
}

/* The tasks, and the card's own where it is another one. */
static const HfModelChoice *tasks(GPtrArray *texts, const char *now) {
  HfModelChoice choices[MOST_TASKS] = {{NULL, NULL}};
  int n = 0;
  bool known = !*now;
  for (; card_tasks[n].name && n < MOST_TASKS - 2; n++) {
    choices[n] = (HfModelChoice){card_tasks[n].name, card_tasks[n].title};
    known = known || strcmp(card_tasks[n].name, now) == 0;
  }
  if (!known)
    choices[n] = (HfModelChoice){now, now};
  return translated(texts, choices);
}

static const char *keep(GPtrArray *texts, char *text) {
  g_ptr_array_add(texts, text);
  return text;
}

/* Where the graph fixes the size there is nothing to ask. */
static bool is_asked(const FrozenModel *model, const CardEntry *entry, bool all) {
  int channels, height, width;
  if (strcmp(entry->key, "input_size") == 0 && !model->card.input_size[0] &&
      frozen_model_picture(model, &channels, &height, &width))
    return false;
  return all || !entry->known;
}

void model_questions_make(ModelQuestions *self, const FrozenModel *model, const GPtrArray *entries,
                          bool all) {
  self->rows = g_array_new(FALSE, FALSE, sizeof(HfModelQuestion));
  self->texts = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < entries->len; i++) {
    const CardEntry *entry = g_ptr_array_index(entries, i);
    const Row *row = find(entry->key);
    if (!row || !is_asked(model, entry, all))
      continue;
    HfModelQuestion question = {
        .key = entry->key,
        .title = _(row->title),
        .value = row->is_array ? keep(self->texts, without_brackets(entry->value)) : entry->value,
        .reason = entry->reason,
        .only = card_entry_task(entry->key),
        .from_file = row->from_file,
        .hint = row->hint ? _(row->hint) : NULL,
    };
    if (strcmp(entry->key, "task") == 0)
      question.choices = tasks(self->texts, entry->value);
    else if (row->choices)
      question.choices = translated(self->texts, row->choices);
    g_array_append_val(self->rows, question);
  }
}

void model_questions_clear(ModelQuestions *self) {
  g_array_unref(self->rows);
  g_ptr_array_unref(self->texts);
}
