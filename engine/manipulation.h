/* I: how a pattern enters f.  One method a file of manipulations/, one row in the table of
 * manipulations/manipulations.c.
 *
 * A method says what numbers it has (init) and adds nodes to the program's graph (build).  It writes no chain
 * rule: the nodes have theirs.  Format is not the method's business: the same numbers are a parameter when
 * learnable and a constant when fixed.
 *
 * Methods at the input change the picture.  Methods inside f (location embedding or hidden) consist of parts:
 * a table of numbers each, and a builder that puts it in at a site (splice.h).
 *
 * What a run's pattern is, as it is stored, shown and exported: at the input (channels, height, width) in
 * pixel units.  Inside f the numbers of the parts as they are: the table's shape where there is one part;
 * (parts, table...) where several have the same shape; else all numbers in one row.  manipulation_parts()
 * tells where each part begins, its shape, and which axes are tokens and channels. */
#pragma once

#include "engine/graph.h"
#include "engine/random.h"
#include "engine/sample-set.h"
#include "engine/setting.h"
#include "engine/splice.h"
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
  const Setting *settings; /* own rows beside the common ones; NULL: none */
  const Setting *common;   /* the common rows; NULL: manipulation_settings */
  /* At the input.  The edge of the picture for an input of this edge, where image_size is left at 0. */
  int (*picture_size)(int input_size);
  /* At the input: makes self->parameters from the settings, self->channels, height, width and the rest that
   * manipulation_new() has filled in.  Inside f: adds the parts at self->site, or at all sites of its choice
   * where none was named, with manipulation_add_part(), then manipulation_allocate(), then the numbers that
   * it starts from. */
  bool (*init)(Manipulation *self, const Random *random, GError **error);
  /* At the input; NULL for methods inside f.  Adds nodes to the graph and returns I(x).  `x` is the picture,
   * placed in the middle of f's input, (batch, channels, height, width), pixel units 0..1, zeros around it;
   * where the setting add is `after`, the same after normalisation.  `numbers` is the leaf that holds
   * self->parameters.  Sets self->pattern to the value that holds the pattern, (channels, height, width) in
   * pixel units: what is added to or placed around the picture, zeros elsewhere. */
  ValueId (*build)(Manipulation *self, Graph *graph, ValueId x, ValueId numbers);
  /* 1 where the pattern may be, (channels, height, width).  NULL: everywhere.  (transfer full) */
  Tensor *(*mask)(const Manipulation *self);
  /* After each step of the optimiser: brings the parameters back into the bounds of the settings.  NULL: no
   * bounds. */
  void (*project)(Manipulation *self);
  /* A fixed pattern is estimated from f's values at the first part's site, not optimised: fills the
   * parameters from the mean of each class, means (n_classes, channels).  NULL: never. */
  bool (*estimate)(Manipulation *self, char *const *classes, int n_classes, const float *means,
                   GError **error);
  bool finds_sites; /* without a site named, init finds its own, whether f has blocks or not */
  bool texts_only;  /* f must continue texts */
  const char
      *note; /* one sentence for people about runs of it, or where it estimates, of fixed ones; NULL: none */
} ManipulationKind;

/* What a method inside f does at one site. */
typedef struct {
  const Site *site;
  Shape shape;              /* of the table */
  int token_axis;           /* of the table; -1: none */
  int channel_axis;         /* likewise */
  const char *halves[2];    /* a word for each half of a table that has two in front; NULL: it has not */
  int64_t first;            /* where the table begins in the parameters */
  SpliceBuild build;        /* data: this part */
  int64_t tokens, position; /* as in Splice */
  Manipulation *self;
  ValueId table; /* in the graph that is being built */
} ManipulationPart;

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
  GPtrArray *parts;   /* ManipulationPart *; NULL: the method works at the input */
  const FrozenModel *model; /* inside f.  Borrowed */
  const Site *site;         /* where the spec puts it; NULL: it names no site.  Borrowed */
  Location location;
  int64_t soft_rows; /* rows of the first part that stand in front of a text as if they were its tokens: f
                        runs on so many ids of no meaning, which the part writes over */
  int64_t trainable; /* how many of the parameters have any effect (a masked border: those in the mask) */
};

