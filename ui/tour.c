#include "ui/tour.h"

#include <glib/gi18n.h>

typedef struct {
  const char *title, *text;
  GtkPositionType position;
} Stop;

static const Stop stops[HF_TOUR_N_STOPS] = {
    {N_("Four questions"),
     N_("May the numbers be learnt? Where do they enter the network? How do they meet the picture? How are "
        "the "
        "answers read? Each answer says what follows from it."),
     GTK_POS_RIGHT},
    {N_("Run"),
     N_("Starts training. The network stays frozen; only the pattern learns. Pause and go on whenever you "
        "like."),
     GTK_POS_BOTTOM},
    {N_("The pattern"),
     N_("All that is learnt, amplified so that it can be seen. Beside it stands exactly what the network "
        "receives."),
     GTK_POS_BOTTOM},
    {N_("The label map"),
     N_("Which of the network's own answers stand for the classes of the new task. An outline marks the "
        "chosen "
        "ones."),
     GTK_POS_TOP},
};

struct _HfTour {
  GtkPopover parent_instance;
  GtkLabel *title, *text, *count;
  GtkButton *skip, *next;
  GtkWidget *anchors[HF_TOUR_N_STOPS]; /* weak */
  int stop;                            /* -1: not under way */
};

G_DEFINE_FINAL_TYPE(HfTour, hf_tour, GTK_TYPE_POPOVER)

static guint ended;

static bool can_stop_at(HfTour *self, int stop) {
  return self->anchors[stop] && gtk_widget_get_mapped(self->anchors[stop]);
}

/* The first stop from `from` on that has something to point at; HF_TOUR_N_STOPS: none. */
static int stop_from(HfTour *self, int from) {
  while (from < HF_TOUR_N_STOPS && !can_stop_at(self, from))
    from++;
  return from;
}

static void leave_anchor(HfTour *self) {
  if (!gtk_widget_get_parent(GTK_WIDGET(self)))
    return;
  gtk_popover_popdown(GTK_POPOVER(self));
  gtk_widget_unparent(GTK_WIDGET(self));
}

static void on_anchor_destroyed(HfTour *self, GtkWidget *anchor) {
  for (int i = 0; i < HF_TOUR_N_STOPS; i++)
    if (self->anchors[i] == anchor)
      hf_tour_set_anchor(self, i, NULL);
}

void hf_tour_set_anchor(HfTour *self, HfTourStop stop, GtkWidget *anchor) {
  GtkWidget *before = self->anchors[stop];
  if (before == anchor)
    return;
  if (before && gtk_widget_get_parent(GTK_WIDGET(self)) == before)
    hf_tour_end(self);
  g_clear_weak_pointer(&self->anchors[stop]);
  if (anchor && g_set_weak_pointer(&self->anchors[stop], anchor))
    g_signal_connect_object(anchor, "destroy", G_CALLBACK(on_anchor_destroyed), self, G_CONNECT_SWAPPED);
}

static void go_to(HfTour *self, int stop) {
  leave_anchor(self);
  self->stop = stop;
  const Stop *row = &stops[stop];
  gtk_label_set_text(self->title, _(row->title));
  gtk_label_set_text(self->text, _(row->text));
  g_autofree char *count = g_strdup_printf(_("%d of %d"), stop + 1, HF_TOUR_N_STOPS);
  gtk_label_set_text(self->count, count);
  bool last = stop_from(self, stop + 1) == HF_TOUR_N_STOPS;
  gtk_button_set_label(self->next, last ? _("Done") : _("Next"));
  gtk_widget_set_visible(GTK_WIDGET(self->skip), !last);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, _(row->title),
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(row->text), -1);
  gtk_popover_set_position(GTK_POPOVER(self), row->position);
  gtk_widget_set_parent(GTK_WIDGET(self), self->anchors[stop]);
  gtk_popover_popup(GTK_POPOVER(self));
  gtk_widget_grab_focus(GTK_WIDGET(self->next));
}

void hf_tour_next(HfTour *self) {
  int stop = stop_from(self, self->stop + 1);
  if (stop < HF_TOUR_N_STOPS)
    go_to(self, stop);
  else
    hf_tour_end(self);
}

void hf_tour_start(HfTour *self) {
  self->stop = -1;
  hf_tour_next(self);
}

void hf_tour_end(HfTour *self) {
  leave_anchor(self);
  if (self->stop < 0)
    return;
  self->stop = -1;
  g_signal_emit(self, ended, 0);
}

void hf_tour_close(HfTour *self) {
  self->stop = -1;
  leave_anchor(self);
  for (int i = 0; i < HF_TOUR_N_STOPS; i++)
    hf_tour_set_anchor(self, i, NULL);
}

static gboolean on_escape(GtkWidget *widget, GVariant *unused, gpointer data) {
  hf_tour_end(HF_TOUR(widget));
  return TRUE;
}

static void hf_tour_dispose(GObject *object) {
  HfTour *self = HF_TOUR(object);
  for (int i = 0; i < HF_TOUR_N_STOPS; i++)
    g_clear_weak_pointer(&self->anchors[i]);
  gtk_widget_dispose_template(GTK_WIDGET(self), HF_TYPE_TOUR);
  G_OBJECT_CLASS(hf_tour_parent_class)->dispose(object);
}

static void hf_tour_class_init(HfTourClass *class) {
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_tour_dispose;
  ended = g_signal_new("ended", HF_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource(widget, "/org/hoarfrost/Hoarfrost/ui/tour.ui");
  gtk_widget_class_bind_template_child(widget, HfTour, title);
  gtk_widget_class_bind_template_child(widget, HfTour, text);
  gtk_widget_class_bind_template_child(widget, HfTour, count);
  gtk_widget_class_bind_template_child(widget, HfTour, skip);
  gtk_widget_class_bind_template_child(widget, HfTour, next);
  gtk_widget_class_add_binding(widget, GDK_KEY_Escape, 0, on_escape, NULL);
}

static void hf_tour_init(HfTour *self) {
  self->stop = -1;
  gtk_widget_init_template(GTK_WIDGET(self));
  g_signal_connect_swapped(self->next, "clicked", G_CALLBACK(hf_tour_next), self);
  g_signal_connect_swapped(self->skip, "clicked", G_CALLBACK(hf_tour_end), self);
}

HfTour *hf_tour_new(void) {
  return g_object_ref_sink(g_object_new(HF_TYPE_TOUR, NULL));
}
