#include "app/shown-moment.h"

#include "app/pattern-export.h"
#include "engine/error.h"
#include "ui/draw/picture-row.h"
#include "ui/draw/token-text.h"
#include "ui/inside-plot.h"
#include "ui/plots.h"
#include "ui/snapshot-pictures.h"

#include <glib/gi18n.h>
#include <string.h>

struct _ShownMoment {
  HfSnapshot *snapshot;
  HfSeries *series;
  ShownLook look;
  char *run_id, *store_path; /* run_id NULL: the choice before training */
  RunSpec *spec;             /* of the choice; of the run, once it is read */
  RunRow *row;               /* NULL until it is read */
};

ShownMoment *shown_moment_new(HfController *controller, const ShownLook *look) {
  HfSnapshot *snapshot = hf_controller_snapshot(controller);
  if (!snapshot)
    return NULL;
  ShownMoment *self = g_new0(ShownMoment, 1);
  self->snapshot = hf_snapshot_ref(snapshot);
  self->series = hf_series_copy(hf_controller_series(controller));
  self->look = *look;
  self->run_id = g_strdup(hf_controller_run_id(controller));
  self->store_path = g_strdup(run_store_path(hf_controller_store(controller)));
  const RunSpec *run = hf_controller_run_spec(controller);
  self->spec = run_spec_copy(run ? run : hf_controller_spec(controller));
  return self;
}

void shown_moment_free(ShownMoment *self) {
  hf_snapshot_unref(self->snapshot);
  hf_series_free(self->series);
  g_free(self->run_id);
  g_free(self->store_path);
  run_spec_free(self->spec);
  run_row_free(self->row);
  g_free(self);
}

const char *shown_moment_run(const ShownMoment *self) {
  return self->run_id;
}

/* The choice may have gone on since the run began. */
static bool need_row(ShownMoment *self, GError **error) {
  if (self->row || !self->run_id)
    return true;
  g_autoptr(RunStore) store = run_store_open(self->store_path, error);
  self->row = store ? run_store_get(store, self->run_id, error) : NULL;
  RunSpec *spec = self->row ? run_spec_parse(self->row->spec, self->run_id, false, error) : NULL;
  if (!spec)
    return false;
  run_spec_free(self->spec);
  self->spec = spec;
  return true;
}

enum { SAMPLE, PATTERN, RECEIVED, DIFFERENCE, N_PICTURES };

static const struct {
  const char *name, *title;
} pictures[N_PICTURES] = {
    [SAMPLE] = {"sample", N_("Sample x")},
    [PATTERN] = {"pattern", N_("Pattern δ")},
    [RECEIVED] = {"received", N_("What f sees")},
    [DIFFERENCE] = {"difference", N_("Difference")},
};

/* What a drawing is made of, alive until it is in a file. */
typedef struct {
  Palette palette;
  RowPicture pictures[N_PICTURES];
  char *notes[N_PICTURES];
  Tensor *sample, *difference;
  TokenText texts[N_PICTURES];
  InsidePlot inside;
  PictureRow row;
  Plots plots; /* without widgets */
  ConfidencePlot confidence;
  LabelMapPlot label_map;
  Drawing drawing;
  char *title, *part_title, *caption, *spec, *date;
} Sheet;

static void sheet_clear(Sheet *sheet) {
  for (int i = 0; i < N_PICTURES; i++)
    g_free(sheet->notes[i]);
  tensor_unref(sheet->sample);
  tensor_unref(sheet->difference);
  if (sheet->plots.data.step)
    curve_data_clear(&sheet->plots.data);
  g_free(sheet->title);
  g_free(sheet->part_title);
  g_free(sheet->caption);
  g_free(sheet->spec);
  g_free(sheet->date);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sheet, sheet_clear)

static PatternNumbers numbers_of(const Tensor *tensor) {
  const int64_t *dim = tensor->shape.dim;
  return (PatternNumbers){
      .numbers = tensor_floats(tensor), .channels = (int)dim[0], .height = (int)dim[1], .width = (int)dim[2]};
}

static void amplify(RowPicture *picture, const ShownLook *look) {
  picture->amplified = true;
  picture->range = look->factor > 0 ? pattern_range_locked(&picture->numbers, look->factor)
                                    : pattern_range(&picture->numbers);
}

