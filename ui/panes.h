/* The live panes: sample, pattern, what f receives, the difference (a pattern inside f takes the room of
 * both); the numbers at one pixel; confidence, label map and curves.  All show one moment, the snapshot's.
 *
 * Setters take references and return at once.  Nothing is computed while the panes are not on the screen;
 * what was missed is shown when they come back.  Nothing is drawn anew that has not changed.
 *
 * Signal "seek" (int step): a curve was clicked. */
#pragma once

#include "ui/inside-view.h"
#include "ui/lens.h"
#include "ui/picture-view.h"
#include "ui/plots.h"
#include "ui/sample-picker.h"
#include "ui/series.h"
#include "ui/snapshot.h"

#include <gtk/gtk.h>

#define HF_TYPE_PANES (hf_panes_get_type())
G_DECLARE_FINAL_TYPE(HfPanes, hf_panes, HF, PANES, GtkWidget)

typedef enum { PANE_SAMPLE, PANE_PATTERN, PANE_RECEIVED, PANE_DIFFERENCE, N_PICTURE_PANES } PicturePane;

GtkWidget *hf_panes_new(void);
/* Adds what the panes can do to the window's actions; panes-actions.h lists them. */
void hf_panes_add_actions(HfPanes *self, GActionMap *map);
/* NULL: nothing is shown but what will be seen. */
void hf_panes_set_snapshot(HfPanes *self, HfSnapshot *snapshot);
/* Borrowed until the next one; NULL: none. */
void hf_panes_set_series(HfPanes *self, const HfSeries *series);
void hf_panes_series_changed(HfPanes *self);
/* The step that all panes show, for the curves.  -1: none. */
void hf_panes_set_cursor_step(HfPanes *self, int step);

/* The factor that the pattern is shown with; the second brings what shows it up to date. */
double hf_panes_get_factor(HfPanes *self);
void hf_panes_tell_factor(HfPanes *self);

/* Opens the list that a sample is chosen from, where the panes are on the screen. */
void hf_panes_choose_sample(HfPanes *self);
/* Borrowed; the owner answers its "wanted". */
HfSamplePicker *hf_panes_get_samples(HfPanes *self);

/* Borrowed; for comparisons, files and tests. */
HfLens *hf_panes_get_lens(HfPanes *self);
HfPictureView *hf_panes_get_picture(HfPanes *self, PicturePane which);
const Plots *hf_panes_get_plots(HfPanes *self);
HfInsideView *hf_panes_get_inside(HfPanes *self);
