/* A part of a pattern inside f as the plot that suits it: a map of tokens, or a mosaic of channels. */
#pragma once

#include "ui/draw/channel-mosaic.h"
#include "ui/inside-part.h"

typedef struct {
  const HfPart *part;
  const char *title; /* inside_part_title(); NULL: none */
  const Palette *palette;
} InsidePlot;

/* "block3, 10×192", "block3: 32 channels of 16×16".  (transfer full) */
char *inside_part_title(const HfPart *part);
/* "scale above, shift below"; NULL: the numbers of a channel are one thing.  (transfer full) */
char *inside_part_halves(const HfPart *part);
/* "channel 4: 0.12", "channel 4: scale 0.02, shift -0.1", "channel 4" where it has many numbers.  (transfer
 * full) */
char *inside_part_reading(const HfPart *part, int channel);
/* The part's plot; which of the two suits it says its kind. */
TokenMapPlot inside_plot_tokens(const InsidePlot *plot);
ChannelMosaicPlot inside_plot_channels(const InsidePlot *plot);
/* Fills width x height; in the form that ui/draw/export.h wants. */
void draw_inside_plot(cairo_t *cr, double width, double height, const void *plot);
