#include "ui/compare-pictures.h"

#include "ui/draw/picture-words.h"
#include "ui/probe-bar.h"

#include <glib/gi18n.h>

#define DESCRIBE_AFTER 500 /* milliseconds */

struct _HfComparePictures {
  GtkWidget parent;
  HfLens *lens;
  GtkWidget *box;
  HfPictureView *views[N_COMPARED_PICTURES];
  GtkStack *difference; /* the picture, or a sentence */
  GtkLabel *sentence;
  HfProbeBar *probe;
  GSimpleAction *amplify, *map;
  HfComparedMoment *moments[N_SIDES];
  double lock;    /* 0: the factor that suits both */
  gboolean due;   /* something changed since it was last shown */
  guint describe; /* source */
};

G_DEFINE_FINAL_TYPE(HfComparePictures, hf_compare_pictures, GTK_TYPE_WIDGET)

static const char *const map_names[N_PATTERN_MAPS] = {[MAP_COLOUR] = "colour", [MAP_DIVERGING] = "diverging"};

static const Tensor *pattern_of(HfComparePictures *self, int side) {
  return self->moments[side] ? self->moments[side]->pattern : NULL;
}

/* Why there is nothing to subtract.  (transfer full) */
static char *no_difference(HfComparePictures *self) {
  const Tensor *a = pattern_of(self, SIDE_A), *b = pattern_of(self, SIDE_B);
  if (!a || !b)
    return g_strdup(!a && !b ? _("Neither run has a pattern that is a picture.")
                    : !a     ? _("A has no pattern that is a picture.")
                             : _("B has no pattern that is a picture."));
  g_autofree char *of_a = shape_text(&a->shape), *of_b = shape_text(&b->shape);
  return g_strdup_printf(_("The patterns have different sizes, %s and %s: nothing can be subtracted."), of_a,
                         of_b);
}

static double common_factor(HfComparePictures *self) {
  PatternNumbers a, b;
  bool has_a = hf_picture_view_get_numbers(self->views[COMPARED_A], &a),
       has_b = hf_picture_view_get_numbers(self->views[COMPARED_B], &b);
  return compared_factor(has_a ? &a : NULL, has_b ? &b : NULL);
}

static void lock_views(HfComparePictures *self) {
  double factor = self->lock > 0 ? self->lock : common_factor(self);
  hf_picture_view_lock_factor(self->views[COMPARED_A], factor);
  hf_picture_view_lock_factor(self->views[COMPARED_B], factor);
  hf_picture_view_lock_factor(self->views[COMPARED_DIFFERENCE], self->lock);
  hf_probe_bar_set_factor(self->probe, factor, self->lock > 0);
}

/* The cursor counts in A's pixels; where B is of another size the same place of it is read. */
static void append_reading(GString *text, HfPictureView *view, const char *name, int x, int y, int width,
                           int height) {
  PatternNumbers numbers;
  if (!hf_picture_view_get_numbers(view, &numbers))
    return;
  g_autofree char *reading =
      picture_probe(&numbers, x * numbers.width / width, y * numbers.height / height, true);
  g_autofree char *markup = g_markup_printf_escaped("  %s <b>%s</b>", name, reading);
  g_string_append(text, markup);
}

static void read_pixel(HfComparePictures *self) {
  static const char *const names[N_COMPARED_PICTURES] = {"A", "B", "B − A"};
  int x, y, width, height;
  if (self->due || !hf_lens_get_cursor(self->lens, &x, &y)) {
    hf_probe_bar_set_reading(self->probe, NULL);
    return;
  }
  hf_lens_get_grid(self->lens, &width, &height);
  g_autoptr(GString) text = g_string_new(NULL);
  g_string_append_printf(text, "%s <b>%d, %d</b>", _("pixel"), x, y);
  for (int i = 0; i < N_COMPARED_PICTURES; i++)
    append_reading(text, self->views[i], names[i], x, y, width, height);
  hf_probe_bar_set_reading(self->probe, text->str);
}

static gboolean describe_now(gpointer data) {
  HfComparePictures *self = data;
  self->describe = 0;
  for (int i = 0; i < N_COMPARED_PICTURES && gtk_widget_get_mapped(GTK_WIDGET(self)); i++)
    hf_picture_view_describe(self->views[i]);
  return G_SOURCE_REMOVE;
}

static void show_side(HfComparePictures *self, int side) {
  const HfComparedMoment *moment = self->moments[side];
  hf_picture_view_set_pattern(self->views[side], moment ? moment->pattern : NULL,
                              moment ? moment->mask : NULL, moment ? moment->neutral : 0);
  g_autofree char *info = moment && moment->pattern ? g_strdup_printf(_("step %d"), moment->step) : NULL;
  hf_picture_view_set_info(self->views[side], info ? info : _("no picture"));
}

