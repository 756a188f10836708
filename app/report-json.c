/* The events of `run --json`: "start", "initial", "step" (every one), "evaluation", "map", "baseline",
 * "warning", "result". */
#include "app/json-line.h"
#include "app/report.h"
#include "app/result-json.h"

static JsonLine *event(const char *name) {
  JsonLine *json = json_line_new();
  json_text(json, "event", name);
  return json;
}

static void send(Report *self, JsonLine *json) {
  json_print(json);
  report_flush(self);
}

static void start(Report *self, const RecordedRun *recorded) {
  const RunSpec *spec = self->session->spec;
  Run *run = recorded_run_run(recorded);
  JsonLine *json = event("start");
  json_text(json, "run", recorded_run_id(recorded));
  json_text(json, "store", self->store_path);
  json_text(json, "model", spec->model);
  json_text(json, "dataset", spec->dataset);
  json_text(json, "preset", spec->preset);
  json_text(json, "alignment", spec->alignment->name);
  json_text(json, "optimiser", spec->optimiser->name);
  json_integer(json, "seed", (int64_t)spec->seed);
  json_integer(json, "batch", spec->batch);
  json_integer(json, "total_steps", run_total_steps(run));
  json_integer(json, "from_step", run_state(run)->step);
  send(self, json);
}

static void initial(void *data, const Tensor *pattern, const Tensor *z) {
  Report *self = data;
  JsonLine *json = event("initial");
  json_integer(json, "answers", z->shape.dim[0]);
  json_number(json, "seconds", (double)(g_get_monotonic_time() - self->begun) / G_USEC_PER_SEC);
  send(self, json);
}

static void step(void *data, const RunStep *step) {
  JsonLine *json = event("step");
  json_integer(json, "step", step->step);
  json_integer(json, "epoch", step->epoch);
  json_number(json, "loss", step->loss);
  json_number(json, "train_accuracy", step->train_accuracy);
  json_number(json, "seconds", step->seconds);
  json_number(json, "gradient_norm", step->gradient_norm);
  send(data, json);
}

static void evaluation(void *data, const RunEvaluation *evaluation) {
  JsonLine *json = event("evaluation");
  json_integer(json, "step", evaluation->step);
  json_number(json, "validation_accuracy", evaluation->validation_accuracy);
  json_number(json, "validation_loss", evaluation->validation_loss);
  json_number(json, "test_accuracy", evaluation->test_accuracy);
  json_number(json, "seconds", evaluation->seconds);
  send(data, json);
}

static void map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  JsonLine *json = event("map");
  json_integer(json, "step", step);
  json_integer(json, "switches", switches);
  send(data, json);
}

static void baseline(void *data, PromptMode mode, double test_accuracy, double test_loss, const Tensor *omega,
                     const Tensor *bias) {
  JsonLine *json = event("baseline");
  json_text(json, "baseline", mode == PROMPT_OFF ? "no_prompt" : "no_prompt_full_size");
  json_number(json, "test_accuracy", test_accuracy);
  json_number(json, "test_loss", test_loss);
  send(data, json);
}

static void warning(void *data, const char *sentence) {
  JsonLine *json = event("warning");
  json_text(json, "warning", sentence);
  send(data, json);
}

static void result(Report *self, const RunResult *result, RunProgress how) {
  JsonLine *json = event("result");
  json_text(json, "run", self->id);
  json_text(json, "status", run_status_name(how == RUN_DONE ? STATUS_FINISHED : STATUS_STOPPED));
  json_result(json, result);
  send(self, json);
}

const ReportKind report_json = {
    .start = start,
    .observer = {.initial = initial,
                 .step = step,
                 .evaluation = evaluation,
                 .map = map,
                 .baseline = baseline,
                 .warning = warning},
    .result = result,
};
