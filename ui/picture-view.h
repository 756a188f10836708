/* One picture of numbers: title, what was done to it, and the pixels, seen through a lens that pictures
 * share.
 *
 * Nothing is computed before the picture is drawn: a view that is not on the screen costs nothing.  Pixels
 * are made once a picture, and drawn with nearest neighbour where they are magnified.  Mouse: wheel zooms at
 * the pointer, dragging pans, moving points at a pixel.  Keys: arrows move the pixel (with Control: ten), + -
 * zoom, 0 shows the whole picture, 1 a quarter of its edge. */
#pragma once

#include "engine/tensor.h"
#include "ui/draw/pattern-pixels.h"
#include "ui/lens.h"

#include <gtk/gtk.h>

#define HF_TYPE_PICTURE_VIEW (hf_picture_view_get_type())
G_DECLARE_FINAL_TYPE(HfPictureView, hf_picture_view, HF, PICTURE_VIEW, GtkWidget)

/* title: for people, translated.  The lens is shared. */
GtkWidget *hf_picture_view_new(const char *title, HfLens *lens);
/* Numbers 0..1 as they are: (channels, height, width).  NULL: nothing. */
void hf_picture_view_set_picture(HfPictureView *self, const Tensor *picture);
/* A text instead of a picture, with rows of a prompt in front of it, drawn in the theme's colours.  NULL:
 * none.
 */
void hf_picture_view_set_text(HfPictureView *self, const char *text, int prompt);
/* The part of what the lens shows that the picture takes, in shares of it: a picture that stands within
 * another one's frame fills its own pane, and meets the others where they are magnified.  At first
 * everything. */
void hf_picture_view_set_frame(HfPictureView *self, const graphene_rect_t *frame);
/* From a pixel of the lens' grid to one of the picture's own; false where the picture is not. */
bool hf_picture_view_own_pixel(HfPictureView *self, int *x, int *y);
/* Numbers around `neutral`, amplified; mask NULL: everywhere. */
void hf_picture_view_set_pattern(HfPictureView *self, const Tensor *pattern, const Tensor *mask,
                                 float neutral);
/* 0: the factor that suits each picture. */
void hf_picture_view_lock_factor(HfPictureView *self, double factor);
void hf_picture_view_set_map(HfPictureView *self, PatternMap map);
/* What stands above it, and the name that a screen reader says. */
void hf_picture_view_set_title(HfPictureView *self, const char *title, const char *name);
/* A few words right of the title. */
void hf_picture_view_set_info(HfPictureView *self, const char *info);
/* What title and words mean, for who stays with the pointer there. */
void hf_picture_view_set_tip(HfPictureView *self, const char *tip);
/* A small button on the picture's lower right corner. */
void hf_picture_view_add_control(HfPictureView *self, GtkWidget *control);
/* Names the picture and puts its numbers into words, for screen readers. */
void hf_picture_view_describe(HfPictureView *self);
/* The numbers as they are shown, false when there are none. Borrowed until the next picture. */
bool hf_picture_view_get_numbers(HfPictureView *self, PatternNumbers *numbers);
/* The factor and the clipped share that a pattern is shown with. */
PatternRange hf_picture_view_get_range(HfPictureView *self);
/* How many times numbers have been made into pixels. */
int hf_picture_view_get_conversions(HfPictureView *self);
