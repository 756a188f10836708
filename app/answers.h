/* f's numbers as people read them: probabilities, and pictures without the normalisation. */
#pragma once

#include "engine/manipulation.h"

/* Answers to probabilities, in place. */
void answers_softmax(float *row, int n);
/* z . omega + bias; z as many numbers as omega has rows.  (transfer full) */
float *answers_map(const float *z, const Tensor *omega, const Tensor *bias);
/* The probabilities of that.  (transfer full) */
float *answers_probabilities(const float *z, const Tensor *omega, const Tensor *bias);
/* What f receives (channels, height, width) back in pixel units, in place; the order of the colours stays. */
void answers_undo_normalisation(const Manipulation *like, float *received);
