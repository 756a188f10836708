#include "app/window-title.h"

#include "ui/spec-changes.h"

#include <glib/gi18n.h>
#include <string.h>

static const RunSpec *shown_spec(HfController *controller) {
  const RunSpec *run = hf_controller_run_spec(controller);
  return run ? run : hf_controller_spec(controller);
}

char *window_title_text(HfController *controller) {
  const Session *session = hf_controller_run_session(controller);
  if (!session)
    session = hf_controller_session(controller);
  const RunSpec *spec = shown_spec(controller);
  TaxonomyContext context = session ? session_context(session) : (TaxonomyContext){0};
  const char *model = context.model_title ? context.model_title : spec->model;
  const char *task = context.task_title ? context.task_title : spec->dataset;
  /* What stands behind a comma says how the model is built. */
  g_autofree char *name = g_strndup(model, strcspn(model, ","));
  /* Translators: the titles of a frozen model and of a task. */
  return g_strdup_printf(_("%s learns %s"), name, task);
}

/* In the order of HfState. */
static const char *const state_words[] = {
    N_("Ready"), N_("Loading…"), N_("Running"), N_("Paused"), N_("Stopping…"), N_("Ended"), N_("Stored run"),
};

/* What takes its time between the steps. */
static const char *const work_words[] = {
    [RUN_FITS] = N_(", counting the label map"),
    [RUN_EVALUATES] = N_(", measuring"),
    [RUN_COMPARES] = N_(", measuring without the prompt"),
};

static const char *work_word(RunWork work) {
  return work < G_N_ELEMENTS(work_words) ? work_words[work] : NULL;
}

/* How a stored run came to its end; the number, where there is one, is that of its last step. */
static const char *const status_words[N_STATUSES] = {
    [STATUS_RUNNING] = N_("Running elsewhere, step %d"), [STATUS_FINISHED] = N_("Finished"),
    [STATUS_STOPPED] = N_("Stopped at step %d"),         [STATUS_FAILED] = N_("Failed at step %d"),
    [STATUS_INTERRUPTED] = N_("Interrupted at step %d"),
};

static char *progress_text(HfController *controller) {
  const HfSnapshot *shown = hf_controller_snapshot(controller);
  const RunSpec *spec = shown_spec(controller);
  HfState state = hf_controller_state(controller);
  const char *word = work_word(hf_controller_work(controller));
  const HfSeries *series = hf_controller_series(controller);
  if (state == HF_STATE_RUNNING && hf_controller_work(controller) == RUN_FITS && series &&
      series->counted < series->to_count)
    return g_strdup_printf(_(", counting the label map: %d of %d"), series->counted, series->to_count);
  if (state == HF_STATE_RUNNING && word)
    return g_strdup(_(word));
  if (!shown || state != HF_STATE_RUNNING || spec->steps > 0)
    return g_strdup("");
  int epoch = MIN(shown->epoch + 1, spec->epochs);
  return g_strdup_printf(_(", epoch %d of %d"), epoch, spec->epochs);
}

/* (transfer full) */
static char *state_text(HfController *controller, const RunRow *run) {
  HfState state = hf_controller_state(controller);
  bool over = state == HF_STATE_ENDED || state == HF_STATE_REPLAY;
  if (run && over)
    return g_strdup_printf(_(status_words[run->status]), run->result.steps);
  g_autofree char *progress = progress_text(controller);
  bool nothing = state == HF_STATE_IDLE && hf_controller_problem(controller);
  return g_strconcat(nothing ? _("Not loaded") : _(state_words[state]), progress, NULL);
}

char *window_subtitle_text(HfController *controller, const RunRow *run) {
  const RunSpec *spec = shown_spec(controller);
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  const char *method = first->kind ? first->kind->title : _("no method");
  g_autofree char *state = state_text(controller, run);
  if (!run || !run->name || !*run->name)
    return g_strdup_printf(_("%s · %s · %s · seed %" G_GUINT64_FORMAT), state, method, spec->alignment->title,
                           spec->seed);
  /* Translators: how it stands, the name of the run, its methods and its seed. */
  return g_strdup_printf(_("%s · “%s” · %s · %s · seed %" G_GUINT64_FORMAT), state, run->name, method,
                         spec->alignment->title, spec->seed);
}

char *window_difference_text(HfController *controller) {
  const RunSpec *run = hf_controller_run_spec(controller);
  if (!run)
    return NULL;
  g_autoptr(RunSpec) choice = run_spec_copy(hf_controller_spec(controller));
  choice->threads = run->threads; /* they say how fast, not what */
  g_autoptr(GPtrArray) changes = spec_changes(run, choice);
  return changes->len ? spec_changes_names(changes) : NULL;
}
