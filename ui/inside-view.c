#include "ui/inside-view.h"

#include "ui/inside-plot.h"

#include <glib/gi18n.h>

struct _HfInsideView {
  GtkWidget parent_instance;
  GtkWidget *buttons;
  HfPlotView *plot;
  GPtrArray *parts; /* HfPart; NULL: nothing */
  guint shown;
  char *title;   /* of the shown part */
  char *reading; /* of the number below the pointer; NULL: none */
};

G_DEFINE_FINAL_TYPE(HfInsideView, hf_inside_view, GTK_TYPE_WIDGET)

enum { PROP_SHOWN = 1, N_PROPERTIES };
static GParamSpec *properties[N_PROPERTIES];

static const HfPart *shown_part(HfInsideView *self) {
  return self->parts && self->shown < self->parts->len ? g_ptr_array_index(self->parts, self->shown) : NULL;
}

static InsidePlot plot_of(HfInsideView *self, const HfPart *part, const Palette *palette) {
  return (InsidePlot){part, self->title, palette};
}

static void draw(cairo_t *cr, double width, double height, const Palette *palette, gpointer data) {
  const HfPart *part = shown_part(data);
  InsidePlot plot = plot_of(data, part, palette);
  if (part)
    draw_inside_plot(cr, width, height, &plot);
}

static void show_part(HfInsideView *self) {
  const HfPart *part = shown_part(self);
  guint n = self->parts ? self->parts->len : 0;
  g_clear_pointer(&self->title, g_free);
  self->title = part ? inside_part_title(part) : NULL;
  g_autofree char *info = n > 1 ? g_strdup_printf(_("%u of %u"), self->shown + 1, n) : NULL;
  hf_plot_view_set_info(self->plot, info);
  gtk_widget_set_visible(self->buttons, n > 1);
  hf_plot_view_changed(self->plot);
}

static void on_hover(HfPlotView *view, double x, double y, double width, double height, HfInsideView *self) {
  const HfPart *part = shown_part(self);
  Palette palette = palette_builtin(false, false);
  InsidePlot inside = plot_of(self, part, &palette);
  g_autofree char *words = NULL;
  int token, channel;
  if (part && part->kind == PART_TOKENS) {
    TokenMapPlot plot = inside_plot_tokens(&inside);
    if (token_map_at(width, height, &plot, x, y, &token, &channel))
      words =
          g_strdup_printf(_("token %d, channel %d: %.4g"), token + 1, channel + 1,
                          (double)part->numbers[(size_t)token * (size_t)plot.n_channels + (size_t)channel]);
  } else if (part) {
    ChannelMosaicPlot plot = inside_plot_channels(&inside);
    channel = channel_mosaic_at(width, height, &plot, x, y);
    if (channel >= 0)
      words = inside_part_reading(part, channel);
  }
  if (g_strcmp0(words, self->reading) == 0)
    return;
  gtk_widget_set_tooltip_text(GTK_WIDGET(view), words);
  g_free(self->reading);
  self->reading = g_steal_pointer(&words);
}

void hf_inside_view_show(HfInsideView *self, int index) {
  guint n = self->parts ? self->parts->len : 0;
  self->shown = n ? (guint)((index % (int)n + (int)n) % (int)n) : 0;
  show_part(self);
  hf_inside_view_describe(self);
  g_object_notify_by_pspec(G_OBJECT(self), properties[PROP_SHOWN]);
}

static void show_next(HfInsideView *self) {
  hf_inside_view_show(self, (int)self->shown + 1);
}

static void show_previous(HfInsideView *self) {
  hf_inside_view_show(self, (int)self->shown - 1);
}

static void add_button(HfInsideView *self, const char *icon, const char *label, GCallback clicked) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_widget_set_tooltip_text(button, label);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped(button, "clicked", clicked, self);
  gtk_box_append(GTK_BOX(self->buttons), button);
}

