/* Run specs: defaults, refusals that name group and key, layers, and text that reads back as the same spec.
 */
#include "engine/error.h"
#include "engine/preset.h"
#include "engine/random.h"
#include "engine/run-spec.h"

#include <string.h>

#define REQUIRED "[run]\nmodel = m.onnx\ndataset = d\n"

static RunSpec *parse_with(const char *text, char *const *assignments) {
  g_autoptr(GError) error = NULL;
  RunSpec *spec = run_spec_parse_with(text, "s.ini", assignments, false, &error);
  g_assert_no_error(error);
  return spec;
}

static RunSpec *parse(const char *text) {
  return parse_with(text, NULL);
}

static const ManipulationSpec *manipulation(const RunSpec *spec, guint i) {
  return g_ptr_array_index(spec->manipulations, i);
}

static void test_defaults(void) {
  g_autoptr(RunSpec) spec = parse(REQUIRED);
  g_assert_cmpstr(spec->model, ==, "m.onnx");
  g_assert_cmpstr(spec->dataset, ==, "d");
  g_assert_null(spec->preset);
  g_assert_cmpint(spec->batch, ==, 64);
  g_assert_cmpint(spec->epochs, ==, 5);
  g_assert_cmpint(spec->steps, ==, 0);
  g_assert_cmpuint(spec->seed, ==, 1);
  g_assert_true(spec->evaluate_every == 1 && spec->evaluate_unit == EVERY_EPOCH);
  g_assert_cmpuint(spec->manipulations->len, ==, 1);
  g_assert_cmpstr(manipulation(spec, 0)->kind->name, ==, "border");
  g_assert_cmpstr(spec->alignment->name, ==, "ilm");
  g_assert_cmpstr(spec->optimiser->name, ==, "adam");
  g_assert_cmpfloat(settings_number(spec->optimiser_settings, "rate"), ==, 0.05);
  g_autofree char *cell = cell_text(run_spec_cell(spec, 0));
  g_assert_cmpstr(cell, ==, "learnable/input/concatenative/statistical");
}

static void test_full(void) {
  g_autoptr(RunSpec) spec =
      parse("# a comment\n[run]\nmodel = a b.onnx\ndataset=/x\\\\y\ntrain = 100\nvalidation = 10\ntest = 7\n"
            "seed = 9007199254740991\nsteps = 12\nbatch = 1\nevaluate_every = 30 steps\nthreads = 2\n"
            "[manipulation]\nformat = fixed\nmethod = overlay\nbound = linf\nradius = 0.03\n"
            "start = random\nnorm = run:1234\n"
            "[manipulation 2]\nlocation = hidden\nsite = block3\noperator = additive\n"
            "[alignment]\nmethod = blm+\ntop = 0.3\n"
            "[optimiser]\nmethod = sgd\nrate = 40\nmomentum = 0\nschedule = cosine\n");
  g_assert_cmpstr(spec->model, ==, "a b.onnx");
  g_assert_cmpstr(spec->dataset, ==, "/x\\y");
  g_assert_cmpuint(spec->seed, ==, 9007199254740991);
  g_assert_true(spec->evaluate_every == 30 && spec->evaluate_unit == EVERY_STEP && spec->steps == 12);
  g_assert_cmpuint(spec->manipulations->len, ==, 2);
  g_assert_true(manipulation(spec, 0)->format == FORMAT_FIXED &&
                manipulation(spec, 0)->op == OPERATOR_ADDITIVE);
  g_assert_cmpfloat(settings_number(manipulation(spec, 0)->settings, "radius"), ==, 0.03);
  g_assert_cmpstr(manipulation(spec, 1)->site, ==, "block3");
  g_assert_cmpstr(manipulation(spec, 1)->kind->name, ==, "steering");
  g_assert_cmpstr(spec->alignment->name, ==, "blm+");
  g_autofree char *cell = cell_text(run_spec_cell(spec, 1));
  g_assert_cmpstr(cell, ==, "learnable/hidden/additive/statistical");
}