/* Brings what is seen to the newest state, if it is on the screen. */
static void refresh(HfComparePictures *self) {
  if (!self->due || !gtk_widget_get_mapped(GTK_WIDGET(self)))
    return;
  self->due = FALSE;
  for (int side = 0; side < N_SIDES; side++)
    show_side(self, side);
  g_autoptr(Tensor) difference = compared_difference(self->moments[SIDE_A], self->moments[SIDE_B]);
  g_autoptr(Tensor) mask = compared_mask(self->moments[SIDE_A], self->moments[SIDE_B]);
  hf_picture_view_set_pattern(self->views[COMPARED_DIFFERENCE], difference, mask, 0);
  g_autofree char *sentence = difference ? NULL : no_difference(self);
  gtk_label_set_text(self->sentence, sentence ? sentence : "");
  gtk_stack_set_visible_child_name(self->difference, difference ? "picture" : "sentence");
  const Tensor *grid = pattern_of(self, SIDE_A) ? pattern_of(self, SIDE_A) : pattern_of(self, SIDE_B);
  if (grid)
    hf_lens_set_grid(self->lens, (int)grid->shape.dim[2], (int)grid->shape.dim[1]);
  lock_views(self);
  read_pixel(self);
  if (!self->describe)
    self->describe = g_timeout_add(DESCRIBE_AFTER, describe_now, self);
}

static void hf_compare_pictures_map(GtkWidget *widget) {
  GTK_WIDGET_CLASS(hf_compare_pictures_parent_class)->map(widget);
  refresh(HF_COMPARE_PICTURES(widget));
}

static void on_amplify(GSimpleAction *action, GVariant *value, HfComparePictures *self) {
  double factor = g_variant_get_double(value);
  /* Also not for NaN. */
  if (!(factor >= 0 && factor <= 1e6))
    return;
  g_simple_action_set_state(action, value);
  self->lock = factor;
  lock_views(self);
}

/* The difference is always signed. */
static void on_map(GSimpleAction *action, GVariant *value, HfComparePictures *self) {
  for (int map = 0; map < N_PATTERN_MAPS; map++)
    if (g_str_equal(g_variant_get_string(value, NULL), map_names[map])) {
      g_simple_action_set_state(action, value);
      hf_picture_view_set_map(self->views[COMPARED_A], map);
      hf_picture_view_set_map(self->views[COMPARED_B], map);
      lock_views(self);
    }
}

static void on_zoom(GSimpleAction *action, GVariant *value, HfComparePictures *self) {
  double factor = g_variant_get_double(value);
  if (factor > 0)
    hf_lens_set_zoom(self->lens, factor * hf_lens_get_zoom(self->lens));
  else
    hf_lens_reset(self->lens);
}

static void on_probe(GSimpleAction *action, GVariant *value, HfComparePictures *self) {
  int x, y;
  g_variant_get(value, "(ii)", &x, &y);
  hf_lens_set_cursor(self->lens, x, y);
}

static void hf_compare_pictures_dispose(GObject *object) {
  HfComparePictures *self = HF_COMPARE_PICTURES(object);
  g_clear_handle_id(&self->describe, g_source_remove);
  g_clear_pointer(&self->box, gtk_widget_unparent);
  GObject *told[] = {G_OBJECT(self->lens), G_OBJECT(self->amplify), G_OBJECT(self->map)};
  for (guint i = 0; self->lens && i < G_N_ELEMENTS(told); i++)
    g_signal_handlers_disconnect_by_data(told[i], self);
  g_clear_object(&self->lens);
  g_clear_object(&self->amplify);
  g_clear_object(&self->map);
  for (int side = 0; side < N_SIDES; side++)
    g_clear_pointer(&self->moments[side], hf_compared_moment_free);
  G_OBJECT_CLASS(hf_compare_pictures_parent_class)->dispose(object);
}

