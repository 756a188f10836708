/* A transformer of one attention block that a test can look through, with its sizes as an exporter may write
 * them. */
#pragma once

#include "engine/frozen-model.h"

#define SMALL_TOKENS   5
#define SMALL_CHANNELS 8
#define SMALL_HEADS    2
#define SMALL_WIDTH    (SMALL_CHANNELS / SMALL_HEADS)
#define SMALL_ANSWERS  3

/* Numbers in Reshape and Slice: that follow any number of tokens; that are SMALL_TOKENS; and one Reshape that
 * tears tokens and channels apart. */
typedef enum { SIZES_FOLLOW, SIZES_CONSTANT, SIZES_TORN } Sizes;

/* x (batch, tokens, channels) -> embedded -> + positions ("positioned") -> q, k, v -> attention, masked ->
 * joined
 * -> + ("block") -> mean of the tokens and the first one -> answers (batch, SMALL_ANSWERS).  (transfer full)
 */
FrozenModel *small_transformer(Sizes sizes, bool masked);
/* A drawn number, of deviation 0.5, and a tensor of them.  (transfer full) */
float small_draw(uint64_t stream, uint64_t i);
Tensor *small_drawn(uint64_t stream, Shape shape);
