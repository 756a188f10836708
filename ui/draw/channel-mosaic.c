#include "ui/draw/channel-mosaic.h"

#include "ui/draw/signed-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define TEXT       10.5
#define HEAD       (TEXT * 1.7)
#define FOOT       (TEXT * 1.7)
#define LEAST_TILE 7.0
#define GAP        2.0
#define MOST_SAID  3

/* Tiles of `tile` units in a grid. */
typedef struct {
  double top, tile;
  int columns, shown;
} Grid;

static bool is_drawn(double width, double height, const ChannelMosaicPlot *plot) {
  return plot->numbers && plot->n_channels > 0 && plot->height > 0 && plot->width > 0 && width >= 60 &&
         height >= 40;
}

/* The largest tiles that all channels have room in. */
static Grid grid_of(double width, double height, const ChannelMosaicPlot *plot) {
  Grid grid = {.top = plot->title ? HEAD : 0};
  double room = MAX(height - grid.top - FOOT, LEAST_TILE + GAP);
  for (grid.columns = 1;; grid.columns++) {
    grid.tile = (width + GAP) / grid.columns - GAP;
    int rows = (int)((room + GAP) / (grid.tile + GAP));
    grid.shown = rows * grid.columns;
    bool smallest = (width + GAP) / (grid.columns + 1) - GAP < LEAST_TILE;
    if (grid.shown >= plot->n_channels || smallest)
      break;
  }
  grid.shown = MIN(grid.shown, plot->n_channels);
  return grid;
}

static size_t plane(const ChannelMosaicPlot *plot) {
  return (size_t)plot->height * (size_t)plot->width;
}

int channel_mosaic_draw(cairo_t *cr, double width, double height, const ChannelMosaicPlot *plot) {
  if (!is_drawn(width, height, plot))
    return 0;
  Grid grid = grid_of(width, height, plot);
  double range = signed_range(plot->numbers, plane(plot) * (size_t)plot->n_channels);
  TextStyle style = {TEXT, plot->palette->dim}, right = {TEXT, plot->palette->dim, .right = true};
  if (plot->title)
    draw_text(cr, 0, 0, width, plot->title, &style);
  for (int c = 0; c < grid.shown; c++) {
    double x = c % grid.columns * (grid.tile + GAP), y = grid.top + c / grid.columns * (grid.tile + GAP);
    signed_map_draw(cr, x, y, grid.tile, grid.tile, plot->numbers + (size_t)c * plane(plot), plot->height,
                    plot->width, plot->width, 1, range);
    if (c == plot->selected) {
      ink_set(cr, plot->palette->mark);
      cairo_set_line_width(cr, 2);
      cairo_rectangle(cr, x, y, grid.tile, grid.tile);
      cairo_stroke(cr);
    }
  }
  signed_scale_draw(cr, 0, height - TEXT * 1.4, width / 2, range, plot->palette);
  if (grid.shown < plot->n_channels) {
    g_autofree char *rest = g_strdup_printf(_("%d of %d channels"), grid.shown, plot->n_channels);
    draw_text(cr, width / 2, height - TEXT * 1.4, width / 2, rest, &right);
  }
  return grid.shown;
}

void draw_channel_mosaic(cairo_t *cr, double width, double height, const void *plot) {
  channel_mosaic_draw(cr, width, height, plot);
}

int channel_mosaic_at(double width, double height, const ChannelMosaicPlot *plot, double x, double y) {
  if (!is_drawn(width, height, plot))
    return -1;
  Grid grid = grid_of(width, height, plot);
  int column = (int)floor(x / (grid.tile + GAP)), row = (int)floor((y - grid.top) / (grid.tile + GAP));
  int channel = row * grid.columns + column;
  return column >= 0 && column < grid.columns && row >= 0 && channel < grid.shown ? channel : -1;
}

static double norm_of(const ChannelMosaicPlot *plot, int channel) {
  double sum = 0;
  const float *numbers = plot->numbers + (size_t)channel * plane(plot);
  for (size_t i = 0; i < plane(plot); i++)
    if (isfinite(numbers[i]))
      sum += (double)numbers[i] * (double)numbers[i];
  return sqrt(sum);
}

int channel_mosaic_strongest(const ChannelMosaicPlot *plot, int most, int *channels, double *norms) {
  int n = 0;
  for (int c = 0; c < plot->n_channels; c++) {
    double norm = norm_of(plot, c);
    int at = n;
    while (at > 0 && norms[at - 1] < norm)
      at--;
    if (at >= most)
      continue;
    n = MIN(n + 1, most);
    for (int i = n - 1; i > at; i--) {
      channels[i] = channels[i - 1];
      norms[i] = norms[i - 1];
    }
    channels[at] = c;
    norms[at] = norm;
  }
  return n;
}

char *channel_mosaic_words(const ChannelMosaicPlot *plot) {
  GString *text = g_string_new(NULL);
  int channels[MOST_SAID];
  double norms[MOST_SAID];
  if (plot->height * plot->width > 1)
    g_string_append_printf(text, _("%d channels of %d×%d"), plot->n_channels, plot->width, plot->height);
  else
    g_string_append_printf(text, _("%d channels, a number each"), plot->n_channels);
  int n = plot->numbers ? channel_mosaic_strongest(plot, MOST_SAID, channels, norms) : 0;
  if (n == 0 || norms[0] == 0) {
    g_string_append(text, _("; all zero"));
    return g_string_free(text, FALSE);
  }
  g_string_append(text, _("; strongest"));
  for (int i = 0; i < n; i++)
    g_string_append_printf(text, _("%s channel %d (norm %.2g)"), i ? "," : "", channels[i] + 1, norms[i]);
  return g_string_free(text, FALSE);
}
