/* The taxonomy: cells and names, and the rule table walked over all 72 cells for several models and tasks. */
#include "engine/alignment.h"
#include "engine/manipulation.h"
#include "engine/taxonomy.h"

#include <string.h>

/* A plain convolutional network with 36 classes and a task of ten others: objects-letters with Fashion-MNIST.
 */
static const TaxonomyContext letters = {.model_title = "Objects and letters",
                                        .task_title = "Fashion-MNIST",
                                        .takes_pictures = true,
                                        .has_hidden = true,
                                        .n_source = 36,
                                        .n_target = 10,
                                        .n_train = 10000,
                                        .averaged = 1};

static TaxonomyContext with(int n_source, int n_target, int n_train, bool same, bool embedding) {
  TaxonomyContext context = letters;
  context.n_source = n_source;
  context.n_target = n_target;
  context.n_train = n_train;
  context.same_labels = same;
  context.has_embedding = context.embedding_tokens = context.hidden_tokens = embedding;
  return context;
}

static Cell cell_of(Format format, Location location, Operator op, AlignmentFamily family) {
  return (Cell){{(int)format, (int)location, (int)op, (int)family}};
}

static void test_cells(void) {
  g_assert_cmpint(N_CELLS, ==, 72);
  for (int i = 0; i < N_CELLS; i++) {
    g_assert_cmpint(cell_index(cell_at(i)), ==, i);
    g_autofree char *text = cell_text(cell_at(i));
    g_auto(GStrv) names = g_strsplit(text, "/", -1);
    g_assert_cmpint((int)g_strv_length(names), ==, N_AXES);
    for (int axis = 0; axis < N_AXES; axis++)
      g_assert_cmpint(axis_value((AxisId)axis, names[axis]), ==, cell_at(i).value[axis]);
  }
  g_autofree char *text =
      cell_text(cell_of(FORMAT_LEARNABLE, LOCATION_INPUT, OPERATOR_CONCATENATIVE, FAMILY_STATISTICAL));
  g_assert_cmpstr(text, ==, "learnable/input/concatenative/statistical");
  g_assert_cmpint(axis_value(AXIS_FORMAT, "frozen"), ==, -1);
  for (int axis = 0; axis < N_AXES; axis++)
    for (int k = 0; k < taxonomy_axes[axis].n_values; k++) {
      const AxisValue *value = &taxonomy_axes[axis].values[k];
      g_assert_true(*value->title && *value->formula && *value->help);
      g_assert_true(g_utf8_validate(value->formula, -1, NULL));
    }
}

static void assert_sentence(const char *sentence) {
  g_assert_nonnull(sentence);
  g_assert_true(g_str_has_suffix(sentence, "."));
  g_assert_null(strpbrk(sentence, "{}\n"));
  g_assert_true(g_unichar_isupper(g_utf8_get_char(sentence)) ||
                g_unichar_isdigit(g_utf8_get_char(sentence)) || g_str_has_prefix(sentence, "ilm") ||
                g_str_has_prefix(sentence, "rlm") || g_str_has_prefix(sentence, "flm"));
}

static bool is_outside(const Repair *repair, Cell cell) {
  return cell_index(repair->cell) == cell_index(cell) && !repair->alignment && !repair->method;
}

/* Taking the repair makes the choice possible: its methods where it names them, the old ones elsewhere. */
static void assert_repairs(const Repair *repair, Cell cell, const char *method, const char *alignment,
                           const TaxonomyContext *context) {
  g_assert_true(*repair->text && !strpbrk(repair->text, "{}\n"));
  if (is_outside(repair, cell))
    return;
  g_autoptr(Verdict) verdict = taxonomy_judge(repair->cell, repair->method ? repair->method : method,
                                              repair->alignment ? repair->alignment : alignment, context);
  if (verdict->kind == VERDICT_IMPOSSIBLE)
    g_test_message("%s: %s", repair->text, verdict->reason);
  g_assert_cmpint(verdict->kind, !=, VERDICT_IMPOSSIBLE);
}