static void hf_compare_pictures_class_init(HfComparePicturesClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_compare_pictures_dispose;
  widget_class->map = hf_compare_pictures_map;
  gtk_widget_class_set_layout_manager_type(widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static GSimpleAction *stateful(HfComparePictures *self, const char *name, GVariant *state,
                               GCallback changed) {
  GSimpleAction *action = g_simple_action_new_stateful(name, g_variant_get_type(state), state);
  g_signal_connect(action, "activate", changed, self);
  g_signal_connect(action, "change-state", changed, self);
  return action;
}

static GtkWidget *sentence_new(HfComparePictures *self) {
  self->sentence = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_wrap(self->sentence, TRUE);
  gtk_label_set_justify(self->sentence, GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars(self->sentence, 34);
  gtk_widget_add_css_class(GTK_WIDGET(self->sentence), "hf-hint");
  gtk_widget_add_css_class(GTK_WIDGET(self->sentence), "hf-pane");
  gtk_widget_add_css_class(GTK_WIDGET(self->sentence), "hf-nothing");
  return GTK_WIDGET(self->sentence);
}

static void hf_compare_pictures_init(HfComparePictures *self) {
  static const char *const titles[N_COMPARED_PICTURES] = {N_("Pattern of A"), N_("Pattern of B"),
                                                          N_("Difference B − A")};
  self->lens = hf_lens_new();
  g_signal_connect_swapped(self->lens, "changed", G_CALLBACK(read_pixel), self);
  self->amplify = stateful(self, "compare-amplify", g_variant_new_double(0), G_CALLBACK(on_amplify));
  self->map = stateful(self, "compare-map", g_variant_new_string(map_names[MAP_COLOUR]), G_CALLBACK(on_map));
  self->box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
  gtk_box_set_homogeneous(GTK_BOX(row), TRUE);
  gtk_widget_set_vexpand(row, TRUE);
  for (int i = 0; i < N_COMPARED_PICTURES; i++)
    self->views[i] = HF_PICTURE_VIEW(hf_picture_view_new(_(titles[i]), self->lens));
  gtk_widget_add_css_class(GTK_WIDGET(self->views[COMPARED_A]), "hf-first");
  gtk_widget_add_css_class(GTK_WIDGET(self->views[COMPARED_B]), "hf-second");
  gtk_widget_add_css_class(GTK_WIDGET(self->views[COMPARED_DIFFERENCE]), "hf-both");
  hf_picture_view_set_map(self->views[COMPARED_DIFFERENCE], MAP_DIVERGING);
  hf_picture_view_set_info(self->views[COMPARED_DIFFERENCE], _("blue: A is above, orange: B"));
  self->difference = GTK_STACK(gtk_stack_new());
  gtk_stack_add_named(self->difference, GTK_WIDGET(self->views[COMPARED_DIFFERENCE]), "picture");
  gtk_stack_add_named(self->difference, sentence_new(self), "sentence");
  gtk_box_append(GTK_BOX(row), GTK_WIDGET(self->views[COMPARED_A]));
  gtk_box_append(GTK_BOX(row), GTK_WIDGET(self->views[COMPARED_B]));
  gtk_box_append(GTK_BOX(row), GTK_WIDGET(self->difference));
  self->probe = HF_PROBE_BAR(hf_probe_bar_new_for("win.compare-amplify", "win.compare-map"));
  gtk_box_append(GTK_BOX(self->box), row);
  gtk_box_append(GTK_BOX(self->box), GTK_WIDGET(self->probe));
  gtk_widget_set_parent(self->box, GTK_WIDGET(self));
}

GtkWidget *hf_compare_pictures_new(void) {
  return g_object_new(HF_TYPE_COMPARE_PICTURES, NULL);
}

void hf_compare_pictures_add_actions(HfComparePictures *self, GActionMap *map) {
  const struct {
    const char *name, *type;
    GCallback activate;
  } plain[] = {{"compare-zoom", "d", G_CALLBACK(on_zoom)}, {"compare-probe", "(ii)", G_CALLBACK(on_probe)}};
  g_action_map_add_action(map, G_ACTION(self->amplify));
  g_action_map_add_action(map, G_ACTION(self->map));
  for (guint i = 0; i < G_N_ELEMENTS(plain); i++) {
    g_autoptr(GSimpleAction) action = g_simple_action_new(plain[i].name, G_VARIANT_TYPE(plain[i].type));
    g_signal_connect_object(action, "activate", plain[i].activate, self, 0);
    g_action_map_add_action(map, G_ACTION(action));
  }
}

void hf_compare_pictures_set_moment(HfComparePictures *self, CompareSide side, HfComparedMoment *moment) {
  g_clear_pointer(&self->moments[side], hf_compared_moment_free);
  self->moments[side] = moment;
  self->due = TRUE;
  refresh(self);
}

const HfComparedMoment *hf_compare_pictures_get_moment(HfComparePictures *self, CompareSide side) {
  return self->moments[side];
}

HfLens *hf_compare_pictures_get_lens(HfComparePictures *self) {
  return self->lens;
}

HfPictureView *hf_compare_pictures_get_picture(HfComparePictures *self, ComparedPicture which) {
  return self->views[which];
}

const char *hf_compare_pictures_get_sentence(HfComparePictures *self) {
  const char *text = gtk_label_get_text(self->sentence);
  return *text ? text : NULL;
}

double hf_compare_pictures_get_lock(HfComparePictures *self) {
  return self->lock;
}

PatternMap hf_compare_pictures_get_map(HfComparePictures *self) {
  PatternNumbers numbers;
  hf_picture_view_get_numbers(self->views[COMPARED_A], &numbers);
  return numbers.map;
}
