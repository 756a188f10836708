#include "ui/compare-figure.h"

#include "ui/compare-curves.h"
#include "ui/draw/pattern-picture.h"

#include <glib/gi18n.h>

#define GAP    18.0
#define TITLE  12.5
#define TEXT   11.0
#define LINE   17.0
#define CURVES 250.0

static double edge_of(double width) {
  return (width - 2 * GAP) / 3;
}

static int rows_that_differ(const CompareFigure *figure) {
  int n = 0;
  for (int i = 0; i < figure->n_rows; i++)
    n += figure->rows[i].differs;
  return n;
}

double compare_figure_height(double width, const CompareFigure *figure) {
  return 2 * LINE + edge_of(width) + GAP + CURVES + GAP + LINE * (1 + rows_that_differ(figure));
}

static PatternNumbers numbers_of(const Tensor *pattern, const Tensor *mask, float neutral, PatternMap map) {
  const int64_t *dim = pattern->shape.dim;
  return (PatternNumbers){.numbers = tensor_floats(pattern),
                          .channels = (int)dim[0],
                          .height = (int)dim[1],
                          .width = (int)dim[2],
                          .mask = mask ? tensor_floats(mask) : NULL,
                          .neutral = neutral,
                          .map = map};
}

/* The pattern magnified into a square, with the words of its range below. */
static void draw_numbers(cairo_t *cr, double edge, const PatternNumbers *numbers, PatternRange range,
                         const Palette *palette) {
  cairo_surface_t *image = pattern_image(numbers, range);
  double scale = edge / MAX(numbers->width, numbers->height);
  cairo_save(cr);
  cairo_scale(cr, scale, scale);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cr, 0, 0, numbers->width, numbers->height);
  cairo_fill(cr);
  cairo_restore(cr);
  cairo_surface_destroy(image);
  g_autofree char *words = pattern_range_text(range);
  draw_text(cr, 0, edge + 3, edge, words, &(TextStyle){TEXT, palette->dim});
}

static void draw_nothing(cairo_t *cr, double edge, const Palette *palette) {
  ink_set(cr, palette->line);
  cairo_rectangle(cr, 0, 0, edge, edge);
  cairo_fill(cr);
  draw_text(cr, 0, edge / 2 - TEXT, edge, _("nothing that is a picture"),
            &(TextStyle){TEXT, palette->text, .centre = true});
}

static const HfComparedMoment *moment_of(const CompareFigure *figure, int side) {
  const HfComparedMoment *moment = figure->moments[side];
  return moment && moment->pattern ? moment : NULL;
}

static double factor_of(const CompareFigure *figure) {
  PatternNumbers numbers[N_SIDES];
  const PatternNumbers *there[N_SIDES] = {NULL, NULL};
  for (int side = 0; side < N_SIDES; side++) {
    const HfComparedMoment *moment = moment_of(figure, side);
    if (!moment)
      continue;
    numbers[side] = numbers_of(moment->pattern, moment->mask, moment->neutral, figure->map);
    there[side] = &numbers[side];
  }
  return figure->lock > 0 ? figure->lock : compared_factor(there[SIDE_A], there[SIDE_B]);
}

static void draw_sides(cairo_t *cr, double edge, const CompareFigure *figure) {
  static const char *const names[N_SIDES] = {"A", "B"};
  const Ink inks[N_SIDES] = {figure->palette->first, figure->palette->second};
  double factor = factor_of(figure);
  for (int side = 0; side < N_SIDES; side++) {
    const HfComparedMoment *moment = moment_of(figure, side);
    cairo_save(cr);
    cairo_translate(cr, side * (edge + GAP), 0);
    g_autofree char *title = g_strdup_printf(_("%s: %s, step %d"), names[side], figure->runs[side]->name,
                                             figure->moments[side] ? figure->moments[side]->step : 0);
    draw_text(cr, 0, 0, edge, title, &(TextStyle){TITLE, inks[side], .bold = true});
    cairo_translate(cr, 0, LINE + 2);
    if (moment) {
      PatternNumbers numbers = numbers_of(moment->pattern, moment->mask, moment->neutral, figure->map);
      draw_numbers(cr, edge, &numbers, pattern_range_locked(&numbers, factor), figure->palette);
    } else
      draw_nothing(cr, edge, figure->palette);
    cairo_restore(cr);
  }
}

