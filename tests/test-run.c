/* Runs on the toy network: repeatable to the bit, resumable to the bit, frozen, and measured as defined. */
#include "engine/run.h"
#include "tests/support/toy.h"

#include <math.h>
#include <string.h>

/* What one run leaves. */
typedef struct {
  FrozenModel *model;
  SampleSet *set;
  Run *run;
  StopFlag stop;
  int steps, evaluations, patterns, maps, baselines, checkpoints, last_step, initials;
  int counted, to_count; /* samples of the map that is counted */
  double losses[2];      /* of the baselines */
  RunState *checkpoint;
  GString *log; /* every number that was shown, but the seconds */
} Fixture;

static void on_initial(void *data, const Tensor *pattern, const Tensor *z) {
  Fixture *self = data;
  self->initials++;
  g_assert_cmpint(z->shape.dim[1], ==, TOY_SOURCE);
  g_assert_cmpint(pattern->shape.dim[0], ==, 3);
}

static void on_step(void *data, const RunStep *step) {
  Fixture *self = data;
  self->steps++;
  self->last_step = step->step;
  g_string_append_printf(self->log, "step %d %d %a %a\n", step->step, step->epoch, step->loss,
                         step->train_accuracy);
}

static void on_evaluation(void *data, const RunEvaluation *evaluation) {
  Fixture *self = data;
  self->evaluations++;
  g_string_append_printf(self->log, "evaluation %d %a %a %a\n", evaluation->step,
                         evaluation->validation_accuracy, evaluation->validation_loss,
                         evaluation->test_accuracy);
}

static void on_pattern(void *data, int step, const Tensor *pattern) {
  Fixture *self = data;
  self->patterns++;
  g_autofree char *digest =
      g_compute_checksum_for_data(G_CHECKSUM_SHA256, pattern->data, tensor_bytes(pattern));
  g_string_append_printf(self->log, "pattern %d %s\n", step, digest);
}

static void on_map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  Fixture *self = data;
  self->maps++;
  g_autofree char *digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, omega->data, tensor_bytes(omega));
  g_string_append_printf(self->log, "map %d %s %d\n", step, digest, switches);
}

static void on_baseline(void *data, PromptMode mode, double accuracy, double loss, const Tensor *omega,
                        const Tensor *bias) {
  Fixture *self = data;
  self->losses[self->baselines++ % 2] = loss;
}

static void on_checkpoint(void *data, const RunState *state) {
  Fixture *self = data;
  self->checkpoints++;
  g_clear_pointer(&self->checkpoint, run_state_free);
  self->checkpoint = run_state_copy(state);
}

static void on_counted(void *data, int samples, int all) {
  Fixture *self = data;
  g_assert_cmpint(samples, <=, all);
  self->counted = samples;
  self->to_count = all;
}

static void open_run(Fixture *self, char *const *extra, const RunState *resume, GError **error) {
  g_autoptr(RunSpec) spec = toy_spec(extra);
  RunObserver observer = {self,   on_initial,  on_step,       on_evaluation, on_pattern,
                          on_map, on_baseline, on_checkpoint, NULL,          on_counted};
  RunOptions options = {.spec = spec,
                        .model = self->model,
                        .set = self->set,
                        .resume = resume,
                        .observer = observer,
                        .stop = &self->stop};
  self->run = run_new(&options, error);
}

static Fixture *fixture_new(char *const *extra) {
  Fixture *self = g_new0(Fixture, 1);
  self->model = toy_model(1);
  self->set = toy_set(120, 60, 9);
  self->log = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  open_run(self, extra, NULL, &error);
  g_assert_no_error(error);
  return self;
}

static void fixture_free(Fixture *self) {
  run_free(self->run);
  g_clear_pointer(&self->checkpoint, run_state_free);
  frozen_model_free(self->model);
  sample_set_free(self->set);
  g_string_free(self->log, TRUE);
  g_free(self);
}

static void finish(Fixture *self) {
  g_autoptr(GError) error = NULL;
  RunProgress progress;
  while ((progress = run_step(self->run, &error)) == RUN_GOES_ON)
    ;
  g_assert_no_error(error);
  g_assert_cmpint(progress, ==, RUN_DONE);
}