/* Returns how many cells are not impossible. */
static int walk(const TaxonomyContext *context) {
  int possible = 0;
  for (int i = 0; i < N_CELLS; i++) {
    Cell cell = cell_at(i);
    g_autoptr(Verdict) verdict = taxonomy_judge(cell, NULL, NULL, context);
    for (guint k = 0; k < verdict->consequences->len; k++)
      assert_sentence(g_ptr_array_index(verdict->consequences, k));
    if (verdict->kind != VERDICT_IMPOSSIBLE) {
      possible++;
      g_assert_null(verdict->reason);
      g_assert_cmpuint(verdict->repairs->len, ==, 0);
      g_assert_cmpuint(verdict->consequences->len, >, 0);
      continue;
    }
    assert_sentence(verdict->reason);
    int leading = 0;
    for (guint k = 0; k < verdict->repairs->len; k++) {
      const Repair *repair = &g_array_index(verdict->repairs, Repair, k);
      assert_repairs(repair, cell, NULL, NULL, context);
      leading += !is_outside(repair, cell);
    }
    g_assert_cmpint(leading, >, 0);
  }
  return possible;
}

static void test_walk(void) {
  /* Each alignment that is possible: border and overlay, fixed and learnable, at the input (4 cells),
   * steering, fixed and learnable, and maps at hidden tensors (3), and with a transformer both of them and
   * tokens, fixed and learnable, at the embedding and at hidden tensors (10). */
  g_assert_cmpint(walk(&letters), ==, 3 * (4 + 3));
  TaxonomyContext same = with(10, 10, 10000, true, false), many = with(10, 43, 20000, false, true),
                  few = with(36, 10, 3, false, false), single = with(1, 1, 1, true, true);
  g_assert_cmpint(walk(&same), ==, 4 * (4 + 3));
  g_assert_cmpint(walk(&many), ==, 2 * (4 + 10));
  g_assert_cmpint(walk(&few), ==, 3 * (4 + 3));
  g_assert_cmpint(walk(&single), ==, 4 * (4 + 10));
  TaxonomyContext averaging = letters;
  averaging.averaged = 4;
  g_assert_cmpint(walk(&averaging), ==, 2 * (4 + 3));
}

/* Every pair of methods in every cell, matching or not. */
static void test_walk_named(void) {
  TaxonomyContext many = with(10, 43, 20000, false, true);
  const TaxonomyContext *contexts[] = {&letters, &many};
  for (guint c = 0; c < G_N_ELEMENTS(contexts); c++)
    for (int i = 0; i < N_CELLS; i++)
      for (const ManipulationKind *const *method = manipulation_kinds; *method; method++)
        for (const AlignmentKind *const *alignment = alignment_kinds; *alignment; alignment++) {
          Cell cell = cell_at(i);
          g_autoptr(Verdict) verdict = taxonomy_judge(cell, (*method)->name, (*alignment)->name, contexts[c]);
          bool fits = (int)(*method)->op == cell.value[AXIS_OPERATOR] &&
                      (int)(*alignment)->family == cell.value[AXIS_ALIGNMENT] &&
                      (*method)->locations & 1u << cell.value[AXIS_LOCATION];
          g_assert_true(fits || verdict->kind == VERDICT_IMPOSSIBLE);
          if (verdict->kind != VERDICT_IMPOSSIBLE)
            continue;
          int leading = 0;
          for (guint k = 0; k < verdict->repairs->len; k++) {
            const Repair *repair = &g_array_index(verdict->repairs, Repair, k);
            assert_repairs(repair, cell, (*method)->name, (*alignment)->name, contexts[c]);
            leading += !is_outside(repair, cell);
          }
          g_assert_cmpint(leading, >, 0);
        }
}

typedef struct {
  Format format;
  Location location;
  Operator op;
  AlignmentFamily family;
  const char *method, *alignment;
  VerdictKind kind;
  const char *sentence;   /* of the reason, or one of the consequences */
  const char *repairs[4]; /* the beginning of each, in order */
} Case;

