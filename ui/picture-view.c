#include "ui/picture-view.h"

#include "ui/draw/picture-words.h"
#include "ui/draw/token-text.h"
#include "ui/picture-input.h"
#include "ui/picture-marks.h"
#include "ui/theme-palette.h"

#include <glib/gi18n.h>
#include <math.h>

#define NEAREST_FROM 2.0 /* below this magnification the texture's own filter is fine */

struct _HfPictureView {
  GtkWidget parent;
  GtkWidget *header, *title, *info, *controls; /* controls: NULL until there is one */
  int header_height;                           /* as it was allocated, margins included */
  HfLens *lens;
  graphene_rect_t frame;  /* of the picture in what the lens shows, in shares */
  Tensor *numbers, *mask; /* counted references */
  PatternNumbers shown;
  char *text;         /* shown instead of numbers; NULL: none */
  int prompt;         /* rows in front of the text */
  bool amplified;     /* a pattern, not a picture */
  double lock;        /* 0: automatic */
  PatternRange range; /* of a pattern; factor 0: not known yet */
  GBytes *pixels;     /* native ARGB; NULL: not made yet */
  GdkTexture *texture;
  int conversions;
};

G_DEFINE_FINAL_TYPE(HfPictureView, hf_picture_view, GTK_TYPE_WIDGET)

static void forget_pixels(HfPictureView *self) {
  g_clear_pointer(&self->pixels, g_bytes_unref);
  g_clear_object(&self->texture);
  self->range.factor = 0;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

static void ensure_range(HfPictureView *self) {
  if (self->range.factor == 0 && self->numbers && self->amplified)
    self->range =
        self->lock > 0 ? pattern_range_locked(&self->shown, self->lock) : pattern_range(&self->shown);
}

static void ensure_pixels(HfPictureView *self) {
  if (self->pixels || !self->numbers)
    return;
  int width = self->shown.width, height = self->shown.height;
  size_t stride = 4 * (size_t)width;
  uint32_t *rows = g_malloc(stride * height);
  if (self->amplified) {
    ensure_range(self);
    pattern_pixels(&self->shown, self->range, rows, stride);
  } else
    self->range.clipped = picture_pixels(&self->shown, rows, stride);
  self->pixels = g_bytes_new_take(rows, stride * height);
  self->texture = gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, self->pixels, stride);
  self->conversions++;
}

static PicturePlace place_of(HfPictureView *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  double top = self->header_height, zoom = hf_lens_get_zoom(self->lens), x, y;
  hf_lens_get_centre(self->lens, &x, &y);
  const graphene_rect_t *frame = &self->frame;
  zoom = MAX(1, zoom * MAX(frame->size.width, frame->size.height));
  x = (x - frame->origin.x) / frame->size.width;
  y = (y - frame->origin.y) / frame->size.height;
  graphene_rect_t room =
      GRAPHENE_RECT_INIT(0, top, gtk_widget_get_width(widget), gtk_widget_get_height(widget) - top);
  return picture_place(&room, self->shown.width, self->shown.height, zoom, x, y);
}

/* The visible part, with nearest neighbour. */
static void append_magnified(HfPictureView *self, GtkSnapshot *snapshot, const PicturePlace *place) {
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &place->window);
  cairo_surface_t *image = cairo_image_surface_create_for_data(
      (unsigned char *)g_bytes_get_data(self->pixels, NULL), CAIRO_FORMAT_RGB24, self->shown.width,
      self->shown.height, 4 * self->shown.width);
  cairo_rectangle(cr, place->window.origin.x, place->window.origin.y, place->window.size.width,
                  place->window.size.height);
  cairo_clip(cr);
  cairo_translate(cr, place->whole.origin.x, place->whole.origin.y);
  cairo_scale(cr, place->scale, place->scale);
  cairo_set_source_surface(cr, image, 0, 0);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_destroy(image);
}

/* (transfer full) NULL: nothing was done to the numbers. */
static char *range_words(HfPictureView *self) {
  g_autofree char *factor = self->amplified ? pattern_factor_text(self->range.factor) : NULL;
  char clipped[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd(clipped, sizeof clipped, "%.1f", 100 * self->range.clipped);
  if (factor && self->range.most == 0)
    return g_strdup(_("neutral everywhere"));
  if (factor)
    return g_strdup_printf(_("%s · clipped %s %%"), factor, clipped);
  return self->range.clipped > 0 ? g_strdup_printf(_("clipped %s %%"), clipped) : NULL;
}

static void append_text(HfPictureView *self, GtkSnapshot *snapshot, const graphene_rect_t *room,
                        const Palette *palette) {
  TokenText plot = {palette, self->text, self->prompt};
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, room);
  cairo_translate(cr, room->origin.x, room->origin.y);
  token_text_draw(cr, room->size.width, room->size.height, &plot);
  cairo_destroy(cr);
}