static void draw_difference(cairo_t *cr, double edge, const CompareFigure *figure) {
  g_autoptr(Tensor) difference = compared_difference(figure->moments[SIDE_A], figure->moments[SIDE_B]);
  g_autoptr(Tensor) mask = compared_mask(figure->moments[SIDE_A], figure->moments[SIDE_B]);
  cairo_save(cr);
  cairo_translate(cr, 2 * (edge + GAP), 0);
  draw_text(cr, 0, 0, edge, _("B − A (blue: A is above, orange: B)"),
            &(TextStyle){TITLE, figure->palette->text, .bold = true});
  cairo_translate(cr, 0, LINE + 2);
  if (difference) {
    PatternNumbers numbers = numbers_of(difference, mask, 0, MAP_DIVERGING);
    PatternRange range =
        figure->lock > 0 ? pattern_range_locked(&numbers, figure->lock) : pattern_range(&numbers);
    draw_numbers(cr, edge, &numbers, range, figure->palette);
  } else
    draw_nothing(cr, edge, figure->palette);
  cairo_restore(cr);
}

static void draw_both_curves(cairo_t *cr, double width, const CompareFigure *figure) {
  CurveData data[N_SIDES];
  CompareCurves curves;
  for (int side = 0; side < N_SIDES; side++) {
    curve_data_init(&data[side]);
    curve_data_set(&data[side], figure->runs[side]->series);
    curve_data_update(&data[side]);
    curves.data[side] = &data[side];
    curves.at[side] = figure->moments[side] ? figure->moments[side]->step : -1;
  }
  compare_curves_draw(cr, width, CURVES, figure->palette, &curves);
  for (int side = 0; side < N_SIDES; side++)
    curve_data_clear(&data[side]);
}

static void draw_line(cairo_t *cr, double width, double y, const char *const texts[4], const Ink inks[4],
                      bool bold) {
  static const double places[] = {0, 0.40, 0.60, 0.80, 1};
  for (int i = 0; i < 4; i++)
    draw_text(cr, places[i] * width, y, (places[i + 1] - places[i]) * width - 8, texts[i] ? texts[i] : "",
              &(TextStyle){TEXT, inks[i], .bold = bold});
}

static void draw_rows(cairo_t *cr, double width, const CompareFigure *figure) {
  const Palette *palette = figure->palette;
  double y = 0;
  draw_line(cr, width, y, (const char *const[]){_("What differs"), "A", "B", "B − A"},
            (Ink[]){palette->text, palette->first, palette->second, palette->text}, true);
  for (int i = 0; i < figure->n_rows; i++) {
    const HfCompareRow *row = &figure->rows[i];
    if (!row->differs)
      continue;
    y += LINE;
    draw_line(cr, width, y,
              (const char *const[]){row->name, compare_value_text(row->a), compare_value_text(row->b),
                                    row->difference},
              (Ink[]){palette->dim, palette->text, palette->text, palette->text}, false);
  }
}

void compare_figure_draw(cairo_t *cr, double width, double height, const void *plot) {
  const CompareFigure *figure = plot;
  double edge = edge_of(width);
  draw_sides(cr, edge, figure);
  draw_difference(cr, edge, figure);
  cairo_save(cr);
  cairo_translate(cr, 0, 2 * LINE + edge + GAP);
  draw_both_curves(cr, width, figure);
  cairo_translate(cr, 0, CURVES + GAP);
  draw_rows(cr, width, figure);
  cairo_restore(cr);
}
