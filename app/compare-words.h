/* What differs between two stored runs, as the lines of a table and one sentence.  Any thread. */
#pragma once

#include "app/run-difference.h"
#include "ui/compared-run.h"
#include "ui/run-picker.h"

typedef struct {
  GStringChunk *texts; /* what the rows point to */
  GArray *rows;        /* HfCompareRow: results, settings, efforts */
  HfCompareSection sections[3];
  char *sentence;
  bool warns; /* this is no controlled comparison */
} CompareWords;

/* (transfer full) */
CompareWords *compare_words_new(const RunRow *a, const RunRow *b, GError **error);
void compare_words_free(CompareWords *words);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CompareWords, compare_words_free)

/* How a run is offered; texts go into the chunk. */
HfRunChoice compare_choice(const RunRow *row, GStringChunk *texts);
