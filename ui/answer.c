#include "ui/answer.h"

G_DEFINE_FINAL_TYPE(HfAnswer, hf_answer, G_TYPE_OBJECT)

static void hf_answer_finalize(GObject *object) {
  HfAnswer *self = HF_ANSWER(object);
  g_free(self->name);
  g_free(self->error);
  hf_names_unref(self->names);
  g_free(self->on);
  g_free(self->off);
  g_clear_pointer(&self->picture.pixels, g_bytes_unref);
  g_clear_pointer(&self->received.pixels, g_bytes_unref);
  G_OBJECT_CLASS(hf_answer_parent_class)->finalize(object);
}

static void hf_answer_class_init(HfAnswerClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_answer_finalize;
}

static void hf_answer_init(HfAnswer *self) {
}

HfAnswer *hf_answer_new(const char *name) {
  HfAnswer *self = g_object_new(HF_TYPE_ANSWER, NULL);
  self->name = g_strdup(name);
  return self;
}

int hf_answer_class(const HfAnswer *self, const float *probabilities, int rank) {
  int n = self->names->n_target;
  for (int i = 0; i < n && rank < n; i++) {
    int before = 0;
    for (int k = 0; k < n; k++)
      before += probabilities[k] > probabilities[i] || (probabilities[k] == probabilities[i] && k < i);
    if (before == rank)
      return i;
  }
  return -1;
}
