/* What the choice's widgets say, without a display: changes between specs, counts, sentences, formulas,
 * stages. */
#include "engine/preset.h"
#include "ui/choice-facts.h"
#include "ui/choice-formula.h"
#include "ui/formula-markup.h"
#include "ui/pipeline-groups.h"
#include "ui/pipeline-stages.h"
#include "ui/spec-changes.h"

#include <pango/pango.h>
#include <string.h>

static RunSpec *spec_with(const char *assignment) {
  const char *assignments[] = {assignment, NULL};
  g_autoptr(GError) error = NULL;
  RunSpec *spec = preset_spec(preset_find("default"), assignment ? (char **)assignments : NULL, &error);
  g_assert_no_error(error);
  return spec;
}

static void test_changes(void) {
  g_autoptr(RunSpec) from = spec_with(NULL);
  g_autoptr(RunSpec) same = spec_with(NULL);
  g_autoptr(RunSpec) other = spec_with("manipulation.image_size=48");
  g_autoptr(GPtrArray) none = spec_changes(from, same);
  g_assert_cmpuint(none->len, ==, 0);
  g_autoptr(GPtrArray) one = spec_changes(from, other);
  g_assert_cmpuint(one->len, ==, 1);
  g_autofree char *text = spec_change_text(g_ptr_array_index(one, 0));
  g_assert_cmpstr(text, ==, "image size 32 → 48");
}

/* 0 in the row's own words. */
static void test_changes_to_zero(void) {
  g_autoptr(RunSpec) from = spec_with("run.steps=5");
  g_autoptr(RunSpec) to = spec_with("manipulation.image_size=0");
  g_autoptr(GPtrArray) changes = spec_changes(from, to);
  g_assert_cmpuint(changes->len, ==, 2);
  g_autofree char *steps = spec_change_text(g_ptr_array_index(changes, 0));
  g_autofree char *size = spec_change_text(g_ptr_array_index(changes, 1));
  g_assert_cmpstr(steps, ==, "steps 5 → by epochs");
  g_assert_cmpstr(size, ==, "image size 32 → automatic");
}

/* A setting of another method is a change only where it has a value. */
static void test_changes_of_method(void) {
  g_autoptr(RunSpec) from = spec_with(NULL);
  g_autoptr(RunSpec) to = spec_with("alignment.family=structural");
  g_autoptr(GPtrArray) changes = spec_changes(from, to);
  bool averaged = false;
  for (guint i = 0; i < changes->len; i++) {
    const SpecChange *change = g_ptr_array_index(changes, i);
    g_assert_true(change->from || *change->to);
    averaged |= strcmp(change->key, "averaged") == 0 && !change->from;
  }
  g_assert_true(averaged);
}

static void test_numbers(void) {
  static const struct {
    int64_t number;
    const char *text;
  } rows[] = {
      {0, "0"}, {999, "999"}, {1000, "1\u202f000"}, {383940, "383\u202f940"}, {-12345, "-12\u202f345"}};
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *text = grouped_number(rows[i].number);
    g_assert_cmpstr(text, ==, rows[i].text);
  }
  g_autofree char *shape = shape_words(&SHAPE(-1, 24, -1, 32));
  g_assert_cmpstr(shape, ==, "24×?×32");
}

static void test_sentences(void) {
  ChoiceFacts facts = {
      .pattern = 9216, .picture_width = 32, .picture_height = 32, .n_source = 36, .n_target = 10};
  for (const Preset *preset = presets; preset->name; preset++) {
    g_autoptr(RunSpec) spec = preset_spec(preset, NULL, NULL);
    g_assert_nonnull(spec);
    for (int axis = 0; axis < N_AXES; axis++) {
      g_autofree char *text = choice_consequence((AxisId)axis, spec, &facts);
      g_assert_true(g_str_has_suffix(text, "."));
    }
  }
  g_autoptr(RunSpec) spec = spec_with(NULL);
  g_autofree char *format = choice_consequence(AXIS_FORMAT, spec, &facts);
  g_assert_nonnull(strstr(format, "9\u202f216"));
  g_autofree char *border = choice_consequence(AXIS_OPERATOR, spec, &facts);
  g_assert_nonnull(strstr(border, "32×32"));
}

