/* A stored run as a row of lists: plain values, and the small picture of its pattern once it was asked for.
 *
 * An item may be made in any thread; from then on it belongs to the main thread.  Signals: "changed" (its
 * facts are new), "pictured" (its picture is new). */
#pragma once

#include "engine/taxonomy.h"

#include <cairo.h>
#include <glib-object.h>

#define HF_TYPE_RUN_ITEM (hf_run_item_get_type())
G_DECLARE_FINAL_TYPE(HfRunItem, hf_run_item, HF, RUN_ITEM, GObject)

typedef enum {
  HF_RUN_RUNNING,
  HF_RUN_FINISHED,
  HF_RUN_STOPPED,
  HF_RUN_FAILED,
  HF_RUN_INTERRUPTED,
  HF_N_RUN_STATUSES,
} HfRunStatus;

typedef enum {
  HF_RUN_ID,
  HF_RUN_NAME,
  HF_RUN_METHOD, /* of the manipulation, title */
  HF_RUN_ALIGNMENT,
  HF_RUN_MODEL,
  HF_RUN_TASK,
  HF_RUN_TAGS, /* "a,b" */
  HF_RUN_NOTE,
  HF_RUN_PRESET,
  HF_RUN_PROBLEM, /* why it failed */
  HF_RUN_WORDS,   /* more that a search finds: the names behind the titles */
  HF_RUN_AXES,    /* the first of N_AXES values' names */
  HF_N_RUN_TEXTS = HF_RUN_AXES + N_AXES,
} HfRunText;

typedef struct {
  const char *texts[HF_N_RUN_TEXTS];     /* NULL is as good as "" */
  double accuracy;                       /* best on the test part; NaN: not known, as in the next three */
  double no_prompt, no_prompt_full_size; /* f alone on the resized picture, and on the picture of full size */
  double gain;                           /* over the better of the two */
  int steps, total_steps;
  gint64 created; /* UTC, milliseconds since 1970 */
  HfRunStatus status;
  gboolean star;
} HfRunFacts;

/* The facts are copied. */
HfRunItem *hf_run_item_new(const HfRunFacts *facts);
/* No text is NULL.  Borrowed until the next update. */
const HfRunFacts *hf_run_item_facts(HfRunItem *self);
const char *hf_run_item_text(HfRunItem *self, HfRunText text);
/* Takes over the facts of `newer`, the same run read again, whose own are then the old ones.  FALSE when
 * there is nothing new. */
gboolean hf_run_item_update(HfRunItem *self, HfRunItem *newer);

/* Whether the name, note, tags, model, task, methods, preset or words hold `folded`, which went through
 * g_utf8_casefold(). */
gboolean hf_run_item_holds(HfRunItem *self, const char *folded);
/* For sorting by a text as people do.  Borrowed until the next update. */
const char *hf_run_item_sort_key(HfRunItem *self, HfRunText text);

/* NULL: not known.  Borrowed. */
cairo_surface_t *hf_run_item_picture(HfRunItem *self);
/* (transfer none) */
void hf_run_item_set_picture(HfRunItem *self, cairo_surface_t *picture);
