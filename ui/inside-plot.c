#include "ui/inside-plot.h"

#include <glib/gi18n.h>

char *inside_part_title(const HfPart *part) {
  if (part->kind == PART_TOKENS)
    return g_strdup_printf("%s, %d×%d", part->site, part->rows, part->height * part->width);
  if (part->height * part->width == 1)
    return g_strdup_printf(ngettext("%s, %d channel", "%s, %d channels", (gulong)part->rows), part->site,
                           part->rows);
  return g_strdup_printf(_("%s, %d channels, %d×%d"), part->site, part->rows, part->width, part->height);
}

TokenMapPlot inside_plot_tokens(const InsidePlot *plot) {
  const HfPart *part = plot->part;
  return (TokenMapPlot){plot->palette, part->numbers, part->rows, part->height * part->width,
                        part->looks,   plot->title};
}

ChannelMosaicPlot inside_plot_channels(const InsidePlot *plot) {
  const HfPart *part = plot->part;
  return (ChannelMosaicPlot){plot->palette, part->numbers, part->rows, part->height, part->width, -1,
                             plot->title};
}

void draw_inside_plot(cairo_t *cr, double width, double height, const void *plot) {
  const InsidePlot *inside = plot;
  if (inside->part->kind == PART_TOKENS) {
    TokenMapPlot tokens = inside_plot_tokens(inside);
    token_map_draw(cr, width, height, &tokens);
  } else {
    ChannelMosaicPlot channels = inside_plot_channels(inside);
    channel_mosaic_draw(cr, width, height, &channels);
  }
}