/* What is taken for granted where only the family, the operator or the method is said. */
static void test_implied(void) {
  static const char *const cases[][3] = {
      {"[alignment]\nfamily = statistical\n", "ilm", "border"},
      {"[alignment]\nfamily = linear\n", "linear", "border"},
      {"[alignment]\nmethod = rlm\n", "rlm", "border"},
      {"[alignment]\nfamily = identity\n", "identity", "border"},
      {"[manipulation]\noperator = additive\n", "ilm", "overlay"},
      {"[manipulation]\nmethod = overlay\n", "ilm", "overlay"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = g_strconcat(REQUIRED, cases[i][0], NULL);
    g_autoptr(RunSpec) spec = parse(text);
    g_assert_cmpstr(spec->alignment->name, ==, cases[i][1]);
    g_assert_cmpstr(manipulation(spec, 0)->kind->name, ==, cases[i][2]);
  }
  /* No method fits operator and location: the first with the operator, and the taxonomy says what is wrong. */
  g_autoptr(RunSpec) none = parse(REQUIRED "[manipulation]\noperator = parametric\nimage_size = 16\n");
  g_assert_true(manipulation(none, 0)->kind && manipulation(none, 0)->op == OPERATOR_PARAMETRIC);
}

static void test_refused(void) {
  static const char *const cases[][2] = {
      {"", "s.ini: run.model is missing"},
      {"[run]\nmodel = a\n", "s.ini: run.dataset is missing"},
      {"[run]\nmodel =\ndataset = d\n", "run.model is missing"},
      {REQUIRED "bacth = 3\n", "s.ini: unknown key run.bacth; did you mean batch?"},
      {REQUIRED "batch = -5\n", "s.ini: run.batch = -5 is not allowed: give a whole number from 1 to 65536"},
      {REQUIRED "batch = 0\n", "run.batch = 0"},
      {REQUIRED "batch = 99999999999999999999\n", "run.batch"},
      {REQUIRED "batch = 64 # as usual\n", "run.batch = 64 # as usual"},
      {REQUIRED "threads = 257\n", "from 0 to 256"},
      {REQUIRED "train = 1e9\n", "run.train"},
      {REQUIRED "seed = -1\n", "run.seed"},
      {REQUIRED "epochs = 0\n", "run.epochs"},
      {REQUIRED "evaluate_every = 0 epoch\n", "run.evaluate_every"},
      {REQUIRED "evaluate_every = often\n", "run.evaluate_every"},
      {REQUIRED "[alignments]\nmethod = ilm\n", "unknown group [alignments]; did you mean alignment"},
      {REQUIRED "[prompt]\n", "unknown group [prompt]; there are run, card, manipulation"},
      {REQUIRED "[manipulation 3]\n", "no [manipulation 2]"},
      {REQUIRED "[manipulation 1]\n", "unknown group [manipulation 1]"},
      {REQUIRED "[manipulation 99]\n", "unknown group [manipulation 99]"},
      {REQUIRED "[manipulation]\nmethod = boarder\n",
       "manipulation.method = boarder is not known; did you mean border?"},
      {REQUIRED "[manipulation]\nmethod = warp\n", "there are: border, overlay"},
      {REQUIRED "[manipulation]\nmethod =\n", "manipulation.method"},
      {REQUIRED "[manipulation]\nmethod = border\noperator = additive\n",
       "manipulation.operator = additive does not fit the method border, which is concatenative"},
      {REQUIRED "[manipulation]\nformat = frozen\n", "give one of fixed, learnable"},
      {REQUIRED "[manipulation]\nlocation = output\n", "give one of input, embedding, hidden"},
      {REQUIRED "[manipulation]\nsite = block1\n", "set location = hidden"},
      {REQUIRED "[manipulation]\nimage_size = 4000000000\n", "manipulation.image_size"},
      {REQUIRED "[manipulation]\nradius = 1\n",
       "unknown key manipulation.radius, a setting of another method"},
      {REQUIRED "[manipulation 2]\nnorm = much\n", "s.ini: manipulation 2.norm = much"},
      {REQUIRED "[alignment]\nmethod = ilm\nfamily = linear\n",
       "alignment.family = linear does not fit the method ilm"},
      {REQUIRED "[alignment]\nmethod = ilm\nsmoothing = 1\n",
       "unknown key alignment.smoothing, a setting of another method"},
      {REQUIRED "[optimiser]\nmethod = adma\n", "did you mean adam?"},
      {REQUIRED "[optimiser]\nrate = nan\n", "optimiser.rate = nan"},
      {REQUIRED "[optimiser]\nrate = 0,05\n", "optimiser.rate = 0,05"},
      {REQUIRED "preset = ilm-pv\n", "there is no preset ilm-pv"},
      {"model = a\n", "s.ini cannot be read as a spec"},
      {"[run]\nmodel\n", "s.ini cannot be read as a spec"},
      {"[run]\nmodel = a\\q\ndataset = d\n", "run.model has a backslash"},
      {"[run]\nmodel = \xff\xfe\n", "s.ini is not UTF-8"},
      {"\x7f"
       "ELF\x02\x01",
       "s.ini cannot be read as a spec"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autoptr(RunSpec) spec = run_spec_parse(cases[i][0], "s.ini", false, &error);
    if (spec)
      g_test_message("taken: %s", cases[i][0]);
    g_assert_null(spec);
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    if (!strstr(error->message, cases[i][1]) || strchr(error->message, '\n'))
      g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i][1]));
    g_assert_null(strchr(error->message, '\n'));
  }
  g_autofree char *endless = g_strnfill(3 << 20, '\n');
  g_assert_null(run_spec_parse(endless, "s.ini", false, NULL));
}

