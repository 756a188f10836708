#include "ui/plots.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define N_PLOTS    3
#define GAP        4.0
#define AXIS       14.0  /* below the last plot */
#define BOTH_FROM  150.0 /* height from which the loss has room too */
#define THREE_FROM 205.0 /* and from which the gradient has */

/* "label map: 3584 of 10000 counted" while that goes on, else NULL.  Borrowed. */
static const char *counting_words(const Plots *plots) {
  const HfSeries *series = plots->data.series;
  return series && series->counted < series->to_count ? plots->counting : NULL;
}

/* f's answers to a text are its tokens; the task's classes are those too where it is to go on with the text.
 */
static bool target_tokens(const HfSnapshot *shown) {
  const HfNames *names = shown->names;
  return shown->text && names->n_source == names->n_target && names->n_source > 0 &&
         strcmp(names->source[0], names->target[0]) == 0;
}

static ClassTiles tiles_of(const HfNames *names) {
  return names->sheet ? (ClassTiles){g_bytes_get_data(names->sheet, NULL), names->n_source, names->sheet_edge}
                      : (ClassTiles){0};
}

ConfidencePlot plots_confidence(const Plots *plots, const Palette *palette) {
  const HfSnapshot *shown = plots->snapshot;
  const char *waits = counting_words(plots);
  return (ConfidencePlot){.palette = palette,
                          .names = shown->names->target,
                          .on = shown->target_on,
                          .off = shown->target_off,
                          .n = shown->target_on ? shown->names->n_target : 0,
                          .label = shown->label,
                          .source_names = shown->names->source,
                          .source_on = shown->source_on,
                          .source_off = shown->source_off,
                          .n_source = shown->names->n_source,
                          .source_tokens = shown->text != NULL,
                          .target_tokens = target_tokens(shown),
                          .tiles = tiles_of(shown->names),
                          .waits = waits ? waits : _("once the label map is counted")};
}

LabelMapPlot plots_label_map(const Plots *plots, const Palette *palette) {
  const HfSnapshot *shown = plots->snapshot;
  const char *waits = counting_words(plots);
  return (LabelMapPlot){.palette = palette,
                        .omega = shown->omega ? tensor_floats(shown->omega) : NULL,
                        .n_source = shown->names->n_source,
                        .n_target = shown->names->n_target,
                        .source_names = shown->names->source,
                        .target_names = shown->names->target,
                        .selected = shown->label,
                        .source_tokens = shown->text != NULL,
                        .target_tokens = target_tokens(shown),
                        .tiles = tiles_of(shown->names),
                        .counts = shown->counts ? tensor_floats(shown->counts) : NULL,
                        .waits = waits};
}

static CurvesPlot curves_of(const Plots *plots, const Palette *palette, const Curve *curves) {
  const HfSeries *series = plots->data.series;
  return (CurvesPlot){.palette = palette,
                      .curves = curves,
                      .n_curves = 2,
                      .last_step = series ? MAX(series->total_steps, 1) : 1,
                      .low = NAN,
                      .high = NAN,
                      .cursor = plots->cursor,
                      .hover = plots->hover};
}

static void add_levels(CurvesPlot *plot, CurveLevel levels[2], double no_prompt, double full_size) {
  levels[0] = (CurveLevel){_("no prompt"), no_prompt, .test = true};
  levels[1] = (CurveLevel){_("full size"), full_size, .test = true};
  plot->levels = levels;
  plot->n_levels = 2;
}

CurvesPlot plots_accuracy(const Plots *plots, const Palette *palette, Curve curves[2], CurveLevel levels[2]) {
  const HfSeries *series = plots->data.series;
  curve_data_accuracy(&plots->data, palette, curves);
  CurvesPlot plot = curves_of(plots, palette, curves);
  add_levels(&plot, levels, series ? series->no_prompt : NAN, series ? series->no_prompt_full_size : NAN);
  plot.title = _("Accuracy %");
  plot.percent = true;
  plot.empty = _("nothing measured yet");
  return plot;
}

CurvesPlot plots_loss(const Plots *plots, const Palette *palette, Curve curves[2], CurveLevel levels[2]) {
  const HfSeries *series = plots->data.series;
  curve_data_loss(&plots->data, palette, curves);
  CurvesPlot plot = curves_of(plots, palette, curves);
  add_levels(&plot, levels, series ? series->no_prompt_loss : NAN,
             series ? series->no_prompt_full_size_loss : NAN);
  plot.title = _("Loss");
  return plot;
}