/* Pictures that are no pictures of numbers: texts, and patterns inside f. */
static bool fill_plot(const ShownMoment *self, Sheet *sheet, int which, RowPicture *picture) {
  const HfSnapshot *shown = self->snapshot;
  if (which == PATTERN && shown->parts && shown->parts->len > 0) {
    const HfPart *part = g_ptr_array_index(shown->parts, MIN((guint)self->look.part, shown->parts->len - 1));
    sheet->part_title = inside_part_title(part);
    sheet->inside = (InsidePlot){part, sheet->part_title, &sheet->palette};
    *picture = (RowPicture){.draw = draw_inside_plot, .plot = &sheet->inside};
  } else if ((which == SAMPLE || which == RECEIVED) && shown->text) {
    sheet->texts[which] =
        (TokenText){&sheet->palette, shown->text, which == RECEIVED ? shown->prompt_tokens : 0};
    *picture = (RowPicture){.draw = draw_token_text, .plot = &sheet->texts[which]};
  }
  return picture->draw != NULL;
}

/* (transfer full) NULL: none */
static char *note_of(const HfSnapshot *shown, int which) {
  if (which == PATTERN)
    return g_strdup_printf(_("step %d"), shown->step);
  if (which == SAMPLE && shown->names && shown->label >= 0 && shown->label < shown->names->n_target)
    return g_strdup(shown->names->target[shown->label]);
  return NULL;
}

static bool fill_numbers(const ShownMoment *self, Sheet *sheet, int which, RowPicture *picture) {
  const HfSnapshot *shown = self->snapshot;
  if (which == DIFFERENCE)
    sheet->difference = snapshot_difference(shown);
  if (which == SAMPLE)
    sheet->sample = snapshot_sample(shown);
  const Tensor *tensors[] = {sheet->sample, shown->only_inside ? NULL : shown->pattern, shown->received,
                             shown->only_inside ? NULL : sheet->difference};
  if (!tensors[which])
    return false;
  *picture = (RowPicture){.numbers = numbers_of(tensors[which])};
  if (which == PATTERN) {
    picture->numbers.mask = shown->mask ? tensor_floats(shown->mask) : NULL;
    picture->numbers.neutral = shown->neutral;
    picture->numbers.map = self->look.map;
  }
  if (which == DIFFERENCE) /* signed, as in the panes */
    picture->numbers.map = MAP_DIVERGING;
  if (which == PATTERN || which == DIFFERENCE)
    amplify(picture, &self->look);
  return true;
}

static bool fill_picture(const ShownMoment *self, Sheet *sheet, int which, RowPicture *picture) {
  *picture = (RowPicture){0};
  if (!fill_plot(self, sheet, which, picture) && !fill_numbers(self, sheet, which, picture))
    return false;
  sheet->notes[which] = note_of(self->snapshot, which);
  picture->title = _(pictures[which].title);
  picture->note = sheet->notes[which];
  return true;
}

/* One picture by name, or all of them. */
static bool make_pictures(ShownMoment *self, Sheet *sheet, const char *name) {
  bool all = g_str_equal(name, "pictures");
  int n = 0;
  for (int i = 0; i < N_PICTURES; i++)
    if (all || g_str_equal(pictures[i].name, name))
      n += fill_picture(self, sheet, i, &sheet->pictures[n]);
  sheet->row = (PictureRow){&sheet->palette, sheet->pictures, n};
  double width = n > 1 ? 270.0 * n : 560;
  sheet->drawing = (Drawing){
      .draw = draw_picture_row, .plot = &sheet->row, .width = width, .height = picture_row_height(width, n)};
  return n > 0;
}

static bool make_confidence(ShownMoment *self, Sheet *sheet, const char *name) {
  if (!self->snapshot->names || !self->snapshot->target_on)
    return false;
  sheet->confidence = plots_confidence(&sheet->plots, &sheet->palette);
  sheet->drawing =
      (Drawing){.draw = draw_confidence, .plot = &sheet->confidence, .width = 560, .height = 340};
  return true;
}

static bool make_label_map(ShownMoment *self, Sheet *sheet, const char *name) {
  if (!self->snapshot->names || !self->snapshot->omega)
    return false;
  sheet->label_map = plots_label_map(&sheet->plots, &sheet->palette);
  sheet->drawing = (Drawing){.draw = draw_label_map, .plot = &sheet->label_map, .width = 560, .height = 480};
  return true;
}

