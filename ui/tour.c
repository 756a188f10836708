#include "ui/tour.h"

#include "ui/built.h"

#include <glib/gi18n.h>

#define TEXT_WIDTH     300
#define LARGEST_ANCHOR 240

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
  GObject parent_instance;
  GtkWidget *parent;   /* borrowed; NULL once the tour is closed */
  GtkPopover *popover; /* of this stop: another one is shaped for another place.  NULL: not under way */
  GtkLabel *title, *text, *count;
  GtkButton *skip, *next;
  GtkWidget *anchors[HF_TOUR_N_STOPS]; /* weak */
  int stop;                            /* -1: not under way */
};

G_DEFINE_FINAL_TYPE(HfTour, hf_tour, G_TYPE_OBJECT)

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

static void on_anchor_destroyed(HfTour *self, GtkWidget *anchor) {
  for (int i = 0; i < HF_TOUR_N_STOPS; i++)
    if (self->anchors[i] == anchor)
      hf_tour_set_anchor(self, i, NULL);
}

void hf_tour_set_anchor(HfTour *self, HfTourStop stop, GtkWidget *anchor) {
  GtkWidget *before = self->anchors[stop];
  if (before == anchor)
    return;
  if (before && self->stop == (int)stop)
    hf_tour_end(self);
  g_clear_weak_pointer(&self->anchors[stop]);
  if (anchor && g_set_weak_pointer(&self->anchors[stop], anchor))
    g_signal_connect_object(anchor, "destroy", G_CALLBACK(on_anchor_destroyed), self, G_CONNECT_SWAPPED);
}

static void take_away(HfTour *self) {
  if (self->popover)
    gtk_widget_unparent(GTK_WIDGET(g_steal_pointer(&self->popover)));
}

static gboolean on_key(HfTour *self, guint key) {
  if (key != GDK_KEY_Escape)
    return GDK_EVENT_PROPAGATE;
  hf_tour_end(self);
  return GDK_EVENT_STOP;
}

/* At the middle of a large anchor, so that there is room beside it. */
static void point_at(HfTour *self, GtkWidget *anchor) {
  graphene_rect_t bounds;
  if (!gtk_widget_compute_bounds(anchor, self->parent, &bounds))
    return;
  float width = bounds.size.width, height = bounds.size.height;
  float across = MIN(width, LARGEST_ANCHOR), down = MIN(height, LARGEST_ANCHOR);
  GdkRectangle place = {(int)(bounds.origin.x + (width - across) / 2),
                        (int)(bounds.origin.y + (height - down) / 2), (int)across, (int)down};
  gtk_popover_set_pointing_to(self->popover, &place);
}

/* A popover for the stop.  The anchor itself is not its parent: it may be insensitive, and its style is its
 * own. */
static void put_up(HfTour *self, GtkWidget *anchor, GtkPositionType position) {
  static const BuiltChild children[] = {BUILT_CHILD(HfTour, title), BUILT_CHILD(HfTour, text),
                                        BUILT_CHILD(HfTour, count), BUILT_CHILD(HfTour, skip),
                                        BUILT_CHILD(HfTour, next),  {NULL}};
  g_autoptr(GtkWidget) popover = built_load("tour.ui", "popover", self, children);
  self->popover = GTK_POPOVER(popover);
  gtk_widget_set_parent(popover, self->parent);
  point_at(self, anchor);
  gtk_popover_set_position(self->popover, position);
  g_signal_connect_object(self->next, "clicked", G_CALLBACK(hf_tour_next), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(self->skip, "clicked", G_CALLBACK(hf_tour_end), self, G_CONNECT_SWAPPED);
  GtkEventController *keys = gtk_event_controller_key_new();
  g_signal_connect_object(keys, "key-pressed", G_CALLBACK(on_key), self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller(popover, keys);
}

/* A popover does not ask wrapped text for its height at the width it gets, so the text gets a size of its
 * own. */
static void set_text(GtkLabel *label, const char *text) {
  gtk_label_set_text(label, text);
  int height;
  gtk_widget_measure(GTK_WIDGET(label), GTK_ORIENTATION_VERTICAL, TEXT_WIDTH, &height, NULL, NULL, NULL);
  gtk_widget_set_size_request(GTK_WIDGET(label), TEXT_WIDTH, height);
}

static void go_to(HfTour *self, int stop) {
  const Stop *row = &stops[stop];
  take_away(self);
  put_up(self, self->anchors[stop], row->position);
  self->stop = stop;
  gtk_label_set_text(self->title, _(row->title));
  set_text(self->text, _(row->text));
  g_autofree char *count = g_strdup_printf(_("%d of %d"), stop + 1, HF_TOUR_N_STOPS);
  gtk_label_set_text(self->count, count);
  bool last = stop_from(self, stop + 1) == HF_TOUR_N_STOPS;
  gtk_button_set_label(self->next, last ? _("Done") : _("Next"));
  gtk_widget_set_visible(GTK_WIDGET(self->skip), !last);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->popover), GTK_ACCESSIBLE_PROPERTY_LABEL, _(row->title),
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _(row->text), -1);
  gtk_popover_popup(self->popover);
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
  if (!self->parent)
    return;
  self->stop = -1;
  hf_tour_next(self);
}

void hf_tour_end(HfTour *self) {
  take_away(self);
  if (self->stop < 0)
    return;
  self->stop = -1;
  g_signal_emit(self, ended, 0);
}

void hf_tour_close(HfTour *self) {
  take_away(self);
  self->stop = -1;
  self->parent = NULL;
}

static void hf_tour_dispose(GObject *object) {
  HfTour *self = HF_TOUR(object);
  hf_tour_close(self);
  for (int i = 0; i < HF_TOUR_N_STOPS; i++)
    g_clear_weak_pointer(&self->anchors[i]);
  G_OBJECT_CLASS(hf_tour_parent_class)->dispose(object);
}

static void hf_tour_class_init(HfTourClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_tour_dispose;
  ended = g_signal_new("ended", HF_TYPE_TOUR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hf_tour_init(HfTour *self) {
  self->stop = -1;
}

HfTour *hf_tour_new(GtkWidget *parent) {
  HfTour *self = g_object_new(HF_TYPE_TOUR, NULL);
  self->parent = parent;
  return self;
}