static void test_assignments(void) {
  char *assignments[] = {"run.batch=8",
                         "run.epochs = 2",
                         "manipulation.method=overlay",
                         "alignment.method=blm+",
                         "manipulation 2.method=border",
                         "run.batch=9",
                         NULL};
  g_autoptr(RunSpec) spec =
      parse_with(REQUIRED "batch = 5\nsteps = 100\n"
                          "[manipulation]\noperator = concatenative\nmethod = border\nform = tanh\n"
                          "image_size = 20\n[alignment]\nfamily = linear\nbias = no\n",
                 assignments);
  g_assert_cmpint(spec->batch, ==, 9);
  g_assert_true(spec->epochs == 2 && spec->steps == 0);
  g_assert_cmpstr(manipulation(spec, 0)->kind->name, ==, "overlay");
  g_assert_cmpint(settings_integer(manipulation(spec, 0)->settings, "image_size"), ==, 20);
  g_assert_cmpstr(manipulation(spec, 1)->kind->name, ==, "border");
  g_assert_cmpstr(spec->alignment->name, ==, "blm+");
  char *family[] = {"alignment.family=structural", "manipulation.operator=additive", NULL};
  g_autoptr(RunSpec) other =
      parse_with(REQUIRED "[manipulation]\nmethod = border\n[alignment]\nmethod = ilm\n", family);
  g_assert_cmpstr(other->alignment->name, ==, "structural");
  g_assert_cmpstr(manipulation(other, 0)->kind->name, ==, "overlay");

  static const struct {
    const char *assignment, *message;
    int code;
  } refused[] = {
      {"batch=3", "--set batch=3", HOARFROST_ERROR_USAGE},
      {"run.batch", "group.key=value", HOARFROST_ERROR_USAGE},
      {".batch=3", "group.key=value", HOARFROST_ERROR_USAGE},
      {"run.=3", "group.key=value", HOARFROST_ERROR_USAGE},
      {"run.batch=x", "--set: run.batch = x", HOARFROST_ERROR_INPUT},
      {"rum.batch=3", "did you mean run", HOARFROST_ERROR_INPUT},
      {"manipulation.fom=tanh", "did you mean form?", HOARFROST_ERROR_INPUT},
      {"manipulation.smoothing=1", "unknown key", HOARFROST_ERROR_INPUT},
  };
  for (guint i = 0; i < G_N_ELEMENTS(refused); i++) {
    char *one[] = {(char *)refused[i].assignment, NULL};
    g_autoptr(GError) error = NULL;
    g_assert_null(run_spec_parse_with(REQUIRED, "s.ini", one, false, &error));
    g_assert_error(error, HOARFROST_ERROR, refused[i].code);
    if (!strstr(error->message, refused[i].message))
      g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, refused[i].message));
  }
  char *clash[] = {"alignment.family=linear", "alignment.method=ilm", NULL};
  g_assert_null(run_spec_parse_with(REQUIRED, "s.ini", clash, false, NULL));
}

static void test_partial(void) {
  g_autoptr(RunSpec) spec = run_spec_parse("[run]\nbatch = 3\n", "s.ini", true, NULL);
  g_assert_cmpstr(spec->model, ==, "objects-letters");
  g_assert_cmpstr(spec->dataset, ==, "fashion-mnist");
  g_assert_true(spec->batch == 3 && !spec->preset);
}

