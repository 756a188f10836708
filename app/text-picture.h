/* A sample of text as a picture, for panes and cards that show pictures. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/sample-set.h"

/* The tokens by the names that the model has for them, black on white, as far as there is room: (3, height,
 * width) in 0..1.  `prompt` rows in front of them are marked boxes, "δ1" and so on; of many of them the first
 * and the last.  Any thread.  (transfer full) */
Tensor *text_picture(const FrozenModel *model, const TokenRow *row, int prompt, int height, int width,
                     GError **error);
