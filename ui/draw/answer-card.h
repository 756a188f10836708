/* One answered picture as a card: the picture, what f receives of it, the surest classes as bars, and the
 * answer without the prompt. */
#pragma once

#include "ui/draw/palette.h"

#define ANSWER_CARD_WIDTH  236
#define ANSWER_CARD_HEIGHT 222
#define ANSWER_CARD_TOP    3

/* 8 bit red, green, blue, rows from the top without padding; pixels NULL: none. */
typedef struct {
  const unsigned char *pixels;
  int width, height;
} CardPicture;

typedef struct {
  const char *name;
  double share; /* 0..1 */
} CardClass;

/* All borrowed. */
typedef struct {
  const char *name;  /* of the picture */
  const char *error; /* NULL: it is answered, and what follows is set */
  CardPicture picture, received;
  CardClass top[ANSWER_CARD_TOP];
  int n_top;
  CardClass plain; /* without the prompt; name NULL: not known */
} AnswerCard;

/* Fills the card's width and height from the top left corner. */
void answer_card_draw(cairo_t *cr, const AnswerCard *card, const Palette *palette);
/* "44.7 %"  (transfer full) */
char *answer_share_text(double share);
/* "Sneaker 44.7 %, Ankle boot 36.8 %; without the prompt: Sneaker 38.2 %"  (transfer full) */
char *answer_card_words(const AnswerCard *card);
