/* A task as plain values: pictures or texts with labels, in parts.  The data floor fills it; the engine reads
 * it.
 *
 * Texts come in two forms: as bytes, as a file holds them, and as ids of one model's tokens, which is what a
 * run works on.
 *
 * Pictures are 8 bit, rows from the top, channels interleaved (1 = grey, 3 = RGB), each with its own size.  A
 * SampleSet is never written after loading and may be read by any thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
  const uint8_t *pixels; /* height * width * channels, belongs to the set */
  int width, height, channels;
} Picture;

typedef struct {
  const char *bytes; /* UTF-8, not ended by a zero; belongs to the set */
  size_t length;
} Text;

typedef struct {
  const int32_t *ids; /* belongs to the set */
  int n;              /* 1 to the set's text.tokens */
} TokenRow;

/* What a sample of texts is. */
typedef struct {
  int tokens;      /* ids of the longest sample; 0: the samples are no ids */
  bool next_token; /* every token is to be told from those in front of it, and the label is the token that
                      follows the sample's last: classes are the model's tokens.  False: a label a text */
} TextForm;

/* A sample is a picture, a text or a row of tokens; the other arrays are empty. */
typedef struct {
  GArray *pictures; /* Picture */
  GArray *texts;    /* Text */
  GArray *rows;     /* TokenRow */
  GArray *labels;   /* int, 0..n_classes-1 */
} SamplePart;

typedef struct {
  char *name;     /* in the spec */
  char *title;    /* for people */
  char **classes; /* NULL-terminated */
  int n_classes; /* 0: texts without labels */
  TextForm text;
  char *license, *source;
  /* Validation is empty where it is to be drawn from train by the seed (all sets read from files). */
  SamplePart train, validation, test;
  char *drawn_sha256; /* of what was drawn, or of the user's files; NULL where the set is always the same */
  GPtrArray *blocks;  /* the memory behind pixels, bytes and ids (element-type GBytes) */
} SampleSet;

SampleSet *sample_set_new(const char *name, const char *title);
void sample_set_free(SampleSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SampleSet, sample_set_free)

/* Appends a picture; the pixels must lie in a block that the set holds. */
void sample_part_append(SamplePart *part, const Picture *picture, int label);
void sample_part_append_text(SamplePart *part, const char *bytes, size_t length, int label);
void sample_part_append_row(SamplePart *part, const int32_t *ids, int n, int label);
static inline int sample_part_size(const SamplePart *part) {
  return (int)part->labels->len;
}

/* Resizes one picture to size x size and writes it as floats in 0..1, planes of R, G, B (channels = 3; grey
 * becomes three equal planes) or one grey plane (channels = 1; colour becomes its mean): half-pixel centres,
 * bilinear without antialiasing along an axis that is enlarged, area average along one that is shrunk. */
void picture_resize(const Picture *picture, int size_height, int size_width, int channels, float *planes);

/* Swaps the first and the third of three planes of `area` floats: RGB becomes BGR and back. */
void planes_swap_red_blue(float *planes, size_t area);
