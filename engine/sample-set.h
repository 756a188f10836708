/* A task as plain values: pictures with labels, in parts.  The data floor fills it; the engine reads it.
 *
 * Pictures are 8 bit, rows from the top, channels interleaved (1 = grey, 3 = RGB), each with its own size.  A
 * SampleSet is never written after loading and may be read by any thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct {
  const uint8_t *pixels; /* height * width * channels, belongs to the set */
  int width, height, channels;
} Picture;

typedef struct {
  GArray *pictures; /* Picture */
  GArray *labels;   /* int, 0..n_classes-1 */
} SamplePart;

typedef struct {
  char *name;     /* in the spec */
  char *title;    /* for people */
  char **classes; /* NULL-terminated */
  int n_classes;
  char *license, *source;
  /* Validation is empty where it is to be drawn from train by the seed (all sets read from files). */
  SamplePart train, validation, test;
  char *drawn_sha256; /* drawn sets: digest over pixels and labels; NULL otherwise */
  GPtrArray *blocks;  /* the memory behind the pixels (element-type GBytes) */
} SampleSet;

SampleSet *sample_set_new(const char *name, const char *title);
void sample_set_free(SampleSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SampleSet, sample_set_free)

/* Appends a picture; the pixels must lie in a block that the set holds. */
void sample_part_append(SamplePart *part, const Picture *picture, int label);
static inline int sample_part_size(const SamplePart *part) {
  return (int)part->pictures->len;
}

/* Resizes one picture to size x size and writes it as floats in 0..1, planes of R, G, B (channels = 3; grey
 * becomes three equal planes) or one grey plane (channels = 1; colour becomes its mean): half-pixel centres,
 * bilinear without antialiasing along an axis that is enlarged, area average along one that is shrunk. */
void picture_resize(const Picture *picture, int size_height, int size_width, int channels, float *planes);

/* Swaps the first and the third of three planes of `area` floats: RGB becomes BGR and back. */
void planes_swap_red_blue(float *planes, size_t area);
