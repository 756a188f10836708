/* A row that shows what is chosen, and opens a list of cards to choose another: frozen models, tasks,
 * presets.
 *
 *   "picked" (const char *name)
 *   "describe" (const char *name), "forget" (const char *name): of cards that are the user's own
 *   "opened" (): the list is looked at
 * Main thread. */
#pragma once

#include "ui/card.h"

#define HF_TYPE_PICKER (hf_picker_get_type())
G_DECLARE_FINAL_TYPE(HfPicker, hf_picker, HF, PICKER, GtkBox)

GtkWidget *hf_picker_new(const char *title);
/* Copies them.  Widgets are made when the list is first looked at. */
void hf_picker_set_cards(HfPicker *self, const HfCard *cards, int n);
/* The chosen one by name; `value` is the text that is shown for it, NULL: its card's title. */
void hf_picker_set_chosen(HfPicker *self, const char *name, const char *value);
/* A few words below it, until another one is chosen; NULL: none. */
void hf_picker_set_note(HfPicker *self, const char *note);
/* The title of the card of that name, borrowed until the cards change; NULL: there is none. */
const char *hf_picker_card_title(HfPicker *self, const char *name);
/* A button below the cards: closes them and activates the action. */
void hf_picker_set_more(HfPicker *self, const char *label, const char *action);
/* Shows the cards, the chosen one with the keyboard's focus. */
void hf_picker_open(HfPicker *self);
