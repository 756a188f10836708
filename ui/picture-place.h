/* Where a picture lies in a room when it is seen through a lens, in the room's units. */
#pragma once

#include <graphene.h>

typedef struct {
  graphene_rect_t window; /* the part of the room that shows something */
  graphene_rect_t whole;  /* the whole picture; reaches out of the window when magnified */
  double scale;           /* units a pixel */
} PicturePlace;

/* zoom 1: the whole picture fits.  (x, y): the place of the picture, 0..1, in the middle of the room. */
PicturePlace picture_place(const graphene_rect_t *room, int width, int height, double zoom, double x,
                           double y);
/* A part of the picture given in shares. */
graphene_rect_t picture_place_cell(const PicturePlace *place, double x, double y, double width,
                                   double height);
