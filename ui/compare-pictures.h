/* The patterns of two runs, large, and their difference: one lens, one factor, one map.
 *
 * What is shown is made when it is on the screen.  The factor is the smaller of the two that suit the
 * patterns, so both are seen in the same range; the difference has its own, and every picture prints what was
 * done to it. */
#pragma once

#include "ui/compared-run.h"
#include "ui/lens.h"
#include "ui/picture-view.h"

#include <gtk/gtk.h>

#define HF_TYPE_COMPARE_PICTURES (hf_compare_pictures_get_type())
G_DECLARE_FINAL_TYPE(HfComparePictures, hf_compare_pictures, HF, COMPARE_PICTURES, GtkWidget)

typedef enum { COMPARED_A, COMPARED_B, COMPARED_DIFFERENCE, N_COMPARED_PICTURES } ComparedPicture;

GtkWidget *hf_compare_pictures_new(void);
/* win.compare-amplify (double), win.compare-map (string), win.compare-zoom (double: a factor, 0 = the whole
 * picture), win.compare-probe ((ii): a pixel). */
void hf_compare_pictures_add_actions(HfComparePictures *self, GActionMap *map);
/* Takes it; NULL: nothing. */
void hf_compare_pictures_set_moment(HfComparePictures *self, CompareSide side, HfComparedMoment *moment);

/* Borrowed; NULL: none. */
const HfComparedMoment *hf_compare_pictures_get_moment(HfComparePictures *self, CompareSide side);
HfLens *hf_compare_pictures_get_lens(HfComparePictures *self);
HfPictureView *hf_compare_pictures_get_picture(HfComparePictures *self, ComparedPicture which);
/* Why there is no difference; NULL: there is one, or nothing to compare. */
const char *hf_compare_pictures_get_sentence(HfComparePictures *self);
/* The factor of both patterns that was asked for: 0, the one that suits them.  And how they are mapped. */
double hf_compare_pictures_get_lock(HfComparePictures *self);
PatternMap hf_compare_pictures_get_map(HfComparePictures *self);
