/* Draws a pattern of tokens: a row a token, a column a channel, signed; beside each row what it is nearest to
 * (a word, a patch) and how far it has turned from where it began.  Cairo and Pango only. */
#pragma once

#include "ui/draw/palette.h"

/* What a token looks like, from outside. */
typedef struct {
  char *nearest; /* "once", "patch 3, 7"; NULL: not known */
  double cosine; /* of the token and that; NaN: not known */
  double turned; /* cosine of the token and what it was at first; NaN: not known, or one of the two is zero */
} TokenLook;

typedef struct {
  const Palette *palette;
  const float *numbers; /* n_tokens * n_channels, row-major */
  int n_tokens, n_channels;
  const TokenLook *looks; /* n_tokens; NULL: the map takes all the width */
  const char *title;      /* "block3, 10 tokens × 192 channels"; NULL: none */
} TokenMapPlot;

/* Fills width x height (at least 60 x 40, else nothing is drawn).  Where there is no room for a row of text
 * each, rows of the map grow thin and only every so many are named. */
void token_map_draw(cairo_t *cr, double width, double height, const TokenMapPlot *plot);
void draw_token_map(cairo_t *cr, double width, double height, const void *plot);
/* Which number is below a point of that drawing; false: none. */
bool token_map_at(double width, double height, const TokenMapPlot *plot, double x, double y, int *token,
                  int *channel);
/* "10 tokens of 192 channels; token 1 is nearest to “once” (cosine .41) and has turned to .93 of its start,
 * ..." (transfer full) */
char *token_map_words(const TokenMapPlot *plot);
