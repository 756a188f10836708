#include "app/compare-page.h"

#include "app/compare-choices.h"
#include "app/compare-export.h"
#include "app/compare-load.h"

#include <glib/gi18n.h>
#include <math.h>

struct _ComparePage {
  HfWindow *window;         /* borrowed */
  HfController *controller; /* borrowed */
  HfComparison *view;
  GCancellable *cancellable;
  char *wanted[N_SIDES]; /* runs as they were asked for; NULL: none yet */
  double share;
  guint load_serial;      /* of the newest question */
  bool seeking, seek_due; /* a moment is being read; another one is wanted meanwhile */
  CompareChoices *choices;
  bool growing; /* one of the runs was still training when it was read */
};

/* What a thread is asked. */
typedef struct {
  ComparePage *page; /* not touched by the thread, nor at all once the page's cancellable is cancelled */
  guint serial;
  char *store_path;
  char *texts[N_SIDES];
  int steps[N_SIDES];
  double share;
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  g_free(question->store_path);
  for (int side = 0; side < N_SIDES; side++)
    g_free(question->texts[side]);
  g_free(question);
}

static Question *question_new(ComparePage *self, guint serial) {
  Question *question = g_new0(Question, 1);
  question->page = self;
  question->serial = serial;
  question->share = self->share;
  question->store_path = g_strdup(run_store_path(hf_controller_store(self->controller)));
  return question;
}

static void ask(ComparePage *self, Question *question, GTaskThreadFunc work, GAsyncReadyCallback done) {
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, done, NULL);
  g_task_set_task_data(task, question, question_free);
  g_task_run_in_thread(task, work);
}

/* The answer, NULL where there is none.  *page: whom it is for; NULL: it is gone. */
static gpointer answer(GAsyncResult *result, ComparePage **page, GError **error) {
  Question *question = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) reason = NULL;
  gpointer found = g_task_propagate_pointer(G_TASK(result), &reason);
  *page = g_error_matches(reason, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? NULL : question->page;
  if (reason && *page)
    g_propagate_error(error, g_steal_pointer(&reason));
  return found;
}

/* The runs. */

static void read_runs(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Question *question = data;
  GError *error = NULL;
  CompareLoad *load =
      compare_load(question->store_path, (const char *const *)question->texts, question->share, &error);
  if (load)
    g_task_return_pointer(task, load, (GDestroyNotify)compare_load_free);
  else
    g_task_return_error(task, error);
}

static void show_side(ComparePage *self, CompareLoad *load, int side) {
  const RunRow *row = load->rows[side];
  g_autoptr(GStringChunk) texts = g_string_chunk_new(256);
  HfRunChoice choice = row ? compare_choice(row, texts) : (HfRunChoice){0};
  hf_comparison_set_chosen(self->view, side, row ? &choice : NULL);
  hf_comparison_set_run(self->view, side, g_steal_pointer(&load->runs[side]));
  hf_comparison_set_moment(self->view, side, g_steal_pointer(&load->moments[side]));
  g_free(self->wanted[side]);
  self->wanted[side] = row ? g_strdup(row->id) : NULL;
  self->growing |= row && row->status == STATUS_RUNNING;
}

static void forget_wishes(ComparePage *self) {
  for (int side = 0; side < N_SIDES; side++) {
    const HfComparedRun *run = hf_comparison_get_run(self->view, side);
    g_free(self->wanted[side]);
    self->wanted[side] = run ? g_strdup(run->id) : NULL;
  }
}

static void update_actions(ComparePage *self) {
  static const char *const names[] = {"compare-seek", "compare-seek-by"};
  bool two = !hf_comparison_is_empty(self->view);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self->window), names[i])), two);
}

static void on_runs_read(GObject *source, GAsyncResult *result, gpointer data) {
  const Question *question = g_task_get_task_data(G_TASK(result));
  ComparePage *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(CompareLoad) load = answer(result, &self, &error);
  if (!self || question->serial != self->load_serial)
    return;
  if (!load) {
    forget_wishes(self);
    hf_window_tell(self->window, error->message, true);
    return;
  }
  self->growing = false;
  for (int side = 0; side < N_SIDES; side++)
    show_side(self, load, side);
  if (load->words)
    hf_compare_table_set(hf_comparison_get_table(self->view), load->words->sections,
                         G_N_ELEMENTS(load->words->sections), load->words->sentence, load->words->warns);
  hf_comparison_set_share(self->view, self->share);
  update_actions(self);
}

static void load(ComparePage *self) {
  Question *question = question_new(self, ++self->load_serial);
  for (int side = 0; side < N_SIDES; side++)
    question->texts[side] = g_strdup(self->wanted[side]);
  ask(self, question, read_runs, on_runs_read);
}

static void want(ComparePage *self, int side, const char *text) {
  if (!*text)
    return;
  g_free(self->wanted[side]);
  self->wanted[side] = g_strdup(text);
}

/* The moment. */

typedef struct {
  HfComparedMoment *moments[N_SIDES]; /* NULL: as it is */
} Moments;

static void moments_free(gpointer data) {
  Moments *moments = data;
  for (int side = 0; side < N_SIDES; side++)
    hf_compared_moment_free(moments->moments[side]);
  g_free(moments);
}

static void read_moments(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Question *question = data;
  GError *error = NULL;
  g_autoptr(RunStore) store = run_store_open(question->store_path, &error);
  Moments *moments = g_new0(Moments, 1);
  for (int side = 0; side < N_SIDES && !error; side++)
    if (question->texts[side])
      moments->moments[side] =
          compare_load_moment(store, question->texts[side], question->steps[side], &error);
  if (!error) {
    g_task_return_pointer(task, moments, moments_free);
    return;
  }
  moments_free(moments);
  g_task_return_error(task, error);
}

