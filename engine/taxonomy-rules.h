/* The rule table of the taxonomy: what is possible, what it implies, why not, and what repairs it. */
#pragma once

#include "engine/alignment.h"
#include "engine/manipulation.h"
#include "engine/taxonomy.h"

/* A cell with the methods that would run it. */
typedef struct {
  Cell cell;
  const ManipulationKind *method; /* NULL: no method of this version fits the cell */
  const AlignmentKind *alignment; /* never NULL */
  const TaxonomyContext *context;
} TaxonomyChoice;

#define RULE_MAX_REPAIRS 4
#define NO_AXIS          (-1)

/* A change to try.  With neither an axis nor an alignment it lies outside the axes: another model, fewer
 * classes. */
typedef struct {
  const char *text;      /* a template */
  int axis, value;       /* NO_AXIS, 0: none */
  const char *alignment; /* the method to take; NULL: any */
} RepairRule;

typedef struct {
  bool (*applies)(const TaxonomyChoice *choice);
  VerdictKind verdict;
  const char *sentence;                 /* a template: {model}, {target}, ... stand for words of the choice */
  RepairRule repairs[RULE_MAX_REPAIRS]; /* nearest first; ends with a NULL text where there are fewer */
} TaxonomyRule;

/* In the order in which they are asked; ends with a NULL sentence.  The first impossible one that applies is
 * the reason. */
extern const TaxonomyRule taxonomy_rules[];
/* A template with its words filled in.  (transfer full) */
char *taxonomy_sentence(const char *template, const TaxonomyChoice *choice);
/* Whether a method works in a cell. */
bool method_fits(const ManipulationKind *method, Cell cell);