static void check_case(const Case *expected, const TaxonomyContext *context) {
  Cell cell = cell_of(expected->format, expected->location, expected->op, expected->family);
  g_autoptr(Verdict) verdict = taxonomy_judge(cell, expected->method, expected->alignment, context);
  g_autoptr(GString) said = g_string_new(verdict->reason ? verdict->reason : "");
  for (guint k = 0; k < verdict->consequences->len; k++)
    g_string_append_printf(said, "\n%s", (const char *)g_ptr_array_index(verdict->consequences, k));
  for (guint k = 0; k < verdict->repairs->len; k++)
    g_string_append_printf(said, "\n- %s", g_array_index(verdict->repairs, Repair, k).text);
  if (verdict->kind != expected->kind || !strstr(said->str, expected->sentence))
    g_test_message("%s", said->str);
  g_assert_cmpint(verdict->kind, ==, expected->kind);
  g_assert_nonnull(strstr(said->str, expected->sentence));
  for (guint k = 0; k < G_N_ELEMENTS(expected->repairs) && expected->repairs[k]; k++) {
    g_assert_cmpuint(k, <, verdict->repairs->len);
    const char *text = g_array_index(verdict->repairs, Repair, k).text;
    if (!g_str_has_prefix(text, expected->repairs[k]))
      g_test_message("%s", said->str);
    g_assert_true(g_str_has_prefix(text, expected->repairs[k]));
  }
}

#define CELL(f, l, o, a) FORMAT_##f, LOCATION_##l, OPERATOR_##o, FAMILY_##a

