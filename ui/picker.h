/* A row that shows what is chosen, and opens a list of cards to choose another: frozen models, tasks,
 * presets.
 *
 *   "picked" (const char *name)
 * Main thread. */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

/* A card, as plain values.  All texts but name and title may be NULL. */
typedef struct {
  const char *name;    /* what "picked" says */
  const char *title;   /* for people */
  const char *summary; /* a sentence or two */
  const char *facts;   /* "36 classes · 64×64 · 383 940 numbers" */
  const char *license;
  const char *problem;         /* why it cannot be used here: the card is dimmed, and says so */
  const char *const *classes;  /* NULL-terminated; NULL: unknown */
  GdkTexture *const *pictures; /* an example of each class, an element may be NULL; NULL: none */
} HfCard;

#define HF_TYPE_PICKER (hf_picker_get_type())
G_DECLARE_FINAL_TYPE(HfPicker, hf_picker, HF, PICKER, GtkBox)

GtkWidget *hf_picker_new(const char *title);
/* Copies what it shows. */
void hf_picker_set_cards(HfPicker *self, const HfCard *cards, int n);
/* The chosen one by name; `value` is the text that is shown for it, NULL: its card's title. */
void hf_picker_set_chosen(HfPicker *self, const char *name, const char *value);
/* Shows the cards, the chosen one with the keyboard's focus. */
void hf_picker_open(HfPicker *self);