static void seek_now(ComparePage *self);

static void on_moments(GObject *source, GAsyncResult *result, gpointer data) {
  const Question *question = g_task_get_task_data(G_TASK(result));
  ComparePage *self;
  g_autoptr(GError) error = NULL;
  Moments *moments = answer(result, &self, &error);
  if (self) {
    self->seeking = false;
    if (error)
      hf_window_tell(self->window, error->message, true);
    /* Moments of runs that have been exchanged meanwhile are of no use. */
    for (int side = 0; moments && side < N_SIDES && question->serial == self->load_serial; side++)
      if (moments->moments[side])
        hf_comparison_set_moment(self->view, side, g_steal_pointer(&moments->moments[side]));
    if (self->seek_due)
      seek_now(self);
  }
  if (moments)
    moments_free(moments);
}

static void seek_now(ComparePage *self) {
  self->seek_due = self->seeking;
  if (self->seeking || hf_comparison_is_empty(self->view))
    return;
  Question *question = question_new(self, self->load_serial);
  bool any = false;
  for (int side = 0; side < N_SIDES; side++) {
    const HfComparedRun *run = hf_comparison_get_run(self->view, side);
    const HfComparedMoment *shown =
        hf_compare_pictures_get_moment(hf_comparison_get_pictures(self->view), side);
    question->steps[side] = hf_compared_run_step_at(run, self->share);
    bool other = question->steps[side] >= 0 && (!shown || shown->step != question->steps[side]);
    question->texts[side] = other ? g_strdup(run->id) : NULL;
    any |= other;
  }
  self->seeking = any;
  if (any)
    ask(self, question, read_moments, on_moments);
  else
    question_free(question);
}

/* Actions and signals. */

static void do_runs(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ComparePage *self = data;
  const char *a, *b;
  g_variant_get(parameter, "(&s&s)", &a, &b);
  want(self, SIDE_A, a);
  want(self, SIDE_B, b);
  hf_window_show_page(self->window, "compare");
  load(self);
}

static void do_swap(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ComparePage *self = data;
  char *a = self->wanted[SIDE_A];
  self->wanted[SIDE_A] = self->wanted[SIDE_B];
  self->wanted[SIDE_B] = a;
  load(self);
}

static void do_seek(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ComparePage *self = data;
  double share = g_variant_get_double(parameter);
  if (!(share >= 0 && share <= 1))
    return;
  self->share = share;
  g_simple_action_set_state(action, parameter);
  hf_comparison_set_share(self->view, share);
  seek_now(self);
}

static void do_export(GSimpleAction *action, GVariant *parameter, gpointer data) {
  ComparePage *self = data;
  compare_export(self->window, self->view, hf_controller_store(self->controller), self->share,
                 g_variant_get_string(parameter, NULL));
}

static const GActionEntry entries[] = {
    {.name = "compare-runs", .activate = do_runs, .parameter_type = "(ss)"},
    {.name = "compare-swap", .activate = do_swap},
    {.name = "compare-seek",
     .activate = do_seek,
     .parameter_type = "d",
     .state = "1.0",
     .change_state = do_seek},
    {.name = "export-comparison", .activate = do_export, .parameter_type = "s"},
};

static void on_picked(ComparePage *self, int side, const char *id) {
  want(self, side, id);
  load(self);
}

static void on_seek(ComparePage *self, double share) {
  g_action_group_activate_action(G_ACTION_GROUP(self->window), "compare-seek", g_variant_new_double(share));
}

static void on_shown(ComparePage *self) {
  compare_choices_refresh(self->choices);
  if (self->growing)
    load(self);
}

static void on_runs_changed(ComparePage *self) {
  compare_choices_outdate(self->choices);
  if (gtk_widget_get_mapped(GTK_WIDGET(self->view)))
    on_shown(self);
}

ComparePage *compare_page_new(HfWindow *window, HfController *controller) {
  ComparePage *self = g_new0(ComparePage, 1);
  *self = (ComparePage){
      .window = window, .controller = controller, .cancellable = g_cancellable_new(), .share = 1};
  self->view = HF_COMPARISON(g_object_ref_sink(hf_comparison_new()));
  self->choices = compare_choices_new(self->view, hf_controller_store(controller));
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), self);
  hf_comparison_add_actions(self->view, G_ACTION_MAP(window));
  g_signal_connect_swapped(self->view, "shown", G_CALLBACK(on_shown), self);
  g_signal_connect_swapped(self->view, "picked", G_CALLBACK(on_picked), self);
  g_signal_connect_swapped(self->view, "seek", G_CALLBACK(on_seek), self);
  g_signal_connect_swapped(controller, "runs-changed", G_CALLBACK(on_runs_changed), self);
  hf_window_add_page(window, "compare", _("Compare"), "view-dual-symbolic", GTK_WIDGET(self->view));
  update_actions(self);
  return self;
}

void compare_page_free(ComparePage *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  g_signal_handlers_disconnect_by_data(self->controller, self);
  g_signal_handlers_disconnect_by_data(self->view, self);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), entries[i].name);
  compare_choices_free(self->choices);
  g_object_unref(self->view);
  for (int side = 0; side < N_SIDES; side++)
    g_free(self->wanted[side]);
  g_free(self);
}
