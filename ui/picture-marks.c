#include "ui/picture-marks.h"

void picture_append_cursor(GtkSnapshot *snapshot, const PicturePlace *place, const graphene_rect_t *frame,
                           HfLens *lens) {
  int x, y, width, height;
  if (!hf_lens_get_cursor(lens, &x, &y))
    return;
  hf_lens_get_grid(lens, &width, &height);
  double across = frame->size.width * width, down = frame->size.height * height;
  graphene_rect_t pixel = picture_place_cell(place, (x - frame->origin.x * width) / across,
                                             (y - frame->origin.y * height) / down, 1 / across, 1 / down);
  const GdkRGBA white = {1, 1, 1, 1}, black = {0, 0, 0, 1};
  for (int ring = 0; ring < 2; ring++) {
    GskRoundedRect border;
    gsk_rounded_rect_init_from_rect(&border, &pixel, 1);
    gsk_rounded_rect_shrink(&border, -1 - ring, -1 - ring, -1 - ring, -1 - ring);
    const GdkRGBA *ink = ring ? &black : &white;
    gtk_snapshot_append_border(snapshot, &border, (float[]){1, 1, 1, 1}, (GdkRGBA[]){*ink, *ink, *ink, *ink});
  }
}

void picture_append_words(GtkWidget *widget, GtkSnapshot *snapshot, const PicturePlace *place,
                          const char *words) {
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout(widget, words);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_scale_new(0.82));
  pango_layout_set_attributes(layout, attributes);
  int width, height;
  pango_layout_get_pixel_size(layout, &width, &height);
  const graphene_rect_t *window = &place->window;
  double bottom = window->origin.y + window->size.height;
  graphene_rect_t plate =
      GRAPHENE_RECT_INIT(window->origin.x + 6, bottom - height - 10, width + 12, height + 4);
  GskRoundedRect rounded;
  gsk_rounded_rect_init_from_rect(&rounded, &plate, 4);
  gtk_snapshot_push_rounded_clip(snapshot, &rounded);
  gtk_snapshot_append_color(snapshot, &(GdkRGBA){0, 0, 0, 0.75}, &plate);
  gtk_snapshot_pop(snapshot);
  gtk_snapshot_save(snapshot);
  gtk_snapshot_translate(snapshot, &GRAPHENE_POINT_INIT(plate.origin.x + 6, plate.origin.y + 2));
  gtk_snapshot_append_layout(snapshot, layout, &(GdkRGBA){1, 1, 1, 1});
  gtk_snapshot_restore(snapshot);
}