CurvesPlot plots_gradient(const Plots *plots, const Palette *palette, Curve curves[1]) {
  curve_data_gradient(&plots->data, palette, curves);
  CurvesPlot plot = curves_of(plots, palette, curves);
  plot.n_curves = 1;
  plot.title = _("Gradient at δ");
  return plot;
}

/* The plots stand above each other over one axis of steps.  Returns how many there is room for. */
static int stack(const Plots *plots, double height, double heights[N_PLOTS]) {
  static const double shares[N_PLOTS + 1][N_PLOTS] = {[1] = {1}, [2] = {0.58, 0.42}, [3] = {0.42, 0.3, 0.28}};
  int n = height < BOTH_FROM ? 1 : plots->data.has_gradient && height >= THREE_FROM ? 3 : 2;
  double all = height - (n - 1) * GAP - AXIS, left = height - (n - 1) * GAP;
  for (int i = 0; i < n; i++) {
    heights[i] = i < n - 1 ? floor(all * shares[n][i]) : left;
    left -= heights[i];
  }
  return n;
}

void plots_draw_curves(cairo_t *cr, double width, double height, const Palette *palette, gpointer data) {
  const Plots *plots = data;
  Curve curves[2];
  CurveLevel levels[2];
  double heights[N_PLOTS];
  int n = stack(plots, height, heights);
  for (int i = 0; i < n; i++) {
    CurvesPlot plot = i == 0   ? plots_accuracy(plots, palette, curves, levels)
                      : i == 1 ? plots_loss(plots, palette, curves, levels)
                               : plots_gradient(plots, palette, curves);
    plot.no_steps = i < n - 1;
    curves_draw(cr, width, heights[i], &plot);
    cairo_translate(cr, 0, heights[i] + GAP);
  }
}

int plots_step_at(const Plots *plots, double x, double y, double width, double height) {
  Palette palette = palette_builtin(false, false);
  Curve curves[2];
  CurveLevel levels[2];
  CurvesPlot plot = plots_accuracy(plots, &palette, curves, levels);
  return y >= 0 && y <= height ? curves_step_at(width, height, &plot, x, 0) : -1;
}

static void draw_plot_confidence(cairo_t *cr, double width, double height, const Palette *palette,
                                 gpointer data) {
  Plots *plots = data;
  if (!plots->snapshot || !plots->snapshot->names)
    return;
  ConfidencePlot plot = plots_confidence(plots, palette);
  confidence_draw(cr, width, height, &plot);
}

static void draw_plot_map(cairo_t *cr, double width, double height, const Palette *palette, gpointer data) {
  Plots *plots = data;
  if (!plots->snapshot || !plots->snapshot->names)
    return;
  LabelMapPlot plot = plots_label_map(plots, palette);
  label_map_draw(cr, width, height, &plot);
}

static void on_curve_hover(HfPlotView *view, double x, double y, double width, double height, Plots *plots) {
  int step = plots_step_at(plots, x, y, width, height);
  if (step == plots->hover)
    return;
  plots->hover = step;
  hf_plot_view_changed(plots->curves);
}

static void on_map_hover(HfPlotView *view, double x, double y, double width, double height, Plots *plots) {
  int source = -1, target = -1;
  Palette palette = palette_builtin(false, false);
  if (!plots->snapshot || !plots->snapshot->names)
    return;
  LabelMapPlot plot = plots_label_map(plots, &palette);
  label_map_at(width, height, &plot, x, y, &source, &target);
  if (source == plots->source && target == plots->target)
    return;
  plots->source = source;
  plots->target = target;
  g_autofree char *words = NULL;
  if (source >= 0)
    words = label_map_weight_words(&plot, source, target);
  gtk_widget_set_tooltip_text(GTK_WIDGET(view), words);
}

