/* What a model file says of itself: ONNX metadata_props as plain values.  All of it is optional. */
#pragma once

#include <glib.h>

typedef struct {
  char *title, *task, *resize, *features, *tokenizer, *license, *source, *published_accuracy,
      *measured_accuracy;
  char **classes; /* NULL-terminated; NULL: unknown */
  int n_classes;
  float mean[4], std[4]; /* a channel each; 0 and 1 where the card is silent */
  int n_channels;        /* how many the card gives; 0: none */
  gboolean range_255;    /* input_range "0..255": pictures are multiplied by 255 before normalisation */
  gboolean bgr;          /* channel_order BGR */
  int input_size[3]; /* channels, height, width of a picture where the graph leaves them open; 0: not given */
  unsigned said;     /* a bit an entry that was given (data/model-card.h) */
  GPtrArray
      *warnings; /* char *: a sentence for each entry of the file that was not understood and is left out */
} ModelCard;

/* A card that says nothing. */
void model_card_init(ModelCard *card);
/* Frees what the card holds; init before it is used again. */
void model_card_clear(ModelCard *card);
