#include "ui/scroll-to.h"

#include <stdbool.h>

#define FEWEST_FRAMES 3 /* what was shown just now gets its place within them */
#define MOST_FRAMES   30
#define AIR           6 /* pixels above and below */

typedef struct {
  int height; /* of the widget, in the frame before */
  int frames;
} Wait;

/* By where it is seen now. */
static void scroll_one(GtkScrolledWindow *scroller, GtkWidget *widget) {
  GtkAdjustment *place = gtk_scrolled_window_get_vadjustment(scroller);
  graphene_rect_t at;
  if (!gtk_widget_compute_bounds(widget, gtk_scrolled_window_get_child(scroller), &at))
    return;
  double top = gtk_adjustment_get_value(place) + at.origin.y;
  gtk_adjustment_clamp_page(place, top - AIR, top + at.size.height + AIR);
}

/* Texts that wrap take some frames to find their height. */
static gboolean on_frame(GtkWidget *widget, GdkFrameClock *clock, gpointer data) {
  Wait *wait = data;
  int height = gtk_widget_get_height(widget);
  bool settled = ++wait->frames >= FEWEST_FRAMES && height == wait->height;
  wait->height = height;
  for (GtkWidget *at = gtk_widget_get_parent(widget); at; at = gtk_widget_get_parent(at))
    if (GTK_IS_SCROLLED_WINDOW(at))
      scroll_one(GTK_SCROLLED_WINDOW(at), widget);
  return settled || wait->frames >= MOST_FRAMES ? G_SOURCE_REMOVE : G_SOURCE_CONTINUE;
}

void scroll_to(GtkWidget *widget) {
  gtk_widget_add_tick_callback(widget, on_frame, g_new0(Wait, 1), g_free);
}
