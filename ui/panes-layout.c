#include "ui/panes-layout.h"

#include <stdbool.h>

#define GAP           8
#define MIN_WIDTH     580 /* below it a sidebar gives way */
#define LEAST_PICTURE 126 /* height of a pane with its title */
#define LEAST_PLOT    212
#define MOST_SHARE    0.58 /* of the height for the pictures */
#define TALL          1.9  /* plots higher than this many widths leave room for pictures in two rows */

struct _HfPanesLayout {
  GtkLayoutManager parent;
  int pictures;
};

G_DEFINE_FINAL_TYPE(HfPanesLayout, hf_panes_layout, GTK_TYPE_LAYOUT_MANAGER)

static int count_children(GtkWidget *widget) {
  int n = 0;
  for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
       child = gtk_widget_get_next_sibling(child))
    n++;
  return n;
}

static GtkWidget *child_at(GtkWidget *widget, int i) {
  GtkWidget *child = gtk_widget_get_first_child(widget);
  while (child && i-- > 0)
    child = gtk_widget_get_next_sibling(child);
  return child;
}

/* A row of n panes: their width without gaps. */
static int share_of(int width, int n) {
  return (width - (n - 1) * GAP) / MAX(n, 1);
}

/* The height at which a picture fills the width of its pane. */
static int square_height(GtkWidget *widget, int width) {
  int natural;
  gtk_widget_measure(child_at(widget, 0), GTK_ORIENTATION_VERTICAL, width, NULL, &natural, NULL, NULL);
  return natural;
}

/* With the gap below it; 0 where it is hidden. */
static int probe_height(HfPanesLayout *self, GtkWidget *widget, int width) {
  GtkWidget *probe = child_at(widget, self->pictures);
  int least;
  if (!gtk_widget_should_layout(probe))
    return 0;
  gtk_widget_measure(probe, GTK_ORIENTATION_VERTICAL, width, &least, NULL, NULL, NULL);
  return least + GAP;
}

static int shown_pictures(HfPanesLayout *self, GtkWidget *widget) {
  int shown = 0;
  for (int i = 0; i < self->pictures; i++)
    shown += gtk_widget_should_layout(child_at(widget, i));
  return shown;
}

static GtkSizeRequestMode hf_panes_layout_get_request_mode(GtkLayoutManager *manager, GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void hf_panes_layout_measure(GtkLayoutManager *manager, GtkWidget *widget, GtkOrientation orientation,
                                    int for_size, int *minimum, int *natural, int *minimum_baseline,
                                    int *natural_baseline) {
  HfPanesLayout *self = HF_PANES_LAYOUT(manager);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    gtk_widget_measure(child_at(widget, self->pictures), orientation, -1, minimum, NULL, NULL, NULL);
    *minimum = MAX(*minimum, MIN_WIDTH);
    *natural = MAX(*minimum, 4 * 210);
    return;
  }
  int width = for_size > 0 ? for_size : 4 * 210;
  *minimum = *natural = LEAST_PICTURE + probe_height(self, widget, width) + LEAST_PLOT + GAP;
}

/* What is hidden leaves its room to the second of its row, where there is one. */
static void allocate_row(GtkWidget *widget, int first, int n, int top, int width, int height) {
  int each = share_of(width, n), shown = 0, x = 0;
  for (int i = 0; i < n; i++)
    shown += gtk_widget_get_visible(child_at(widget, first + i));
  for (int i = 0, at = 0; i < n; i++) {
    GtkWidget *child = child_at(widget, first + i);
    if (!gtk_widget_get_visible(child))
      continue;
    int wide = at == MIN(1, shown - 1) ? each + (n - shown) * (each + GAP) : each;
    GskTransform *place = gsk_transform_translate(NULL, &GRAPHENE_POINT_INIT(x, top));
    /* The last one takes what is left of its row. */
    gtk_widget_allocate(child, ++at == shown ? width - x : wide, height, -1, place);
    x += wide + GAP;
  }
}

/* Pictures are square as long as the plots below have what they need and the larger part of what is left. */
static int picture_height(HfPanesLayout *self, GtkWidget *widget, int width, int room, int rows) {
  int square = square_height(widget, share_of(width, self->pictures / rows));
  int most = MIN((int)(MOST_SHARE * room), room - LEAST_PLOT) - (rows - 1) * GAP;
  return MAX(LEAST_PICTURE, MIN(square, most / rows));
}

static void hf_panes_layout_allocate(GtkLayoutManager *manager, GtkWidget *widget, int width, int height,
                                     int baseline) {
  HfPanesLayout *self = HF_PANES_LAYOUT(manager);
  int probe = probe_height(self, widget, width), room = height - probe - GAP;
  int plots = count_children(widget) - self->pictures - 1;
  int rows = 1, picture = picture_height(self, widget, width, room, 1);
  /* Three in two rows would leave one of them alone. */
  bool even = shown_pictures(self, widget) % 2 == 0;
  if (even && room - picture > TALL * share_of(width, plots)) {
    rows = 2;
    picture = picture_height(self, widget, width, room, 2);
  }
  int y = 0, per_row = self->pictures / rows;
  for (int row = 0; row < rows; row++, y += picture + GAP)
    allocate_row(widget, row * per_row, per_row, y, width, picture);
  if (probe > 0)
    gtk_widget_allocate(child_at(widget, self->pictures), width, probe - GAP, -1,
                        gsk_transform_translate(NULL, &GRAPHENE_POINT_INIT(0, y)));
  y += probe;
  allocate_row(widget, self->pictures + 1, plots, y, width, height - y);
}

static void hf_panes_layout_class_init(HfPanesLayoutClass *class) {
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS(class);
  layout_class->get_request_mode = hf_panes_layout_get_request_mode;
  layout_class->measure = hf_panes_layout_measure;
  layout_class->allocate = hf_panes_layout_allocate;
}

static void hf_panes_layout_init(HfPanesLayout *self) {
  self->pictures = 4;
}

GtkLayoutManager *hf_panes_layout_new(int pictures) {
  HfPanesLayout *self = g_object_new(HF_TYPE_PANES_LAYOUT, NULL);
  self->pictures = pictures;
  return GTK_LAYOUT_MANAGER(self);
}
