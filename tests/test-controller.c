/* The controller without a window: the choice, a run with its news, stop, pause, replay, resume, and that the
 * main loop is never held. */
#include "app/controller.h"
#include "app/open-file.h"
#include "app/recorded-example.h"
#include "app/window-title.h"
#include "data/resources.h"
#include "data/run-writer.h"
#include "tests/support/patience.h"
#include "tests/temporary-folder.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

#define MOST_WAIT  60000 /* milliseconds, before a test gives up */
#define MOST_STOP  100   /* milliseconds, the best of some tries, times patience() */
#define TRIES      3
#define MOST_STALL 200 /* milliseconds, likewise */
#define PULSE      5   /* milliseconds */

static const char tiny[] = "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 128\nvalidation = 32\n"
                           "test = 64\nepochs = 2\nbatch = 16\nthreads = 2\n"
                           "[manipulation]\nmethod = border\nimage_size = 32\n[alignment]\nmethod = ilm\n"
                           "[optimiser]\nrate = 0.05\n";

static const char *folder;

/* A controller, and what it has said. */
typedef struct {
  HfController *controller;
  int snapshots, series, messages, choices, judged, runs, refused;
  char *failure;
  gint64 pulse, stall; /* microseconds */
  guint pulse_source;
} Desk;

static void count(HfController *controller, int *counter) {
  ++*counter;
}

static void count_snapshot(HfController *controller, HfSnapshot *snapshot, Desk *desk) {
  g_assert_true(snapshot == hf_controller_snapshot(controller));
  desk->snapshots++;
}

static void count_message(HfController *controller, const char *sentence, Desk *desk) {
  g_test_message("message: %s", sentence);
  desk->messages++;
}

static void keep_failure(HfController *controller, const char *sentence, Desk *desk) {
  g_test_message("failed: %s", sentence);
  g_free(desk->failure);
  desk->failure = g_strdup(sentence);
}

static gboolean pulse(gpointer data) {
  Desk *desk = data;
  gint64 now = g_get_monotonic_time();
  if (desk->pulse)
    desk->stall = MAX(desk->stall, now - desk->pulse);
  desk->pulse = now;
  return G_SOURCE_CONTINUE;
}

