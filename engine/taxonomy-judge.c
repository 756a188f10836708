/* The verdict on a choice: the rule table asked for its cell, and the nearest cells that are possible. */
#include "engine/taxonomy-rules.h"

#include <string.h>

#define MOST_NEAREST 3 /* repairs where no rule names one */

static const TaxonomyRule *first_impossible(const TaxonomyChoice *choice) {
  for (const TaxonomyRule *rule = taxonomy_rules; rule->sentence; rule++)
    if (rule->verdict == VERDICT_IMPOSSIBLE && rule->applies(choice))
      return rule;
  return NULL;
}

/* Methods that a choice may be run with: the named one, or those of the cell; one NULL where there is none.
 */
static GPtrArray *candidate_methods(Cell cell, const ManipulationKind *named) {
  GPtrArray *methods = g_ptr_array_new();
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind && !named; kind++)
    if (method_fits(*kind, cell))
      g_ptr_array_add(methods, (gpointer)*kind);
  if (methods->len == 0)
    g_ptr_array_add(methods, (gpointer)named);
  return methods;
}

/* Likewise; the family's own method goes first. */
static GPtrArray *candidate_alignments(Cell cell, const AlignmentKind *named) {
  GPtrArray *alignments = g_ptr_array_new();
  AlignmentFamily family = (AlignmentFamily)cell.value[AXIS_ALIGNMENT];
  g_ptr_array_add(alignments, (gpointer)(named ? named : alignment_of_family(family)));
  for (const AlignmentKind *const *kind = alignment_kinds; *kind && !named; kind++)
    if ((*kind)->family == family)
      g_ptr_array_add(alignments, (gpointer)*kind);
  return alignments;
}

/* The choice that a cell stands for: the first possible one of its candidates, else the first.  Returns the
 * rule that makes even that one impossible, NULL when it is possible. */
static const TaxonomyRule *settle(TaxonomyChoice *choice, const ManipulationKind *method,
                                  const AlignmentKind *alignment) {
  g_autoptr(GPtrArray) methods = candidate_methods(choice->cell, method);
  g_autoptr(GPtrArray) alignments = candidate_alignments(choice->cell, alignment);
  for (guint i = 0; i < methods->len; i++)
    for (guint k = 0; k < alignments->len; k++) {
      choice->method = g_ptr_array_index(methods, i);
      choice->alignment = g_ptr_array_index(alignments, k);
      if (!first_impossible(choice))
        return NULL;
    }
  choice->method = g_ptr_array_index(methods, 0);
  choice->alignment = g_ptr_array_index(alignments, 0);
  return first_impossible(choice);
}

/* How far apart two cells are: the number of axes that change first, then which ones, then how far they move
 * along. */
static int cell_distance(Cell a, Cell b) {
  static const int weights[N_AXES] = {
      [AXIS_FORMAT] = 130, [AXIS_LOCATION] = 120, [AXIS_OPERATOR] = 110, [AXIS_ALIGNMENT] = 101};
  int distance = 0;
  for (int axis = 0; axis < N_AXES; axis++)
    if (a.value[axis] != b.value[axis])
      distance += weights[axis] + ABS(a.value[axis] - b.value[axis]);
  return distance;
}

/* A choice to move to, and what was chosen before. */
typedef struct {
  const TaxonomyChoice *from;
  const ManipulationKind *method; /* as they were named; NULL: not */
  const AlignmentKind *alignment;
  Verdict *verdict;
} Search;

/* Settles a cell for a repair: named methods stay where they fit. */
static bool reach(const Search *search, Cell cell, const AlignmentKind *taken, TaxonomyChoice *to) {
  const ManipulationKind *method =
      search->method && method_fits(search->method, cell) ? search->method : NULL;
  const AlignmentKind *kept = search->alignment;
  if (taken || (kept && (int)kept->family != cell.value[AXIS_ALIGNMENT]))
    kept = taken;
  *to = (TaxonomyChoice){.cell = cell, .context = search->from->context};
  return !settle(to, method, kept) || (kept && !taken && !settle(to, method, NULL));
}

/* The nearest possible choice that does what the rule says (NULL: any, farther than `beyond`). */
static bool find_nearest(const Search *search, const RepairRule *rule, int beyond, TaxonomyChoice *nearest) {
  int best = G_MAXINT;
  const AlignmentKind *taken = rule && rule->alignment ? alignment_find(rule->alignment) : NULL;
  for (int i = 0; i < N_CELLS; i++) {
    TaxonomyChoice to;
    Cell cell = cell_at(i);
    int distance = cell_distance(search->from->cell, cell);
    if ((rule && cell.value[rule->axis] != rule->value) || (!rule && distance <= beyond) || distance >= best)
      continue;
    if (!reach(search, cell, taken, &to))
      continue;
    best = distance;
    *nearest = to;
  }
  return best < G_MAXINT;
}

/* "changes operator to additive, location to input; alignment stays statistical".  The last part where the
 * rule takes another alignment of the same family. */