static void hf_inside_view_dispose(GObject *object) {
  HfInsideView *self = HF_INSIDE_VIEW(object);
  if (self->plot)
    gtk_widget_unparent(GTK_WIDGET(self->plot));
  self->plot = NULL;
  g_clear_pointer(&self->parts, g_ptr_array_unref);
  g_clear_pointer(&self->title, g_free);
  g_clear_pointer(&self->reading, g_free);
  G_OBJECT_CLASS(hf_inside_view_parent_class)->dispose(object);
}

static void hf_inside_view_get_property(GObject *object, guint id, GValue *value, GParamSpec *pspec) {
  g_value_set_int(value, (int)HF_INSIDE_VIEW(object)->shown);
}

static void hf_inside_view_set_property(GObject *object, guint id, const GValue *value, GParamSpec *pspec) {
  hf_inside_view_show(HF_INSIDE_VIEW(object), g_value_get_int(value));
}

static void hf_inside_view_class_init(HfInsideViewClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_inside_view_dispose;
  G_OBJECT_CLASS(class)->get_property = hf_inside_view_get_property;
  G_OBJECT_CLASS(class)->set_property = hf_inside_view_set_property;
  properties[PROP_SHOWN] =
      g_param_spec_int("shown", NULL, NULL, 0, G_MAXINT, 0,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties(G_OBJECT_CLASS(class), N_PROPERTIES, properties);
  gtk_widget_class_set_layout_manager_type(GTK_WIDGET_CLASS(class), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role(GTK_WIDGET_CLASS(class), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void hf_inside_view_init(HfInsideView *self) {
  self->plot = HF_PLOT_VIEW(hf_plot_view_new(_("Pattern δ inside f"), draw, self));
  hf_plot_view_set_least(self->plot, 96); /* as the pictures beside it */
  hf_plot_view_set_tip(
      self->plot,
      _("The numbers that are put in at the site, blue below zero, orange above. Tokens: a row each, "
        "with the word or patch that points most nearly the same way, its cosine, and the cosine to "
        "the token’s own start. Channels: a tile each."));
  g_signal_connect(self->plot, "hover", G_CALLBACK(on_hover), self);
  self->buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_add_css_class(self->buttons, "linked");
  gtk_widget_add_css_class(self->buttons, "hf-part-buttons");
  add_button(self, "go-previous-symbolic", _("Previous site"), G_CALLBACK(show_previous));
  add_button(self, "go-next-symbolic", _("Next site"), G_CALLBACK(show_next));
  hf_plot_view_add_control(self->plot, self->buttons);
  gtk_widget_set_parent(GTK_WIDGET(self->plot), GTK_WIDGET(self));
  show_part(self);
}

GtkWidget *hf_inside_view_new(void) {
  return g_object_new(HF_TYPE_INSIDE_VIEW, NULL);
}

void hf_inside_view_set_parts(HfInsideView *self, GPtrArray *parts) {
  GPtrArray *before = self->parts;
  self->parts = parts ? g_ptr_array_ref(parts) : NULL;
  if (before)
    g_ptr_array_unref(before);
  if (self->shown >= (self->parts ? self->parts->len : 0) && self->shown > 0)
    hf_inside_view_show(self, 0);
  else
    show_part(self);
}

int hf_inside_view_get_shown(HfInsideView *self) {
  return (int)self->shown;
}

void hf_inside_view_describe(HfInsideView *self) {
  const HfPart *part = shown_part(self);
  Palette palette = palette_builtin(false, false);
  if (!part)
    return;
  InsidePlot inside = plot_of(self, part, &palette);
  g_autofree char *words = NULL;
  if (part->kind == PART_TOKENS) {
    TokenMapPlot plot = inside_plot_tokens(&inside);
    words = token_map_words(&plot);
  } else {
    ChannelMosaicPlot plot = inside_plot_channels(&inside);
    words = channel_mosaic_words(&plot);
  }
  g_autofree char *halves = inside_part_halves(part),
                  *all = g_strdup_printf(_("at %s: %s"), part->site, words),
                  *both = halves ? g_strdup_printf("%s; %s", all, halves) : NULL;
  hf_plot_view_describe(self->plot, both ? both : all);
}

int hf_inside_view_get_drawings(HfInsideView *self) {
  return hf_plot_view_get_drawings(self->plot);
}