static void test_letters(void) {
  static const Case cases[] = {
      {CELL(LEARNABLE, INPUT, CONCATENATIVE, STATISTICAL),
       "border",
       "ilm",
       VERDICT_POSSIBLE,
       "start of every epoch",
       {NULL}},
      {CELL(LEARNABLE, INPUT, ADDITIVE, LINEAR),
       "overlay",
       "linear",
       VERDICT_POSSIBLE,
       "ω has 360 numbers",
       {NULL}},
      {CELL(FIXED, INPUT, ADDITIVE, STATISTICAL),
       NULL,
       NULL,
       VERDICT_ALLOWED_BUT,
       "Run becomes Evaluate",
       {NULL}},
      {CELL(FIXED, INPUT, ADDITIVE, STRUCTURAL),
       NULL,
       NULL,
       VERDICT_ALLOWED_BUT,
       "Run becomes Evaluate",
       {NULL}},
      {CELL(FIXED, INPUT, CONCATENATIVE, LINEAR),
       NULL,
       NULL,
       VERDICT_ALLOWED_BUT,
       "Only the alignment is trained",
       {NULL}},
      {CELL(LEARNABLE, EMBEDDING, CONCATENATIVE, STATISTICAL),
       NULL,
       NULL,
       VERDICT_IMPOSSIBLE,
       "no token or patch embedding",
       {"Let the pattern enter at the input", "Choose a model with an embedding"}},
      {CELL(LEARNABLE, HIDDEN, CONCATENATIVE, STATISTICAL),
       NULL,
       NULL,
       VERDICT_IMPOSSIBLE,
       "token axis",
       {"Add the pattern instead (changes operator to additive)", "Put the pattern around the picture"}},
      {CELL(LEARNABLE, INPUT, CONCATENATIVE, IDENTITY),
       NULL,
       NULL,
       VERDICT_IMPOSSIBLE,
       "The classes of Fashion-MNIST are not those of Objects and letters",
       {"Use a rule", "Count which answers"}},
      {CELL(LEARNABLE, INPUT, PARAMETRIC, STATISTICAL),
       NULL,
       NULL,
       VERDICT_IMPOSSIBLE,
       "No method of this version is parametric",
       {"Change operator to concatenative", "Change operator to additive"}},
      {CELL(LEARNABLE, EMBEDDING, PARAMETRIC, IDENTITY),
       NULL,
       NULL,
       VERDICT_IMPOSSIBLE,
       "no token or patch embedding",
       {"Let the pattern enter at the input (changes location to input, operator to concatenative, alignment "
        "to structural)"}},
      {CELL(LEARNABLE, HIDDEN, CONCATENATIVE, STATISTICAL),
       "border",
       "ilm",
       VERDICT_IMPOSSIBLE,
       "token axis",
       {"Add"}},
      {CELL(LEARNABLE, HIDDEN, ADDITIVE, STATISTICAL),
       "overlay",
       "ilm",
       VERDICT_IMPOSSIBLE,
       "The method overlay is additive and works at the input.",
       {"Take the method steering"}},
      {CELL(LEARNABLE, HIDDEN, PARAMETRIC, LINEAR),
       NULL,
       NULL,
       VERDICT_POSSIBLE,
       "Foldable into the weights",
       {NULL}},
      {CELL(FIXED, HIDDEN, ADDITIVE, STATISTICAL),
       NULL,
       NULL,
       VERDICT_ALLOWED_BUT,
       "estimated from class means, not optimised",
       {NULL}},
      {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
       "border",
       NULL,
       VERDICT_IMPOSSIBLE,
       "border is concatenative",
       {NULL}},
      {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
       NULL,
       "linear",
       VERDICT_IMPOSSIBLE,
       "linear is linear, not statistical",
       {NULL}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    check_case(&cases[i], &letters);
}

static void test_other_contexts(void) {
  TaxonomyContext many = with(10, 43, 20000, false, true), few = with(36, 10, 3, false, false),
                  averaging = letters, text = letters;
  averaging.averaged = 5;
  text.takes_pictures = false;
  TaxonomyContext last = text, bytes = text, two = letters;
  last.channels_last = true;
  bytes.whole_numbers = true;
  two.other_input = "age";
  const struct {
    const TaxonomyContext *context;
    Case expected;
  } cases[] = {
      {&many,
       {CELL(LEARNABLE, INPUT, CONCATENATIVE, STATISTICAL),
        NULL,
        "ilm",
        VERDICT_IMPOSSIBLE,
        "Iterative label mapping (ILM) gives each class",
        {"Use BLM: many source classes may share in a target class (alignment stays statistical)", "Use BLM+",
         "Use a linear", "Take a task with at most 10 classes"}}},
      {&many,
       {CELL(LEARNABLE, INPUT, CONCATENATIVE, STATISTICAL),
        NULL,
        NULL,
        VERDICT_POSSIBLE,
        "every epoch",
        {NULL}}},
      {&many,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STRUCTURAL),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "43 classes",
        {"Use BLM: many source classes may share in a target class (changes alignment to statistical)"}}},
      {&many,
       {CELL(FIXED, EMBEDDING, PARAMETRIC, LINEAR),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "No method of this version is parametric at the embedding with a fixed pattern.",
        {"Change operator to concatenative"}}},
      {&many,
       {CELL(LEARNABLE, EMBEDDING, CONCATENATIVE, LINEAR),
        "tokens",
        NULL,
        VERDICT_POSSIBLE,
        "The pattern beside the signal is trained",
        {NULL}}},
      {&few,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
        NULL,
        NULL,
        VERDICT_ALLOWED_BUT,
        "noisy: less than one training sample a class.",
        {NULL}}},
      {&averaging,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STRUCTURAL),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "needs 50",
        {"Average at most 3", "Count which"}}},
      {&last,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "with their channels last",
        {"Export it so that it takes batch, channels, height, width"}}},
      {&bytes,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "pictures of whole numbers",
        {"Export it without the conversion"}}},
      {&two,
       {CELL(LEARNABLE, INPUT, ADDITIVE, STATISTICAL),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "has an input 'age' beside the picture",
        {"Export it with that input as a constant"}}},
      {&text,
       {CELL(LEARNABLE, INPUT, ADDITIVE, LINEAR),
        NULL,
        NULL,
        VERDICT_IMPOSSIBLE,
        "does not take one picture",
        {"Choose a model that takes pictures"}}},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++)
    check_case(&cases[i].expected, cases[i].context);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/taxonomy/cells", test_cells);
  g_test_add_func("/taxonomy/walk", test_walk);
  g_test_add_func("/taxonomy/walk-named", test_walk_named);
  g_test_add_func("/taxonomy/letters", test_letters);
  g_test_add_func("/taxonomy/other-contexts", test_other_contexts);
  return g_test_run();
}
