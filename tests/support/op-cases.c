#include "tests/support/op-cases.h"

#include <string.h>

static const OpFamily *const families[] = {
    &op_cases_first,
    &op_cases_index,
    &op_cases_pointwise,
    &op_cases_reduce,
    &op_cases_space,
    &op_cases_structures,
};

/* The lists one after the other, made once and kept. */
static const OpRow *joined(size_t member) {
  static GHashTable *made;
  if (!made)
    made = g_hash_table_new(NULL, NULL);
  GArray *all = g_hash_table_lookup(made, GSIZE_TO_POINTER(member));
  if (all)
    return (const OpRow *)all->data;
  all = g_array_new(TRUE, FALSE, sizeof(OpRow));
  for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
    for (const OpRow *row = G_STRUCT_MEMBER(const OpRow *, families[i], member); row && row->op; row++)
      g_array_append_val(all, *row);
  g_hash_table_insert(made, GSIZE_TO_POINTER(member), all);
  return (const OpRow *)all->data;
}

const OpRow *op_rows(void) {
  return joined(G_STRUCT_OFFSET(OpFamily, rows));
}

const OpRow *op_large_rows(void) {
  return joined(G_STRUCT_OFFSET(OpFamily, large));
}

const OpRow *op_bad_rows(void) {
  return joined(G_STRUCT_OFFSET(OpFamily, bad));
}

/* The rule of the op, or the one for all others, whose name is "". */
const OpRule *op_rule(const char *op) {
  const OpRule *others = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(families); i++)
    for (const OpRule *rule = families[i]->rules; rule && rule->op; rule++) {
      if (strcmp(rule->op, op) == 0)
        return rule;
      if (!*rule->op)
        others = rule;
    }
  return others;
}
