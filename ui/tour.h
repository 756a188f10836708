/* The guided tour: four popovers that point at what matters, one after the other.  It can be skipped at every
 * one of them; "ended" is emitted once it is over, either way. */
#pragma once

#include <gtk/gtk.h>
#include <stdbool.h>

typedef enum { HF_TOUR_AXES, HF_TOUR_RUN, HF_TOUR_PATTERN, HF_TOUR_MAP, HF_TOUR_N_STOPS } HfTourStop;

#define HF_TYPE_TOUR (hf_tour_get_type())
G_DECLARE_FINAL_TYPE(HfTour, hf_tour, HF, TOUR, GObject)

/* `parent` holds all anchors; hf_tour_close() comes before it goes.  (transfer full) */
HfTour *hf_tour_new(GtkWidget *parent);
/* Borrowed, and forgotten when it is destroyed.  A stop without a visible anchor is left out. */
void hf_tour_set_anchor(HfTour *self, HfTourStop stop, GtkWidget *anchor);
void hf_tour_start(HfTour *self);
void hf_tour_next(HfTour *self);
void hf_tour_end(HfTour *self);
void hf_tour_close(HfTour *self);