static void write_choice(const char *text) {
  g_autofree char *path = g_build_filename(g_get_user_config_dir(), "hoarfrost", "choice.ini", NULL);
  g_autofree char *above = g_path_get_dirname(path);
  g_mkdir_with_parents(above, 0700);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void desk_open(Desk *desk) {
  g_autofree char *store = g_build_filename(folder, "runs.db", NULL);
  g_autoptr(GError) error = NULL;
  *desk = (Desk){.controller = hf_controller_new(store, &error)};
  g_assert_no_error(error);
  const struct {
    const char *signal;
    GCallback heard;
    gpointer data;
  } signals[] = {
      {"snapshot", G_CALLBACK(count_snapshot), desk},
      {"message", G_CALLBACK(count_message), desk},
      {"failed", G_CALLBACK(keep_failure), desk},
      {"series-changed", G_CALLBACK(count), &desk->series},
      {"choice-changed", G_CALLBACK(count), &desk->choices},
      {"judged", G_CALLBACK(count), &desk->judged},
      {"runs-changed", G_CALLBACK(count), &desk->runs},
      {"refused", G_CALLBACK(count), &desk->refused},
  };
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect(desk->controller, signals[i].signal, signals[i].heard, signals[i].data);
  desk->pulse_source = g_timeout_add(PULSE, pulse, desk);
}

static void forget(gpointer data, GObject *object) {
  *(bool *)data = true;
}

static void desk_close(Desk *desk) {
  bool gone = false;
  hf_controller_close(desk->controller);
  g_object_weak_ref(G_OBJECT(desk->controller), forget, &gone);
  g_object_unref(desk->controller);
  while (!gone) /* threads that still load hold it */
    g_main_context_iteration(NULL, TRUE);
  g_source_remove(desk->pulse_source);
  g_free(desk->failure);
}

typedef bool (*Condition)(Desk *desk);

static void wait_for(Desk *desk, Condition condition) {
  gint64 end = g_get_monotonic_time() + MOST_WAIT * G_TIME_SPAN_MILLISECOND;
  while (!condition(desk)) {
    g_main_context_iteration(NULL, TRUE);
    g_assert_cmpint(g_get_monotonic_time(), <, end);
  }
}

static bool is_ready(Desk *desk) {
  return hf_controller_session(desk->controller) && hf_controller_snapshot(desk->controller);
}

static bool is_ended(Desk *desk) {
  return hf_controller_state(desk->controller) == HF_STATE_ENDED;
}

static bool is_paused(Desk *desk) {
  return hf_controller_state(desk->controller) == HF_STATE_PAUSED;
}

static bool is_training(Desk *desk) {
  return hf_controller_state(desk->controller) == HF_STATE_RUNNING &&
         hf_controller_series(desk->controller)->steps->len > 2;
}

static bool is_replay(Desk *desk) {
  return hf_controller_state(desk->controller) == HF_STATE_REPLAY;
}

static bool has_failed(Desk *desk) {
  return desk->failure != NULL;
}

static bool is_refused(Desk *desk) {
  return desk->refused > 0;
}

static bool has_problem(Desk *desk) {
  return hf_controller_problem(desk->controller) != NULL;
}

static bool is_judged(Desk *desk) {
  return hf_controller_verdict(desk->controller) != NULL;
}

static int wanted_step;
static bool shows_wanted_step(Desk *desk) {
  HfSnapshot *snapshot = hf_controller_snapshot(desk->controller);
  return snapshot && snapshot->step == wanted_step;
}

static int wanted_sample;
static bool shows_wanted_sample(Desk *desk) {
  HfSnapshot *snapshot = hf_controller_snapshot(desk->controller);
  return snapshot && snapshot->sample == wanted_sample;
}

static void assign(Desk *desk, const char *assignment) {
  g_autoptr(GError) error = NULL;
  char *const assignments[] = {(char *)assignment, NULL};
  hf_controller_assign(desk->controller, assignments, &error);
  g_assert_no_error(error);
}

static float largest_difference(const Tensor *a, const Tensor *b) {
  float most = 0;
  g_assert_true(shape_equal(&a->shape, &b->shape));
  for (int64_t i = 0; i < tensor_count(a); i++)
    most = MAX(most, fabsf(tensor_floats(a)[i] - tensor_floats(b)[i]));
  return most;
}

/* The first picture is there before anything trains; it is what the numbers say. */
static void test_idle(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  const HfSnapshot *snapshot = hf_controller_snapshot(desk.controller);
  g_assert_cmpint(hf_controller_state(desk.controller), ==, HF_STATE_IDLE);
  g_assert_cmpstr(hf_controller_spec(desk.controller)->dataset, ==, "squares"); /* kept from before */
  g_assert_cmpint(snapshot->step, ==, 0);
  g_assert_cmpint(snapshot->n_samples, ==, 64);
  g_assert_cmpint(snapshot->names->n_target, ==, 10);
  double sum = 0;
  for (int i = 0; i < snapshot->names->n_source; i++)
    sum += snapshot->source_on[i];
  g_assert_cmpfloat_with_epsilon(sum, 1, 1e-4);
  /* A border: what f receives is the picture with the pattern around it. */
  for (int64_t i = 0; i < tensor_count(snapshot->received); i++)
    g_assert_cmpfloat_with_epsilon(tensor_floats(snapshot->received)[i],
                                   tensor_floats(snapshot->picture)[i] + tensor_floats(snapshot->pattern)[i],
                                   1e-5);
  for (int64_t i = 0; i < tensor_count(snapshot->mask); i++)
    g_assert_cmpfloat(tensor_floats(snapshot->pattern)[i], ==, 0.5f * tensor_floats(snapshot->mask)[i]);
  wanted_sample = 7;
  hf_controller_choose_sample(desk.controller, wanted_sample);
  wait_for(&desk, shows_wanted_sample);
  desk_close(&desk);
}

static void test_choice(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  HfController *controller = desk.controller;
  g_assert_nonnull(hf_controller_verdicts(controller));
  g_assert_false(hf_controller_can_undo(controller));
  /* One slider, dragged. */
  assign(&desk, "optimiser.rate=0.1");
  assign(&desk, "optimiser.rate=0.2");
  assign(&desk, "run.batch=8");
  g_assert_cmpint(desk.choices, ==, 3);
  hf_controller_undo(controller);
  g_assert_cmpint(hf_controller_spec(controller)->batch, ==, 16);
  g_assert_cmpstr(settings_text(hf_controller_spec(controller)->optimiser_settings, "rate"), ==, "0.2");
  hf_controller_undo(controller);
  g_assert_cmpstr(settings_text(hf_controller_spec(controller)->optimiser_settings, "rate"), ==, "0.05");
  g_assert_false(hf_controller_can_undo(controller));
  hf_controller_redo(controller);
  hf_controller_redo(controller);
  g_assert_cmpint(hf_controller_spec(controller)->batch, ==, 8);
  g_assert_false(hf_controller_can_redo(controller));
  /* Axis values bring a method. */
  g_assert_null(hf_controller_choose(controller, AXIS_OPERATOR, OPERATOR_ADDITIVE));
  g_assert_cmpint(hf_controller_cell(controller).value[AXIS_OPERATOR], ==, OPERATOR_ADDITIVE);
  const ManipulationSpec *first = g_ptr_array_index(hf_controller_spec(controller)->manipulations, 0);
  g_assert_cmpstr(first->kind->name, ==, "overlay");
  /* An impossible one changes nothing, says why, and can be repaired. */
  g_autoptr(Verdict) verdict = hf_controller_choose(controller, AXIS_ALIGNMENT, FAMILY_IDENTITY);
  g_assert_nonnull(verdict);
  g_assert_cmpint(verdict->kind, ==, VERDICT_IMPOSSIBLE);
  g_assert_nonnull(verdict->reason);
  g_assert_cmpint(hf_controller_cell(controller).value[AXIS_ALIGNMENT], ==, FAMILY_STATISTICAL);
  g_assert_cmpint(verdict->repairs->len, >, 0);
  const Repair *repair = &g_array_index(verdict->repairs, Repair, 0);
  g_autoptr(GError) error = NULL;
  g_assert_true(hf_controller_repair(controller, repair, &error));
  g_assert_no_error(error);
  g_assert_cmpint(cell_index(hf_controller_cell(controller)), ==, cell_index(repair->cell));
  g_assert_false(hf_controller_assign(controller, (char *const[]){(char *)"run.batch=many", NULL}, &error));
  g_assert_nonnull(error);
  g_assert_true(g_str_has_prefix(error->message, "run.batch = many"));
  g_clear_error(&error);
  g_assert_false(hf_controller_take_preset(controller, "nothing", &error));
  g_assert_nonnull(error);
  g_clear_error(&error);
  /* What needs another model and task leaves the chosen ones, and the rules say what is wrong with them. */
  g_autofree char *dataset = g_strdup(hf_controller_spec(controller)->dataset);
  g_assert_true(hf_controller_take_preset(controller, "prompt-tuning", &error));
  g_assert_cmpstr(hf_controller_spec(controller)->dataset, ==, dataset);
  g_assert_cmpstr(dataset, !=, "fashion-mnist");
  wait_for(&desk, is_ready);
  g_autoptr(Verdict) absent = hf_controller_choose(controller, AXIS_OPERATOR, OPERATOR_ADDITIVE);
  g_assert_true(absent && strstr(absent->reason, "no token or patch embedding"));
  g_assert_cmpstr(hf_controller_spec(controller)->preset, ==, "prompt-tuning");
  desk_close(&desk);
}

/* A choice that cannot be read is the default experiment. */
static void test_broken_choice(void) {
  Desk desk;
  write_choice("[run]\nmodel = \\x\n[what");
  desk_open(&desk);
  g_assert_cmpstr(hf_controller_spec(desk.controller)->preset, ==, "default");
  desk_close(&desk);
}

/* A whole run, then the same run from the store. */
static void test_run_and_replay(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  HfController *controller = desk.controller;
  desk.stall = 0;
  hf_controller_run(controller);
  wait_for(&desk, is_ended);
  g_test_message("longest stall of the main loop: %.1f ms", (double)desk.stall / 1000);
  g_assert_cmpfloat((double)desk.stall, <, MOST_STALL * 1000 * patience());
  g_assert_null(desk.failure);
  const HfSeries *series = hf_controller_series(controller);
  g_assert_cmpint(series->total_steps, ==, 16);
  g_assert_cmpint(series->steps->len, ==, 16);
  for (guint i = 0; i < series->steps->len; i++)
    g_assert_cmpint(g_array_index(series->steps, RunStep, i).step, ==, (int)i + 1);
  g_assert_cmpint(series->evaluations->len, ==, 3);
  g_assert_true(isfinite(series->no_prompt) && isfinite(series->no_prompt_full_size));
  g_assert_cmpint(hf_controller_stored_steps(controller)->len, ==, 17);
  HfSnapshot *last = hf_snapshot_ref(hf_controller_snapshot(controller));
  g_assert_cmpint(last->step, ==, 16);
  g_assert_nonnull(last->target_off);
  g_assert_nonnull(last->counts);
  g_assert_cmpint(series->counted, ==, series->to_count);
  g_assert_cmpint(series->to_count, >, 0);
  const double losses[] = {series->no_prompt_loss, series->no_prompt_full_size_loss},
               gradient = g_array_index(series->steps, RunStep, 9).gradient_norm;
  g_assert_true(losses[0] > 0 && losses[1] > 0 && gradient > 0);
  g_autofree char *id = g_strdup(hf_controller_run_id(controller));
  g_assert_cmpint(desk.runs, ==, 2);
  /* Back to the start, and then from the store alone. */
  wanted_step = 3;
  hf_controller_seek(controller, 3);
  wait_for(&desk, shows_wanted_step);
  HfSnapshot *third = hf_snapshot_ref(hf_controller_snapshot(controller));
  g_assert_cmpfloat(largest_difference(third->pattern, last->pattern), >, 0);
  hf_controller_reset(controller);
  wanted_step = 0;
  wait_for(&desk, shows_wanted_step);
  g_assert_null(hf_controller_run_id(controller));
  /* No map is counted yet, so nothing is answered. */
  g_assert_null(hf_controller_snapshot(controller)->target_on);
  hf_controller_open(controller, id);
  wanted_step = 16;
  wait_for(&desk, shows_wanted_step);
  g_assert_true(is_replay(&desk));
  series = hf_controller_series(controller);
  g_assert_cmpfloat(series->no_prompt_loss, ==, losses[0]);
  g_assert_cmpfloat(series->no_prompt_full_size_loss, ==, losses[1]);
  g_assert_cmpfloat(g_array_index(series->steps, RunStep, 9).gradient_norm, ==, gradient);
  HfSnapshot *again = hf_controller_snapshot(controller);
  g_assert_cmpfloat(largest_difference(again->pattern, last->pattern), ==, 0);
  g_assert_cmpfloat(largest_difference(again->received, last->received), ==, 0);
  g_assert_cmpfloat(largest_difference(again->omega, last->omega), ==, 0);
  g_assert_cmpfloat(largest_difference(again->counts, last->counts), ==, 0);
  g_assert_cmpmem(again->target_on, sizeof(float) * 10, last->target_on, sizeof(float) * 10);
  g_assert_nonnull(again->target_off);
  g_assert_cmpmem(again->target_off, sizeof(float) * 10, last->target_off, sizeof(float) * 10);
  g_assert_cmpint(again->switches, ==, last->switches);
  g_assert_cmpint(hf_controller_series(controller)->steps->len, ==, 16);
  wanted_step = 3;
  hf_controller_seek(controller, 3);
  wait_for(&desk, shows_wanted_step);
  g_assert_cmpfloat(largest_difference(hf_controller_snapshot(controller)->pattern, third->pattern), ==, 0);
  hf_snapshot_unref(third);
  hf_snapshot_unref(last);
  desk_close(&desk);
}

/* A run like `like` whose stored arrays have these shapes.  (transfer full) */
static char *store_odd_run(RunStore *store, const char *like, const Shape *pattern_shape, int n_source) {
  g_autoptr(GError) error = NULL;
  g_autoptr(RunRow) row = run_store_get(store, like, &error);
  g_assert_no_error(error);
  g_clear_pointer(&row->id, g_free);
  g_clear_pointer(&row->name, g_free);
  g_autoptr(RunWriter) writer = run_writer_new(store, row, NULL, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(Tensor) pattern = tensor_new(TENSOR_FLOAT32, pattern_shape, NULL),
                    omega = tensor_new(TENSOR_FLOAT32, &SHAPE(n_source, 10), NULL),
                    bias = tensor_new(TENSOR_FLOAT32, &SHAPE(10), NULL);
  run_writer_pattern(writer, 0, pattern);
  run_writer_map(writer, 0, omega, bias, 0);
  run_writer_status(writer, STATUS_STOPPED, NULL);
  g_assert_true(run_writer_finish(writer, &error));
  return g_strdup(run_writer_id(writer));
}

/* Arrays that are of no use for the model and the task that the spec names are refused with a sentence, and
 * what can be shown is shown afterwards. */
static void test_odd_arrays(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  HfController *controller = desk.controller;
  RunStore *store = hf_controller_store(controller);
  const Tensor *first = hf_controller_snapshot(controller)->pattern;
  int n_source = hf_controller_snapshot(controller)->names->n_source;
  Shape shape = first->shape, wide = shape;
  wide.dim[2] *= 2;
  hf_controller_run(controller);
  wait_for(&desk, is_ended);
  g_autofree char *id = g_strdup(hf_controller_run_id(controller));
  const struct {
    Shape pattern;
    int n_source;
    const char *what;
  } cases[] = {{shape, 500000, "label map"},
               {shape, n_source - 1, "label map"},
               {SHAPE(7), n_source, "pattern"},
               {wide, n_source, "pattern"}};
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *odd = store_odd_run(store, id, &cases[i].pattern, cases[i].n_source);
    hf_controller_open(controller, odd);
    wait_for(&desk, has_failed);
    g_assert_nonnull(strstr(desk.failure, cases[i].what));
    g_clear_pointer(&desk.failure, g_free);
  }
  wanted_step = 16;
  hf_controller_open(controller, id);
  wait_for(&desk, shows_wanted_step);
  desk_close(&desk);
}

/* Milliseconds until the command is answered. */
static double time_until(Desk *desk, void (*command)(HfController *controller), Condition condition) {
  gint64 start = g_get_monotonic_time();
  command(desk->controller);
  wait_for(desk, condition);
  return (double)(g_get_monotonic_time() - start) / 1000;
}

static void assert_no_gaps(const HfSeries *series) {
  for (guint i = 0; i < series->steps->len; i++)
    g_assert_cmpint(g_array_index(series->steps, RunStep, i).step, ==, (int)i + 1);
}

/* A long run that is paused, goes on step by step, and shows its past while it trains. */
static void test_pause(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  assign(&desk, "run.epochs=200");
  HfController *controller = desk.controller;
  wait_for(&desk, is_ready);
  double paused = INFINITY;
  for (int i = 0; i < TRIES; i++) {
    guint before = hf_controller_series(controller)->steps->len;
    hf_controller_run(controller);
    wait_for(&desk, is_training);
    while (hf_controller_series(controller)->steps->len <= before)
      g_main_context_iteration(NULL, TRUE);
    double now = time_until(&desk, hf_controller_pause, is_paused);
    paused = MIN(paused, now);
  }
  g_test_message("paused after %.1f ms", paused);
  g_assert_cmpfloat(paused, <, MOST_STOP * patience());
  guint steps = hf_controller_series(controller)->steps->len;
  hf_controller_step(controller);
  g_assert_cmpint(hf_controller_state(controller), ==, HF_STATE_RUNNING);
  wait_for(&desk, is_paused);
  g_assert_cmpint(hf_controller_series(controller)->steps->len, ==, steps + 1);
  hf_controller_run(controller);
  wanted_step = 2;
  hf_controller_seek(controller, 2);
  wait_for(&desk, shows_wanted_step);
  hf_controller_seek(controller, -1);
  wanted_sample = 5;
  hf_controller_choose_sample(controller, wanted_sample);
  wait_for(&desk, shows_wanted_sample);
  assert_no_gaps(hf_controller_series(controller));
  desk_close(&desk);
}

/* Stopped it answers at once, is kept, and goes on later; closing the window keeps it too. */
static void test_stop_and_resume(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  assign(&desk, "run.epochs=200");
  HfController *controller = desk.controller;
  wait_for(&desk, is_ready);
  hf_controller_run(controller);
  wait_for(&desk, is_training);
  double stopped = time_until(&desk, hf_controller_stop, is_ended);
  g_autofree char *id = g_strdup(hf_controller_run_id(controller));
  g_autoptr(RunRow) row = run_store_get(hf_controller_store(controller), id, NULL);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  for (int i = 1; i < TRIES; i++) {
    guint before = hf_controller_series(controller)->steps->len;
    hf_controller_resume(controller, id);
    wait_for(&desk, is_training);
    g_assert_cmpstr(hf_controller_run_id(controller), ==, id);
    while (hf_controller_series(controller)->steps->len <= before)
      g_main_context_iteration(NULL, TRUE);
    double now = time_until(&desk, hf_controller_stop, is_ended);
    stopped = MIN(stopped, now);
    assert_no_gaps(hf_controller_series(controller));
  }
  g_test_message("stopped after %.1f ms", stopped);
  g_assert_cmpfloat(stopped, <, MOST_STOP * patience());
  g_assert_null(desk.failure);
  int last = hf_controller_snapshot(controller)->step;
  hf_controller_resume(controller, id);
  wait_for(&desk, is_training);
  desk_close(&desk);
  g_autofree char *path = g_build_filename(folder, "runs.db", NULL);
  g_autoptr(RunStore) store = run_store_open(path, NULL);
  g_autoptr(RunRow) after = run_store_get(store, id, NULL);
  g_assert_cmpint(after->status, ==, STATUS_STOPPED);
  g_assert_cmpint(after->result.steps, >=, last);
}

/* A run that diverges says so, and its last moment stays. */
static void test_failure(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  assign(&desk, "optimiser.method=sgd");
  assign(&desk, "optimiser.weight_decay=1000");
  assign(&desk, "optimiser.rate=1e6");
  wait_for(&desk, is_ready);
  hf_controller_run(desk.controller);
  wait_for(&desk, has_failed);
  wait_for(&desk, is_ended);
  g_assert_nonnull(strstr(desk.failure, "rate"));
  g_assert_nonnull(hf_controller_snapshot(desk.controller));
  g_autoptr(RunRow) row =
      run_store_get(hf_controller_store(desk.controller), hf_controller_run_id(desk.controller), NULL);
  g_assert_cmpint(row->status, ==, STATUS_FAILED);
  desk_close(&desk);
}

/* An impossible choice is not run: that is no failure, and the verdict says what can be done. */
static void test_refused(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  g_assert_cmpint(hf_controller_verdict(desk.controller)->kind, !=, VERDICT_IMPOSSIBLE);
  g_assert_true(hf_controller_take_preset(desk.controller, "prefix-tuning", NULL));
  g_assert_null(hf_controller_verdict(desk.controller));
  wait_for(&desk, is_judged);
  const Verdict *verdict = hf_controller_verdict(desk.controller);
  g_assert_cmpint(verdict->kind, ==, VERDICT_IMPOSSIBLE);
  g_assert_cmpuint(verdict->repairs->len, >, 0);
  hf_controller_run(desk.controller);
  wait_for(&desk, is_refused);
  g_assert_cmpint(hf_controller_state(desk.controller), ==, HF_STATE_IDLE);
  g_assert_null(hf_controller_run_id(desk.controller));
  g_assert_null(desk.failure);
  desk_close(&desk);
}

/* What cannot be loaded says so, and the next choice loads. */
static void test_missing_model(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  assign(&desk, "manipulation.image_size=3");
  assign(&desk, "run.model=/nowhere/at-all.onnx");
  const ManipulationSpec *first = g_ptr_array_index(hf_controller_spec(desk.controller)->manipulations, 0);
  g_assert_cmpint(settings_integer(first->settings, "image_size"), ==, 0);
  g_assert_null(hf_controller_session(desk.controller));
  hf_controller_run(desk.controller);
  g_assert_cmpint(hf_controller_state(desk.controller), ==, HF_STATE_LOADING);
  wait_for(&desk, has_problem);
  g_assert_cmpint(hf_controller_state(desk.controller), ==, HF_STATE_IDLE);
  g_assert_nonnull(strstr(hf_controller_problem(desk.controller), "/nowhere/at-all.onnx"));
  hf_controller_undo(desk.controller);
  wait_for(&desk, is_ready);
  g_assert_null(hf_controller_problem(desk.controller));
  desk_close(&desk);
}

/* (transfer full) */
static char *run_once(Desk *desk) {
  wait_for(desk, is_ready);
  hf_controller_run(desk->controller);
  wait_for(desk, is_ended);
  return g_strdup(hf_controller_run_id(desk->controller));
}

static bool shows_nothing(Desk *desk) {
  return !hf_controller_snapshot(desk->controller);
}

static bool is_idle(Desk *desk) {
  return hf_controller_state(desk->controller) == HF_STATE_IDLE;
}

static void wait_a_little(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time() < end)
    g_main_context_iteration(NULL, FALSE);
}

