/* The page where a finished prompt is applied to pictures of the user's: which run is applied, how far it is,
 * and the answers as a grid of cards.
 *
 * It activates win.apply-choose, win.apply-folder, win.apply-clear, win.apply-save and the actions of the
 * menu of runs; its owner has them.  Signals: "runs-wanted" (): the menu of runs is about to open; "files"
 * (GPtrArray of char * paths) and "texture" (GdkTexture): something was dropped. */
#pragma once

#include "ui/answer.h"

#include <gtk/gtk.h>

#define HF_TYPE_APPLY_VIEW (hf_apply_view_get_type())
G_DECLARE_FINAL_TYPE(HfApplyView, hf_apply_view, HF, APPLY_VIEW, GtkBox)

GtkWidget *hf_apply_view_new(void);
/* The run in a word and in a line; NULL: none is chosen.  texts: it reads texts, so no pictures are asked
 * for. */
void hf_apply_view_set_run(HfApplyView *self, const char *title, const char *subtitle, bool texts);
/* The runs to choose from. */
void hf_apply_view_set_runs(HfApplyView *self, GMenuModel *runs);
/* How many pictures are answered of those that were given; equal: nothing is under way. */
void hf_apply_view_set_progress(HfApplyView *self, int done, int total);
/* The answers that are shown: HfAnswer, added to and emptied by the owner.  Borrowed. */
GListStore *hf_apply_view_get_answers(HfApplyView *self);
/* Pictures that are dropped on `widget` too come as this view's signals. */
void hf_apply_view_watch_drops(HfApplyView *self, GtkWidget *widget);
