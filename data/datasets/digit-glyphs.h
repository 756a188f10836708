/* The outlines of the ten digits of a font file, as Cairo paths. */
#pragma once

#include <cairo.h>
#include <glib.h>
#include <stdbool.h>

typedef struct {
  cairo_path_t *digits[10]; /* y downwards; the tallest digit is 1 high.  Where they lie is up to the font */
} DigitGlyphs;

/* Reads the outlines straight from the file, unhinted, so that no setting of fontconfig's matters.  NULL and
 * one sentence that names `package` when the file is not there or has no digits.  `family` (may be NULL)
 * takes the file's own family name.  (transfer full) */
DigitGlyphs *digit_glyphs_load(const char *path, const char *package, char **family, GError **error);
void digit_glyphs_free(DigitGlyphs *glyphs);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(DigitGlyphs, digit_glyphs_free)