/* What the window says: NULL where the choice is the run's. */
static void assert_words(Desk *desk, const char *state, const char *alignment, const char *difference) {
  HfController *controller = desk->controller;
  g_autoptr(RunRow) row =
      run_store_get(hf_controller_store(controller), hf_controller_run_id(controller), NULL);
  g_autofree char *title = window_title_text(controller), *subtitle = window_subtitle_text(controller, row),
                  *words = window_difference_text(controller);
  g_test_message("%s / %s / %s", title, subtitle, words ? words : "(the same)");
  g_assert_nonnull(strstr(title, "squares"));
  g_assert_true(g_str_has_prefix(subtitle, state));
  g_assert_nonnull(strstr(subtitle, row->name));
  g_assert_nonnull(strstr(subtitle, alignment));
  g_assert_cmpstr(words, ==, difference);
}

/* The run that is shown keeps its own settings, whatever is chosen meanwhile. */
static void test_another_choice(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  HfController *controller = desk.controller;
  g_assert_null(hf_controller_run_spec(controller));
  g_autofree char *id = run_once(&desk);
  assert_words(&desk, "Finished", "(ILM)", NULL);
  assign(&desk, "alignment.method=linear");
  assert_words(&desk, "Finished", "(ILM)", "label map");
  g_assert_cmpstr(hf_controller_run_spec(controller)->alignment->name, ==, "ilm");
  g_assert_cmpstr(hf_controller_spec(controller)->alignment->name, ==, "linear");
  hf_controller_open(controller, id);
  wait_for(&desk, is_replay);
  assert_words(&desk, "Finished", "(ILM)", NULL);
  assign(&desk, "run.threads=1");
  assert_words(&desk, "Finished", "(ILM)", NULL);
  assign(&desk, "run.dataset=fashion-mnist");
  assert_words(&desk, "Finished", "(ILM)", "task");
  assign(&desk, "run.seed=7");
  g_assert_cmpuint(hf_controller_run_spec(controller)->seed, !=, 7);
  g_assert_nonnull(hf_controller_run_session(controller));
  hf_controller_take_run_settings(controller);
  assert_words(&desk, "Finished", "(ILM)", NULL);
  g_assert_cmpstr(hf_controller_spec(controller)->dataset, ==, "squares");
  hf_controller_reset(controller);
  g_assert_null(hf_controller_run_spec(controller));
  g_assert_null(hf_controller_run_session(controller));
  desk_close(&desk);
}

