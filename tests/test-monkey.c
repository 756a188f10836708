/* A monkey at the window: random actions that are enabled, with random parameters, over D-Bus, and now and
 * then Escape.  Two minutes under the address sanitizer, a short while elsewhere (HOARFROST_MONKEY_SECONDS
 * says otherwise); it must survive, say nothing of warnings, end well, and leave a store without a fault.
 *
 * --seed repeats the same draws; the actions are told as they are done. */
#include "engine/preset.h"
#include "engine/taxonomy.h"
#include "tests/support/desktop.h"
#include "tests/support/keys.h"

#include <string.h>

#if defined __SANITIZE_ADDRESS__
#define SECONDS 120
#else
#define SECONDS 20
#endif

/* What ends the program, or waits for a person at a dialog of files. */
static const char *const left_alone[] = {"quit",           "open",         "open-model",
                                         "apply-choose",   "apply-folder", "apply-save",
                                         "export-chooser", "export-run",   NULL};
/* Each opens one more window, or hides the others: seldom. */
static const char *const seldom[] = {"preferences", "about", "show-help-overlay", "fullscreen", "tour",
                                     "preset",      NULL};

static int below(int n) {
  return g_test_rand_int_range(0, n);
}

/* Of a NULL-terminated list. */
static const char *any_of(const char *const *list) {
  return list[below((int)g_strv_length((char **)list))];
}

static char *any_run(Desktop *program) {
  g_autoptr(GPtrArray) rows = desktop_runs(program);
  if (rows->len == 0 || below(20) == 0)
    return g_strdup("00000000-0000-4000-8000-000000000000");
  return g_strdup(((RunRow *)g_ptr_array_index(rows, below((int)rows->len)))->id);
}

static char *any_file(Desktop *program) {
  static const char *const names[] = {"spec.ini", "hoarfrost/runs.db", "none", "out/1.png", NULL};
  return g_build_filename(program->folder, any_of(names), NULL);
}

static GVariant *any_axis_value(Desktop *program, const char *action) {
  for (int axis = 0; axis < N_AXES; axis++)
    if (g_str_equal(taxonomy_axes[axis].name, action))
      return g_variant_new_string(taxonomy_axes[axis].values[below(taxonomy_axes[axis].n_values)].name);
  g_assert_not_reached();
}

static GVariant *any_axis(Desktop *program, const char *action) {
  return g_variant_new_string(taxonomy_axes[below(N_AXES)].name);
}

static GVariant *any_preset(Desktop *program, const char *action) {
  int n = 0;
  while (presets[n].name)
    n++;
  return g_variant_new_string(presets[below(n)].name);
}

static GVariant *any_assignment(Desktop *program, const char *action) {
  static const char *const assignments[] = {"run.epochs=1",
                                            "run.epochs=40",
                                            "run.train=64",
                                            "run.batch=8",
                                            "run.seed=7",
                                            "manipulation.image_size=24",
                                            "optimiser.rate=0.5",
                                            "optimiser.rate=1e9",
                                            "manipulation.start=random",
                                            "run.dataset=squares",
                                            "run.model=objects-letters",
                                            "run.model=none",
                                            "no.such=thing",
                                            "=",
                                            NULL};
  const char *const list[] = {any_of(assignments), below(2) ? any_of(assignments) : NULL, NULL};
  return g_variant_new_strv(list, -1);
}

static GVariant *any_word(Desktop *program, const char *action) {
  static const char *const words[] = {"explore", "runs",  "compare", "apply", "colour", "signed",
                                      "system",  "light", "dark",    "",      "none",   NULL};
  return g_variant_new_string(any_of(words));
}

static GVariant *any_name_of_file(Desktop *program, const char *action) {
  g_autofree char *path = any_file(program);
  return g_variant_new_bytestring(path);
}

static GVariant *any_files(Desktop *program, const char *action) {
  g_autofree char *one = any_file(program), *other = any_file(program);
  return g_variant_new_strv((const char *const[]){one, other, NULL}, -1);
}

static GVariant *any_output(Desktop *program, const char *action) {
  return g_variant_new_take_string(g_build_filename(program->folder, "out.csv", NULL));
}

static const char *const parts[] = {"pictures",   "sample",    "pattern", "received", "difference",
                                    "confidence", "label-map", "curves",  "bundle",   "onnx",
                                    "spec",       "metrics",   "none",    NULL};

static GVariant *any_part(Desktop *program, const char *action) {
  return g_variant_new_string(any_of(parts));
}

static GVariant *any_export(Desktop *program, const char *action) {
  static const char *const suffixes[] = {".png", ".svg",  ".pdf",       ".npy", ".csv",
                                         ".ini", ".onnx", ".hoarfrost", "",     NULL};
  g_autofree char *name = g_strconcat("out", any_of(suffixes), NULL);
  g_autofree char *path = g_build_filename(program->folder, name, NULL);
  return g_variant_new("(ss)", any_of(parts), path);
}

