#include "ui/run-item.h"

#include <string.h>

struct _HfRunItem {
  GObject parent_instance;
  HfRunFacts facts;
  char *texts[HF_N_RUN_TEXTS], *keys[HF_N_RUN_TEXTS]; /* keys: NULL until it was sorted by them */
  char *haystack;                                     /* folded, for searches */
  cairo_surface_t *picture;
};

G_DEFINE_FINAL_TYPE(HfRunItem, hf_run_item, G_TYPE_OBJECT)

enum { CHANGED, PICTURED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_run_item_finalize(GObject *object) {
  HfRunItem *self = HF_RUN_ITEM(object);
  for (int i = 0; i < HF_N_RUN_TEXTS; i++) {
    g_free(self->texts[i]);
    g_free(self->keys[i]);
  }
  g_free(self->haystack);
  g_clear_pointer(&self->picture, cairo_surface_destroy);
  G_OBJECT_CLASS(hf_run_item_parent_class)->finalize(object);
}

static void hf_run_item_class_init(HfRunItemClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_run_item_finalize;
  static const char *const names[N_SIGNALS] = {"changed", "pictured"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] =
        g_signal_new(names[i], HF_TYPE_RUN_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hf_run_item_init(HfRunItem *self) {
}

static char *fold(char *const *texts) {
  static const HfRunText searched[] = {HF_RUN_NAME,   HF_RUN_NOTE,      HF_RUN_TAGS,
                                       HF_RUN_METHOD, HF_RUN_ALIGNMENT, HF_RUN_TASK,
                                       HF_RUN_PRESET, HF_RUN_MODEL,     HF_RUN_WORDS};
  g_autoptr(GString) all = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(searched); i++) {
    g_string_append(all, texts[searched[i]]);
    g_string_append_c(all, '\n');
  }
  return g_utf8_casefold(all->str, (gssize)all->len);
}

HfRunItem *hf_run_item_new(const HfRunFacts *facts) {
  HfRunItem *self = g_object_new(HF_TYPE_RUN_ITEM, NULL);
  self->facts = *facts;
  for (int i = 0; i < HF_N_RUN_TEXTS; i++)
    self->facts.texts[i] = self->texts[i] = g_strdup(facts->texts[i] ? facts->texts[i] : "");
  self->haystack = fold(self->texts);
  return self;
}

const HfRunFacts *hf_run_item_facts(HfRunItem *self) {
  return &self->facts;
}

const char *hf_run_item_text(HfRunItem *self, HfRunText text) {
  return self->texts[text];
}

/* Numbers that are both unknown are the same. */
static gboolean same_numbers(const HfRunFacts *a, const HfRunFacts *b) {
  return memcmp(&a->accuracy, &b->accuracy, sizeof a->accuracy) == 0 &&
         memcmp(&a->no_prompt, &b->no_prompt, sizeof a->no_prompt) == 0 &&
         memcmp(&a->no_prompt_full_size, &b->no_prompt_full_size, sizeof a->no_prompt_full_size) == 0 &&
         memcmp(&a->gain, &b->gain, sizeof a->gain) == 0;
}

static gboolean same(const HfRunFacts *a, const HfRunFacts *b) {
  for (int i = 0; i < HF_N_RUN_TEXTS; i++)
    if (strcmp(a->texts[i], b->texts[i]) != 0)
      return FALSE;
  return same_numbers(a, b) && a->steps == b->steps && a->total_steps == b->total_steps &&
         a->created == b->created && a->status == b->status && a->star == b->star;
}

gboolean hf_run_item_update(HfRunItem *self, HfRunItem *newer) {
  if (same(&self->facts, &newer->facts))
    return FALSE;
  HfRunFacts facts = self->facts;
  self->facts = newer->facts;
  newer->facts = facts;
  char *haystack = self->haystack;
  self->haystack = newer->haystack;
  newer->haystack = haystack;
  for (int i = 0; i < HF_N_RUN_TEXTS; i++) {
    char *text = self->texts[i];
    self->texts[i] = newer->texts[i];
    newer->texts[i] = text;
    g_clear_pointer(&self->keys[i], g_free);
    g_clear_pointer(&newer->keys[i], g_free);
  }
  g_signal_emit(self, signals[CHANGED], 0);
  return TRUE;
}

gboolean hf_run_item_holds(HfRunItem *self, const char *folded) {
  return strstr(self->haystack, folded) != NULL;
}

const char *hf_run_item_sort_key(HfRunItem *self, HfRunText text) {
  if (!self->keys[text]) {
    g_autofree char *folded = g_utf8_casefold(self->texts[text], -1);
    self->keys[text] = g_utf8_collate_key(folded, -1);
  }
  return self->keys[text];
}

cairo_surface_t *hf_run_item_picture(HfRunItem *self) {
  return self->picture;
}

void hf_run_item_set_picture(HfRunItem *self, cairo_surface_t *picture) {
  cairo_surface_t *old = self->picture;
  self->picture = picture ? cairo_surface_reference(picture) : NULL;
  if (old)
    cairo_surface_destroy(old);
  g_signal_emit(self, signals[PICTURED], 0);
}
