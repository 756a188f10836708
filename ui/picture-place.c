#include "ui/picture-place.h"

#include <glib.h>
#include <math.h>

PicturePlace picture_place(const graphene_rect_t *room, int width, int height, double zoom, double x,
                           double y) {
  PicturePlace place;
  width = MAX(width, 1);
  height = MAX(height, 1);
  double fit = MIN(room->size.width / width, room->size.height / height);
  place.scale = MAX(fit, 1e-3) * zoom;
  double w = place.scale * width, h = place.scale * height;
  /* Where the picture is smaller than the room it stands in its middle. */
  double left = w <= room->size.width ? (room->size.width - w) / 2
                                      : CLAMP(room->size.width / 2 - x * w, room->size.width - w, 0);
  double top = h <= room->size.height ? (room->size.height - h) / 2
                                      : CLAMP(room->size.height / 2 - y * h, room->size.height - h, 0);
  graphene_rect_init(&place.whole, room->origin.x + left, room->origin.y + top, w, h);
  if (!graphene_rect_intersection(room, &place.whole, &place.window))
    place.window = *room;
  return place;
}

graphene_rect_t picture_place_cell(const PicturePlace *place, double x, double y, double width,
                                   double height) {
  const graphene_rect_t *whole = &place->whole;
  graphene_rect_t cell;
  graphene_rect_init(&cell, whole->origin.x + x * whole->size.width, whole->origin.y + y * whole->size.height,
                     width * whole->size.width, height * whole->size.height);
  return cell;
}
