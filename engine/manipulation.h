/* I: how a pattern enters f.  One method a file of manipulations/, one row in the table of
 * manipulations/manipulations.c.
 *
 * A method says what numbers it has (init) and adds nodes to the program's graph (build).  It writes no chain
 * rule: the nodes have theirs.  Format is not the method's business: the same numbers are a parameter when
 * learnable and a constant when fixed. */
#pragma once

#include "engine/graph.h"
#include "engine/random.h"
#include "engine/sample-set.h"
#include "engine/setting.h"
#include "engine/taxonomy.h"

typedef struct _Manipulation Manipulation;

typedef struct {
  const char *name;    /* in specs: never rename */
  const char *title;   /* for people */
  const char *paper;   /* "Chen et al. 2023, arXiv 2211.11635" */
  const char *summary; /* one sentence: what happens to the picture */
  Operator op;
  unsigned locations;      /* bit per Location */
  unsigned formats;        /* bit per Format */
  float neutral;           /* the pattern's value that says nothing: 0.5 (grey) for a border, 0 for a sum */
  const Setting *settings; /* own rows beside manipulation_settings; NULL: none */
  /* The edge of the picture for an input of this edge, where image_size is left at 0. */
  int (*picture_size)(int input_size);
  /* Makes self->parameters from the settings, self->channels, height, width and the rest that
   * manipulation_new() has filled in. */
  bool (*init)(Manipulation *self, const Random *random, GError **error);
  /* Adds nodes to the graph and returns I(x).  `x` is the picture, placed in the middle of f's input, (batch,
   * channels, height, width), pixel units 0..1, zeros around it; where the setting add is `after`, the same
   * after normalisation.  `numbers` is the leaf that holds self->parameters.  Sets self->pattern to the value
   * that holds the pattern, (channels, height, width) in pixel units: what is added to or placed around the
   * picture, zeros elsewhere. */
  ValueId (*build)(Manipulation *self, Graph *graph, ValueId x, ValueId numbers);
  /* 1 where the pattern may be, (channels, height, width).  NULL: everywhere.  (transfer full) */
  Tensor *(*mask)(const Manipulation *self);
  /* After each step of the optimiser: brings the parameters back into the bounds of the settings.  NULL: no
   * bounds. */
  void (*project)(Manipulation *self);
} ManipulationKind;

struct _Manipulation {
  const ManipulationKind *kind;
  Format format;
  Settings *settings;
  int channels, height, width;       /* of f's input */
  int picture_height, picture_width; /* of the resized picture in it */
  float mean[4], std[4];             /* f's normalisation in pixel units 0..1, a channel each */
  bool bgr;                          /* f wants blue first */
  const Picture
      *user_picture;  /* the setting `picture`, read by the data floor; NULL: none.  Borrowed during new */
  Tensor *parameters; /* the optimiser's own numbers, or the fixed pattern.  Owned */
  ValueId pattern;    /* set by build */
  int64_t trainable;  /* how many of the parameters have any effect (a masked border: those in the mask) */
};

/* Rows that every method has: image_size, start, norm, picture, add, clamp. */
extern const Setting manipulation_settings[];
/* All methods; the row after the last is NULL. */
extern const ManipulationKind *const manipulation_kinds[];
const ManipulationKind *manipulation_find(const char *name);

typedef struct {
  int channels, height, width;
  float mean[4], std[4];
  bool bgr; /* f wants blue first */
  const Picture *user_picture;
} ManipulationInput;

/* Copies the settings.  kind NULL (a spec without a method) is an error.  (transfer full) */
Manipulation *manipulation_new(const ManipulationKind *kind, Format format, const Settings *settings,
                               const ManipulationInput *input, const Random *random, GError **error);
void manipulation_free(Manipulation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Manipulation, manipulation_free)
/* A fixed one that places pictures as `like` does and whose numbers are the pattern itself, in pixel units: its owner
 * writes them into `parameters`, zeros at first, and sees what f made of any pattern of any method here.  (transfer
 * full) */
Manipulation *manipulation_new_given(const Manipulation *like, GError **error);
/* 1 where the pattern may be; NULL: everywhere.  (transfer full) */
Tensor *manipulation_mask(const Manipulation *self);
/* 1 where the pattern may be (outside the centred picture), 0 inside; (channels, height, width).  (transfer
 * full) */
Tensor *manipulation_outside_mask(const Manipulation *self);
