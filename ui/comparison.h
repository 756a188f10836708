/* The page of two runs side by side: patterns with linked zoom in the same range and their difference, both
 * curves on the same axes, a table of what differs, and one scrubber by share of the training.
 *
 * Setters take finished values and return at once; nothing is computed while the page is not on the screen.
 *
 * Signals: "shown" (): it came onto the screen.  "picked" (int side, const char *id): a run was chosen.
 * "search" (const char *text): which runs the pickers should offer.  "seek" (double share): the moment at
 * this share of the training, 0..1, is wanted. */
#pragma once

#include "ui/compare-pictures.h"
#include "ui/compare-table.h"
#include "ui/plot-view.h"
#include "ui/run-picker.h"

#define HF_TYPE_COMPARISON (hf_comparison_get_type())
G_DECLARE_FINAL_TYPE(HfComparison, hf_comparison, HF, COMPARISON, GtkWidget)

GtkWidget *hf_comparison_new(void);
/* Those of pictures and table, and win.compare-seek-by (int: stored moments). */
void hf_comparison_add_actions(HfComparison *self, GActionMap *map);
/* What the pickers offer; copied. */
void hf_comparison_set_choices(HfComparison *self, const HfRunChoice *choices, int n);
/* What the empty page offers to compare; NULL: nothing. */
void hf_comparison_set_latest(HfComparison *self, const char *a, const char *b);
void hf_comparison_set_chosen(HfComparison *self, CompareSide side, const HfRunChoice *choice);
/* Takes the run; NULL: none.  The comparison is shown once there are two. */
void hf_comparison_set_run(HfComparison *self, CompareSide side, HfComparedRun *run);
/* Takes the moment of the side's run. */
void hf_comparison_set_moment(HfComparison *self, CompareSide side, HfComparedMoment *moment);
/* Where the scrubber stands. */
void hf_comparison_set_share(HfComparison *self, double share);

/* Borrowed. */
const HfComparedRun *hf_comparison_get_run(HfComparison *self, CompareSide side);
HfComparePictures *hf_comparison_get_pictures(HfComparison *self);
HfCompareTable *hf_comparison_get_table(HfComparison *self);
HfPlotView *hf_comparison_get_curves(HfComparison *self);
HfRunPicker *hf_comparison_get_picker(HfComparison *self, CompareSide side);
gboolean hf_comparison_is_empty(HfComparison *self);
