/* Pictures that a snapshot implies. */
#pragma once

#include "ui/snapshot.h"

#include <graphene.h>

/* The place of the sample in f's input, in shares of it. */
graphene_rect_t snapshot_frame(const HfSnapshot *shown);
/* The sample alone, (channels, height, width).  NULL: there is none. (transfer full) */
Tensor *snapshot_sample(const HfSnapshot *shown);
/* What the pattern changes: what f receives, less the sample, less the pattern that says nothing.  NULL where
 * they do not fit together. (transfer full) */
Tensor *snapshot_difference(const HfSnapshot *shown);
