/* What the live panes show at one moment of a run: finished numbers with one owner at a time, never written
 * again.
 *
 * The worker thread (or a replay from the store) makes one, a mailbox carries the newest to the main loop,
 * widgets keep a reference to what they show. */
#pragma once

#include "engine/tensor.h"
#include "ui/inside-part.h"

#include <stdbool.h>

/* Names that do not change during a run.  Counted by references. */
typedef struct {
  int references;
  char **source, **target; /* NULL-terminated class names */
  int n_source, n_target;
  GBytes *sheet; /* tiles of the source classes, as ClassTiles has them; NULL: none */
  int sheet_edge;
} HfNames;

typedef struct {
  int references;
  HfNames *names;
  int step, total_steps, epoch; /* step 0: before training */
  int sample, n_samples;        /* index in the test part the run uses, and how many there are */
  int label;                    /* the sample's target class */
  Tensor *picture;   /* (channels, height, width) 0..1: the sample as it stands in f's input, zeros around it;
                        NULL: it is a text */
  char *text;        /* the sample, where it is a text; NULL: it is a picture */
  int tokens;        /* of the text */
  int prompt_tokens; /* put in front of it at the embedding */
  int left, top, width, height; /* where the sample stands in it, in pixels; width 0: it is all of it */
  Tensor *pattern; /* (channels, height, width) pixel units; where it is inside f only, its numbers in a shape
                      of their own */
  GPtrArray *parts; /* HfPart: what is put in inside f; NULL: nothing */
  bool only_inside; /* nothing happens at the input */
  Tensor *received; /* (channels, height, width): exactly what f receives, normalisation undone for display;
                       NULL: a text */
  Tensor *mask;     /* (channels, height, width): 1 where the pattern may be; NULL: everywhere */
  float neutral;    /* the pattern's value that says nothing */
  float *source_on, *source_off; /* n_source probabilities of f with and without the pattern */
  float *target_on,
      *target_off; /* n_target likewise after the alignment; off has its own map.  NULL: not fitted yet */
  Tensor *omega;   /* (n_source, n_target) */
  Tensor *counts;  /* (n_source, n_target): how often f gave each answer to each class when omega was fitted;
                      NULL: not counted so, or not known */
  int switches;    /* target classes whose source class has changed so far */
  double seconds, images_per_second;
} HfSnapshot;

HfNames *hf_names_new(char *const *source, int n_source, char *const *target, int n_target);
/* Before others know it.  Takes the bytes over; NULL: none. */
void hf_names_set_sheet(HfNames *names, GBytes *sheet, int edge);
HfNames *hf_names_ref(HfNames *names);
void hf_names_unref(HfNames *names);
/* All pointers NULL, numbers 0.  The maker fills it, then shares it. (transfer full) */
HfSnapshot *hf_snapshot_new(void);
HfSnapshot *hf_snapshot_ref(HfSnapshot *snapshot);
void hf_snapshot_unref(HfSnapshot *snapshot);