static char *changes_text(const Search *search, const TaxonomyChoice *to, const RepairRule *rule) {
  GString *text = g_string_new(NULL);
  for (int axis = 0; axis < N_AXES; axis++)
    if (to->cell.value[axis] != search->from->cell.value[axis])
      g_string_append_printf(text, "%s%s to %s", text->len ? ", " : "changes ", taxonomy_axes[axis].name,
                             taxonomy_axes[axis].values[to->cell.value[axis]].name);
  int family = to->cell.value[AXIS_ALIGNMENT];
  if (rule && rule->alignment && family == search->from->cell.value[AXIS_ALIGNMENT])
    g_string_append_printf(text, "%salignment stays %s", text->len ? "; " : "",
                           taxonomy_axes[AXIS_ALIGNMENT].values[family].name);
  return g_string_free(text, FALSE);
}

/* What a repair says: the rule's words with the changes in brackets, or the changes alone. */
static char *repair_text(const Search *search, const TaxonomyChoice *to, const RepairRule *rule,
                         const Repair *repair) {
  g_autofree char *changes = changes_text(search, to, rule);
  if (!rule && !*changes)
    return g_strdup_printf("Take the %s %s", repair->method ? "method" : "alignment",
                           repair->method ? repair->method : repair->alignment);
  if (!rule)
    return g_strconcat("Change", changes + strlen("changes"), NULL);
  g_autofree char *sentence = taxonomy_sentence(rule->text, search->from);
  return *changes ? g_strdup_printf("%s (%s)", sentence, changes) : g_steal_pointer(&sentence);
}

static void add_repair(const Search *search, const TaxonomyChoice *to, const RepairRule *rule) {
  const Cell *from = &search->from->cell;
  bool other_operator = to->cell.value[AXIS_OPERATOR] != from->value[AXIS_OPERATOR];
  bool other_family = to->cell.value[AXIS_ALIGNMENT] != from->value[AXIS_ALIGNMENT];
  bool other_method = other_operator || (search->method && to->method != search->method);
  bool other_alignment =
      other_family || (search->alignment && to->alignment != search->alignment) || (rule && rule->alignment);
  Repair repair = {.cell = to->cell,
                   .method = other_method && to->method ? to->method->name : NULL,
                   .alignment = other_alignment ? to->alignment->name : NULL};
  for (guint i = 0; i < search->verdict->repairs->len; i++) {
    const Repair *known = &g_array_index(search->verdict->repairs, Repair, i);
    if (cell_index(known->cell) == cell_index(repair.cell) &&
        g_strcmp0(known->alignment, repair.alignment) == 0 && g_strcmp0(known->method, repair.method) == 0)
      return;
  }
  repair.text = repair_text(search, to, rule, &repair);
  g_array_append_val(search->verdict->repairs, repair);
}

static void add_outside(const Search *search, const RepairRule *rule) {
  Repair repair = {.cell = search->from->cell, .text = taxonomy_sentence(rule->text, search->from)};
  g_array_append_val(search->verdict->repairs, repair);
}

/* What the rule names, where it leads to something possible; the nearest cells that are, where none does. */
static void add_repairs(const Search *search, const TaxonomyRule *reason) {
  TaxonomyChoice to;
  bool found = false;
  for (int i = 0; i < RULE_MAX_REPAIRS && reason->repairs[i].text; i++) {
    const RepairRule *rule = &reason->repairs[i];
    if (rule->axis == NO_AXIS) {
      add_outside(search, rule);
    } else if (find_nearest(search, rule, 0, &to)) {
      add_repair(search, &to, rule);
      found = true;
    }
  }
  int beyond = -1;
  for (int k = 0; k < MOST_NEAREST && !found && find_nearest(search, NULL, beyond, &to); k++) {
    beyond = cell_distance(search->from->cell, to.cell);
    add_repair(search, &to, NULL);
  }
}

static void clear_repair(gpointer repair) {
  g_free(((Repair *)repair)->text);
}

Verdict *taxonomy_judge(Cell cell, const char *method, const char *alignment,
                        const TaxonomyContext *context) {
  Verdict *verdict = g_new0(Verdict, 1);
  verdict->consequences = g_ptr_array_new_with_free_func(g_free);
  verdict->repairs = g_array_new(FALSE, FALSE, sizeof(Repair));
  g_array_set_clear_func(verdict->repairs, clear_repair);
  TaxonomyChoice choice = {.cell = cell, .context = context};
  Search search = {&choice, method ? manipulation_find(method) : NULL,
                   alignment ? alignment_find(alignment) : NULL, verdict};
  const TaxonomyRule *reason = settle(&choice, search.method, search.alignment);
  if (reason) {
    verdict->kind = VERDICT_IMPOSSIBLE;
    verdict->reason = taxonomy_sentence(reason->sentence, &choice);
    add_repairs(&search, reason);
    return verdict;
  }
  for (const TaxonomyRule *rule = taxonomy_rules; rule->sentence; rule++)
    if (rule->verdict != VERDICT_IMPOSSIBLE && rule->applies(&choice)) {
      verdict->kind = MAX(verdict->kind, rule->verdict);
      g_ptr_array_add(verdict->consequences, taxonomy_sentence(rule->sentence, &choice));
    }
  return verdict;
}

void verdict_free(Verdict *verdict) {
  if (!verdict)
    return;
  g_ptr_array_unref(verdict->consequences);
  g_array_unref(verdict->repairs);
  g_free(verdict->reason);
  g_free(verdict);
}
