/* Reads the model card from the entries of an ONNX file's metadata_props (key, value).
 *
 * Keys: title, task, classes (JSON array of names), mean, std (JSON arrays of numbers), input_range,
 * channel_order, resize, features, tokenizer, license, source, published_accuracy, measured_accuracy,
 * input_size (JSON array of channels, height, width: for graphs that leave them open).  All optional; other
 * keys are let be. */
#pragma once

#include "engine/model-card.h"

#include <stdbool.h>

/* Sets the entry called `key`, of which the last one counts.  A value that is not understood leaves the entry
 * as it was and adds a sentence to card->warnings: a card never stops a model from loading. */
void model_card_set(ModelCard *card, const char *key, const char *value);
/* What the value of that key should be, in words: "a JSON array of names"; NULL: there is no such key. */
const char *model_card_wanted(const char *key);
/* Whether an entry of that key was set. */
bool model_card_says(const ModelCard *card, const char *key);
/* An entry that was set, as it was written or as it would be; NULL: it was not.  (transfer full) */
char *model_card_text(const ModelCard *card, const char *key);
