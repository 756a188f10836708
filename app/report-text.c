/* What `run` says to people: a bar on a terminal, a line for each evaluation, the result and the label map at
 * the end. */
#include "app/output.h"
#include "app/progress-bar.h"
#include "app/report.h"
#include "engine/error.h"

#include <math.h>
#include <stdio.h>

#define REDRAW_MICROSECONDS (G_USEC_PER_SEC / 10)

/* "73.4 %" into a buffer; "" for what is not a number. */
typedef char Share[16];
static const char *share(double number, Share text) {
  if (!isfinite(number))
    return "";
  g_snprintf(text, sizeof(Share), "%.1f %%", 100 * number);
  return text;
}

/* "pictures" */
static const char *samples(const Report *self) {
  return self->session->set->text.tokens ? "texts" : "pictures";
}

static void clear_bar(Report *self) {
  if (self->bar_drawn)
    fputs("\r\033[K", stderr);
  self->bar_drawn = 0;
}

static void draw_bar(Report *self, const RunStep *step) {
  int64_t now = g_get_monotonic_time();
  if (!self->columns || (now - self->bar_drawn < REDRAW_MICROSECONDS && step->step < self->total_steps))
    return;
  double seconds = (double)(now - self->first_step_at) / G_USEC_PER_SEC;
  int done = step->step - self->first_step;
  double rate = done > 0 && seconds > 0 ? done / seconds : 0;
  Share train, validation;
  g_autoptr(GString) facts = g_string_new(NULL);
  g_string_printf(facts, "loss %.3f  train %s", step->loss, share(step->train_accuracy, train));
  if (isfinite(self->validation_accuracy))
    g_string_append_printf(facts, "  validation %s", share(self->validation_accuracy, validation));
  if (rate > 0) {
    int left = (int)((self->total_steps - step->step) / rate);
    g_string_append_printf(facts, "  %.0f %s/s  %d:%02d left", rate * self->session->spec->batch,
                           samples(self), left / 60, left % 60);
  }
  g_autofree char *line = progress_bar(step->step, self->total_steps, facts->str, self->columns);
  fprintf(stderr, "\r%s\033[K", line);
  fflush(stderr);
  self->bar_drawn = now;
}

static void start(Report *self, const RecordedRun *recorded) {
  const Session *session = self->session;
  const ManipulationSpec *first = g_ptr_array_index(session->spec->manipulations, 0);
  const ModelCard *card = &session->model->card;
  g_autofree char *cell = cell_text(run_spec_cell(session->spec, 0));
  g_autofree char *title = text_one_line(card->title ? card->title : session->model->name);
  g_autofree char *task = text_one_line(session->set->title);
  int from = run_state(recorded_run_run(recorded))->step;
  output_line("%s learns %s", title, task);
  output_line("%s: %s, %s, seed %" G_GUINT64_FORMAT, cell, first->kind->title,
              session->spec->alignment->title, session->spec->seed);
  const char *note = manipulation_note(first->kind, first->format);
  if (note)
    output_line("%s", note);
  if (from)
    output_line("run %s goes on after step %d of %d", self->id, from, self->total_steps);
  else
    output_line("run %s, %d steps", self->id, self->total_steps);
  report_flush(self);
  self->columns = output_error_columns();
  if (self->columns) {
    fprintf(stderr, "looking at the training %s before the first step …", samples(self));
    self->bar_drawn = 1;
  }
}

static void step(void *data, const RunStep *step) {
  Report *self = data;
  if (self->first_step < 0) {
    self->first_step = step->step;
    self->first_step_at = g_get_monotonic_time();
  }
  draw_bar(self, step);
}

static void evaluation(void *data, const RunEvaluation *evaluation) {
  Report *self = data;
  Share validation;
  self->validation_accuracy = evaluation->validation_accuracy;
  clear_bar(self);
  output_line("step %5d  validation %7s  loss %.4f  %5.1f s", evaluation->step,
              share(evaluation->validation_accuracy, validation), evaluation->validation_loss,
              evaluation->seconds);
  report_flush(self);
}

