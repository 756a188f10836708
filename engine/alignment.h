/* O: how f's answers become ours.  One method a file of alignments/, one row in the table of
 * alignments/alignments.c.
 *
 * For class outputs every alignment is a matrix omega on f's logits, z_target = z_source . omega + bias, and
 * the four families differ in who writes it: nobody (identity), a rule (structural), the counts
 * (statistical), the optimiser (linear). */
#pragma once

#include "engine/random.h"
#include "engine/setting.h"
#include "engine/taxonomy.h"
#include "engine/tensor.h"

typedef enum {
  REFIT_NEVER,      /* written once without looking at answers */
  REFIT_ONCE,       /* fitted with the initial pattern */
  REFIT_EACH_EPOCH, /* fitted again at the start of every further epoch */
} Refit;

typedef struct _Alignment Alignment;

typedef struct {
  const char *name;  /* in specs: never rename */
  const char *title; /* for people */
  const char *paper;
  const char *summary; /* one sentence */
  AlignmentFamily family;
  Refit refit;
  bool one_to_one;         /* needs n_target <= n_source */
  bool counted;            /* fit looks at answers and labels: count and solve are set */
  const Setting *settings; /* own rows; NULL: none */
  /* Checks the numbers of classes and writes the first omega (and bias), zero before.  NULL: nothing before
   * the fit. */
  bool (*init)(Alignment *self, const Random *random, GError **error);
  /* Adds n rows of answers z (n, n_source) with their labels to self->counts.  Called in the order of the
   * samples. */
  void (*count)(Alignment *self, const float *z, const int *labels, int n);
  /* Writes omega from the counts.  Adds sentences to self->warnings. */
  void (*solve)(Alignment *self);
} AlignmentKind;

struct _Alignment {
  const AlignmentKind *kind;
  Settings *settings;
  int n_source, n_target;
  Tensor *omega;  /* (n_source, n_target) float32 */
  Tensor *bias;   /* (n_target) float32, zeros unless linear */
  double *counts; /* n_source * n_target, row-major; NULL unless counted */
  int *rule; /* structural: target class of each source class, -1 none; NULL: class i stands for class i */
  GPtrArray *warnings; /* char *: sentences about the last fit */
};

extern const AlignmentKind *const alignment_kinds[]; /* the row after the last is NULL */
const AlignmentKind *alignment_find(const char *name);
/* The method that a family stands for where none is named: statistical is ILM. */
const AlignmentKind *alignment_of_family(AlignmentFamily family);

/* `rule` (n_source numbers, copied) is for structural with a rule file, else NULL.  (transfer full) */
Alignment *alignment_new(const AlignmentKind *kind, const Settings *settings, int n_source, int n_target,
                         const int *rule, const Random *random, GError **error);
void alignment_free(Alignment *self);
/* Whether the optimiser may write the bias too: linear with bias = yes.  (It writes omega wherever the family
 * is linear.) */
bool alignment_trains_bias(const Alignment *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Alignment, alignment_free)
/* A fit: start (forgets counts and warnings), count (as often as wanted, samples in order, labels in
 * 0..n_target-1), finish.  Nothing happens where nothing is counted. */
void alignment_fit_start(Alignment *self);
void alignment_fit_count(Alignment *self, const float *z, const int *labels, int n);
void alignment_fit_finish(Alignment *self);
/* The source class with the largest weight for each target class, lowest index on ties: sources[n_target]. */
void alignment_top(const Alignment *self, int *sources);
/* Parses a structural rule: lines "target class: source class[, source class...]", names or numbers from 0 (a
 * name goes first), '#' comments.  Each target class needs a source class, and a source class stands for one
 * target class at most. Names NULL: numbers only.  Fills rule[n_source] with target numbers, -1 where none.
 */
bool alignment_parse_rule(const char *text, const char *where, int n_source, char *const *source_names,
                          int n_target, char *const *target_names, int *rule, GError **error);