/* A text that any row takes: made from its type and range. */
static char *random_text(const Setting *row, const Random *random, uint64_t *draw) {
  static const char *const texts[] = {"", "a path/with spaces.png", "C:\\new\\x", "ünïcode",
                                      "#7; [run] = \"x\""};
  double low = MAX(row->minimum, -1e6), high = MIN(row->maximum, 1e6);
  double number = low + random_uniform(random, (*draw)++) * (high - low);
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  g_auto(GStrv) choices = row->choices ? g_strsplit(row->choices, "|", -1) : NULL;
  switch (row->type) {
  case SETTING_CHOICE:
    return g_strdup(choices[random_below(random, (*draw)++, g_strv_length(choices))]);
  case SETTING_TEXT:
    return g_strdup(texts[random_below(random, (*draw)++, G_N_ELEMENTS(texts))]);
  case SETTING_INTEGER:
    return g_strdup_printf("%" G_GINT64_FORMAT, (gint64)number);
  case SETTING_NUMBER_OR_RUN:
    if (random_below(random, (*draw)++, 2))
      return g_strdup("run:0123-4567");
    /* fall through */
  default:
    return g_strdup(g_ascii_dtostr(text, sizeof text, number));
  }
}

static void set_randomly(Settings *settings, const Random *random, uint64_t *draw) {
  for (int k = 0; k < 2; k++)
    for (const Setting *row = settings->tables[k]; row && row->name; row++) {
      g_autofree char *text = random_text(row, random, draw);
      g_autoptr(GError) error = NULL;
      if (random_below(random, (*draw)++, 2))
        settings_set(settings, row->name, text, &error);
      g_assert_no_error(error);
    }
}

static RunSpec *random_spec(const Random *random) {
  uint64_t draw = 0;
  RunSpec *spec = parse(REQUIRED);
  guint n_kinds = 0, n_alignments = 0, n_optimisers = 0, n = 1 + random_below(random, draw++, 3);
  while (manipulation_kinds[n_kinds])
    n_kinds++;
  while (alignment_kinds[n_alignments])
    n_alignments++;
  while (optimiser_kinds[n_optimisers])
    n_optimisers++;
  spec->seed = random_bits(random, draw++) >> 11;
  spec->train = (int)random_below(random, draw++, 1000);
  spec->batch = 1 + (int)random_below(random, draw++, 65536);
  spec->steps = (int)random_below(random, draw++, 3);
  spec->evaluate_every = 1 + (int)random_below(random, draw++, 1000);
  spec->evaluate_unit = random_below(random, draw++, 2) ? EVERY_STEP : EVERY_EPOCH;
  spec->preset = random_below(random, draw++, 2) ? g_strdup(presets[0].name) : NULL;
  g_ptr_array_set_size(spec->manipulations, 0);
  for (guint i = 0; i < n; i++) {
    ManipulationSpec *entry = g_new0(ManipulationSpec, 1);
    entry->kind = manipulation_kinds[random_below(random, draw++, n_kinds)];
    entry->op = entry->kind->op;
    entry->format = (Format)random_below(random, draw++, N_FORMATS);
    entry->location = (Location)random_below(random, draw++, N_LOCATIONS);
    entry->site = entry->location == LOCATION_HIDDEN ? g_strdup("block2") : NULL;
    entry->settings = manipulation_settings_new(entry->kind);
    set_randomly(entry->settings, random, &draw);
    g_ptr_array_add(spec->manipulations, entry);
  }
  spec->alignment = alignment_kinds[random_below(random, draw++, n_alignments)];
  settings_free(spec->alignment_settings);
  spec->alignment_settings = settings_new(NULL, spec->alignment->settings);
  set_randomly(spec->alignment_settings, random, &draw);
  spec->optimiser = optimiser_kinds[random_below(random, draw++, n_optimisers)];
  settings_free(spec->optimiser_settings);
  spec->optimiser_settings = settings_new(optimiser_settings, spec->optimiser->settings);
  set_randomly(spec->optimiser_settings, random, &draw);
  return spec;
}

