/* The taxonomy of neural network reprogrammability: its four axes, and which of its 72 cells are possible.
 *
 *     y = O_omega( f( I_lambda,tau,ell (x, c) ) )        f frozen
 *
 * Survey: arXiv 2506.04650.  The axes, their values and the rules are tables; the window, the command line,
 * the documentation and the tests read these rows and nothing else decides what is possible. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { FORMAT_FIXED, FORMAT_LEARNABLE, N_FORMATS } Format;
typedef enum { LOCATION_INPUT, LOCATION_EMBEDDING, LOCATION_HIDDEN, N_LOCATIONS } Location;
typedef enum { OPERATOR_ADDITIVE, OPERATOR_CONCATENATIVE, OPERATOR_PARAMETRIC, N_OPERATORS } Operator;
typedef enum {
  FAMILY_IDENTITY,
  FAMILY_STRUCTURAL,
  FAMILY_STATISTICAL,
  FAMILY_LINEAR,
  N_FAMILIES
} AlignmentFamily;

typedef enum { AXIS_FORMAT, AXIS_LOCATION, AXIS_OPERATOR, AXIS_ALIGNMENT, N_AXES } AxisId;

typedef struct {
  const char *name;    /* in specs, store and actions: never rename */
  const char *title;   /* for people */
  const char *formula; /* this value as part of the equation; _x or _{xy}: below, ^x: above */
  const char *help;    /* one sentence */
} AxisValue;

typedef struct {
  const char *name, *title, *symbol;
  const char *question; /* "may the optimiser touch the numbers?" */
  int n_values;
  const AxisValue *values;
} Axis;

extern const Axis taxonomy_axes[N_AXES];

/* One point of the taxonomy: the index of a value on each axis. */
typedef struct {
  int value[N_AXES];
} Cell;

#define N_CELLS (N_FORMATS * N_LOCATIONS * N_OPERATORS * N_FAMILIES)
Cell cell_at(int index); /* 0..N_CELLS-1 */
int cell_index(Cell cell);
/* "learnable/input/concatenative/statistical" (transfer full) */
char *cell_text(Cell cell);
/* The index of the value called `name` on the axis, -1 when there is none. */
int axis_value(AxisId axis, const char *name);

/* What the rules ask about the chosen model and task. */
typedef struct {
  const char *model_title, *task_title;
  bool takes_pictures;     /* the input is one picture a row */
  bool channels_last;      /* it takes pictures of another kind: (batch, height, width, channels) */
  bool whole_numbers;      /* likewise: not of floats */
  const char *other_input; /* its name: the model reads more than its first input; NULL: it does not */
  bool takes_texts;        /* the input is rows of token ids, and the model continues them */
  bool texts;              /* the task's samples are texts */
  bool next_token;         /* the task is to tell each token of a text from those in front of it */
  bool has_embedding;      /* a token or patch embedding was found */
  bool has_hidden;         /* any hidden site */
  bool embedding_tokens;   /* the embedding has a token axis */
  bool hidden_tokens;      /* the chosen (or any) hidden site has a token axis */
  int n_source, n_target;  /* classes of f (-1: unknown) and of the task */
  bool same_labels;        /* the task's classes are f's, in f's order */
  int n_train;             /* training samples */
  int averaged;            /* structural, m source classes averaged for one target class; 1: plain */
} TaxonomyContext;

typedef enum { VERDICT_POSSIBLE, VERDICT_ALLOWED_BUT, VERDICT_IMPOSSIBLE } VerdictKind;

/* A choice that would make an impossible one possible.  One that leaves cell, alignment and method as they
 * are lies outside the axes: another model, fewer classes. */
typedef struct {
  Cell cell;             /* the cell that it leads to */
  const char *alignment; /* name of the alignment method to take; NULL: leave it, or the family's first */
  const char *method;    /* name of the manipulation method to take; NULL likewise */
  char *text; /* "Use BLM: many source classes may share in a target class (alignment stays statistical)":
                 what it changes, and which other axes */
} Repair;

typedef struct {
  VerdictKind kind;
  GPtrArray *consequences; /* char *: one sentence each, also for possible cells */
  char *reason;            /* impossible: why not */
  GArray *repairs;         /* Repair, nearest first */
} Verdict;

/* Judges a choice.  `alignment` and `method` name the methods within the cell; NULL: any method of the cell,
 * the first that is possible.  (transfer full) */
Verdict *taxonomy_judge(Cell cell, const char *method, const char *alignment, const TaxonomyContext *context);
void verdict_free(Verdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Verdict, verdict_free)
