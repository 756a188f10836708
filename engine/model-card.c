#include "engine/model-card.h"

void model_card_init(ModelCard *card) {
  *card = (ModelCard){.std = {1, 1, 1, 1}, .warnings = g_ptr_array_new_with_free_func(g_free)};
}

void model_card_clear(ModelCard *card) {
  char *texts[] = {card->title,
                   card->task,
                   card->resize,
                   card->features,
                   card->tokenizer,
                   card->license,
                   card->source,
                   card->published_accuracy,
                   card->measured_accuracy};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(card->classes);
  g_clear_pointer(&card->warnings, g_ptr_array_unref);
  *card = (ModelCard){0};
}
