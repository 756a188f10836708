/* Presets: each is a spec that reads, in a cell that is possible with the model it is for; the default one is
 * the file that is shipped. */
#include "engine/preset.h"

#include <string.h>

static const TaxonomyContext letters = {.model_title = "Objects and letters",
                                        .task_title = "the task",
                                        .takes_pictures = true,
                                        .has_hidden = true,
                                        .n_source = 36,
                                        .n_target = 10,
                                        .n_train = 10000,
                                        .averaged = 1};

/* What a preset may need. */
static const TaxonomyContext vision_transformer = {.model_title = "A vision transformer",
                                                   .task_title = "the task",
                                                   .takes_pictures = true,
                                                   .has_embedding = true,
                                                   .has_hidden = true,
                                                   .embedding_tokens = true,
                                                   .hidden_tokens = true,
                                                   .n_source = 1000,
                                                   .n_target = 10,
                                                   .n_train = 10000,
                                                   .averaged = 1};
static const TaxonomyContext language_model = {.model_title = "A language model",
                                               .task_title = "the text",
                                               .takes_texts = true,
                                               .texts = true,
                                               .next_token = true,
                                               .has_embedding = true,
                                               .has_hidden = true,
                                               .embedding_tokens = true,
                                               .hidden_tokens = true,
                                               .same_labels = true,
                                               .n_source = 512,
                                               .n_target = 512,
                                               .n_train = 10000,
                                               .averaged = 1};

static bool is_possible(const RunSpec *spec, const TaxonomyContext *context) {
  const ManipulationSpec *manipulation = g_ptr_array_index(spec->manipulations, 0);
  g_autoptr(Verdict) verdict =
      taxonomy_judge(run_spec_cell(spec, 0), manipulation->kind->name, spec->alignment->name, context);
  g_assert_true(verdict->kind != VERDICT_IMPOSSIBLE || *verdict->reason);
  return verdict->kind != VERDICT_IMPOSSIBLE;
}

static RunSpec *spec_of(const Preset *preset) {
  g_autoptr(GError) error = NULL;
  RunSpec *spec = preset_spec(preset, NULL, &error);
  g_assert_no_error(error);
  return spec;
}

static void test_all(void) {
  for (const Preset *preset = presets; preset->name; preset++) {
    g_assert_true(preset_find(preset->name) == preset);
    g_assert_true(*preset->title && *preset->paper && *preset->summary && *preset->deviations);
    g_autoptr(RunSpec) spec = spec_of(preset);
    g_assert_cmpstr(spec->preset, ==, preset->name);
    /* With the model it names; one that needs another is impossible with it, by the rules, and only that. */
    bool transformer = g_str_equal(spec->model, "objects-letters-vit");
    g_assert_true(transformer || g_str_equal(spec->model, "objects-letters"));
    g_assert_true(is_possible(spec, transformer ? &vision_transformer : &letters) == (*preset->needs == 0));
    g_assert_true(*preset->needs == 0 || is_possible(spec, &language_model));
    /* A reason stands where our cell is another than the list's, and only there. */
    g_autofree char *cell = cell_text(run_spec_cell(spec, 0));
    g_assert_true((strcmp(cell, preset->filed_as) == 0) == (*preset->reason == 0));
    g_autofree char *text = run_spec_text(spec);
    g_autoptr(RunSpec) again = run_spec_parse(text, "text", false, NULL);
    g_autofree char *text_again = run_spec_text(again);
    g_assert_cmpstr(text, ==, text_again);
  }
  g_assert_null(preset_find("ilm"));
}

static void test_default_file(void) {
  g_autofree char *path = g_build_filename(SOURCE_ROOT, "data", "specs", "default.ini", NULL), *text = NULL;
  g_autoptr(GError) error = NULL;
  g_assert_true(g_file_get_contents(path, &text, NULL, &error));
  g_autoptr(RunSpec) file = run_spec_parse(text, path, false, &error),
                     preset = spec_of(preset_find("default"));
  g_assert_no_error(error);
  g_clear_pointer(&preset->preset, g_free);
  g_autofree char *of_file = run_spec_text(file), *of_preset = run_spec_text(preset);
  g_assert_cmpstr(of_file, ==, of_preset);
}

static void test_layers(void) {
  char *assignments[] = {"run.train=500", "alignment.method=linear", NULL};
  g_autoptr(RunSpec) spec = preset_spec(preset_find("blm+"), assignments, NULL);
  g_assert_cmpstr(spec->model, ==, "objects-letters");
  g_assert_true(spec->train == 500 && spec->batch == 256 && spec->validation == 1000);
  g_assert_cmpstr(spec->alignment->name, ==, "linear");
  g_autoptr(RunSpec) elsayed = spec_of(preset_find("elsayed"));
  g_assert_cmpstr(elsayed->dataset, ==, "squares");
  g_autofree char *cell = cell_text(run_spec_cell(elsayed, 0));
  g_assert_cmpstr(cell, ==, "learnable/input/concatenative/structural");
  /* A text on top of a preset. */
  g_autoptr(RunSpec) text = run_spec_parse(
      "[run]\npreset = elsayed\nmodel = m.onnx\n[manipulation]\nmethod = overlay\n", "s.ini", false, NULL);
  const ManipulationSpec *manipulation = g_ptr_array_index(text->manipulations, 0);
  g_assert_cmpstr(text->model, ==, "m.onnx");
  g_assert_cmpstr(text->dataset, ==, "squares");
  g_assert_cmpstr(manipulation->kind->name, ==, "overlay");
  g_assert_cmpint(settings_integer(manipulation->settings, "image_size"), ==, 32);
}

/* What a preset needs is kept where it is chosen already; other presets bring their own. */
static void test_beside(void) {
  g_autoptr(RunSpec) present =
      run_spec_parse("[run]\nmodel = m.onnx\ndataset = t.txt\n", "s.ini", false, NULL);
  g_autoptr(RunSpec) kept = preset_spec_beside(preset_find("prefix-tuning"), present, NULL),
                     own = preset_spec_beside(preset_find("ssf"), present, NULL);
  g_assert_cmpstr(kept->model, ==, "m.onnx");
  g_assert_cmpstr(kept->dataset, ==, "t.txt");
  g_assert_cmpstr(kept->preset, ==, "prefix-tuning");
  g_assert_cmpstr(own->model, ==, "objects-letters");
  g_assert_cmpstr(own->dataset, ==, "fashion-mnist");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/presets/all", test_all);
  g_test_add_func("/presets/default-file", test_default_file);
  g_test_add_func("/presets/layers", test_layers);
  g_test_add_func("/presets/beside", test_beside);
  return g_test_run();
}