static void baseline(void *data, PromptMode mode, double test_accuracy, double test_loss, const Tensor *omega,
                     const Tensor *bias) {
  Report *self = data;
  Share test;
  clear_bar(self);
  output_line("            %s: test %s", mode == PROMPT_OFF ? "no prompt" : "no prompt, full size",
              share(test_accuracy, test));
  report_flush(self);
}

/* Keeps each target class's largest source class (the lowest one on ties) for the end. */
static void map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  Report *self = data;
  int n_source = (int)omega->shape.dim[0], n_target = (int)omega->shape.dim[1];
  if (!self->top)
    self->top = g_new0(int, n_target);
  for (int t = 0; t < n_target; t++) {
    const float *column = tensor_floats(omega) + t;
    self->top[t] = 0;
    for (int s = 1; s < n_source; s++)
      if (column[(size_t)s * (size_t)n_target] > column[(size_t)self->top[t] * (size_t)n_target])
        self->top[t] = s;
  }
}

static void warning(void *data, const char *sentence) {
  clear_bar(data);
  fprintf(stderr, "hoarfrost: %s\n", sentence);
}

static void print_map(const Report *self) {
  g_autoptr(GString) line = g_string_new(NULL);
  for (int t = 0; t < self->session->set->n_classes && t < 20; t++) {
    g_autofree char *source = text_one_line(frozen_model_class_name(self->session->model, self->top[t]));
    g_autofree char *target = text_one_line(self->session->set->classes[t]);
    g_string_append_printf(line, "%s%s = %s", t ? ", " : "", target, source);
  }
  output_line("label map (largest source class): %s%s", line->str,
              self->session->set->n_classes > 20 ? ", …" : "");
}

/* The perplexity is that of the task's answers: of a token's, where each is to be told. */
static void print_losses(const RunResult *result) {
  const struct {
    const char *name;
    double loss;
  } rows[] = {{"loss, last step", result->last_test_loss}, {"loss, no prompt", result->no_prompt_test_loss}};
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (isfinite(rows[i].loss))
      output_line("  %-22s %7.4f  perplexity %.3f", rows[i].name, rows[i].loss, exp(rows[i].loss));
}

static void result(Report *self, const RunResult *result, RunProgress how) {
  const struct {
    const char *name;
    double accuracy;
    const char *remark;
  } rows[] = {
      {"best by validation", result->best_test_accuracy, ""},
      {"last step", result->last_test_accuracy, ""},
      {"highest", result->max_test_accuracy, "  (best on test: for comparison with papers only)"},
      {"no prompt", result->no_prompt_test_accuracy, ""},
      {"no prompt, full size", result->no_prompt_full_size_test_accuracy, ""},
  };
  clear_bar(self);
  output_line("\n%s", how == RUN_DONE ? "test accuracy"
                      : isfinite(result->best_test_accuracy)
                          ? "stopped; test accuracy so far"
                          : "stopped before the first evaluation on the test part");
  Share text;
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (isfinite(rows[i].accuracy))
      output_line("  %-22s %7s%s", rows[i].name, share(rows[i].accuracy, text), rows[i].remark);
  if (self->session->set->text.tokens)
    print_losses(result);
  if (self->top && !self->session->set->text.next_token)
    print_map(self);
  output_line("%d steps in %.1f s, %.0f %s a second; %" G_GINT64_FORMAT " trained numbers, %" G_GINT64_FORMAT
              " frozen ones%s",
              result->steps, result->seconds, result->images_per_second, samples(self),
              result->trainable_parameters, result->frozen_parameters,
              g_strcmp0(result->weights_digest_before, result->weights_digest_after) == 0 ? " (unchanged)"
                                                                                          : " (CHANGED)");
  g_autofree char *kept = g_strdup_printf("kept as %s in", self->id);
  output_path(kept, self->store_path);
  if (how != RUN_DONE)
    output_line("hoarfrost resume %.8s goes on", self->id);
  report_flush(self);
}

const ReportKind report_text = {
    .start = start,
    .observer =
        {.step = step, .evaluation = evaluation, .map = map, .baseline = baseline, .warning = warning},
    .result = result,
};