static void test_formulas(void) {
  static const struct {
    const char *assignment, *words;
  } rows[] = {
      {NULL, "ŷ = O_ω(f( pad(x) + σ(W)⊙M ))"},
      {"alignment.family=linear", "ŷ = f( pad(x) + σ(W)⊙M ) · ω + b"},
      {"manipulation.method=overlay", "ŷ = O_ω(f( x + W ))"},
      {"alignment.family=structural", "ŷ = R(f( pad(x) + σ(W)⊙M ))"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(RunSpec) spec = spec_with(rows[i].assignment);
    g_autoptr(GArray) pieces = choice_formula(spec);
    g_autofree char *words =
        formula_words((const FormulaPiece *)(const void *)pieces->data, (int)pieces->len);
    g_assert_cmpstr(words, ==, rows[i].words);
  }
}

/* Nothing of the tables' own marks is left to be seen. */
static void test_small_formulas(void) {
  for (int axis = 0; axis < N_AXES; axis++)
    for (int i = 0; i < taxonomy_axes[axis].n_values; i++) {
      g_autofree char *markup = formula_markup(taxonomy_axes[axis].values[i].formula), *seen = NULL;
      g_autoptr(GError) error = NULL;
      pango_parse_markup(markup, -1, 0, NULL, &seen, NULL, &error);
      g_assert_no_error(error);
      g_assert_null(strpbrk(seen, "_^{}"));
    }
  g_autofree char *markup = formula_markup("f_{k+1}(h_k) = argmin_δ E & x^2");
  g_assert_cmpstr(markup, ==,
                  "<i>f</i><sub><i>k</i>+1</sub>(<i>h</i><sub><i>k</i></sub>) = argmin<sub><i>δ</i></sub> "
                  "<i>E</i> &amp; <i>x</i><sup>2</sup>");
}

static int letters_width(guint i, const char *title, const char *shape, gpointer data) {
  return (int)MAX(g_utf8_strlen(title, -1), g_utf8_strlen(shape, -1));
}

/* The row's names, separated by spaces.  (transfer full) */
static char *grouped(const GPtrArray *stages, int available) {
  g_autoptr(GString) text = g_string_new(NULL);
  int widths[16];
  for (guint i = 0; i < stages->len; i++) {
    const Stage *stage = g_ptr_array_index(stages, i);
    widths[i] = letters_width(i, stage->name, stage->shape, NULL);
  }
  g_autoptr(GArray) groups = pipeline_groups(stages, widths, 1, available, letters_width, NULL);
  for (guint i = 0; i < groups->len; i++) {
    g_autofree char *name = stage_group_name(stages, &g_array_index(groups, StageGroup, i));
    g_string_append_printf(text, "%s%s", i ? " " : "", name);
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Equal shapes first, then neighbours; what is no block, and the lit one, stay. */
static void test_groups(void) {
  static Stage row[] = {
      {.kind = STAGE_SAMPLE, .name = "x", .shape = "28"},
      {.kind = STAGE_FROZEN, .name = "input", .shape = "3"},
      {.kind = STAGE_FROZEN, .name = "block1", .shape = "64"},
      {.kind = STAGE_FROZEN, .name = "block2", .shape = "32"},
      {.kind = STAGE_FROZEN, .name = "block3", .shape = "32"},
      {.kind = STAGE_FROZEN, .name = "block4", .shape = "16"},
      {.kind = STAGE_FROZEN, .name = "block5", .shape = "16"},
      {.kind = STAGE_FROZEN, .name = "block6", .shape = "16"},
      {.kind = STAGE_FROZEN, .name = "block7", .shape = "16", .site = true},
      {.kind = STAGE_FROZEN, .name = "block8", .shape = "16"},
      {.kind = STAGE_ALIGNMENT, .name = "O", .shape = "10"},
  };
  static const struct {
    int available;
    const char *names;
  } rows[] = {
      {1000, "x input block1 block2 block3 block4 block5 block6 block7 block8 O"},
      {60, "x input block1 block2 block3 block4–6 block7 block8 O"},
      {52, "x input block1 block2–3 block4–6 block7 block8 O"},
      {45, "x input block1–3 block4–6 block7 block8 O"},
      {0, "x input block1–6 block7 block8 O"},
  };
  g_autoptr(GPtrArray) stages = g_ptr_array_new();
  for (size_t i = 0; i < G_N_ELEMENTS(row); i++)
    g_ptr_array_add(stages, &row[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *names = grouped(stages, rows[i].available);
    g_assert_cmpstr(names, ==, rows[i].names);
  }
  g_autofree char *same = stage_group_shape(stages, &(StageGroup){5, 7, 0});
  g_autofree char *other = stage_group_shape(stages, &(StageGroup){2, 4, 0});
  g_assert_cmpstr(same, ==, "16");
  g_assert_cmpstr(other, ==, "→ 32");
}

/* While model and task are being read, f is one stage. */
static void test_stages_before_loading(void) {
  g_autoptr(RunSpec) spec = spec_with(NULL);
  ChoiceFacts facts = choice_facts(spec, NULL, NULL);
  g_autoptr(GPtrArray) stages = pipeline_stages(NULL, spec, NULL, &facts);
  g_assert_cmpuint(stages->len, ==, 5);
  for (guint i = 0; i < stages->len; i++) {
    const Stage *stage = g_ptr_array_index(stages, i);
    g_assert_cmpint(stage->kind, ==, (StageKind)i);
    g_assert_nonnull(stage->shape);
    g_assert_nonnull(stage->help);
    g_assert_cmpuint(stage->details->len % 2, ==, 0);
  }
}

/* The matrix and the bias are told apart, and add up to what the card counts. */
static void test_linear(void) {
  g_autoptr(RunSpec) spec = spec_with("alignment.family=linear");
  ChoiceFacts facts = {.n_source = 36, .n_target = 10, .alignment = 370};
  g_autofree char *both = choice_consequence(AXIS_ALIGNMENT, spec, &facts);
  g_assert_cmpstr(both, ==, "A matrix of 360 numbers on f’s answers and 10 of a bias are trained too.");
  facts.alignment = 360;
  g_autofree char *alone = choice_consequence(AXIS_ALIGNMENT, spec, &facts);
  g_assert_cmpstr(alone, ==, "A matrix of 360 numbers on f’s answers is trained too.");
}

static void test_percent(void) {
  static const struct {
    double percent;
    const char *words;
  } rows[] = {{0, "0 %"},   {0.00351, "0.0035 %"}, {2.4, "2.4 %"},
              {10, "10 %"}, {99.6, "100 %"},       {133.3, "133 %"}};
  for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autofree char *words = percent_words(rows[i].percent);
    g_assert_cmpstr(words, ==, rows[i].words);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/choice/changes", test_changes);
  g_test_add_func("/choice/changes-of-method", test_changes_of_method);
  g_test_add_func("/choice/changes-to-zero", test_changes_to_zero);
  g_test_add_func("/choice/numbers", test_numbers);
  g_test_add_func("/choice/sentences", test_sentences);
  g_test_add_func("/choice/formulas", test_formulas);
  g_test_add_func("/choice/small-formulas", test_small_formulas);
  g_test_add_func("/choice/groups", test_groups);
  g_test_add_func("/choice/stages-before-loading", test_stages_before_loading);
  g_test_add_func("/choice/linear", test_linear);
  g_test_add_func("/choice/percent", test_percent);
  return g_test_run();
}
