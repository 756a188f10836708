#include "app/runs-list.h"

#include "app/run-items.h"

#define FIRST    64   /* rows that are read before all others: what a large window shows */
#define BEAT     1000 /* milliseconds between looks at the store */
#define REST     20   /* times as long as the reading took, before the next one */
#define PATIENCE 5    /* beats, before a process that trains is looked for again */
#define MANY     100  /* changes that are told as one */

struct _RunsList {
  RunStore *store; /* borrowed */
  GListStore *model;
  void (*ready)(gpointer data);
  void (*failed)(const char *sentence, gpointer data);
  gpointer data;
  GCancellable *cancellable;
  guint beat;  /* 0: not watched */
  int beats;   /* since the list was read */
  int running; /* runs that train */
  int readings;
  gint64 begun, next;                   /* microseconds, monotonic */
  bool reading, stale, known, outdated; /* outdated: what is being read is older than what was taken */
};

typedef struct {
  char *path;
  int limit; /* of rows, the newest; 0: all */
} Reading;

static void reading_free(gpointer data) {
  Reading *reading = data;
  g_free(reading->path);
  g_free(reading);
}

static void read_rows(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Reading *reading = data;
  GError *error = NULL;
  g_autoptr(RunStore) store = run_store_open(reading->path, &error);
  RunQuery query = {.limit = reading->limit};
  g_autoptr(GPtrArray) rows = store ? run_store_list(store, &query, &error) : NULL;
  if (!rows) {
    g_task_return_error(task, error);
    return;
  }
  GPtrArray *items = g_ptr_array_new_full(rows->len, g_object_unref);
  for (guint i = 0; i < rows->len && !g_cancellable_is_cancelled(cancellable); i++)
    g_ptr_array_add(items, run_item_from_row(g_ptr_array_index(rows, i)));
  g_task_return_pointer(task, items, (GDestroyNotify)g_ptr_array_unref);
}

/* What differs from the model. */
typedef struct {
  GHashTable *fresh; /* id -> HfRunItem that was not met yet */
  GHashTable *ids;   /* those that were read; NULL: all */
  GPtrArray *kept, *added;
  GArray *changed, *gone; /* positions, ascending */
  int running;
} Change;

static void change_clear(Change *change) {
  g_hash_table_unref(change->fresh);
  g_clear_pointer(&change->ids, g_hash_table_unref);
  g_ptr_array_unref(change->kept);
  g_ptr_array_unref(change->added);
  g_array_unref(change->changed);
  g_array_unref(change->gone);
}

static void meet(Change *change, HfRunItem *item, guint position) {
  const char *id = hf_run_item_text(item, HF_RUN_ID);
  HfRunItem *newer = g_hash_table_lookup(change->fresh, id);
  if (!newer && (!change->ids || g_hash_table_contains(change->ids, id))) {
    g_array_append_val(change->gone, position);
    return;
  }
  if (newer) {
    g_hash_table_remove(change->fresh, id);
    if (hf_run_item_update(item, newer))
      g_array_append_val(change->changed, position);
  }
  change->running += hf_run_item_facts(item)->status == HF_RUN_RUNNING;
  g_ptr_array_add(change->kept, g_object_ref(item));
}

static Change change_find(RunsList *self, GPtrArray *items, const char *const *ids) {
  Change change = {.fresh = g_hash_table_new(g_str_hash, g_str_equal),
                   .kept = g_ptr_array_new_with_free_func(g_object_unref),
                   .added = g_ptr_array_new(),
                   .changed = g_array_new(FALSE, FALSE, sizeof(guint)),
                   .gone = g_array_new(FALSE, FALSE, sizeof(guint))};
  if (ids)
    change.ids = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; ids && ids[i]; i++)
    g_hash_table_add(change.ids, (gpointer)ids[i]);
  for (guint i = 0; i < items->len; i++) {
    HfRunItem *item = g_ptr_array_index(items, i);
    g_hash_table_insert(change.fresh, (gpointer)hf_run_item_text(item, HF_RUN_ID), item);
  }
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->model));
  for (guint i = 0; i < n; i++) {
    g_autoptr(HfRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->model), i);
    meet(&change, item, i);
  }
  for (guint i = 0; i < items->len; i++) {
    HfRunItem *item = g_ptr_array_index(items, i);
    if (g_hash_table_lookup(change.fresh, hf_run_item_text(item, HF_RUN_ID)) != item)
      continue;
    change.running += hf_run_item_facts(item)->status == HF_RUN_RUNNING;
    g_ptr_array_add(change.added, item);
  }
  return change;
}