static void assert_same_state(const RunState *a, const RunState *b) {
  g_assert_cmpint(a->step, ==, b->step);
  g_assert_cmpmem(a->parameters->data, a->parameters->len * 4, b->parameters->data, b->parameters->len * 4);
  g_assert_cmpmem(a->moments[0]->data, a->moments[0]->len * 4, b->moments[0]->data, b->moments[0]->len * 4);
  g_assert_cmpmem(a->omega->data, a->omega->len * 4, b->omega->data, b->omega->len * 4);
  g_assert_cmpmem(a->bias->data, a->bias->len * 4, b->bias->data, b->bias->len * 4);
  g_assert_cmpfloat(a->best_test_accuracy, ==, b->best_test_accuracy);
  g_assert_cmpfloat(a->no_prompt_test_accuracy, ==, b->no_prompt_test_accuracy);
  g_assert_cmpfloat(a->no_prompt_full_size_test_accuracy, ==, b->no_prompt_full_size_test_accuracy);
}

static void test_counts(void) {
  Fixture *self = fixture_new(NULL);
  finish(self);
  g_assert_cmpint(self->initials, ==, 1);
  g_assert_cmpint(self->steps, ==, 3 * (90 / 16));
  g_assert_cmpint(self->last_step, ==, 15);
  g_assert_cmpint(self->evaluations, ==, 4); /* before training and after each epoch */
  g_assert_cmpint(self->maps, ==, 3);        /* at the start of each epoch */
  g_assert_cmpint(self->baselines, ==, 2);
  g_assert_cmpint(self->counted, ==, 90);
  g_assert_cmpint(self->to_count, ==, 90);
  g_assert_cmpint(self->patterns, ==, 16);
  const RunResult *result = run_result(self->run);
  g_assert_cmpstr(result->weights_digest_before, ==, result->weights_digest_after);
  g_assert_cmpint(result->trainable_parameters, ==, 3 * (12 * 12 - 6 * 6));
  g_assert_cmpfloat(result->max_test_accuracy, >=, result->best_test_accuracy);
  g_assert_true(result->no_prompt_test_loss > 0 && result->no_prompt_full_size_test_loss > 0);
  g_assert_cmpfloat(result->no_prompt_test_loss, ==, self->losses[0]);
  g_assert_cmpfloat(result->no_prompt_full_size_test_loss, ==, self->losses[1]);
  g_assert_true(result->no_prompt_test_accuracy >= 0 && result->no_prompt_full_size_test_accuracy >= 0);
  fixture_free(self);
}

static void test_learns(void) {
  Fixture *self = fixture_new((char *[]){"run.epochs=60", "optimiser.rate=0.03", "alignment.family=linear",
                                         "alignment.method=linear", NULL});
  finish(self);
  g_assert_cmpfloat(run_result(self->run)->last_test_accuracy, >, 0.8);
  fixture_free(self);
}

static const char *const settings[][4] = {
    {NULL},
    {"alignment.method=blm+", "manipulation.form=tanh", NULL},
    {"alignment.family=linear", "alignment.method=linear", "optimiser.method=sgd", NULL},
    {"manipulation.operator=additive", "manipulation.method=overlay", "manipulation.image_size=0", NULL},
    {"alignment.method=rlm", "run.evaluate_every=4 step", "optimiser.schedule=cosine", NULL},
};

static void test_threads_keep_bits(void) {
  for (size_t i = 0; i < G_N_ELEMENTS(settings); i++) {
    char *one[6] = {0}, *three[6] = {0};
    int n = 0;
    for (; settings[i][n]; n++)
      one[n] = three[n] = (char *)settings[i][n];
    one[n] = (char *)"run.threads=1";
    three[n] = (char *)"run.threads=3";
    Fixture *a = fixture_new(one), *b = fixture_new(three);
    finish(a);
    finish(b);
    g_assert_cmpstr(a->log->str, ==, b->log->str);
    assert_same_state(run_state(a->run), run_state(b->run));
    fixture_free(a);
    fixture_free(b);
  }
}

/* Kills a run after a random number of pieces of work, takes the last checkpoint, and compares the end. */
static void test_resume_keeps_bits(void) {
  for (int trial = 0; trial < 20; trial++) {
    char *extra[6] = {0};
    for (int n = 0; settings[trial % 5][n]; n++)
      extra[n] = (char *)settings[trial % 5][n];
    Fixture *whole = fixture_new(extra), *part = fixture_new(extra);
    finish(whole);
    int pieces = g_test_rand_int_range(1, 30);
    g_autoptr(GError) error = NULL;
    bool ended = false;
    for (int i = 0; i < pieces && !ended; i++)
      ended = run_step(part->run, &error) == RUN_DONE;
    /* Half of the time it is stopped and says where it stands, half of the time it dies and the last
     * checkpoint counts. */
    g_autoptr(RunState) state = trial % 2          ? run_state_copy(run_state(part->run))
                                : part->checkpoint ? run_state_copy(part->checkpoint)
                                                   : NULL;
    run_free(part->run);
    open_run(part, extra, state, &error);
    g_assert_no_error(error);
    finish(part);
    assert_same_state(run_state(whole->run), run_state(part->run));
    fixture_free(whole);
    fixture_free(part);
  }
}

