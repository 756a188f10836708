#include "app/run-pictures.h"

#include "data/run-store.h"
#include <gio/gio.h>

#include <string.h>

#define MOST_KEPT 512 /* pictures without a row: about 9 KiB each */

struct _RunPictures {
  char *store_path;
  GHashTable *shown; /* HfRunItem -> how many rows */
  GQueue wanted;     /* HfRunItem that are shown, oldest wish first */
  GQueue kept;       /* HfRunItem that are not shown, with a picture, oldest first */
  GCancellable *cancellable;
  bool reading;
};

typedef struct {
  char *store_path;
  GPtrArray *items;    /* HfRunItem; only their ids' copies are looked at in the thread */
  GPtrArray *ids;      /* char * */
  GPtrArray *pictures; /* cairo_surface_t; NULL: there is none */
} Batch;

static void surface_free(gpointer surface) {
  if (surface)
    cairo_surface_destroy(surface);
}

static void batch_free(gpointer data) {
  Batch *batch = data;
  g_free(batch->store_path);
  g_ptr_array_unref(batch->items);
  g_ptr_array_unref(batch->ids);
  g_ptr_array_unref(batch->pictures);
  g_free(batch);
}

typedef struct {
  const guchar *at;
  gsize left;
} Bytes;

static cairo_status_t next_bytes(void *closure, unsigned char *data, unsigned int n) {
  Bytes *bytes = closure;
  if (n > bytes->left)
    return CAIRO_STATUS_READ_ERROR;
  memcpy(data, bytes->at, n);
  bytes->at += n;
  bytes->left -= n;
  return CAIRO_STATUS_SUCCESS;
}

/* NULL: no picture.  (transfer full) */
static cairo_surface_t *decode(GBytes *png) {
  Bytes bytes;
  bytes.at = g_bytes_get_data(png, &bytes.left);
  cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(next_bytes, &bytes);
  if (cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS)
    return surface;
  cairo_surface_destroy(surface);
  return NULL;
}

static void read_batch(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Batch *batch = data;
  g_autoptr(RunStore) store = run_store_open(batch->store_path, NULL);
  for (guint i = 0; i < batch->ids->len; i++) {
    bool wanted = store && !g_cancellable_is_cancelled(cancellable);
    g_autoptr(GBytes) png =
        wanted ? run_store_preview(store, g_ptr_array_index(batch->ids, i), G_MAXINT, NULL) : NULL;
    g_ptr_array_add(batch->pictures, png ? decode(png) : NULL);
  }
  g_task_return_boolean(task, TRUE);
}

static void keep(RunPictures *self, HfRunItem *item) {
  g_queue_push_tail(&self->kept, g_object_ref(item));
  while (self->kept.length > MOST_KEPT) {
    g_autoptr(HfRunItem) oldest = g_queue_pop_head(&self->kept);
    hf_run_item_set_picture(oldest, NULL);
  }
}

static void begin(RunPictures *self);

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  if (g_cancellable_is_cancelled(g_task_get_cancellable(G_TASK(result))))
    return;
  RunPictures *self = data;
  Batch *batch = g_task_get_task_data(G_TASK(result));
  self->reading = false;
  for (guint i = 0; i < batch->items->len; i++) {
    HfRunItem *item = g_ptr_array_index(batch->items, i);
    cairo_surface_t *picture = g_ptr_array_index(batch->pictures, i);
    if (picture && g_hash_table_contains(self->shown, item))
      hf_run_item_set_picture(item, picture);
  }
  begin(self);
}

/* Everything that is wanted now, in one go. */
static void begin(RunPictures *self) {
  if (self->reading || self->wanted.length == 0)
    return;
  self->reading = true;
  Batch *batch = g_new0(Batch, 1);
  batch->store_path = g_strdup(self->store_path);
  batch->items = g_ptr_array_new_with_free_func(g_object_unref);
  batch->ids = g_ptr_array_new_with_free_func(g_free);
  batch->pictures = g_ptr_array_new_with_free_func(surface_free);
  for (HfRunItem *item; (item = g_queue_pop_head(&self->wanted));) {
    g_ptr_array_add(batch->items, g_object_ref(item));
    g_ptr_array_add(batch->ids, g_strdup(hf_run_item_text(item, HF_RUN_ID)));
  }
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_read, self);
  g_task_set_task_data(task, batch, batch_free);
  g_task_run_in_thread(task, read_batch);
}

static void want(RunPictures *self, HfRunItem *item) {
  if (g_queue_find(&self->wanted, item))
    return;
  g_queue_push_tail(&self->wanted, item);
  begin(self);
}

/* A run that trains has a newer pattern. */
static void on_changed(HfRunItem *item, RunPictures *self) {
  want(self, item);
}

static void appear(RunPictures *self, HfRunItem *item) {
  g_signal_connect(item, "changed", G_CALLBACK(on_changed), self);
  if (g_queue_remove(&self->kept, item))
    g_object_unref(item);
  if (!hf_run_item_picture(item))
    want(self, item);
}

static void vanish(RunPictures *self, HfRunItem *item) {
  g_signal_handlers_disconnect_by_data(item, self);
  g_queue_remove(&self->wanted, item);
  if (hf_run_item_picture(item))
    keep(self, item);
  g_hash_table_remove(self->shown, item);
}

/* A run may stand in two rows for a moment, while rows are given other runs. */
void run_pictures_shown(RunPictures *self, HfRunItem *item, bool shown) {
  guint rows = GPOINTER_TO_UINT(g_hash_table_lookup(self->shown, item)) + (shown ? 1 : -1);
  if (rows > 0)
    g_hash_table_insert(self->shown, g_object_ref(item), GUINT_TO_POINTER(rows));
  if (shown && rows == 1)
    appear(self, item);
  else if (!shown && rows == 0)
    vanish(self, item);
}

RunPictures *run_pictures_new(const char *store_path) {
  RunPictures *self = g_new0(RunPictures, 1);
  *self = (RunPictures){.store_path = g_strdup(store_path),
                        .shown = g_hash_table_new_full(NULL, NULL, g_object_unref, NULL),
                        .wanted = G_QUEUE_INIT,
                        .kept = G_QUEUE_INIT,
                        .cancellable = g_cancellable_new()};
  return self;
}

void run_pictures_free(RunPictures *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  GHashTableIter at;
  g_hash_table_iter_init(&at, self->shown);
  for (gpointer item; g_hash_table_iter_next(&at, &item, NULL);)
    g_signal_handlers_disconnect_by_data(item, self);
  g_hash_table_unref(self->shown);
  g_queue_clear(&self->wanted);
  g_queue_clear_full(&self->kept, g_object_unref);
  g_free(self->store_path);
  g_free(self);
}