void plots_init(Plots *plots) {
  *plots = (Plots){.cursor = -1, .hover = -1, .source = -1, .target = -1, .counted = -1};
  curve_data_init(&plots->data);
  plots->confidence = HF_PLOT_VIEW(hf_plot_view_new(_("Confidence"), draw_plot_confidence, plots));
  plots->label_map = HF_PLOT_VIEW(hf_plot_view_new(_("Label map ω"), draw_plot_map, plots));
  plots->curves = HF_PLOT_VIEW(hf_plot_view_new(_("Curves"), plots_draw_curves, plots));
  hf_plot_view_set_info(plots->confidence, _("grey: without"));
  hf_plot_view_set_info(plots->curves, _("bold: validation"));
  hf_plot_view_set_tip(
      plots->confidence,
      _("O(f(I(x))) for the sample: how likely each class is. ✓ the true class, ✗ the answer where "
        "it is another one. Blue: with the pattern. Grey: without it, through the label map that "
        "suits f best by itself."));
  hf_plot_view_set_tip(
      plots->label_map,
      _("ω: a row a class of f, a column a class of the task, outlined the row that "
        "each column is read from. Shaded by how often f gives that answer to the class, where "
        "it was counted, else by the weight. A switch is a column that changed its row."));
  hf_plot_view_set_tip(
      plots->curves,
      _("Share of right answers and mean cross entropy in nats, over the optimiser’s steps. Bold: "
        "validation samples; faint: the batches trained on, smoothed. Dashed: f without the "
        "prompt on the test part, at the prompt’s picture size and at full size. Gradient: the norm of what "
        "flows "
        "back to the pattern while it trains. Click to go to a step."));
  g_signal_connect(plots->curves, "hover", G_CALLBACK(on_curve_hover), plots);
  g_signal_connect(plots->label_map, "hover", G_CALLBACK(on_map_hover), plots);
}

void plots_clear(Plots *plots) {
  g_clear_pointer(&plots->snapshot, hf_snapshot_unref);
  curve_data_clear(&plots->data);
  g_clear_pointer(&plots->counting, g_free);
}

/* "2 switches" */
static void tell_map(Plots *plots) {
  int n = plots->snapshot->switches;
  g_autofree char *info = g_strdup_printf(ngettext("%d switch", "%d switches", (gulong)n), n);
  hf_plot_view_set_info(plots->label_map, info);
}

void plots_set_snapshot(Plots *plots, HfSnapshot *snapshot) {
  hf_snapshot_ref(snapshot);
  g_clear_pointer(&plots->snapshot, hf_snapshot_unref);
  plots->snapshot = snapshot;
  if (snapshot->names)
    tell_map(plots);
  hf_plot_view_changed(plots->confidence);
  hf_plot_view_changed(plots->label_map);
}

void plots_set_cursor(Plots *plots, int step) {
  if (step == plots->cursor)
    return;
  plots->cursor = step;
  hf_plot_view_changed(plots->curves);
}

static void tell_counting(Plots *plots) {
  const HfSeries *series = plots->data.series;
  if (!series || series->counted == plots->counted)
    return;
  plots->counted = series->counted;
  g_free(plots->counting);
  plots->counting = g_strdup_printf(_("label map: %d of %d counted"), series->counted, series->to_count);
  hf_plot_view_changed(plots->confidence);
  hf_plot_view_changed(plots->label_map);
}

void plots_curves_changed(Plots *plots) {
  tell_counting(plots);
  hf_plot_view_changed(plots->curves);
}

/* "validation accuracy 64.1 %, no prompt 29.5 %"  (transfer full) */
static char *curve_words(const Plots *plots) {
  Palette palette = palette_builtin(false, false);
  Curve curves[2];
  CurveLevel levels[2];
  CurvesPlot plot = plots_accuracy(plots, &palette, curves, levels);
  double value = curve_value_at(&curves[1], plots->cursor >= 0 ? plots->cursor : plot.last_step, NULL);
  GString *text = g_string_new(NULL);
  if (isfinite(value)) {
    g_autofree char *number = curves_value_text(&plot, value);
    g_string_append_printf(text, _("validation accuracy %s"), number);
  } else
    g_string_append(text, _("no evaluation yet"));
  for (int i = 0; i < 2; i++)
    if (isfinite(levels[i].value)) {
      g_autofree char *number = curves_value_text(&plot, levels[i].value);
      g_string_append_printf(text, _(", %s %s (test)"), levels[i].name, number);
    }
  return g_string_free(text, FALSE);
}

void plots_describe(Plots *plots) {
  g_autofree char *curves = curve_words(plots);
  hf_plot_view_describe(plots->curves, curves);
  if (!plots->snapshot || !plots->snapshot->names)
    return;
  Palette palette = palette_builtin(false, false);
  ConfidencePlot confidence = plots_confidence(plots, &palette);
  g_autofree char *sure = confidence_words(&confidence);
  hf_plot_view_describe(plots->confidence, sure);
  LabelMapPlot map = plots_label_map(plots, &palette);
  g_autofree char *assigned = label_map_words(&map);
  hf_plot_view_describe(plots->label_map, assigned);
}
