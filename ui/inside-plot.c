#include "ui/inside-plot.h"

#include <glib/gi18n.h>

char *inside_part_title(const HfPart *part) {
  if (part->kind == PART_TOKENS)
    return g_strdup_printf("%s, %d×%d", part->site, part->rows, part->height * part->width);
  if (part->height * part->width == 1)
    return g_strdup_printf(ngettext("%s, %d channel", "%s, %d channels", (gulong)part->rows), part->site,
                           part->rows);
  if (!part->halves[0])
    return g_strdup_printf(_("%s, %d channels, %d×%d"), part->site, part->rows, part->width, part->height);
  g_autofree char *halves = inside_part_halves(part);
  return g_strdup_printf(ngettext("%s, %d channel: %s", "%s, %d channels: %s", (gulong)part->rows),
                         part->site, part->rows, halves);
}

char *inside_part_halves(const HfPart *part) {
  return part->halves[0] ? g_strdup_printf(_("%s above, %s below"), part->halves[0], part->halves[1]) : NULL;
}

/* "scale 0.02, shift −0.1"  (transfer full) */
static char *both_words(const HfPart *part, int channel) {
  const float *numbers = part->numbers + 2 * (size_t)channel;
  return g_strdup_printf(_("channel %d: %s %.4g, %s %.4g"), channel + 1, part->halves[0], (double)numbers[0],
                         part->halves[1], (double)numbers[1]);
}

char *inside_part_reading(const HfPart *part, int channel) {
  int n = part->height * part->width;
  if (n == 1)
    return g_strdup_printf(_("channel %d: %.4g"), channel + 1, (double)part->numbers[channel]);
  return n == 2 && part->halves[0] ? both_words(part, channel)
                                   : g_strdup_printf(_("channel %d"), channel + 1);
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
