#include "ui/draw/cell-map.h"

#include <math.h>

#define ROWS    (N_FORMATS * N_LOCATIONS)
#define COLUMNS (N_OPERATORS * N_FAMILIES)
#define LEFT    74.0 /* the names of formats and locations */
#define FORMATS 16.0 /* of it, the formats' */
#define TOP     72.0 /* the names of operators and alignments */
#define GROUPS  16.0 /* of it, the operators' */
#define SMALL   10.0
#define GAP     2.0 /* between cells */
#define APART   6.0 /* between operators, and between formats */
#define RADIUS  3.0
#define LINE    1.36 /* height of a line of this font for a size of 1 */
#define LEAST   9.0  /* a cell's least edge to write a number in */

static double cell_edge(double width) {
  return (width - LEFT - (N_OPERATORS - 1) * APART) / COLUMNS;
}

static double row_edge(double width) {
  return fmin(fmax(cell_edge(width), 16), 24);
}

static int row_of(int cell) {
  return cell / COLUMNS;
}

static int column_of(int cell) {
  return cell % COLUMNS;
}

static double column_x(double width, int column) {
  return LEFT + column * cell_edge(width) + column / N_FAMILIES * APART;
}

static double row_y(double width, int row) {
  return TOP + row * row_edge(width) + row / N_LOCATIONS * APART;
}

double cell_map_height(double width) {
  return ceil(row_y(width, ROWS - 1) + row_edge(width) + 1);
}

CellMapBox cell_map_box(double width, int cell) {
  return (CellMapBox){column_x(width, column_of(cell)) + GAP / 2, row_y(width, row_of(cell)) + GAP / 2,
                      cell_edge(width) - GAP, row_edge(width) - GAP};
}

int cell_map_at(double width, double x, double y) {
  for (int cell = 0; cell < N_CELLS; cell++) {
    CellMapBox box = cell_map_box(width, cell);
    if (x >= box.x - GAP / 2 && x < box.x + box.width + GAP / 2 && y >= box.y - GAP / 2 &&
        y < box.y + box.height + GAP / 2)
      return cell;
  }
  return -1;
}

static void rounded(cairo_t *cr, CellMapBox box, double radius) {
  path_rounded(cr, box.x, box.y, box.width, box.height, radius);
}

static void hatch(cairo_t *cr, CellMapBox box, Ink ink) {
  cairo_save(cr);
  rounded(cr, box, RADIUS);
  cairo_clip(cr);
  ink_set(cr, ink);
  cairo_set_line_width(cr, 1);
  for (double shift = -box.height; shift < box.width; shift += 4) {
    cairo_move_to(cr, box.x + shift, box.y + box.height);
    cairo_line_to(cr, box.x + shift + box.height, box.y);
  }
  cairo_stroke(cr);
  cairo_restore(cr);
}

static void outline(cairo_t *cr, CellMapBox box, double outside, double line, Ink ink) {
  CellMapBox around = {box.x - outside, box.y - outside, box.width + 2 * outside, box.height + 2 * outside};
  rounded(cr, around, RADIUS + outside);
  ink_set(cr, ink);
  cairo_set_line_width(cr, line);
  cairo_stroke(cr);
}

/* As exactly as there is room. */
static char *runs_text(CellMapBox box, int runs) {
  int most = box.width < 18 ? 99 : 999;
  return runs > most ? g_strdup("+") : g_strdup_printf("%d", runs);
}

static void draw_runs(cairo_t *cr, CellMapBox box, int runs, Ink ink) {
  g_autofree char *number = runs_text(box, runs);
  TextStyle style = {fmin(SMALL, 0.8 * box.width), ink, .bold = true, .centre = true};
  draw_text(cr, box.x - box.width, box.y + (box.height - style.size * LINE) / 2, box.width * 3, number,
            &style);
}

/* What a cell is filled with, and what is written on it. */
typedef struct {
  Ink ground, text;
} CellInk;

static CellInk cell_ink(int cell, const CellMap *map, const Palette *palette) {
  if (cell == map->here)
    return (CellInk){palette->mark, palette->background};
  if (map->methods[cell] > 0)
    return (CellInk){ink_mix(palette->accent, palette->background, 0.45), palette->text};
  return (CellInk){ink_mix(palette->text, palette->background, 0.84), palette->text};
}

static void draw_box(cairo_t *cr, CellMapBox box, int cell, const CellMap *map, const Palette *palette) {
  CellInk ink = cell_ink(cell, map, palette);
  bool here = cell == map->here;
  if (map->impossible[cell]) {
    hatch(cr, box, here ? palette->mark : ink_mix(palette->text, palette->background, 0.72));
    ink.text = palette->text;
  } else {
    rounded(cr, box, RADIUS);
    ink_set(cr, ink.ground);
    cairo_fill(cr);
  }
  if (here)
    outline(cr, box, 2, 2, palette->mark);
  if (map->runs[cell] > 0 && box.width >= LEAST)
    draw_runs(cr, box, map->runs[cell], ink.text);
  if (cell == map->pointed)
    outline(cr, box, here ? 3.5 : 1, 1.5, palette->text);
}