/* What a store may hold that is not of this run. */
static void shorten_parameters(RunState *state) {
  g_array_set_size(state->parameters, state->parameters->len - 1);
}
static void lengthen_moments(RunState *state) {
  g_array_set_size(state->moments[0], state->moments[0]->len + 1);
}
static void lengthen_counts(RunState *state) {
  g_array_set_size(state->counts, 1000000);
}
static void shorten_counts(RunState *state) {
  g_array_set_size(state->counts, 1);
}
static void shorten_omega(RunState *state) {
  g_array_set_size(state->omega, state->omega->len / 2);
}
static void lengthen_bias(RunState *state) {
  g_array_set_size(state->bias, state->bias->len + 1);
}
static void lengthen_top(RunState *state) {
  g_array_set_size(state->map_top, state->map_top->len + 1);
}
static void leave_epoch(RunState *state) {
  state->batch_in_epoch = 100000;
}
static void go_before(RunState *state) {
  state->batch_in_epoch = -1;
}
static void pass_end(RunState *state) {
  state->step = 1000000;
}
static void pass_last_epoch(RunState *state) {
  state->epoch = 1000000;
}
static void fit_later(RunState *state) {
  state->fitted_epoch = state->epoch + 1;
}

/* Each is refused with a sentence, and the checkpoint as it was is taken. */
static void test_resume_refused(void) {
  static const struct {
    void (*spoil)(RunState *state);
    const char *sentence;
  } cases[] = {{shorten_parameters, "the pattern"},
               {lengthen_moments, "moments"},
               {lengthen_counts, "counts"},
               {shorten_counts, "counts"},
               {shorten_omega, "the label map"},
               {lengthen_bias, "bias"},
               {lengthen_top, "the label map's classes"},
               {leave_epoch, "batch_in_epoch"},
               {go_before, "batch_in_epoch"},
               {pass_end, "step"},
               {pass_last_epoch, "epoch"},
               {fit_later, "fitted_epoch"}};
  Fixture *self = fixture_new(NULL);
  g_autoptr(GError) error = NULL;
  for (int i = 0; i < 6; i++)
    run_step(self->run, &error);
  g_assert_no_error(error);
  g_autoptr(RunState) good = run_state_copy(run_state(self->run));
  g_assert_cmpuint(good->counts->len, >, 0);
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(RunState) state = run_state_copy(good);
    cases[i].spoil(state);
    g_clear_pointer(&self->run, run_free);
    open_run(self, NULL, state, &error);
    g_assert_null(self->run);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, cases[i].sentence));
    g_clear_error(&error);
  }
  open_run(self, NULL, good, &error);
  g_assert_no_error(error);
  finish(self);
  fixture_free(self);
}

/* A stop inside a fit or a step drops what was under way; going on in the same run gives the same bits. */
static void test_stop_inside(void) {
  Fixture *whole = fixture_new(NULL), *part = fixture_new(NULL);
  finish(whole);
  g_autoptr(GError) error = NULL;
  RunProgress progress = RUN_GOES_ON;
  for (int i = 0; progress != RUN_DONE; i++) {
    atomic_store(&part->stop, i % 3 == 0);
    progress = run_step(part->run, &error);
    g_assert_true(i % 3 || progress == RUN_STOPPED);
  }
  assert_same_state(run_state(whole->run), run_state(part->run));
  fixture_free(whole);
  fixture_free(part);
}

/* A card whose normalisation overflows. */
static void test_not_a_number(void) {
  Fixture self = {.model = toy_model(1), .set = toy_set(120, 60, 9), .log = g_string_new(NULL)};
  self.model->card.std[0] = 1e-39f;
  g_autoptr(GError) error = NULL;
  open_run(&self, NULL, NULL, &error);
  g_assert_no_error(error);
  RunProgress progress;
  while ((progress = run_step(self.run, &error)) == RUN_GOES_ON)
    ;
  g_assert_cmpint(progress, ==, RUN_FAILED);
  g_assert_nonnull(strstr(error->message, "not a number"));
  g_assert_nonnull(strstr(error->message, "rate"));
  run_free(self.run);
  g_clear_pointer(&self.checkpoint, run_state_free);
  frozen_model_free(self.model);
  sample_set_free(self.set);
  g_string_free(self.log, TRUE);
}

