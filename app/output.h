/* Standard output.  All of it is UTF-8 and numbers have a point whatever the locale says.
 *
 * The first failure is remembered; what comes after it is dropped.  A reader that goes away (a closed pipe)
 * ends the output quietly, a full disk is an error. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Before anything else: a closed pipe becomes an error instead of a signal. */
void output_start(void);
void output_text(const char *text);
void output_line(const char *format, ...) G_GNUC_PRINTF(1, 2);
/* A line "words path"; bytes of the path that are not UTF-8 are shown as \\xNN. */
void output_path(const char *words, const char *path);
/* Sends on what is buffered.  False when nobody reads any more or nothing can be written. */
bool output_flush(void);
/* At the end.  False, with an error, when something could not be written; a closed pipe is none. */
bool output_finish(GError **error);
/* Columns of the terminal behind standard output (or error), 0 when it is none. */
int output_columns(void);
int output_error_columns(void);
