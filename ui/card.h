/* A card of a picker: a frozen model, a task, a preset. */
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
  bool own;                    /* the user's: it can be described anew, and taken off the list */
  const char *const *classes;  /* NULL-terminated; NULL: unknown */
  GdkTexture *const *pictures; /* an example of each class, an element may be NULL; NULL: none */
} HfCard;

/* With all it points at.  (transfer full) */
HfCard *hf_card_copy(const HfCard *card);
void hf_card_free(HfCard *card);
/* (transfer floating) */
GtkWidget *hf_card_widget(const HfCard *card);
