#include "ui/lens.h"

#include <math.h>

struct _HfLens {
  GObject parent;
  double zoom, centre_x, centre_y;
  int width, height;
  bool pointed;
  int x, y;
};

G_DEFINE_FINAL_TYPE(HfLens, hf_lens, G_TYPE_OBJECT)

static guint changed_signal;

static void hf_lens_class_init(HfLensClass *class) {
  changed_signal =
      g_signal_new("changed", HF_TYPE_LENS, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hf_lens_init(HfLens *self) {
  self->zoom = 1;
  self->centre_x = self->centre_y = 0.5;
  self->width = self->height = 1;
}

HfLens *hf_lens_new(void) {
  return g_object_new(HF_TYPE_LENS, NULL);
}

/* The window stays on the picture. */
static void move_to(HfLens *self, double zoom, double x, double y) {
  zoom = CLAMP(zoom, 1, HF_LENS_MAX_ZOOM);
  double half = 0.5 / zoom;
  x = CLAMP(x, half, 1 - half);
  y = CLAMP(y, half, 1 - half);
  if (zoom == self->zoom && x == self->centre_x && y == self->centre_y)
    return;
  self->zoom = zoom;
  self->centre_x = x;
  self->centre_y = y;
  g_signal_emit(self, changed_signal, 0);
}

double hf_lens_get_zoom(HfLens *self) {
  return self->zoom;
}

void hf_lens_get_centre(HfLens *self, double *x, double *y) {
  *x = self->centre_x;
  *y = self->centre_y;
}

void hf_lens_zoom_at(HfLens *self, double factor, double x, double y) {
  double zoom = CLAMP(self->zoom * factor, 1, HF_LENS_MAX_ZOOM), ratio = self->zoom / zoom;
  move_to(self, zoom, x + (self->centre_x - x) * ratio, y + (self->centre_y - y) * ratio);
}

void hf_lens_set_zoom(HfLens *self, double zoom) {
  move_to(self, zoom, self->centre_x, self->centre_y);
}

void hf_lens_pan(HfLens *self, double x, double y) {
  move_to(self, self->zoom, self->centre_x - x, self->centre_y - y);
}

void hf_lens_reset(HfLens *self) {
  move_to(self, 1, 0.5, 0.5);
}

void hf_lens_set_grid(HfLens *self, int width, int height) {
  width = MAX(width, 1);
  height = MAX(height, 1);
  if (width == self->width && height == self->height)
    return;
  self->x = self->x * width / self->width;
  self->y = self->y * height / self->height;
  self->width = width;
  self->height = height;
  g_signal_emit(self, changed_signal, 0);
}

void hf_lens_get_grid(HfLens *self, int *width, int *height) {
  *width = self->width;
  *height = self->height;
}

bool hf_lens_get_cursor(HfLens *self, int *x, int *y) {
  *x = self->x;
  *y = self->y;
  return self->pointed;
}

void hf_lens_set_cursor(HfLens *self, int x, int y) {
  x = CLAMP(x, 0, self->width - 1);
  y = CLAMP(y, 0, self->height - 1);
  if (self->pointed && x == self->x && y == self->y)
    return;
  self->pointed = true;
  self->x = x;
  self->y = y;
  double half = 0.5 / self->zoom, left = (double)x / self->width, top = (double)y / self->height,
         pixel_x = 1.0 / self->width, pixel_y = 1.0 / self->height;
  self->centre_x = CLAMP(CLAMP(self->centre_x, left + pixel_x - half, left + half), half, 1 - half);
  self->centre_y = CLAMP(CLAMP(self->centre_y, top + pixel_y - half, top + half), half, 1 - half);
  g_signal_emit(self, changed_signal, 0);
}