static void assert_same(const RunSpec *a, const RunSpec *b) {
  g_assert_cmpstr(a->preset, ==, b->preset);
  g_assert_cmpstr(a->model, ==, b->model);
  g_assert_cmpstr(a->dataset, ==, b->dataset);
  g_assert_cmpuint(a->seed, ==, b->seed);
  g_assert_true(a->train == b->train && a->validation == b->validation && a->test == b->test &&
                a->epochs == b->epochs && a->steps == b->steps && a->batch == b->batch &&
                a->evaluate_every == b->evaluate_every && a->evaluate_unit == b->evaluate_unit &&
                a->threads == b->threads && a->alignment == b->alignment && a->optimiser == b->optimiser &&
                a->manipulations->len == b->manipulations->len);
  for (guint i = 0; i < a->manipulations->len; i++) {
    const ManipulationSpec *p = manipulation(a, i), *q = manipulation(b, i);
    g_assert_true(p->kind == q->kind && p->op == q->op && p->format == q->format &&
                  p->location == q->location);
    g_assert_cmpstr(p->site, ==, q->site);
  }
}

static void test_round_trip(void) {
  for (uint32_t trial = 0; trial < 300; trial++) {
    Random random = {17, RANDOM_DRAWING, trial};
    g_autoptr(RunSpec) spec = random_spec(&random), copy = run_spec_copy(spec);
    g_autofree char *text = run_spec_text(spec), *copied = run_spec_text(copy);
    g_assert_cmpstr(text, ==, copied);
    g_autoptr(GError) error = NULL;
    g_autoptr(RunSpec) again = run_spec_parse(text, "text", false, &error);
    g_assert_no_error(error);
    g_autofree char *text_again = run_spec_text(again);
    g_assert_cmpstr(text, ==, text_again);
    assert_same(spec, again);
    assert_same(spec, copy);
  }
}

/* Bent and cut specs: an error or a spec, never a crash. */
static void test_mutations(void) {
  g_autoptr(RunSpec) spec = parse(REQUIRED "[manipulation 2]\nmethod = overlay\n");
  g_autofree char *text = run_spec_text(spec);
  uint32_t length = (uint32_t)strlen(text);
  for (uint32_t trial = 0; trial < 2000; trial++) {
    Random random = {23, RANDOM_DRAWING, trial};
    g_autofree char *bent = g_strdup(text);
    for (uint32_t k = 0; k < 1 + trial % 4; k++)
      bent[random_below(&random, 2 * k, length)] = (char)(1 + random_below(&random, 2 * k + 1, 255));
    if (trial % 3 == 0)
      bent[random_below(&random, 100, length)] = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(RunSpec) read = run_spec_parse(bent, "bent", false, &error);
    g_assert_true(!read == !!error);
    if (error)
      g_assert_true(g_utf8_validate(error->message, -1, NULL) && !strchr(error->message, '\n'));
  }
}

/* The rows of the axes are the axes. */
static void test_axis_rows(void) {
  static const struct {
    const Setting *rows;
    const char *key;
    AxisId axis;
  } cases[] = {{run_spec_manipulation_rows, "format", AXIS_FORMAT},
               {run_spec_manipulation_rows, "location", AXIS_LOCATION},
               {run_spec_manipulation_rows, "operator", AXIS_OPERATOR},
               {run_spec_alignment_rows, "family", AXIS_ALIGNMENT}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    const Setting *row = cases[i].rows;
    while (strcmp(row->name, cases[i].key) != 0)
      row++;
    g_auto(GStrv) choices = g_strsplit(row->choices, "|", -1);
    g_assert_cmpint((int)g_strv_length(choices), ==, taxonomy_axes[cases[i].axis].n_values);
    for (int k = 0; choices[k]; k++)
      g_assert_cmpint(axis_value(cases[i].axis, choices[k]), ==, k);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/spec/defaults", test_defaults);
  g_test_add_func("/spec/full", test_full);
  g_test_add_func("/spec/implied", test_implied);
  g_test_add_func("/spec/refused", test_refused);
  g_test_add_func("/spec/assignments", test_assignments);
  g_test_add_func("/spec/partial", test_partial);
  g_test_add_func("/spec/round-trip", test_round_trip);
  g_test_add_func("/spec/mutations", test_mutations);
  g_test_add_func("/spec/axis-rows", test_axis_rows);
  return g_test_run();
}
