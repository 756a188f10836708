/* What a run's numbers and states are in words.  All texts (transfer full) unless said otherwise. */
#pragma once

#include "ui/run-item.h"

/* The name, or the method where it has none.  Borrowed. */
const char *run_words_name(HfRunItem *item);
/* "Today, 14:32", "Yesterday, 9:10", "3 March", "3 March 2024".  `now`: milliseconds since 1970. */
char *run_words_date(gint64 created, gint64 now);
char *run_words_whole_date(gint64 created);
/* "75.1 %, 39.2 points over f without the prompt (35.9 %)"; "" where nothing is known. */
char *run_words_gain(HfRunItem *item);
/* "390 of 780" */
char *run_words_steps(HfRunItem *item);
/* For the eye, and the icon beside it.  Borrowed. */
const char *run_words_status(HfRunStatus status);
const char *run_words_status_icon(HfRunStatus status);
/* "Format: learnable" and so on, four lines. */
char *run_words_axes(HfRunItem *item);
/* Separated by ", ". */
char *run_words_tags(HfRunItem *item);
