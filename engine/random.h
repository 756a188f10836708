/* Random numbers without a state: each number is a function of (seed, purpose, step, index).
 *
 * Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011).  Two draws with the
 * same four values are the same number on every machine and with any number of threads, so nothing needs
 * saving when a run is stopped, and drawing in another order changes nothing. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* What a number is drawn for.  The values are part of every stored run: add, never renumber. */
typedef enum {
  RANDOM_SPLIT = 1,     /* which samples train and which validate; step 1: which test */
  RANDOM_ORDER = 2,     /* the permutation of an epoch; step = epoch */
  RANDOM_PATTERN = 3,   /* initial or fixed patterns */
  RANDOM_ALIGNMENT = 4, /* a random label map, a linear layer's start */
  RANDOM_DRAWING = 5,   /* drawn data sets; step = part */
  RANDOM_BASELINE = 6,  /* what a baseline draws for itself */
  RANDOM_TEXT = 7,      /* tokens of a text that a language model continues; index = position */
} RandomPurpose;

typedef struct {
  uint64_t seed;
  RandomPurpose purpose;
  uint32_t step;
} Random;

/* 64 random bits. */
uint64_t random_bits(const Random *random, uint64_t index);
/* Uniform in [0, 1). */
double random_uniform(const Random *random, uint64_t index);
/* Normal with mean 0 and standard deviation 1 (Box-Muller on the bits of `index`). */
double random_normal(const Random *random, uint64_t index);
/* Uniform integer in 0..n-1, n >= 1, without the bias of a remainder beyond 2^-32. */
uint32_t random_below(const Random *random, uint64_t index, uint32_t n);
/* Fills order[0..n-1] with a permutation of 0..n-1 (Fisher-Yates; draw i uses index i). */
void random_permutation(const Random *random, uint32_t *order, size_t n);