/* What cannot be run leaves the run that is shown; what cannot be shown leaves no picture of something else.
 */
static void test_impossible(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  HfController *controller = desk.controller;
  g_autofree char *id = run_once(&desk);
  HfSnapshot *shown = hf_controller_snapshot(controller);
  g_autoptr(GError) error = NULL;
  g_assert_true(hf_controller_take_preset(controller, "prefix-tuning", &error));
  hf_controller_run(controller);
  wait_for(&desk, is_refused);
  wait_for(&desk, is_replay);
  g_assert_cmpstr(hf_controller_run_id(controller), ==, id);
  g_assert_true(hf_controller_snapshot(controller) == shown);
  g_assert_cmpint(hf_controller_series(controller)->steps->len, ==, 16);
  hf_controller_reset(controller);
  wait_for(&desk, shows_nothing);
  g_assert_cmpint(hf_controller_stored_steps(controller)->len, ==, 0);
  g_assert_cmpint(hf_controller_series(controller)->steps->len, ==, 0);
  hf_controller_undo(controller);
  wait_for(&desk, is_ready);
  hf_controller_open(controller, id);
  wait_for(&desk, is_replay);
  assign(&desk, "run.model=/nowhere/at-all.onnx");
  hf_controller_reset(controller);
  g_assert_null(hf_controller_snapshot(controller));
  g_assert_cmpint(hf_controller_stored_steps(controller)->len, ==, 0);
  desk_close(&desk);
}

