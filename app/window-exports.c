#include "app/window-exports.h"

#include "app/export-dialog.h"
#include "app/export-files.h"

#include <glib/gi18n.h>

struct _WindowExports {
  HfWindow *window;
  HfController *controller;
  GCancellable *cancellable; /* set off: nobody is there to be told */
  int sensible;              /* what was last found sensible: bits of ExportNeed; -1: not asked yet */
};

/* One thread's work. */
typedef struct {
  WindowExports *owner;   /* only in the main thread, and only while it is there */
  const ExportKind *kind; /* NULL: a stored run */
  ShownMoment *moment;
  char *run_id, *store_path, *path; /* path NULL: for the clipboard */
  GBytes *picture;
} Job;

static void job_free(gpointer data) {
  Job *job = data;
  g_clear_pointer(&job->moment, shown_moment_free);
  g_clear_pointer(&job->picture, g_bytes_unref);
  g_free(job->run_id);
  g_free(job->store_path);
  g_free(job->path);
  g_free(job);
}

static bool work_at(Job *job, GError **error) {
  if (!job->kind)
    return export_write_run(job->store_path, job->run_id, job->path, error);
  if (job->path)
    return export_write(job->kind, job->moment, job->store_path, job->path, error);
  job->picture = shown_moment_draw(job->moment, job->kind->what, EXPORT_PNG, error);
  return job->picture != NULL;
}

static void work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  if (work_at(data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void copy_picture(HfWindow *window, GBytes *picture) {
  g_autoptr(GdkTexture) texture = gdk_texture_new_from_bytes(picture, NULL);
  if (!texture)
    return;
  gdk_clipboard_set_texture(gtk_widget_get_clipboard(GTK_WIDGET(window)), texture);
  hf_window_tell(window, _("Copied"), false);
}

static void tell_saved(HfWindow *window, const char *path) {
  g_autofree char *name = g_filename_display_basename(path);
  /* Translators: a file's name. */
  g_autofree char *sentence = g_strdup_printf(_("Saved %s"), name);
  hf_window_tell(window, sentence, false);
}

static void on_done(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(GApplication) held = data;
  const Job *job = g_task_get_task_data(G_TASK(result));
  bool alive = !g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result)));
  g_autoptr(GError) error = NULL;
  bool done = g_task_propagate_boolean(G_TASK(result), &error);
  if (alive && !done)
    hf_window_tell(job->owner->window, error->message, true);
  else if (alive && job->path)
    tell_saved(job->owner->window, job->path);
  else if (alive)
    copy_picture(job->owner->window, job->picture);
  if (held)
    g_application_release(held);
}

/* The program does not end before the file is whole.  Takes the job. */
static void start(WindowExports *self, Job *job) {
  job->owner = self;
  job->store_path = g_strdup(run_store_path(hf_controller_store(self->controller)));
  GApplication *application = G_APPLICATION(gtk_window_get_application(GTK_WINDOW(self->window)));
  if (application) {
    g_object_ref(application);
    g_application_hold(application);
  }
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_done, application);
  g_task_set_check_cancellable(task, FALSE);
  g_task_set_task_data(task, job, job_free);
  g_task_run_in_thread(task, work);
}

/* As the panes show patterns now. */
static ShownLook look_of(WindowExports *self) {
  GActionGroup *actions = G_ACTION_GROUP(self->window);
  g_autoptr(GVariant) map = g_action_group_get_action_state(actions, "pattern-map"),
                      factor = g_action_group_get_action_state(actions, "amplify"),
                      part = g_action_group_get_action_state(actions, "pattern-part");
  bool diverging = map && g_str_equal(g_variant_get_string(map, NULL), "diverging");
  return (ShownLook){diverging ? MAP_DIVERGING : MAP_COLOUR, factor ? g_variant_get_double(factor) : 0,
                     part ? g_variant_get_int32(part) : 0};
}

static ShownMoment *moment_of(WindowExports *self) {
  ShownLook look = look_of(self);
  ShownMoment *moment = shown_moment_new(self->controller, &look);
  if (!moment)
    hf_window_tell(self->window, _("Nothing is shown yet that could be saved."), true);
  return moment;
}

/* path NULL: for the clipboard. */
static void save(WindowExports *self, const char *what, const char *path) {
  const ExportKind *kind = export_kind_find(what);
  if (!kind) {
    g_autofree char *sentence = g_strdup_printf(_("There is nothing called “%s” to save."), what);
    hf_window_tell(self->window, sentence, true);
    return;
  }
  ShownMoment *moment = moment_of(self);
  if (moment && kind->need == NEEDS_RUN && !shown_moment_run(moment)) {
    hf_window_tell(self->window, _("No run is shown that could be saved; run one first."), true);
    g_clear_pointer(&moment, shown_moment_free);
  }
  if (!moment)
    return;
  Job *job = g_new0(Job, 1);
  *job = (Job){.kind = kind, .moment = moment, .path = g_strdup(path)};
  start(self, job);
}

/* What a dialog asks for. */
typedef struct {
  WindowExports *self;
  const ExportKind *kind; /* NULL: a stored run */
  char *run_id;
  GCancellable *cancellable;
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  g_object_unref(question->cancellable);
  g_free(question->run_id);
  g_free(question);
}

