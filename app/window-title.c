#include "app/window-title.h"

#include <glib/gi18n.h>
#include <string.h>

char *window_title_text(HfController *controller) {
  const Session *session = hf_controller_session(controller);
  const RunSpec *spec = hf_controller_spec(controller);
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
    N_("Ready"),     N_("Loading…"), N_("Running"),      N_("Paused"),
    N_("Stopping…"), N_("Ended"),    N_("Recorded run"),
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

static char *progress_text(HfController *controller) {
  const HfSnapshot *shown = hf_controller_snapshot(controller);
  const RunSpec *spec = hf_controller_spec(controller);
  HfState state = hf_controller_state(controller);
  const char *word = work_word(hf_controller_work(controller));
  if (state == HF_STATE_RUNNING && word)
    return g_strdup(_(word));
  if (!shown || state != HF_STATE_RUNNING || spec->steps > 0)
    return g_strdup("");
  int epoch = MIN(shown->epoch + 1, spec->epochs);
  return g_strdup_printf(_(", epoch %d of %d"), epoch, spec->epochs);
}

char *window_subtitle_text(HfController *controller) {
  const RunSpec *spec = hf_controller_spec(controller);
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  g_autofree char *progress = progress_text(controller);
  HfState state = hf_controller_state(controller);
  bool nothing = state == HF_STATE_IDLE && hf_controller_problem(controller);
  return g_strdup_printf(
      _("%s%s · %s · %s · seed %" G_GUINT64_FORMAT), nothing ? _("Not loaded") : _(state_words[state]),
      progress, first->kind ? first->kind->title : _("no method"), spec->alignment->title, spec->seed);
}
