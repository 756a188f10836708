/* Hostile files: what becomes of them has to be known soon, and in little memory. */
#pragma once

#include <glib.h>

/* What is used up by a step: seconds and mebibytes of peak memory.  Sanitizers are slow and keep much, so
 * under them only time is looked at, and ten times as much of it. */
typedef struct {
  gint64 started;
  long peak;
} Effort;

Effort effort_start(void);
/* Fails the test when the step took more than a second or 512 MiB. */
void effort_check(const Effort *effort);

/* All the words (separated by '|') are in the sentence, which is one line. */
void assert_sentence(const GError *error, const char *words);
/* The file is refused when it is loaded, at once, with a sentence that holds the words.  Consumes `part`. */
void assert_refused(GByteArray *part, const char *words);