/* Few changes are told one by one, which leaves the rest of the list as it is. */
static void change_tell(RunsList *self, Change *change) {
  guint n = g_list_model_get_n_items(G_LIST_MODEL(self->model));
  if (change->changed->len + change->gone->len > MANY) {
    for (guint i = 0; i < change->added->len; i++)
      g_ptr_array_add(change->kept, g_object_ref(g_ptr_array_index(change->added, i)));
    g_list_store_splice(self->model, 0, n, change->kept->pdata, change->kept->len);
    return;
  }
  for (guint i = 0; i < change->changed->len; i++) {
    guint position = g_array_index(change->changed, guint, i);
    g_autoptr(HfRunItem) item = g_list_model_get_item(G_LIST_MODEL(self->model), position);
    g_list_store_splice(self->model, position, 1, (gpointer *)&item, 1);
  }
  for (guint i = change->gone->len; i-- > 0;)
    g_list_store_remove(self->model, g_array_index(change->gone, guint, i));
  if (change->added->len > 0)
    g_list_store_splice(self->model, n - change->gone->len, 0, change->added->pdata, change->added->len);
}

static void apply(RunsList *self, GPtrArray *items, const char *const *ids) {
  Change change = change_find(self, items, ids);
  self->running = change.running;
  change_tell(self, &change);
  change_clear(&change);
}

static void begin(RunsList *self);

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = g_task_propagate_pointer(G_TASK(result), &error);
  if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
    return;
  RunsList *self = data;
  self->reading = false;
  self->readings++;
  gint64 now = g_get_monotonic_time();
  self->next = now + REST * (now - self->begun);
  if (self->outdated) {
    begin(self);
    return;
  }
  if (error) {
    self->failed(error->message, self->data);
    return;
  }
  apply(self, items, NULL);
  if (self->known)
    return;
  self->known = true;
  self->ready(self->data);
  if (items->len == FIRST)
    begin(self);
}

static void begin(RunsList *self) {
  self->reading = true;
  self->stale = self->outdated = false;
  self->beats = 0;
  self->begun = g_get_monotonic_time();
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_read, self);
  Reading *reading = g_new(Reading, 1);
  *reading = (Reading){g_strdup(run_store_path(self->store)), self->known ? 0 : FIRST};
  g_task_set_task_data(task, reading, reading_free);
  g_task_run_in_thread(task, read_rows);
}

/* A killed process writes nothing, so runs that train are looked at without a sign. */
static gboolean beat(gpointer data) {
  RunsList *self = data;
  if (run_store_changed(self->store) || (self->running && ++self->beats >= PATIENCE))
    self->stale = true;
  if (self->stale && !self->reading && g_get_monotonic_time() >= self->next)
    begin(self);
  return G_SOURCE_CONTINUE;
}

void runs_list_watch(RunsList *self, bool on) {
  if (on == (self->beat != 0))
    return;
  if (!on) {
    g_clear_handle_id(&self->beat, g_source_remove);
    return;
  }
  self->beat = g_timeout_add(BEAT, beat, self);
  self->next = 0;
  beat(self);
}

void runs_list_refresh(RunsList *self) {
  self->stale = true;
  self->next = 0;
  if (self->beat && !self->reading)
    begin(self);
}

void runs_list_take(RunsList *self, const char *const *ids, GPtrArray *items) {
  self->outdated = self->reading;
  apply(self, items, ids);
}

int runs_list_readings(const RunsList *self) {
  return self->readings;
}

GListModel *runs_list_model(RunsList *self) {
  return G_LIST_MODEL(self->model);
}

RunsList *runs_list_new(RunStore *store, void (*ready)(gpointer data),
                        void (*failed)(const char *sentence, gpointer data), gpointer data) {
  RunsList *self = g_new0(RunsList, 1);
  *self = (RunsList){.store = store,
                     .model = g_list_store_new(HF_TYPE_RUN_ITEM),
                     .ready = ready,
                     .failed = failed,
                     .data = data,
                     .cancellable = g_cancellable_new(),
                     .stale = true};
  return self;
}

void runs_list_free(RunsList *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  g_clear_handle_id(&self->beat, g_source_remove);
  g_object_unref(self->model);
  g_free(self);
}
