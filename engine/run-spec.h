/* RunSpec: everything that is needed to repeat a run, as plain values.  Read from and written to a key file.
 *
 * The groups, keys, defaults and ranges are tables (run-spec.c and the methods' Setting rows); an unknown
 * group, key or method is refused by name.
 *
 * A spec is read in layers, each on top of the one before: where [run] preset names one, the default
 * experiment and the preset; the text; the assignments.  A method, operator or family that an upper layer
 * names sets aside what the layers below said of another one; within one layer they must agree.  So it is
 * with a model and [card]. */
#pragma once

#include "engine/alignment.h"
#include "engine/manipulation.h"
#include "engine/optimiser.h"

typedef struct {
  const ManipulationKind
      *kind;   /* NULL: no method of this version has the operator; taxonomy_judge() says so */
  Operator op; /* kind's */
  Format format;
  Location location;
  char *site; /* tensor name or alias of a hidden location; NULL: the location's own */
  Settings *settings;
} ManipulationSpec;

ManipulationSpec *manipulation_spec_copy(const ManipulationSpec *spec);
void manipulation_spec_free(ManipulationSpec *spec);

typedef enum { EVERY_EPOCH, EVERY_STEP } EveryUnit;

typedef struct {
  char *preset; /* the preset it came from, NULL: none */
  char *model, *dataset;
  int train, validation, test; /* samples; 0 = all (validation: a tenth of the training file) */
  uint64_t seed;
  int epochs;
  int steps; /* instead of the epochs; 0: as the epochs say */
  int batch;
  int evaluate_every;
  EveryUnit evaluate_unit;
  int tokens;               /* texts: ids a sample at most */
  int threads;              /* 0: as many as cores */
  GPtrArray *manipulations; /* ManipulationSpec *, at least one */
  const AlignmentKind *alignment;
  Settings *alignment_settings;
  const OptimiserKind *optimiser;
  Settings *optimiser_settings;
  Settings *card; /* what is said of the model, over its own card; texts as a card writes them, "": nothing */
} RunSpec;

/* Rows of the groups, in the order in which they are written.  Those of a method follow its group's own. */
extern const Setting run_settings[], run_spec_manipulation_rows[], run_spec_alignment_rows[],
    run_spec_optimiser_rows[], run_spec_card_rows[];

/* `where` names the text in messages (a path).  model and dataset are required unless `partial`, when the
 * default experiment's stand in.  (transfer full) */
RunSpec *run_spec_parse(const char *text, const char *where, bool partial, GError **error);
/* As parse, with "group.key=value" assignments applied on top of the text, in order; NULL-terminated, may be
 * NULL.  One without a dot or an equals sign is HOARFROST_ERROR_USAGE. */
RunSpec *run_spec_parse_with(const char *text, const char *where, char *const *assignments, bool partial,
                             GError **error);
RunSpec *run_spec_copy(const RunSpec *spec);
void run_spec_free(RunSpec *spec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RunSpec, run_spec_free)
/* The key file with every default written out; parsing it gives the same spec.  (transfer full) */
char *run_spec_text(const RunSpec *spec);
/* The cell of manipulation i with the run's alignment. */
Cell run_spec_cell(const RunSpec *spec, int manipulation);