static void hf_picture_view_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfPictureView *self = HF_PICTURE_VIEW(widget);
  double top = self->header_height;
  graphene_rect_t room =
      GRAPHENE_RECT_INIT(0, top, gtk_widget_get_width(widget), gtk_widget_get_height(widget) - top);
  Palette palette = theme_palette(widget);
  if (self->text)
    append_text(self, snapshot, &room, &palette);
  else
    gtk_snapshot_append_color(snapshot, &(GdkRGBA){0.5, 0.5, 0.5, 1}, &room);
  ensure_pixels(self);
  if (self->texture) {
    PicturePlace place = place_of(self);
    gtk_snapshot_push_clip(snapshot, &place.window);
    if (place.scale >= NEAREST_FROM)
      append_magnified(self, snapshot, &place);
    else
      gtk_snapshot_append_texture(snapshot, self->texture, &place.whole);
    picture_append_cursor(snapshot, &place, &self->frame, self->lens);
    g_autofree char *words = range_words(self);
    if (words)
      picture_append_words(widget, snapshot, &place, words);
    gtk_snapshot_pop(snapshot);
  }
  gtk_widget_snapshot_child(widget, self->header, snapshot);
  if (self->controls)
    gtk_widget_snapshot_child(widget, self->controls, snapshot);
  theme_append_focus(widget, snapshot, &palette);
}

static GtkSizeRequestMode hf_picture_view_get_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void hf_picture_view_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                    int *natural, int *minimum_baseline, int *natural_baseline) {
  HfPictureView *self = HF_PICTURE_VIEW(widget);
  int header_minimum, header_natural;
  gtk_widget_measure(self->header, orientation, -1, &header_minimum, &header_natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL) {
    *minimum = MAX(96, header_minimum);
    *natural = MAX(200, header_natural);
  } else {
    *minimum = header_minimum + 96;
    *natural = header_natural + (for_size > 0 ? for_size : 200);
  }
}

static void hf_picture_view_size_allocate(GtkWidget *widget, int width, int height, int baseline) {
  HfPictureView *self = HF_PICTURE_VIEW(widget);
  gtk_widget_measure(self->header, GTK_ORIENTATION_VERTICAL, width, NULL, &self->header_height, NULL, NULL);
  gtk_widget_allocate(self->header, width, self->header_height, -1, NULL);
  if (!self->controls)
    return;
  GtkRequisition least, size;
  gtk_widget_get_preferred_size(self->controls, &least, &size);
  int wide = MAX(MIN(size.width, width - 12), least.width);
  gtk_widget_allocate(
      self->controls, wide, size.height, -1,
      gsk_transform_translate(NULL, &GRAPHENE_POINT_INIT(width - wide - 6, height - size.height - 6)));
}

static void hf_picture_view_dispose(GObject *object) {
  HfPictureView *self = HF_PICTURE_VIEW(object);
  if (self->lens)
    g_signal_handlers_disconnect_by_data(self->lens, self);
  g_clear_object(&self->lens);
  g_clear_pointer(&self->header, gtk_widget_unparent);
  g_clear_pointer(&self->controls, gtk_widget_unparent);
  g_clear_pointer(&self->numbers, tensor_unref);
  g_clear_pointer(&self->mask, tensor_unref);
  g_clear_pointer(&self->text, g_free);
  g_clear_pointer(&self->pixels, g_bytes_unref);
  g_clear_object(&self->texture);
  G_OBJECT_CLASS(hf_picture_view_parent_class)->dispose(object);
}

static void hf_picture_view_class_init(HfPictureViewClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_picture_view_dispose;
  widget_class->snapshot = hf_picture_view_snapshot;
  widget_class->measure = hf_picture_view_measure;
  widget_class->size_allocate = hf_picture_view_size_allocate;
  widget_class->get_request_mode = hf_picture_view_get_request_mode;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget_class, "picture-view");
}

static void hf_picture_view_init(HfPictureView *self) {
  GtkWidget *widget = GTK_WIDGET(self);
  graphene_rect_init(&self->frame, 0, 0, 1, 1);
  gtk_widget_set_focusable(widget, TRUE);
  gtk_widget_add_css_class(widget, "hf-pane");
  gtk_widget_set_overflow(widget, GTK_OVERFLOW_HIDDEN);
  g_signal_connect(self, "notify::has-focus", G_CALLBACK(gtk_widget_queue_draw), NULL);
}

/* The place in what the lens shows below a point of the widget. */
static bool locate(GtkWidget *widget, double x, double y, double *at_x, double *at_y, double *size) {
  HfPictureView *self = HF_PICTURE_VIEW(widget);
  if (!self->numbers)
    return false;
  PicturePlace place = place_of(self);
  const graphene_rect_t *frame = &self->frame;
  *at_x = frame->origin.x + frame->size.width * (x - place.whole.origin.x) / place.whole.size.width;
  *at_y = frame->origin.y + frame->size.height * (y - place.whole.origin.y) / place.whole.size.height;
  *size = place.whole.size.width / frame->size.width;
  return true;
}

