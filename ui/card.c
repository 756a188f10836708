#include "ui/card.h"

#include <glib/gi18n.h>

#define MOST_CLASSES 12
#define MOST_NAMES   60
#define PICTURE_EDGE 36

HfCard *hf_card_copy(const HfCard *card) {
  HfCard *copy = g_new(HfCard, 1);
  *copy = (HfCard){.name = g_strdup(card->name),
                   .title = g_strdup(card->title),
                   .summary = g_strdup(card->summary),
                   .facts = g_strdup(card->facts),
                   .license = g_strdup(card->license),
                   .problem = g_strdup(card->problem),
                   .own = card->own,
                   .classes = (const char *const *)g_strdupv((char **)card->classes)};
  guint n = card->classes && card->pictures ? g_strv_length((char **)card->classes) : 0;
  GdkTexture **pictures = n ? g_new0(GdkTexture *, n) : NULL;
  for (guint i = 0; i < n; i++)
    g_set_object(&pictures[i], card->pictures[i]);
  copy->pictures = pictures;
  return copy;
}

void hf_card_free(HfCard *card) {
  const char *texts[] = {card->name, card->title, card->summary, card->facts, card->license, card->problem};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free((char *)texts[i]);
  for (guint i = 0; card->pictures && card->classes[i]; i++)
    if (card->pictures[i])
      g_object_unref(card->pictures[i]);
  g_free((gpointer)card->pictures);
  g_strfreev((char **)card->classes);
  g_free(card);
}

static GtkWidget *add_text(GtkWidget *to, const char *text, const char *css) {
  if (!text || !*text)
    return NULL;
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 44);
  gtk_widget_add_css_class(label, css);
  gtk_box_append(GTK_BOX(to), label);
  return label;
}

/* A class: its example above its name. */
static GtkWidget *class_tile(const char *name, GdkTexture *picture) {
  GtkWidget *tile = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
  if (picture) {
    GtkWidget *image = gtk_picture_new_for_paintable(GDK_PAINTABLE(picture));
    gtk_widget_set_size_request(image, PICTURE_EDGE, PICTURE_EDGE);
    gtk_picture_set_can_shrink(GTK_PICTURE(image), TRUE);
    gtk_picture_set_alternative_text(GTK_PICTURE(image), name);
    gtk_widget_set_halign(image, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(image, "hf-example");
    gtk_box_append(GTK_BOX(tile), image);
  }
  GtkWidget *label = gtk_label_new(name);
  gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
  gtk_label_set_max_width_chars(GTK_LABEL(label), 9);
  gtk_widget_set_tooltip_text(label, name);
  gtk_widget_add_css_class(label, "hf-note");
  gtk_box_append(GTK_BOX(tile), label);
  return tile;
}

static void add_pictures(GtkWidget *to, const HfCard *card) {
  GtkWidget *flow = gtk_flow_box_new();
  gtk_flow_box_set_selection_mode(GTK_FLOW_BOX(flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_min_children_per_line(GTK_FLOW_BOX(flow), 6);
  gtk_flow_box_set_max_children_per_line(GTK_FLOW_BOX(flow), 6);
  gtk_flow_box_set_homogeneous(GTK_FLOW_BOX(flow), TRUE);
  gtk_widget_set_can_focus(flow, FALSE);
  gtk_widget_set_can_target(flow, FALSE);
  for (int i = 0; card->classes[i] && i < MOST_CLASSES; i++)
    gtk_flow_box_insert(GTK_FLOW_BOX(flow), class_tile(card->classes[i], card->pictures[i]), -1);
  gtk_box_append(GTK_BOX(to), flow);
}

/* All of few, the first of many.  (transfer full) */
static char *class_words(const char *const *classes, int n) {
  if (n <= MOST_NAMES)
    return g_strjoinv(", ", (char **)classes);
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < MOST_CLASSES; i++)
    g_string_append_printf(text, "%s, ", classes[i]);
  g_string_append_printf(text, _("and %d more classes"), n - MOST_CLASSES);
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void add_classes(GtkWidget *to, const HfCard *card) {
  if (!card->classes)
    return;
  int n = (int)g_strv_length((char **)card->classes);
  if (card->pictures) {
    add_pictures(to, card);
    if (n > MOST_CLASSES) {
      g_autofree char *more = g_strdup_printf(_("and %d more classes"), n - MOST_CLASSES);
      add_text(to, more, "hf-note");
    }
    return;
  }
  g_autofree char *all = class_words(card->classes, n);
  add_text(to, all, "hf-note");
}

GtkWidget *hf_card_widget(const HfCard *card) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
  gtk_widget_add_css_class(box, "hf-card");
  add_text(box, card->title, "hf-title");
  add_text(box, card->summary, "hf-sentence");
  add_classes(box, card);
  add_text(box, card->facts, "hf-note");
  add_text(box, card->license, "hf-note");
  add_text(box, card->problem, "hf-problem");
  return box;
}
