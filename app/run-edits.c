#include "app/run-edits.h"

#include "app/run-items.h"

struct _RunEdits {
  char *store_path;
  void (*done)(const RunEdited *edited, gpointer data);
  gpointer data;
  GQueue waiting; /* Edit */
  bool working, closed;
};

/* One that was asked for, and the answer. */
typedef struct {
  RunEdited edited;
  char *store_path;
  GStrv wanted;
  char *text;
} Edit;

static void edit_free(gpointer data) {
  Edit *edit = data;
  g_strfreev(edit->edited.ids);
  g_clear_pointer(&edit->edited.items, g_ptr_array_unref);
  g_free(edit->edited.problem);
  g_free(edit->store_path);
  g_strfreev(edit->wanted);
  g_free(edit->text);
  g_free(edit);
}

static bool turn_star(RunStore *store, const char *id, const char *text, GError **error) {
  g_autoptr(RunRow) row = run_store_get(store, id, error);
  return row && run_store_set_star(store, id, !row->star, error);
}

static bool delete (RunStore *store, const char *id, const char *text, GError **error) {
  return run_store_delete(store, id, error);
}

static bool undelete(RunStore *store, const char *id, const char *text, GError **error) {
  return run_store_undelete(store, id, error);
}

static bool (*const changes[])(RunStore *store, const char *id, const char *text, GError **error) = {
    [RUN_EDIT_STAR] = turn_star,          [RUN_EDIT_NAME] = run_store_rename,
    [RUN_EDIT_TAGS] = run_store_set_tags, [RUN_EDIT_NOTE] = run_store_set_note,
    [RUN_EDIT_DELETE] = delete,           [RUN_EDIT_UNDELETE] = undelete,
};

static bool change(Edit *edit, RunStore *store, GPtrArray *ids, GError **error) {
  for (char **id = edit->wanted; *id; id++) {
    if (!changes[edit->edited.kind](store, *id, edit->text, error))
      return false;
    g_ptr_array_add(ids, g_strdup(*id));
  }
  return true;
}

static bool read_again(Edit *edit, RunStore *store, GError **error) {
  for (char **id = edit->edited.ids; *id; id++) {
    g_autoptr(RunRow) row = run_store_get(store, *id, error);
    if (!row)
      return false;
    if (!row->deleted_at)
      g_ptr_array_add(edit->edited.items, run_item_from_row(row));
  }
  return true;
}

static void work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Edit *edit = data;
  g_autoptr(GError) error = NULL;
  GPtrArray *ids = g_ptr_array_new();
  g_autoptr(RunStore) store = run_store_open(edit->store_path, &error);
  bool done = store && change(edit, store, ids, &error);
  g_ptr_array_add(ids, NULL);
  edit->edited.ids = (char **)g_ptr_array_free(ids, FALSE);
  edit->edited.items = g_ptr_array_new_with_free_func(g_object_unref);
  if (store)
    read_again(edit, store, done ? &error : NULL);
  edit->edited.problem = error ? g_strdup(error->message) : NULL;
  g_task_return_boolean(task, TRUE);
}

static void edits_free(RunEdits *self) {
  g_free(self->store_path);
  g_free(self);
}

static void begin(RunEdits *self);

static void on_done(GObject *source, GAsyncResult *result, gpointer data) {
  RunEdits *self = data;
  Edit *edit = g_task_get_task_data(G_TASK(result));
  self->working = false;
  if (!self->closed)
    self->done(&edit->edited, self->data);
  begin(self);
}

static void begin(RunEdits *self) {
  Edit *edit = self->working ? NULL : g_queue_pop_head(&self->waiting);
  if (edit) {
    self->working = true;
    g_autoptr(GTask) task = g_task_new(NULL, NULL, on_done, self);
    g_task_set_task_data(task, edit, edit_free);
    g_task_run_in_thread(task, work);
  } else if (self->closed && !self->working)
    edits_free(self);
}

void run_edits_ask(RunEdits *self, RunEditKind kind, const char *const *ids, const char *text) {
  Edit *edit = g_new0(Edit, 1);
  edit->edited.kind = kind;
  edit->store_path = g_strdup(self->store_path);
  edit->wanted = g_strdupv((char **)ids);
  edit->text = g_strdup(text);
  g_queue_push_tail(&self->waiting, edit);
  begin(self);
}

RunEdits *run_edits_new(const char *store_path, void (*done)(const RunEdited *edited, gpointer data),
                        gpointer data) {
  RunEdits *self = g_new0(RunEdits, 1);
  *self = (RunEdits){.store_path = g_strdup(store_path), .done = done, .data = data, .waiting = G_QUEUE_INIT};
  return self;
}

void run_edits_free(RunEdits *self) {
  self->closed = true;
  begin(self);
}
