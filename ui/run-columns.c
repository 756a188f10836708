#include "ui/run-columns.h"

#include "ui/draw/run-cells.h"
#include "ui/run-cell.h"
#include "ui/run-orders.h"
#include "ui/run-words.h"

#include <glib/gi18n.h>
#include <string.h>

#define PICTURE 48 /* pixels, edge */

/* Texts. */
static GtkWidget *make_text(void) {
  GtkWidget *text = gtk_inscription_new(NULL);
  gtk_inscription_set_text_overflow(GTK_INSCRIPTION(text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_min_lines(GTK_INSCRIPTION(text), 1);
  gtk_inscription_set_min_chars(GTK_INSCRIPTION(text), 0);
  gtk_inscription_set_nat_chars(GTK_INSCRIPTION(text), 0);
  gtk_widget_set_valign(text, GTK_ALIGN_CENTER);
  return text;
}

static void set_text(GtkWidget *cell, const char *text) {
  gtk_inscription_set_text(GTK_INSCRIPTION(cell), text);
}

static GtkWidget *make_two_lines(void) {
  GtkWidget *text = make_text();
  gtk_inscription_set_min_lines(GTK_INSCRIPTION(text), 2);
  return text;
}

static void show_name(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *markup = g_markup_printf_escaped("<b>%s</b>", run_words_name(item));
  gtk_inscription_set_markup(GTK_INSCRIPTION(cell), markup);
}

static char *tell_name(HfRunItem *item) {
  const char *note = hf_run_item_text(item, HF_RUN_NOTE);
  return g_strdup_printf("%s\n%s · %s%s%s", run_words_name(item), hf_run_item_text(item, HF_RUN_METHOD),
                         hf_run_item_text(item, HF_RUN_ALIGNMENT), *note ? "\n\n" : "", note);
}

static void show_model(GtkWidget *cell, HfRunItem *item) {
  set_text(cell, hf_run_item_text(item, HF_RUN_MODEL));
}

static char *tell_model(HfRunItem *item) {
  return g_strdup(hf_run_item_text(item, HF_RUN_MODEL));
}

static void show_task(GtkWidget *cell, HfRunItem *item) {
  set_text(cell, hf_run_item_text(item, HF_RUN_TASK));
}

static char *tell_task(HfRunItem *item) {
  return g_strdup(hf_run_item_text(item, HF_RUN_TASK));
}

static void show_steps(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *words = run_words_steps(item);
  set_text(cell, words);
}

static void show_date(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *words = run_words_date(hf_run_item_facts(item)->created, g_get_real_time() / 1000);
  set_text(cell, words);
}

static char *tell_date(HfRunItem *item) {
  return run_words_whole_date(hf_run_item_facts(item)->created);
}

/* The star. */
static void on_star(GtkWidget *button) {
  HfRunItem *item = hf_run_columns_item(button);
  if (item)
    gtk_widget_activate_action(button, "win.star-run", "s", hf_run_item_text(item, HF_RUN_ID));
}

static GtkWidget *make_star(void) {
  GtkWidget *button = gtk_button_new_from_icon_name("non-starred-symbolic");
  gtk_widget_add_css_class(button, "flat");
  gtk_widget_add_css_class(button, "circular");
  gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
  /* The row has the keyboard, whose keys would end here otherwise; there, S does the same. */
  gtk_widget_set_focusable(button, FALSE);
  g_signal_connect(button, "clicked", G_CALLBACK(on_star), NULL);
  return button;
}

static void show_star(GtkWidget *cell, HfRunItem *item) {
  gboolean star = hf_run_item_facts(item)->star;
  gtk_button_set_icon_name(GTK_BUTTON(cell), star ? "starred-symbolic" : "non-starred-symbolic");
  gtk_widget_set_opacity(cell, star ? 1 : 0.55);
  gtk_accessible_update_property(GTK_ACCESSIBLE(cell), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                 star ? _("Remove the star") : _("Add a star"), -1);
}

static char *tell_star(HfRunItem *item) {
  return g_strdup(hf_run_item_facts(item)->star ? _("Remove Star") : _("Add Star"));
}

/* Drawings. */
static void draw_picture(cairo_t *cr, double width, double height, HfRunItem *item, const Palette *palette) {
  cairo_surface_t *picture = hf_run_item_picture(item);
  path_rounded(cr, 0, 0, width, height, 4);
  cairo_clip(cr);
  ink_set(cr, palette->line);
  cairo_paint(cr);
  if (!picture)
    return;
  int across = cairo_image_surface_get_width(picture), down = cairo_image_surface_get_height(picture);
  double scale = MIN(width / across, height / down);
  cairo_translate(cr, (width - across * scale) / 2, (height - down * scale) / 2);
  cairo_scale(cr, scale, scale);
  cairo_set_source_surface(cr, picture, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
}

static GtkWidget *make_picture(void) {
  GtkWidget *cell = hf_run_cell_new(draw_picture, PICTURE);
  gtk_widget_set_size_request(cell, PICTURE, PICTURE);
  gtk_widget_set_halign(cell, GTK_ALIGN_START);
  return cell;
}

static void show_picture(GtkWidget *cell, HfRunItem *item) {
  hf_run_cell_show(HF_RUN_CELL(cell), item, hf_run_item_picture(item) ? _("Pattern") : _("No pattern yet"));
}

static void draw_axes(cairo_t *cr, double width, double height, HfRunItem *item, const Palette *palette) {
  const char *words[N_AXES];
  for (int axis = 0; axis < N_AXES; axis++)
    words[axis] = hf_run_item_text(item, HF_RUN_AXES + axis);
  draw_chips(cr, width, height, (char *const *)words, N_AXES, 2, palette);
}

static GtkWidget *make_axes(void) {
  return hf_run_cell_new(draw_axes, PICTURE);
}

static void show_axes(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *words = run_words_axes(item);
  hf_run_cell_show(HF_RUN_CELL(cell), item, words);
}

static void draw_accuracy(cairo_t *cr, double width, double height, HfRunItem *item, const Palette *palette) {
  const HfRunFacts *facts = hf_run_item_facts(item);
  draw_gain(cr, width, height, facts->accuracy, facts->gain, palette);
}

static GtkWidget *make_accuracy(void) {
  return hf_run_cell_new(draw_accuracy, PICTURE);
}

static void show_accuracy(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *words = run_words_gain(item);
  hf_run_cell_show(HF_RUN_CELL(cell), item, words);
}

/* The tags above the first line of the note. */
static void draw_tags(cairo_t *cr, double width, double height, HfRunItem *item, const Palette *palette) {
  const char *tags = hf_run_item_text(item, HF_RUN_TAGS), *note = hf_run_item_text(item, HF_RUN_NOTE);
  g_auto(GStrv) words = g_strsplit(tags, ",", -1);
  double above = !*note ? height : *tags ? height / 2 + 2 : 0;
  draw_chips(cr, width, above, words, (int)g_strv_length(words), 0, palette);
  if (!*note)
    return;
  g_autofree char *line = g_strndup(note, strcspn(note, "\n"));
  TextStyle style = {.size = 11.5, .ink = palette->dim};
  double tall;
  measure_text(cr, line, &style, &tall);
  draw_text(cr, 0, above + (height - above - tall) / 2, width, line, &style);
}

static GtkWidget *make_tags(void) {
  return hf_run_cell_new(draw_tags, PICTURE);
}

static char *tell_tags(HfRunItem *item) {
  g_autofree char *tags = run_words_tags(item);
  const char *note = hf_run_item_text(item, HF_RUN_NOTE);
  return g_strconcat(tags, *tags && *note ? "\n" : "", note, NULL);
}

static void show_tags(GtkWidget *cell, HfRunItem *item) {
  g_autofree char *words = tell_tags(item);
  hf_run_cell_show(HF_RUN_CELL(cell), item, words);
}

/* The state: an icon beside a word. */
static GtkWidget *make_status(void) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append(GTK_BOX(box), gtk_image_new());
  gtk_box_append(GTK_BOX(box), make_text());
  gtk_widget_set_hexpand(gtk_widget_get_last_child(box), TRUE);
  return box;
}

static void show_status(GtkWidget *cell, HfRunItem *item) {
  static const char *const classes[HF_N_RUN_STATUSES] = {
      [HF_RUN_RUNNING] = "accent", [HF_RUN_FAILED] = "error", [HF_RUN_INTERRUPTED] = "hf-interrupted"};
  HfRunStatus status = hf_run_item_facts(item)->status;
  GtkWidget *icon = gtk_widget_get_first_child(cell);
  gtk_image_set_from_icon_name(GTK_IMAGE(icon), run_words_status_icon(status));
  const char *const class[] = {classes[status], NULL};
  gtk_widget_set_css_classes(icon, (const char **)class);
  set_text(gtk_widget_get_last_child(cell), run_words_status(status));
}

static char *tell_status(HfRunItem *item) {
  return g_strdup(hf_run_item_text(item, HF_RUN_PROBLEM));
}

const HfRunColumn hf_run_columns[] = {
    {"star", NULL, 44, FALSE, 0, make_star, show_star, tell_star, run_order_by_stars, NULL},
    {"pattern", NULL, 62, FALSE, 0, make_picture, show_picture, NULL, NULL, NULL},
    {"name", N_("Name"), 150, TRUE, 0, make_two_lines, show_name, tell_name, run_order_by_names,
     run_order_no_name},
    {"axes", N_("Axes"), 172, FALSE, 0, make_axes, show_axes, run_words_axes, run_order_by_axes, NULL},
    {"model", N_("Frozen Model"), 132, TRUE, 1060, make_two_lines, show_model, tell_model,
     run_order_by_models, NULL},
    {"task", N_("Task"), 110, FALSE, 0, make_two_lines, show_task, tell_task, run_order_by_tasks, NULL},
    {"accuracy", N_("Accuracy"), 132, FALSE, 0, make_accuracy, show_accuracy, run_words_gain,
     run_order_by_gains, run_order_no_gain},
    {"steps", N_("Steps"), 96, FALSE, 940, make_text, show_steps, NULL, run_order_by_steps, NULL},
    {"date", N_("Begun"), 128, FALSE, 0, make_text, show_date, tell_date, run_order_by_dates, NULL},
    {"status", N_("State"), 114, FALSE, 800, make_status, show_status, tell_status, run_order_by_statuses,
     NULL},
    {"tags", N_("Tags and Note"), 120, TRUE, 1200, make_tags, show_tags, tell_tags, run_order_by_tags,
     run_order_no_tags},
    {NULL},
};