GtkWidget *hf_picture_view_new(const char *title, HfLens *lens) {
  HfPictureView *self = g_object_new(HF_TYPE_PICTURE_VIEW, NULL);
  self->lens = g_object_ref(lens);
  self->header = picture_header(title, &self->title, &self->info);
  gtk_widget_set_parent(self->header, GTK_WIDGET(self));
  g_signal_connect_swapped(lens, "changed", G_CALLBACK(gtk_widget_queue_draw), self);
  picture_input_attach(GTK_WIDGET(self), lens, locate);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  return GTK_WIDGET(self);
}

static void set_numbers(HfPictureView *self, const Tensor *numbers, const Tensor *mask, float neutral,
                        bool amplified) {
  if (numbers == self->numbers && mask == self->mask && neutral == self->shown.neutral &&
      amplified == self->amplified)
    return;
  Tensor *kept = numbers ? tensor_ref(numbers) : NULL, *kept_mask = mask ? tensor_ref(mask) : NULL;
  g_clear_pointer(&self->numbers, tensor_unref);
  g_clear_pointer(&self->mask, tensor_unref);
  self->numbers = kept;
  self->mask = kept_mask;
  self->amplified = amplified;
  if (kept) {
    const int64_t *dim = kept->shape.dim;
    self->shown = (PatternNumbers){.numbers = tensor_floats(kept),
                                   .channels = (int)dim[0],
                                   .height = (int)dim[1],
                                   .width = (int)dim[2],
                                   .mask = kept_mask ? tensor_floats(kept_mask) : NULL,
                                   .neutral = neutral,
                                   .map = self->shown.map};
  }
  forget_pixels(self);
}

void hf_picture_view_set_picture(HfPictureView *self, const Tensor *picture) {
  set_numbers(self, picture, NULL, 0, false);
}

void hf_picture_view_set_text(HfPictureView *self, const char *text, int prompt) {
  if (g_strcmp0(text, self->text) == 0 && prompt == self->prompt)
    return;
  g_free(self->text);
  self->text = g_strdup(text);
  self->prompt = prompt;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

void hf_picture_view_set_frame(HfPictureView *self, const graphene_rect_t *frame) {
  if (graphene_rect_equal(frame, &self->frame) || frame->size.width <= 0 || frame->size.height <= 0)
    return;
  self->frame = *frame;
  gtk_widget_queue_draw(GTK_WIDGET(self));
}

bool hf_picture_view_own_pixel(HfPictureView *self, int *x, int *y) {
  int width, height;
  hf_lens_get_grid(self->lens, &width, &height);
  const graphene_rect_t *frame = &self->frame;
  double own_x = ((*x + 0.5) / width - frame->origin.x) / frame->size.width,
         own_y = ((*y + 0.5) / height - frame->origin.y) / frame->size.height;
  *x = (int)floor(own_x * self->shown.width);
  *y = (int)floor(own_y * self->shown.height);
  return self->numbers && own_x >= 0 && own_x < 1 && own_y >= 0 && own_y < 1;
}

void hf_picture_view_set_pattern(HfPictureView *self, const Tensor *pattern, const Tensor *mask,
                                 float neutral) {
  set_numbers(self, pattern, mask, neutral, true);
}

void hf_picture_view_lock_factor(HfPictureView *self, double factor) {
  if (factor == self->lock)
    return;
  self->lock = factor;
  forget_pixels(self);
}

void hf_picture_view_set_map(HfPictureView *self, PatternMap map) {
  if (map == self->shown.map)
    return;
  self->shown.map = map;
  forget_pixels(self);
}

void hf_picture_view_set_title(HfPictureView *self, const char *title, const char *name) {
  picture_header_set_title(self->title, title);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void hf_picture_view_set_info(HfPictureView *self, const char *info) {
  gtk_label_set_text(GTK_LABEL(self->info), info ? info : "");
}

void hf_picture_view_set_tip(HfPictureView *self, const char *tip) {
  gtk_widget_set_tooltip_text(self->header, tip);
}

void hf_picture_view_add_control(HfPictureView *self, GtkWidget *control) {
  if (!self->controls) {
    self->controls = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
    gtk_widget_add_css_class(self->controls, "hf-on-picture");
    gtk_widget_set_parent(self->controls, GTK_WIDGET(self));
  }
  gtk_box_append(GTK_BOX(self->controls), control);
}

void hf_picture_view_describe(HfPictureView *self) {
  TokenText plot = {NULL, self->text, self->prompt};
  if (!self->numbers && !self->text)
    return;
  g_autofree char *words = self->text ? token_text_words(&plot) : picture_words(&self->shown);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

bool hf_picture_view_get_numbers(HfPictureView *self, PatternNumbers *numbers) {
  *numbers = self->shown;
  return self->numbers != NULL;
}

PatternRange hf_picture_view_get_range(HfPictureView *self) {
  ensure_range(self);
  return self->range;
}

int hf_picture_view_get_conversions(HfPictureView *self) {
  return self->conversions;
}