/* Nothing is trained: Run becomes Evaluate, the map is still counted. */
static void test_fixed_evaluates(void) {
  Fixture *self = fixture_new((char *[]){"manipulation.format=fixed", NULL});
  finish(self);
  g_assert_cmpint(self->steps, ==, 0);
  g_assert_cmpint(self->evaluations, ==, 1);
  const RunResult *result = run_result(self->run);
  g_assert_cmpfloat(result->best_test_accuracy, ==, result->last_test_accuracy);
  /* A fixed pattern of zeros is the baseline without a prompt. */
  g_assert_cmpfloat(result->best_test_accuracy, ==, result->no_prompt_test_accuracy);
  g_assert_cmpint(result->trainable_parameters, ==, 0);
  fixture_free(self);
}

static void test_bad_parts(void) {
  static const struct {
    const char *assignment, *word;
  } cases[] = {{"run.train=119", "train"},
               {"run.test=61", "test"},
               {"run.validation=120", "validation"},
               {"run.batch=91", "batch"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    Fixture self = {.model = toy_model(1), .set = toy_set(120, 60, 9)};
    g_autoptr(GError) error = NULL;
    open_run(&self, (char *[]){(char *)cases[i].assignment, NULL}, NULL, &error);
    g_assert_null(self.run);
    g_assert_nonnull(strstr(error->message, cases[i].word));
    frozen_model_free(self.model);
    sample_set_free(self.set);
  }
}

/* A model that holds for two samples only: the graph around it, which is what is exported, does too. */
static void test_fixed_batch(void) {
  Fixture self = {.model = toy_model(1), .set = toy_set(120, 60, 9), .log = g_string_new(NULL)};
  Graph *graph = self.model->graph;
  ((Value *)g_ptr_array_index(graph->values, g_array_index(graph->inputs, ValueId, 0)))->shape.dim[0] = 2;
  g_autoptr(GError) error = NULL;
  open_run(&self, NULL, NULL, &error);
  g_assert_no_error(error);
  const Graph *around = program_graph(run_program(self.run));
  g_assert_cmpint(graph_value(around, graph_find(around, "picture"))->shape.dim[0], ==, 2);
  run_free(self.run);
  frozen_model_free(self.model);
  sample_set_free(self.set);
  g_string_free(self.log, TRUE);
}

static void test_second_input(void) {
  Fixture self = {.model = toy_model(1), .set = toy_set(120, 60, 9)};
  graph_input(self.model->graph, "age", TENSOR_FLOAT32, &SHAPE(-1, 1));
  g_autoptr(GError) error = NULL;
  open_run(&self, NULL, NULL, &error);
  g_assert_null(self.run);
  g_assert_nonnull(strstr(error->message, "an input 'age' beside the picture"));
  frozen_model_free(self.model);
  sample_set_free(self.set);
}

static void test_kept_patterns(void) {
  static const int totals[] = {1, 15, 16, 17, 60, 63, 64, 100, 780, 100000};
  for (size_t i = 0; i < G_N_ELEMENTS(totals); i++) {
    int kept = 0;
    for (int step = 0; step <= totals[i]; step++)
      kept += run_keeps_pattern(step, totals[i]);
    g_assert_cmpint(kept, <=, 64);
    g_assert_cmpint(kept, >=, MIN(totals[i] + 1, 40));
    g_assert_true(run_keeps_pattern(0, totals[i]) && run_keeps_pattern(totals[i], totals[i]));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/run/counts", test_counts);
  g_test_add_func("/run/learns", test_learns);
  g_test_add_func("/run/threads-keep-bits", test_threads_keep_bits);
  g_test_add_func("/run/resume-keeps-bits", test_resume_keeps_bits);
  g_test_add_func("/run/resume-refused", test_resume_refused);
  g_test_add_func("/run/stop-inside", test_stop_inside);
  g_test_add_func("/run/not-a-number", test_not_a_number);
  g_test_add_func("/run/fixed-evaluates", test_fixed_evaluates);
  g_test_add_func("/run/bad-parts", test_bad_parts);
  g_test_add_func("/run/fixed-batch", test_fixed_batch);
  g_test_add_func("/run/second-input", test_second_input);
  g_test_add_func("/run/kept-patterns", test_kept_patterns);
  return g_test_run();
}
