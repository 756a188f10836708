/* Draws how sure the answers are: a row a target class, with the pattern and without it.  Cairo and Pango
 * only. */
#pragma once

#include "ui/draw/class-tiles.h"
#include "ui/draw/palette.h"

typedef struct {
  const Palette *palette;
  char *const *names; /* of the target classes */
  const float *on,
      *off;  /* probabilities of the target classes with and without the pattern; off NULL: not known */
  int n;     /* 0: not known yet */
  int label; /* the right class; -1: not known */
  char *const *source_names;
  const float *source_on, *source_off; /* f's own answers likewise; either may be NULL */
  int n_source;
  bool source_tokens, target_tokens; /* names of a tokeniser: sentences have them in quotation marks */
  ClassTiles tiles;                  /* pictures of f's own classes */
  const char *waits;                 /* in the rows' place where there are none; NULL: nothing */
} ConfidencePlot;

/* Fills width x height.  Rows that do not fit are left out, from the least sure; the right class is always
 * there. */
void confidence_draw(cairo_t *cr, double width, double height, const ConfidencePlot *plot);
/* The class with the largest probability, the lowest index on ties; -1 when there is none. */
int confidence_answer(const float *probabilities, int n);
/* "right: ankle boot .71" or "wrong: sneaker .52, it is ankle boot"  (transfer full) */
char *confidence_verdict(const ConfidencePlot *plot);
/* The same and f's own answers, in words.  (transfer full) */
char *confidence_words(const ConfidencePlot *plot);