static void on_answered(const char *path, gpointer data) {
  Question *question = data;
  if (!path || g_cancellable_is_cancelled(question->cancellable))
    return;
  if (question->kind) {
    save(question->self, question->kind->what, path);
    return;
  }
  Job *job = g_new0(Job, 1);
  *job = (Job){.run_id = g_strdup(question->run_id), .path = g_strdup(path)};
  start(question->self, job);
}

static void ask(WindowExports *self, const ExportKind *kind, const char *run_id,
                const ExportQuestion *about) {
  Question *question = g_new0(Question, 1);
  *question = (Question){self, kind, g_strdup(run_id), g_object_ref(self->cancellable)};
  export_dialog_ask(GTK_WINDOW(self->window), about, on_answered, question, question_free);
}

static void choose(WindowExports *self, const char *what) {
  const ExportKind *kind = export_kind_find(what);
  if (!kind)
    return;
  const HfSnapshot *shown = hf_controller_snapshot(self->controller);
  const RunSpec *run = hf_controller_run_spec(self->controller);
  g_autofree char *name =
      export_file_name(kind, run ? run : hf_controller_spec(self->controller), shown ? shown->step : 0);
  ask(self, kind, NULL, &(ExportQuestion){_(kind->title), name, kind->suffixes});
}

static void do_export(GSimpleAction *action, GVariant *parameter, gpointer data) {
  const char *what, *path;
  g_variant_get(parameter, "(&s&s)", &what, &path);
  save(data, what, path);
}

static void do_chooser(GSimpleAction *action, GVariant *parameter, gpointer data) {
  choose(data, g_variant_get_string(parameter, NULL));
}

static void do_copy(GSimpleAction *action, GVariant *parameter, gpointer data) {
  save(data, g_variant_get_string(parameter, NULL), NULL);
}

static void do_save(GSimpleAction *action, GVariant *parameter, gpointer data) {
  choose(data, g_action_get_name(G_ACTION(action)) + strlen("save-"));
}

static void do_export_run(GSimpleAction *action, GVariant *parameter, gpointer data) {
  static const char *const suffixes[] = {".hoarfrost", ".ini", ".png", ".npy", ".csv", ".onnx", NULL};
  WindowExports *self = data;
  const char *id = g_variant_get_string(parameter, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(RunRow) row = run_store_get(hf_controller_store(self->controller), id, &error);
  g_autoptr(RunSpec) spec = row ? run_spec_parse(row->spec, id, false, &error) : NULL;
  if (!spec) {
    hf_window_tell(self->window, error->message, true);
    return;
  }
  g_autofree char *name = export_run_name(spec, suffixes[0]);
  ask(self, NULL, id, &(ExportQuestion){_("Save the Run"), name, suffixes});
}

static const GActionEntry entries[] = {
    {"export", do_export, "(ss)"},
    {"export-chooser", do_chooser, "s"},
    {"export-run", do_export_run, "s"},
    {"copy", do_copy, "s"},
};

static void update(WindowExports *self) {
  int sensible = (hf_controller_snapshot(self->controller) ? 1 << NEEDS_MOMENT : 0) |
                 (hf_controller_run_id(self->controller) ? 1 << NEEDS_RUN : 0);
  if (sensible == self->sensible)
    return;
  self->sensible = sensible;
  for (int i = 0; i < N_EXPORT_KINDS; i++) {
    g_autofree char *name = g_strconcat("save-", export_kinds[i].what, NULL);
    GAction *action = g_action_map_lookup_action(G_ACTION_MAP(self->window), name);
    g_simple_action_set_enabled(G_SIMPLE_ACTION(action), sensible >> export_kinds[i].need & 1);
  }
  GAction *copy = g_action_map_lookup_action(G_ACTION_MAP(self->window), "copy");
  g_simple_action_set_enabled(G_SIMPLE_ACTION(copy), sensible >> NEEDS_MOMENT & 1);
}

WindowExports *window_exports_new(HfWindow *window, HfController *controller) {
  WindowExports *self = g_new0(WindowExports, 1);
  *self = (WindowExports){window, controller, g_cancellable_new(), -1};
  GActionMap *map = G_ACTION_MAP(window);
  g_action_map_add_action_entries(map, entries, G_N_ELEMENTS(entries), self);
  for (int i = 0; i < N_EXPORT_KINDS; i++) {
    g_autofree char *name = g_strconcat("save-", export_kinds[i].what, NULL);
    g_action_map_add_action_entries(map, &(GActionEntry){name, do_save}, 1, self);
  }
  static const char *const signals[] = {"snapshot", "series-changed", "state-changed"};
  for (guint i = 0; i < G_N_ELEMENTS(signals); i++)
    g_signal_connect_swapped(controller, signals[i], G_CALLBACK(update), self);
  update(self);
  return self;
}

void window_exports_free(WindowExports *self) {
  g_signal_handlers_disconnect_by_data(self->controller, self);
  g_cancellable_cancel(self->cancellable);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), entries[i].name);
  for (int i = 0; i < N_EXPORT_KINDS; i++) {
    g_autofree char *name = g_strconcat("save-", export_kinds[i].what, NULL);
    g_action_map_remove_action(G_ACTION_MAP(self->window), name);
  }
  g_object_unref(self->cancellable);
  g_free(self);
}