static void draw_cell(cairo_t *cr, double width, int cell, const CellMap *map, const Palette *palette) {
  draw_box(cr, cell_map_box(width, cell), cell, map, palette);
}

void cell_mark_draw(cairo_t *cr, CellMapBox box, CellMark mark, const Palette *palette) {
  CellMap map = {.here = mark == CELL_HERE ? 0 : -1, .pointed = -1};
  map.impossible[0] = mark == CELL_IMPOSSIBLE;
  map.methods[0] = mark == CELL_METHOD;
  map.runs[0] = mark == CELL_RUNS ? 3 : 0;
  draw_box(cr, box, 0, &map, palette);
}

/* Names of the present choice's row and column stand out. */
static TextStyle name_style(bool here, const Palette *palette) {
  return (TextStyle){SMALL, here ? palette->text : palette->dim, .bold = here};
}

/* A name that reads from the bottom to the top: it begins at `bottom`, in the middle of x and x + wide. */
static void draw_upwards(cairo_t *cr, double x, double wide, double bottom, double tall, const char *name,
                         const TextStyle *style) {
  cairo_save(cr);
  cairo_translate(cr, x + (wide - style->size * LINE) / 2, bottom);
  cairo_rotate(cr, -G_PI_2);
  draw_text(cr, 0, 0, tall, name, style);
  cairo_restore(cr);
}

/* The whole name where there is room for it. */
static const char *operator_name(cairo_t *cr, int op, double room, const TextStyle *style) {
  static const char *const brief[N_OPERATORS] = {
      [OPERATOR_ADDITIVE] = "add.", [OPERATOR_CONCATENATIVE] = "concat.", [OPERATOR_PARAMETRIC] = "param."};
  const char *name = taxonomy_axes[AXIS_OPERATOR].values[op].name;
  return measure_text(cr, name, style, NULL) <= room ? name : brief[op];
}

static void draw_columns(cairo_t *cr, double width, const CellMap *map, const Palette *palette) {
  double edge = cell_edge(width);
  for (int op = 0; op < N_OPERATORS; op++) {
    double x = column_x(width, op * N_FAMILIES), wide = N_FAMILIES * edge;
    bool here = map->here >= 0 && column_of(map->here) / N_FAMILIES == op;
    TextStyle style = name_style(here, palette);
    style.centre = true;
    draw_text(cr, x - APART, 0, wide + 2 * APART, operator_name(cr, op, wide + APART, &style), &style);
  }
  for (int column = 0; column < COLUMNS; column++) {
    bool here = map->here >= 0 && column_of(map->here) == column;
    TextStyle style = name_style(here, palette);
    draw_upwards(cr, column_x(width, column), edge, TOP - 3, TOP - GROUPS,
                 taxonomy_axes[AXIS_ALIGNMENT].values[column % N_FAMILIES].name, &style);
  }
}

static void draw_rows(cairo_t *cr, double width, const CellMap *map, const Palette *palette) {
  double edge = row_edge(width);
  for (int format = 0; format < N_FORMATS; format++) {
    bool here = map->here >= 0 && row_of(map->here) / N_LOCATIONS == format;
    TextStyle style = name_style(here, palette);
    const char *name = taxonomy_axes[AXIS_FORMAT].values[format].name;
    double tall = N_LOCATIONS * edge, taken = fmin(measure_text(cr, name, &style, NULL), tall + APART);
    double bottom = row_y(width, format * N_LOCATIONS) + (tall + taken) / 2;
    draw_upwards(cr, 0, FORMATS, bottom, tall + APART, name, &style);
  }
  for (int row = 0; row < ROWS; row++) {
    bool here = map->here >= 0 && row_of(map->here) == row;
    TextStyle style = name_style(here, palette);
    draw_text(cr, FORMATS + 2, row_y(width, row) + (edge - SMALL * LINE) / 2, LEFT - FORMATS - 4,
              taxonomy_axes[AXIS_LOCATION].values[row % N_LOCATIONS].name, &style);
  }
}

void cell_map_draw(cairo_t *cr, double width, const CellMap *map, const Palette *palette) {
  draw_columns(cr, width, map, palette);
  draw_rows(cr, width, map, palette);
  for (int cell = 0; cell < N_CELLS; cell++)
    if (cell != map->pointed)
      draw_cell(cr, width, cell, map, palette);
  if (map->pointed >= 0)
    draw_cell(cr, width, map->pointed, map, palette);
}
