/* Reads the model card from the entries of an ONNX file's metadata_props (key, value).
 *
 * Keys: title, task, classes (JSON array of names), mean, std (JSON arrays of numbers), input_range,
 * channel_order, resize, features, tokenizer, license, source, published_accuracy, measured_accuracy.  All
 * optional; other keys are let be. */
#pragma once

#include "engine/model-card.h"

/* Sets the entry called `key`, of which the last one counts.  A value that is not understood leaves the entry
 * as it was and adds a sentence to card->warnings: a card never stops a model from loading. */
void model_card_set(ModelCard *card, const char *key, const char *value);
