/* What a token that was put in looks like from outside: the word of the vocabulary, or the patch of the
 * sample, whose vector points most nearly the same way.  Belongs to one thread. */
#pragma once

#include "engine/manipulation.h"
#include "ui/inside-part.h"

typedef struct _Neighbours Neighbours;

/* parts (element-type ManipulationPart, by value) of a pattern; the model is borrowed.  Where the model has a
 * table of words, these are the neighbours, else the patches of samples that are given.  (transfer full) */
Neighbours *neighbours_new(const FrozenModel *model, const GArray *parts);
void neighbours_free(Neighbours *self);
/* The patches of what f receives, (1, channels, height, width) normalised.  Nothing for words, or where f
 * does not take such an input alone. */
void neighbours_take_sample(Neighbours *self, const Tensor *received);
/* Fills nearest and cosine of the looks of part `index`, n_tokens x n_channels numbers. */
void neighbours_find(const Neighbours *self, guint index, const float *numbers, int n_tokens, int n_channels,
                     TokenLook *looks);