typedef GVariant *(*Draw)(Desktop *program, const char *action);

/* Those whose parameters mean more than their type says. */
static const struct {
  const char *action;
  Draw draw;
} drawn_by_name[] = {
    {"format", any_axis_value},
    {"location", any_axis_value},
    {"operator", any_axis_value},
    {"alignment", any_axis_value},
    {"focus-axis", any_axis},
    {"preset", any_preset},
    {"assign", any_assignment},
    {"page", any_word},
    {"theme", any_word},
    {"pattern-map", any_word},
    {"open-file", any_name_of_file},
    {"apply-files", any_files},
    {"save-predictions", any_output},
    {"export", any_export},
    {"copy", any_part},
};

static GVariant *any_number(Desktop *program, const char *action) {
  return g_variant_new_int32(below(60) - 3);
}

static GVariant *any_factor(Desktop *program, const char *action) {
  return g_variant_new_double(below(5) ? g_test_rand_double_range(0, 40) : -1e300);
}

static GVariant *any_truth(Desktop *program, const char *action) {
  return g_variant_new_boolean(below(2));
}

static GVariant *any_pixel(Desktop *program, const char *action) {
  return g_variant_new("(ii)", below(300) - 20, below(300) - 20);
}

static GVariant *any_run_id(Desktop *program, const char *action) {
  return g_variant_new_take_string(any_run(program));
}

static GVariant *any_run_ids(Desktop *program, const char *action) {
  g_autofree char *one = any_run(program), *other = any_run(program);
  const char *const list[] = {one, below(2) ? other : NULL, NULL};
  return g_variant_new_strv(list, -1);
}

static GVariant *any_two_runs(Desktop *program, const char *action) {
  g_autofree char *one = any_run(program), *other = any_run(program);
  return g_variant_new("(ss)", one, other);
}

static GVariant *any_words_on_run(Desktop *program, const char *action) {
  g_autofree char *one = any_run(program);
  return g_variant_new("(ss)", one, below(3) ? "sea, <b>grün</b>" : "");
}

static GVariant *any_pair(Desktop *program, const char *action) {
  return below(2) ? any_two_runs(program, action) : any_words_on_run(program, action);
}

static const struct {
  const char *type;
  Draw draw;
} drawn_by_type[] = {
    {"i", any_number}, {"d", any_factor},   {"b", any_truth},   {"(ii)", any_pixel},
    {"s", any_run_id}, {"as", any_run_ids}, {"(ss)", any_pair}, {"ay", any_name_of_file},
};

/* False: nothing is known of such parameters. */
static bool draw(Desktop *program, const char *action, const GVariantType *type, GVariant **parameter) {
  *parameter = NULL;
  if (!type)
    return true;
  for (guint i = 0; i < G_N_ELEMENTS(drawn_by_name) && !*parameter; i++)
    if (g_str_equal(drawn_by_name[i].action, action))
      *parameter = drawn_by_name[i].draw(program, action);
  for (guint i = 0; i < G_N_ELEMENTS(drawn_by_type) && !*parameter; i++)
    if (g_variant_type_equal(type, drawn_by_type[i].type))
      *parameter = drawn_by_type[i].draw(program, action);
  return *parameter && g_variant_is_of_type(*parameter, type);
}

static void do_something(Desktop *program) {
  GActionGroup *group = below(12) ? program->window : program->application;
  g_auto(GStrv) names = g_action_group_list_actions(group);
  const char *name = any_of((const char *const *)names);
  bool asks = g_str_has_prefix(name, "save-") && !g_str_equal(name, "save-predictions");
  if (asks || g_strv_contains(left_alone, name) || !g_action_group_get_action_enabled(group, name) ||
      (g_strv_contains(seldom, name) && below(8)))
    return;
  GVariant *parameter = NULL;
  if (!draw(program, name, g_action_group_get_action_parameter_type(group, name), &parameter)) {
    if (parameter)
      g_variant_unref(g_variant_ref_sink(parameter));
    return;
  }
  g_autofree char *text = parameter ? g_variant_print(parameter, FALSE) : g_strdup("");
  g_test_message("%s %s", name, text);
  g_action_group_activate_action(group, name, parameter);
}

static void test_survives(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  const char *wanted = g_getenv("HOARFROST_MONKEY_SECONDS");
  double seconds = wanted ? g_ascii_strtod(wanted, NULL) : SECONDS;
  gint64 end = g_get_monotonic_time() + (gint64)(seconds * G_USEC_PER_SEC);
  while (g_get_monotonic_time() < end) {
    do_something(&program);
    if (below(25) == 0 && keys_can())
      keys_press("Escape");
    desktop_wait(below(4) ? below(30) : below(400));
    desktop_assert_well(&program);
  }
  desktop_quit(&program);
  desktop_check_store(&program);
  desktop_free(&program);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be()) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/monkey/survives", test_survives);
  return g_test_run();
}