/* Stop is heard while the run that is to go on is still being read. */
static void test_stop_before_resume(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  assign(&desk, "run.epochs=200");
  HfController *controller = desk.controller;
  wait_for(&desk, is_ready);
  hf_controller_run(controller);
  wait_for(&desk, is_training);
  hf_controller_stop(controller);
  wait_for(&desk, is_ended);
  g_autofree char *id = g_strdup(hf_controller_run_id(controller));
  hf_controller_reset(controller);
  for (int loading = 0; loading < 2; loading++) {
    if (loading) /* then it waits for what is loading */
      assign(&desk, "run.seed=3");
    hf_controller_resume(controller, id);
    g_assert_cmpint(hf_controller_state(controller), ==, HF_STATE_LOADING);
    hf_controller_stop(controller);
    wait_for(&desk, is_idle);
    wait_a_little(1000);
    g_assert_true(is_idle(&desk));
    g_assert_null(hf_controller_run_id(controller));
  }
  desk_close(&desk);
}

/* A search for a mistake gives way to what is asked for after it, and is not made up for later. */
static void test_mistake(void) {
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  HfController *controller = desk.controller;
  hf_controller_next_mistake(controller); /* nothing is shown yet */
  wait_for(&desk, is_ready);
  g_assert_cmpint(hf_controller_snapshot(controller)->sample, ==, 0);
  hf_controller_next_mistake(controller);
  wanted_sample = 63;
  hf_controller_choose_sample(controller, wanted_sample);
  wait_for(&desk, shows_wanted_sample);
  wait_a_little(200);
  g_assert_true(shows_wanted_sample(&desk));
  hf_controller_next_mistake(controller);
  while (shows_wanted_sample(&desk))
    g_main_context_iteration(NULL, TRUE);
  g_assert_cmpint(hf_controller_snapshot(controller)->sample, <, 63);
  desk_close(&desk);
}

