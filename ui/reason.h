/* Why a choice is impossible, with a button for each repair that says what else it changes.
 *
 * A strip inside of a card; hidden while there is nothing to say.
 *   "repair" (int index)   of the verdict's repairs
 * Main thread. */
#pragma once

#include "engine/taxonomy.h"
#include <gtk/gtk.h>

#define HF_TYPE_REASON (hf_reason_get_type())
G_DECLARE_FINAL_TYPE(HfReason, hf_reason, HF, REASON, GtkBox)

GtkWidget *hf_reason_new(void);
/* `what` is what was asked for ("Embedding"), `asked` its cell; a verdict that is NULL or not impossible
 * hides the strip.  Read during the call only. */
void hf_reason_set(HfReason *self, const char *what, Cell asked, const Verdict *verdict);
/* The keyboard goes to the first repair, or to what closes the strip. */
void hf_reason_focus(HfReason *self);
