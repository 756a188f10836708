/* Draws a pattern of channels: a tile a channel, in reading order, all on one signed scale; a channel that is
 * one number is a tile of one colour.  Cairo and Pango only. */
#pragma once

#include "ui/draw/palette.h"

typedef struct {
  const Palette *palette;
  const float *numbers; /* n_channels * height * width, a plane a channel */
  int n_channels, height, width;
  int selected;      /* channel that is outlined; -1: none */
  const char *title; /* "block2, 32 channels of 16×16"; NULL: none */
} ChannelMosaicPlot;

/* Fills width x height (at least 60 x 40).  Returns how many channels are shown: tiles are at least 7 units
 * wide, and what has no room is said below. */
int channel_mosaic_draw(cairo_t *cr, double width, double height, const ChannelMosaicPlot *plot);
void draw_channel_mosaic(cairo_t *cr, double width, double height, const void *plot);
/* The channel below a point of that drawing; -1: none. */
int channel_mosaic_at(double width, double height, const ChannelMosaicPlot *plot, double x, double y);
/* "32 channels of 16×16; the strongest are 4 (norm 0.31), 17 (0.2) and 2 (0.1)"  (transfer full) */
char *channel_mosaic_words(const ChannelMosaicPlot *plot);
/* Indices of the channels with the largest norms, the largest first, and those norms; at most `most`. Returns
 * how many. */
int channel_mosaic_strongest(const ChannelMosaicPlot *plot, int most, int *channels, double *norms);
