#include "ui/plots.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define LOSS_SHARE     0.42
#define GAP            8.0
#define BOTH_FROM      190.0 /* height from which the loss has room too */
#define GRADIENT_SHARE 0.3
#define THREE_FROM     240.0 /* and from which the gradient has */

/* f's answers to a text are its tokens; the task's classes are those too where it is to go on with the text.
 */
static bool target_tokens(const HfSnapshot *shown) {
  const HfNames *names = shown->names;
  return shown->text && names->n_source == names->n_target && names->n_source > 0 &&
         strcmp(names->source[0], names->target[0]) == 0;
}

ConfidencePlot plots_confidence(const Plots *plots, const Palette *palette) {
  const HfSnapshot *shown = plots->snapshot;
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
                          .target_tokens = target_tokens(shown)};
}

LabelMapPlot plots_label_map(const Plots *plots, const Palette *palette) {
  const HfSnapshot *shown = plots->snapshot;
  return (LabelMapPlot){.palette = palette,
                        .omega = shown->omega ? tensor_floats(shown->omega) : NULL,
                        .n_source = shown->names->n_source,
                        .n_target = shown->names->n_target,
                        .source_names = shown->names->source,
                        .target_names = shown->names->target,
                        .selected = shown->label,
                        .source_tokens = shown->text != NULL,
                        .target_tokens = target_tokens(shown)};
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

CurvesPlot plots_accuracy(const Plots *plots, const Palette *palette, Curve curves[2], CurveLevel levels[2]) {
  const HfSeries *series = plots->data.series;
  curve_data_accuracy(&plots->data, palette, curves);
  CurvesPlot plot = curves_of(plots, palette, curves);
  levels[0] = (CurveLevel){_("no prompt"), series ? series->no_prompt : NAN};
  levels[1] = (CurveLevel){_("no prompt, full size"), series ? series->no_prompt_full_size : NAN};
  plot.title = _("Accuracy %");
  plot.levels = levels;
  plot.n_levels = 2;
  plot.percent = true;
  plot.empty = _("nothing measured yet");
  return plot;
}

CurvesPlot plots_loss(const Plots *plots, const Palette *palette, Curve curves[2]) {
  curve_data_loss(&plots->data, palette, curves);
  CurvesPlot plot = curves_of(plots, palette, curves);
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

/* 0: it is not shown. */
static double gradient_height(const Plots *plots, double height) {
  return plots->data.has_gradient && height >= THREE_FROM ? floor((height - 2 * GAP) * GRADIENT_SHARE) : 0;
}

static double accuracy_height(const Plots *plots, double height) {
  double gradient = gradient_height(plots, height), rest = gradient > 0 ? height - gradient - GAP : height;
  return rest < BOTH_FROM && gradient == 0 ? height : floor((rest - GAP) * (1 - LOSS_SHARE));
}

void plots_draw_curves(cairo_t *cr, double width, double height, const Palette *palette, gpointer data) {
  const Plots *plots = data;
  Curve curves[2];
  CurveLevel levels[2];
  double above = accuracy_height(plots, height), gradient = gradient_height(plots, height);
  CurvesPlot accuracy = plots_accuracy(plots, palette, curves, levels);
  curves_draw(cr, width, above, &accuracy);
  if (above == height)
    return;
  CurvesPlot loss = plots_loss(plots, palette, curves);
  cairo_translate(cr, 0, above + GAP);
  double below = height - above - GAP - (gradient > 0 ? gradient + GAP : 0);
  curves_draw(cr, width, below, &loss);
  if (gradient == 0)
    return;
  CurvesPlot norm = plots_gradient(plots, palette, curves);
  cairo_translate(cr, 0, below + GAP);
  curves_draw(cr, width, gradient, &norm);
}

int plots_step_at(const Plots *plots, double x, double y, double width, double height) {
  Palette palette = palette_builtin(false, false);
  Curve curves[2];
  CurveLevel levels[2];
  CurvesPlot plot = plots_accuracy(plots, &palette, curves, levels);
  return y >= 0 && y <= height ? curves_step_at(width, accuracy_height(plots, height), &plot, x, 0) : -1;
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
  *plots = (Plots){.cursor = -1, .hover = -1, .source = -1, .target = -1};
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
  hf_plot_view_set_tip(plots->label_map,
                       _("ω: a row a class of f, a column a class of the task, outlined the row that "
                         "each column is read from. A switch is a column that changed its row."));
  hf_plot_view_set_tip(
      plots->curves,
      _("Share of right answers and mean cross entropy in nats, over the optimiser’s steps. Bold: "
        "validation samples; faint: the batches trained on, smoothed. Dashed: f without the "
        "prompt, at the prompt’s picture size and at full size. Gradient: the norm of what flows "
        "back to the pattern while it trains. Click to go to a step."));
  g_signal_connect(plots->curves, "hover", G_CALLBACK(on_curve_hover), plots);
  g_signal_connect(plots->label_map, "hover", G_CALLBACK(on_map_hover), plots);
}

void plots_clear(Plots *plots) {
  g_clear_pointer(&plots->snapshot, hf_snapshot_unref);
  curve_data_clear(&plots->data);
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

void plots_curves_changed(Plots *plots) {
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
      g_string_append_printf(text, ", %s %s", levels[i].name, number);
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
