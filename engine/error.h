/* The one error domain of the engine and of the floors above it.
 *
 * Every function that can fail on somebody's input takes a GError ** as its last argument.  The message is
 * one sentence for the user: what is wrong, where, and what to do.  The codes are the command line's exit
 * statuses. */
#pragma once

#include <glib.h>

#define HOARFROST_ERROR (hoarfrost_error_quark())

typedef enum {
  HOARFROST_ERROR_INPUT = 1,   /* the input, the disk or the run is at fault */
  HOARFROST_ERROR_USAGE = 2,   /* the command was called wrongly */
  HOARFROST_ERROR_STOPPED = 3, /* somebody asked to stop: not a fault */
} HoarfrostError;

GQuark hoarfrost_error_quark(void);

/* Sets `error` to HOARFROST_ERROR_INPUT with a formatted sentence.  Always returns false, so that a function
 * can end with `return input_error(error, ...)`.  Bytes that are not UTF-8 are shown escaped; line ends
 * become spaces. */
gboolean input_error(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* The text as one line of valid UTF-8: other bytes and control characters as \xNN, line ends as spaces.
 * (transfer full) */
char *text_one_line(const char *text);
