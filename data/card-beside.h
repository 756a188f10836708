/* What exporters put beside a model file: Hugging Face's config.json and preprocessor_config.json, timm's
 * config.json, and names of classes (labels.txt and its like).  What is missing or odd is let be. */
#pragma once

#include <glib.h>

typedef struct {
  char *title;                                 /* what the files call the model */
  char *mean, *std, *input_range, *input_size; /* as a card writes them */
  char *numbers_file;                          /* whose numbers these are: its name */
  char *classes, *classes_file;                /* as a card writes them; the file's name */
  int n_classes;
} BesideFacts;

/* All NULL where nothing is found; channels and n_classes: of the network, what differs is left out. */
void beside_read(BesideFacts *facts, const char *model_path, int channels, int n_classes);
void beside_clear(BesideFacts *facts);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(BesideFacts, beside_clear)
