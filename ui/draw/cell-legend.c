#include "ui/draw/cell-legend.h"

#include "ui/draw/cell-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define ROW  17.0
#define CELL 12.0
#define TEXT 10.5
#define WIDE 210.0 /* from here on two columns stand side by side */

static const struct {
  CellMark mark;
  const char *name;
} entries[] = {
    {CELL_HERE, N_("you are here")},       {CELL_METHOD, N_("named method")},
    {CELL_POSSIBLE, N_("possible")},       {CELL_IMPOSSIBLE, N_("impossible here")},
    {CELL_RUNS, N_("3: runs made there")},
};

static int columns_for(double width) {
  return width >= WIDE ? 2 : 1;
}

double cell_legend_height(double width) {
  int columns = columns_for(width);
  return ROW * (((int)G_N_ELEMENTS(entries) + columns - 1) / columns);
}

void cell_legend_draw(cairo_t *cr, double width, const Palette *palette) {
  int columns = columns_for(width);
  double column = width / columns;
  TextStyle style = {TEXT, palette->dim};
  for (int i = 0; i < (int)G_N_ELEMENTS(entries); i++) {
    double x = floor(i % columns * column), y = i / columns * ROW;
    cell_mark_draw(cr, (CellMapBox){x + 2, y + (ROW - CELL) / 2, CELL, CELL}, entries[i].mark, palette);
    draw_text(cr, x + CELL + 9, y + (ROW - TEXT * 1.36) / 2, column - CELL - 11, _(entries[i].name), &style);
  }
}

char *cell_legend_words(void) {
  return g_strdup(
      _("Orange: you are here. Blue: methods of the literature. Grey: possible. Hatched: impossible here. A "
        "number: runs made there."));
}
