/* Draws the map of the taxonomy's 72 cells: a row for each format and location, a column for each operator
 * and alignment, with their names.  Hatched cells are impossible; "you are here", methods of the literature
 * and runs already made are marked.  Numbers in, ink out; no GTK. */
#pragma once

#include "engine/taxonomy.h"
#include "ui/draw/palette.h"

typedef struct {
  bool impossible[N_CELLS];
  int methods[N_CELLS]; /* how many presets stand there */
  int runs[N_CELLS];    /* how many runs were made there */
  int here;             /* -1: nowhere */
  int pointed;          /* under the pointer or the keyboard's focus; -1: none */
} CellMap;

typedef struct {
  double x, y, width, height;
} CellMapBox;

/* What a cell can be. */
typedef enum { CELL_HERE, CELL_METHOD, CELL_POSSIBLE, CELL_IMPOSSIBLE, CELL_RUNS } CellMark;

/* One cell as the map draws it, for a legend. */
void cell_mark_draw(cairo_t *cr, CellMapBox box, CellMark mark, const Palette *palette);
/* The height that suits a width, in user units. */
double cell_map_height(double width);
CellMapBox cell_map_box(double width, int cell);
/* The cell at a point, -1 when there is none. */
int cell_map_at(double width, double x, double y);
void cell_map_draw(cairo_t *cr, double width, const CellMap *map, const Palette *palette);