static void draw_both_curves(cairo_t *cr, double width, double height, const void *plot) {
  const Sheet *sheet = plot;
  plots_draw_curves(cr, width, height, &sheet->palette, (gpointer)&sheet->plots);
}

static bool make_curves(ShownMoment *self, Sheet *sheet, const char *name) {
  sheet->drawing = (Drawing){.draw = draw_both_curves, .plot = sheet, .width = 640, .height = 420};
  return self->series->steps->len > 0 || self->series->evaluations->len > 0;
}

static const struct {
  const char *name, *title;
  bool (*make)(ShownMoment *self, Sheet *sheet, const char *name);
} drawings[] = {
    {"sample", N_("Sample"), make_pictures},
    {"pattern", N_("Pattern"), make_pictures},
    {"received", N_("What f sees"), make_pictures},
    {"difference", N_("What the pattern changes"), make_pictures},
    {"pictures", N_("Sample, pattern, what f sees, difference"), make_pictures},
    {"confidence", N_("Confidence"), make_confidence},
    {"label-map", N_("Label map ω"), make_label_map},
    {"curves", N_("Accuracy and loss"), make_curves},
};

/* "Border, ILM: objects-letters → fashion-mnist, seed 1. Test accuracy 74.0 %, without a prompt 35.9 %"
 * (transfer full) */
static char *caption_of(const ShownMoment *self) {
  const ManipulationSpec *first = g_ptr_array_index(self->spec->manipulations, 0);
  g_autofree char *accuracy = self->row ? pattern_export_caption(&self->row->result) : NULL;
  return g_strdup_printf("%s, %s: %s → %s, seed %" G_GUINT64_FORMAT "%s%s",
                         first->kind ? first->kind->name : _("no method"), self->spec->alignment->name,
                         self->spec->model, self->spec->dataset, self->spec->seed, accuracy ? ". " : "",
                         accuracy ? accuracy : "");
}

char *shown_moment_spec(ShownMoment *self, GError **error) {
  if (!need_row(self, error))
    return NULL;
  return self->row ? g_strdup(self->row->spec) : run_spec_text(self->spec);
}

static void write_texts(ShownMoment *self, Sheet *sheet, const char *title) {
  g_autoptr(GDateTime) now = g_date_time_new_now_local();
  sheet->title = g_strdup_printf(_("%s, step %d"), title, self->snapshot->step);
  sheet->caption = caption_of(self);
  sheet->spec = shown_moment_spec(self, NULL);
  sheet->date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
  sheet->drawing.palette = &sheet->palette;
  sheet->drawing.title = sheet->title;
  sheet->drawing.caption = sheet->caption;
  sheet->drawing.spec = sheet->spec;
  sheet->drawing.date = sheet->date;
}

GBytes *shown_moment_draw(ShownMoment *self, const char *drawing, ExportForm form, GError **error) {
  guint i = 0;
  while (i < G_N_ELEMENTS(drawings) && !g_str_equal(drawings[i].name, drawing))
    i++;
  if (!need_row(self, error))
    return NULL;
  g_auto(Sheet) sheet = {.palette = palette_builtin(false, false),
                         .plots = {.snapshot = self->snapshot,
                                   .cursor = self->snapshot->step,
                                   .hover = -1,
                                   .source = -1,
                                   .target = -1}};
  curve_data_init(&sheet.plots.data);
  curve_data_set(&sheet.plots.data, self->series);
  curve_data_update(&sheet.plots.data);
  if (i == G_N_ELEMENTS(drawings) || !drawings[i].make(self, &sheet, drawing)) {
    input_error(error, "there is no %s to draw yet; let a run train first", drawing);
    return NULL;
  }
  write_texts(self, &sheet, _(drawings[i].title));
  return drawing_export(&sheet.drawing, form, error);
}

Tensor *shown_moment_pattern(ShownMoment *self, GError **error) {
  if (!need_row(self, error))
    return NULL;
  const Tensor *shown = self->snapshot->pattern;
  Tensor *pattern = tensor_from_floats(&shown->shape, tensor_floats(shown));
  if (!self->row || g_strcmp0(self->row->channel_order, "BGR") != 0 || shown->shape.dim[0] != 3)
    return pattern;
  size_t plane = (size_t)tensor_count(shown) / 3;
  for (size_t c = 0; c < 3; c++)
    memcpy(tensor_floats(pattern) + c * plane, tensor_floats(shown) + (2 - c) * plane, plane * sizeof(float));
  return pattern;
}
