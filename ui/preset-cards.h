/* The methods of the literature as cards, each with what it would change in the present choice. */
#pragma once

#include "engine/run-spec.h"
#include "ui/picker.h"

/* Puts a card for every preset into the picker, and says which one the spec comes from and how far it has
 * moved. */
void preset_cards_show(HfPicker *picker, const RunSpec *spec);