/* Rows that methods at the input have: image_size, start, norm, picture, add, clamp; and those inside f:
 * image_size. */
extern const Setting manipulation_settings[], manipulation_inside_settings[];
/* Rows of both tables of a method; NULL: the common ones at the input. (transfer full) */
Settings *manipulation_settings_new(const ManipulationKind *kind);
const Setting *manipulation_common(const ManipulationKind *kind);
/* What there is to say of a run of the method with that format; NULL: nothing. */
const char *manipulation_note(const ManipulationKind *kind, Format format);
/* Whether it works inside f. */
bool manipulation_is_inside(const ManipulationKind *kind);
/* All methods; the row after the last is NULL. */
extern const ManipulationKind *const manipulation_kinds[];
const ManipulationKind *manipulation_find(const char *name);

typedef struct {
  int channels, height, width;
  float mean[4], std[4];
  bool bgr; /* f wants blue first */
  const Picture *user_picture;
  /* For methods inside f.  A model that takes no pictures leaves channels at 0. */
  const FrozenModel *model; /* borrowed for the manipulation's life */
  Location location;
  const char *site; /* a name or an alias; NULL: the location's own */
} ManipulationInput;

/* Copies the settings.  kind NULL (a spec without a method) is an error.  (transfer full) */
Manipulation *manipulation_new(const ManipulationKind *kind, Format format, const Settings *settings,
                               const ManipulationInput *input, const Random *random, GError **error);
void manipulation_free(Manipulation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Manipulation, manipulation_free)
/* A fixed one that places pictures as `like` does and whose numbers are the pattern itself, in pixel units:
 * its owner writes them into `parameters`, zeros at first, and sees what f made of any pattern of any method
 * here.  (transfer full) */
Manipulation *manipulation_new_given(const Manipulation *like, GError **error);
/* 1 where the pattern may be; NULL: everywhere.  (transfer full) */
Tensor *manipulation_mask(const Manipulation *self);
/* 1 where the pattern may be (outside the centred picture), 0 inside; (channels, height, width).  (transfer
 * full) */
Tensor *manipulation_outside_mask(const Manipulation *self);

/* For init of methods inside f.  Adds a part; shape, axes, build, tokens and position are the caller's to set
 * in what is returned, which belongs to `self`. */
ManipulationPart *manipulation_add_part(Manipulation *self, const Site *site);
/* After the parts: makes self->parameters, zeros, and sets each part's `first` and self->trainable. */
bool manipulation_allocate(Manipulation *self, GError **error);
/* Appends a Splice for each part, with the tables as nodes behind `numbers`.  (element-type Splice) */
void manipulation_splice(Manipulation *self, Graph *graph, ValueId numbers, GArray *splices);
/* Builders for parts whose table is rows of tokens: they are put in, or written over f's. */
ValueId manipulation_insert_tokens(void *part, Graph *graph, ValueId x);
ValueId manipulation_overwrite_tokens(void *part, Graph *graph, ValueId x);
/* A pattern of these manipulations, cut into its parts: one for all at the input together, one for each part
 * inside f. `first` counts from the pattern's beginning; site is the input's for the first kind.  (transfer
 * full) (element-type ManipulationPart, by value) */
GArray *manipulation_parts(GPtrArray *manipulations, const FrozenModel *model);
/* The shape that a pattern of these has.  (see above) */
Shape manipulation_pattern_shape(GPtrArray *manipulations);
/* Whether some are fixed and inside f: their numbers may be estimated, and then only a stored pattern has
 * them. */
bool manipulation_any_estimated(GPtrArray *manipulations);
/* Writes the numbers that a pattern of these manipulations has into those that are fixed and inside f.  False
 * when its length is another. */
bool manipulation_take_estimates(GPtrArray *manipulations, const Tensor *pattern);
