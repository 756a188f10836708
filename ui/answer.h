/* What a finished prompt makes of one picture of the user's: finished numbers, and two small pictures to
 * show.
 *
 * An HfAnswer is filled by its maker in any thread, then shared and never written again.  Lists hold as many
 * as there are pictures, so it keeps no picture in full. */
#pragma once

#include "ui/snapshot.h"
#include <glib-object.h>

/* The longer edge of the pictures that an answer keeps, at most. */
#define ANSWER_EDGE 104

/* 8 bit red, green, blue, rows from the top without padding. */
typedef struct {
  GBytes *pixels; /* NULL: none is kept */
  int width, height;
} HfThumbnail;

#define HF_TYPE_ANSWER (hf_answer_get_type())
G_DECLARE_FINAL_TYPE(HfAnswer, hf_answer, HF, ANSWER, GObject)

struct _HfAnswer {
  GObject parent_instance;
  char *name;  /* of the picture: its path, or words for one that is no file */
  char *error; /* one sentence: why there is no answer; NULL: there is one, and only then the rest is set */
  HfNames *names;       /* target classes */
  float *on;            /* n_target probabilities with the prompt */
  float *off;           /* and without it, by a map of its own; NULL: that map is not known */
  HfThumbnail picture;  /* as it came */
  HfThumbnail received; /* as f receives it */
};

/* The name is copied; all else is empty.  (transfer full) */
HfAnswer *hf_answer_new(const char *name);
/* The class with the rank-th largest probability (0: the largest; the lower class on ties), -1 where there
 * are fewer classes. */
int hf_answer_class(const HfAnswer *self, const float *probabilities, int rank);
