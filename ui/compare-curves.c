#include "ui/compare-curves.h"

#include <glib/gi18n.h>
#include <math.h>

#define BESIDE_FROM    430.0 /* width */
#define GAP            10.0
#define ACCURACY_SHARE 0.6
#define ROOM           56.0
#define LEVELS_ROOM    108.0
#define MOST_LEVELS    4
#define PER_SIDE       2 /* curves: batches, validation */

static const char *const side_names[N_SIDES] = {"A", "B"};

/* A plot with what it points to. */
typedef struct {
  CurvesPlot plot;
  Curve curves[N_SIDES * PER_SIDE];
  CurveLevel levels[MOST_LEVELS];
  CurveMark marks[N_SIDES];
  Ink inks[N_SIDES];
  char *texts[MOST_LEVELS + N_SIDES]; /* owned */
} ComparedPlot;

static void clear(ComparedPlot *self) {
  for (guint i = 0; i < G_N_ELEMENTS(self->texts); i++)
    g_free(self->texts[i]);
}

typedef void (*TakeCurves)(const CurveData *data, const Palette *palette, Curve curves[PER_SIDE]);

/* Batches of both first, so that the validations lie on top. */
static void init(ComparedPlot *self, const CompareCurves *curves, const Palette *palette, TakeCurves take) {
  *self = (ComparedPlot){.inks = {palette->first, palette->second}};
  self->plot = (CurvesPlot){.palette = palette,
                            .curves = self->curves,
                            .n_curves = N_SIDES * PER_SIDE,
                            .levels = self->levels,
                            .marks = self->marks,
                            .n_marks = N_SIDES,
                            .last_step = 1,
                            .room = ROOM,
                            .low = 0,
                            .high = NAN,
                            .cursor = -1,
                            .hover = -1,
                            .empty = _("neither run was measured")};
  for (int side = 0; side < N_SIDES; side++) {
    Curve taken[PER_SIDE];
    take(curves->data[side], palette, taken);
    for (int i = 0; i < PER_SIDE; i++) {
      taken[i].ink = self->inks[side];
      self->curves[i * N_SIDES + side] = taken[i];
    }
    self->curves[side].alpha = 0.35;
    self->marks[side] = (CurveMark){curves->at[side], N_SIDES + side};
    const HfSeries *series = curves->data[side]->series;
    self->plot.last_step = MAX(self->plot.last_step, series ? series->total_steps : 1);
  }
}

/* "A 73.4 %" beside the end of each validation curve. */
static void name_ends(ComparedPlot *self) {
  for (int side = 0; side < N_SIDES; side++) {
    Curve *curve = &self->curves[N_SIDES + side];
    double value = curve_value_at(curve, INFINITY, NULL);
    g_autofree char *number = isfinite(value) ? curves_value_text(&self->plot, value) : g_strdup("–");
    self->texts[MOST_LEVELS + side] = g_strdup_printf("%s %s", side_names[side], number);
    curve->label = self->texts[MOST_LEVELS + side];
  }
}

static bool same(double a, double b) {
  return fabs(a - b) < 5e-4;
}

/* A baseline of both: one line where they are the same. */
static void add_levels(ComparedPlot *self, const char *name, double a, double b) {
  double values[N_SIDES] = {a, b};
  for (int side = 0; side < N_SIDES; side++) {
    int i = self->plot.n_levels;
    bool both = same(a, b);
    if (both && side)
      break;
    self->texts[i] = both ? g_strdup(name) : g_strdup_printf("%s %s", side_names[side], name);
    self->levels[i] = (CurveLevel){self->texts[i], values[side], both ? NULL : &self->inks[side]};
    self->plot.n_levels++;
  }
}

static void init_accuracy(ComparedPlot *self, const CompareCurves *curves, const Palette *palette) {
  init(self, curves, palette, curve_data_accuracy);
  self->plot.title = _("Accuracy, % (dashed: test)");
  self->plot.high = 1;
  self->plot.percent = true;
  self->plot.levels_beside = true;
  self->plot.room = LEVELS_ROOM;
  const HfSeries *a = curves->data[SIDE_A]->series, *b = curves->data[SIDE_B]->series;
  add_levels(self, _("no prompt"), a ? a->no_prompt : NAN, b ? b->no_prompt : NAN);
  add_levels(self, _("full size"), a ? a->no_prompt_full_size : NAN, b ? b->no_prompt_full_size : NAN);
  name_ends(self);
}

static void init_loss(ComparedPlot *self, const CompareCurves *curves, const Palette *palette) {
  init(self, curves, palette, curve_data_loss);
  self->plot.title = _("Loss (dashed: test)");
  const HfSeries *a = curves->data[SIDE_A]->series, *b = curves->data[SIDE_B]->series;
  add_levels(self, _("no prompt"), a ? a->no_prompt_loss : NAN, b ? b->no_prompt_loss : NAN);
  add_levels(self, _("full size"), a ? a->no_prompt_full_size_loss : NAN,
             b ? b->no_prompt_full_size_loss : NAN);
  name_ends(self);
}

typedef struct {
  double x, y, width, height;
} Room;

static void rooms(double width, double height, Room *accuracy, Room *loss) {
  bool beside = width >= BESIDE_FROM;
  double most = floor(((beside ? width : height) - GAP) * ACCURACY_SHARE), rest = most + GAP;
  *accuracy = beside ? (Room){0, 0, most, height} : (Room){0, 0, width, most};
  *loss = beside ? (Room){rest, 0, width - rest, height} : (Room){0, rest, width, height - rest};
}

static void draw_in(cairo_t *cr, const Room *room, const CurvesPlot *plot) {
  cairo_save(cr);
  cairo_translate(cr, room->x, room->y);
  curves_draw(cr, room->width, room->height, plot);
  cairo_restore(cr);
}

static void (*const inits[])(ComparedPlot *, const CompareCurves *, const Palette *) = {init_accuracy,
                                                                                        init_loss};

void compare_curves_draw(cairo_t *cr, double width, double height, const Palette *palette,
                         const CompareCurves *curves) {
  Room places[2];
  rooms(width, height, &places[0], &places[1]);
  for (guint i = 0; i < G_N_ELEMENTS(inits); i++) {
    ComparedPlot plot;
    inits[i](&plot, curves, palette);
    draw_in(cr, &places[i], &plot.plot);
    clear(&plot);
  }
}

int compare_curves_step_at(double width, double height, const CompareCurves *curves, double x, double y) {
  Palette palette = palette_builtin(false, false);
  Room places[2];
  rooms(width, height, &places[0], &places[1]);
  int step = -1;
  for (guint i = 0; i < G_N_ELEMENTS(inits) && step < 0; i++) {
    ComparedPlot plot;
    inits[i](&plot, curves, &palette);
    step = curves_step_at(places[i].width, places[i].height, &plot.plot, x - places[i].x, y - places[i].y);
    clear(&plot);
  }
  return step;
}

char *compare_curves_words(const CompareCurves *curves, int step) {
  Palette palette = palette_builtin(false, false);
  ComparedPlot plot;
  init_accuracy(&plot, curves, &palette);
  char *texts[N_SIDES];
  for (int side = 0; side < N_SIDES; side++) {
    double value = curve_value_at(&plot.curves[N_SIDES + side], step, NULL);
    texts[side] = isfinite(value) ? curves_value_text(&plot.plot, value) : g_strdup("–");
  }
  char *words = g_strdup_printf("A %s, B %s", texts[SIDE_A], texts[SIDE_B]);
  for (int side = 0; side < N_SIDES; side++)
    g_free(texts[side]);
  clear(&plot);
  return words;
}
