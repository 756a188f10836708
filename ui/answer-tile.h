/* An HfAnswer on the screen: one drawn card, named and described for screen readers. */
#pragma once

#include "ui/answer.h"

#include <gtk/gtk.h>

#define HF_TYPE_ANSWER_TILE (hf_answer_tile_get_type())
G_DECLARE_FINAL_TYPE(HfAnswerTile, hf_answer_tile, HF, ANSWER_TILE, GtkWidget)

GtkWidget *hf_answer_tile_new(void);
/* NULL: nothing. */
void hf_answer_tile_set_answer(HfAnswerTile *self, HfAnswer *answer);
/* Name and answer in one line, for screen readers.  Borrowed until the next answer. */
const char *hf_answer_tile_get_words(HfAnswerTile *self);
