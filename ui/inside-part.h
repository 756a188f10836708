/* A table of numbers that a method puts in at a site inside f, as the panes show it: finished values, never
 * written again. */
#pragma once

#include "ui/draw/token-map.h"

#include <glib.h>

typedef enum { PART_TOKENS, PART_CHANNELS } HfPartKind;

typedef struct {
  char *site; /* "embedding+positions", "block3", or the tensor's own name */
  HfPartKind kind;
  int rows; /* tokens, or channels */
  int height,
      width; /* of each: a token is 1 x its channels; a channel's plane, 1 x 1 where it is one number */
  const char *halves[2]; /* words for the upper and the lower half of each channel's numbers, static; NULL:
                            they are one thing */
  float *numbers;        /* rows * height * width */
  TokenLook *looks;      /* rows; NULL: not tokens */
} HfPart;

/* (transfer full) (element-type HfPart) */
GPtrArray *hf_parts_new(void);
/* The numbers with `axis` in front and the other axes behind it in their order.  dims[rank].  (transfer full)
 */
float *hf_part_turned(const float *numbers, const int64_t *dims, int rank, int axis);
/* Cosine of two rows; NaN where one of them is zero. */
double hf_part_cosine(const float *a, const float *b, int n);
