/* The fonts of *digits in many fonts*: a fixed table, so that what else is installed never changes a pixel.
 *
 * A package, and with it each of its families, belongs to one part only, and none is among the packages that
 * the frozen model's letters were drawn from (data/zoo/README.md). */
#pragma once

#include <glib.h>

typedef enum { DIGITS_TRAIN, DIGITS_VALIDATION, DIGITS_TEST, N_DIGIT_PARTS } DigitPart;

#define FAMILY_MOST_FILES 3

typedef struct {
  DigitPart part;
  const char *package;                  /* Debian's */
  const char *family;                   /* as the files name themselves */
  const char *files[FAMILY_MOST_FILES]; /* below DIGIT_FONT_FOLDER; NULL: no more */
} DigitFamily;

#define DIGIT_FONT_FOLDER "/usr/share/fonts/"

extern const DigitFamily digit_families[];
extern const guint n_digit_families;