/* A bundle is one run more, and the recorded one is of the default experiment by name. */
static void test_bundle(void) {
  if (!recorded_example_is_possible()) {
    g_test_skip("the data set of the recorded run is not installed");
    return;
  }
  Desk desk;
  write_choice(tiny);
  desk_open(&desk);
  wait_for(&desk, is_ready);
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new();
  g_autofree char *path = resource_find("runs/first-light.hoarfrost");
  open_file(desk.controller, G_ACTION_GROUP(actions), path);
  wait_for(&desk, is_replay);
  g_assert_cmpint(desk.runs, ==, 1);
  g_assert_cmpstr(hf_controller_spec(desk.controller)->preset, ==, "default");
  desk_close(&desk);
}

int main(int argc, char **argv) {
  openblas_set_num_threads(1);
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) temporary = folder_new();
  folder = temporary;
  g_setenv("XDG_CONFIG_HOME", temporary, TRUE);
  g_test_add_func("/controller/idle", test_idle);
  g_test_add_func("/controller/choice", test_choice);
  g_test_add_func("/controller/broken-choice", test_broken_choice);
  g_test_add_func("/controller/run-and-replay", test_run_and_replay);
  g_test_add_func("/controller/odd-arrays", test_odd_arrays);
  g_test_add_func("/controller/pause", test_pause);
  g_test_add_func("/controller/stop-and-resume", test_stop_and_resume);
  g_test_add_func("/controller/failure", test_failure);
  g_test_add_func("/controller/refused", test_refused);
  g_test_add_func("/controller/missing-model", test_missing_model);
  g_test_add_func("/controller/another-choice", test_another_choice);
  g_test_add_func("/controller/impossible", test_impossible);
  g_test_add_func("/controller/stop-before-resume", test_stop_before_resume);
  g_test_add_func("/controller/mistake", test_mistake);
  g_test_add_func("/controller/bundle", test_bundle);
  return g_test_run();
}
