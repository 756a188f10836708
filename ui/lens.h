/* What part of the pictures is looked at, and which pixel is pointed at: shared by all pictures that show one
 * moment, so that pan, zoom and cursor are linked.  Places are shares of the picture's width and height,
 * 0..1.
 *
 * Signal "changed" (): any of the numbers. */
#pragma once

#include <glib-object.h>
#include <stdbool.h>

#define HF_TYPE_LENS (hf_lens_get_type())
G_DECLARE_FINAL_TYPE(HfLens, hf_lens, HF, LENS, GObject)

#define HF_LENS_MAX_ZOOM 64.0

HfLens *hf_lens_new(void);
/* 1: the whole picture. */
double hf_lens_get_zoom(HfLens *self);
void hf_lens_get_centre(HfLens *self, double *x, double *y);
/* Zooms by a factor so that the place (x, y) of the picture stays where it is. */
void hf_lens_zoom_at(HfLens *self, double factor, double x, double y);
void hf_lens_set_zoom(HfLens *self, double zoom);
/* Moves the picture below the window by shares of its width and height. */
void hf_lens_pan(HfLens *self, double x, double y);
/* The whole picture again. */
void hf_lens_reset(HfLens *self);
/* The size in pixels that the cursor counts in. */
void hf_lens_set_grid(HfLens *self, int width, int height);
void hf_lens_get_grid(HfLens *self, int *width, int *height);
/* The pixel that is pointed at; false: none yet. */
bool hf_lens_get_cursor(HfLens *self, int *x, int *y);
/* Kept within the grid; moves the window where the pixel would be outside of it. */
void hf_lens_set_cursor(HfLens *self, int x, int y);
