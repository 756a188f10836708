/* Where the present choice stands: its family in words, its formula, what is trained and what is frozen, the
 * map of the 72 cells, and the methods of the literature in the same cell.
 *
 *   "cell-chosen" (int cell)         a possible cell of the map
 *   "repair" (const Repair *repair)  valid during the signal only
 *   "preset" (const char *name)
 * Main thread. */
#pragma once

#include "engine/run-spec.h"
#include "ui/choice-facts.h"
#include <gtk/gtk.h>

#define HF_TYPE_TAXONOMY_CARD (hf_taxonomy_card_get_type())
G_DECLARE_FINAL_TYPE(HfTaxonomyCard, hf_taxonomy_card, HF, TAXONOMY_CARD, GtkBox)

GtkWidget *hf_taxonomy_card_new(void);
/* Copies what it shows. */
void hf_taxonomy_card_set_spec(HfTaxonomyCard *self, const RunSpec *spec, const ChoiceFacts *facts);
/* By cell_index(); NULL: not judged.  Borrowed: the owner sets others, or NULL, before it frees them. */
void hf_taxonomy_card_set_verdicts(HfTaxonomyCard *self, const Verdict *const *verdicts);
/* SHA-256 of f's weights as hexadecimal text, NULL: not known; `checked`: it was the same after training. */
void hf_taxonomy_card_set_digest(HfTaxonomyCard *self, const char *digest, bool checked);
/* How many runs were made in each of the N_CELLS cells. */
void hf_taxonomy_card_set_runs(HfTaxonomyCard *self, const int *runs);
