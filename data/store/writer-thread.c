/* Writing: the thread that owns the connection. */
#include "data/store/writer.h"
#include "engine/error.h"

#define BETWEEN  (250 * G_TIME_SPAN_MILLISECOND)
#define RETRY    (1 * G_TIME_SPAN_SECOND)
#define ATTEMPTS 3 /* at the end */

static void tell(RunWriter *writer, const GError *error) {
  if (!writer->has_told && writer->told)
    writer->told(writer->told_data, error->message);
  writer->has_told = true;
}

/* Keeps the first error that cannot be mended. */
static void keep_error(RunWriter *writer, GError *error) {
  tell(writer, error);
  if (writer->error)
    g_error_free(error);
  else
    writer->error = error;
}

/* A checkpoint stands for all before it: an older one that still waits is not written. */
static void drop_checkpoint(RunWriter *writer) {
  for (guint i = 0; i < writer->batch->len; i++) {
    Message *message = g_ptr_array_index(writer->batch, i);
    if (message->kind == MESSAGE_CHECKPOINT) {
      atomic_fetch_sub(&writer->waiting, message->bytes);
      g_ptr_array_remove_index(writer->batch, i);
      return;
    }
  }
}

static void add(RunWriter *writer, Message *message) {
  if (message->kind == MESSAGE_CHECKPOINT)
    drop_checkpoint(writer);
  g_ptr_array_add(writer->batch, message);
}

/* Takes messages until there are some and the time `ready` has come.  True when the end was posted. */
static bool collect(RunWriter *writer, gint64 ready) {
  Message *message = writer->batch->len ? NULL : g_async_queue_pop(writer->queue);
  for (;;) {
    if (message && message->kind == MESSAGE_END) {
      message_free(message);
      return true;
    }
    if (message)
      add(writer, message);
    gint64 wait = ready - g_get_monotonic_time();
    message = wait > 0 ? g_async_queue_timeout_pop(writer->queue, (guint64)wait)
                       : g_async_queue_try_pop(writer->queue);
    if (!message)
      return false;
  }
}

static bool write_all(Database *db, void *data, GError **error) {
  RunWriter *writer = data;
  for (guint i = 0; i < writer->batch->len; i++) {
    GError *failure = NULL;
    if (message_write(db, &writer->target, g_ptr_array_index(writer->batch, i), &failure))
      continue;
    if (!db->differs) {
      g_propagate_error(error, failure);
      return false;
    }
    db->differs = false;
    keep_error(writer, failure);
  }
  return true;
}

/* One transaction.  What could not be written stays in the batch. */
static bool write_batch(RunWriter *writer) {
  g_clear_error(&writer->late);
  bool done = database_change(writer->db, write_all, writer, &writer->late);
  atomic_store(&writer->in_trouble, !done);
  if (!done) {
    tell(writer, writer->late);
    return false;
  }
  for (guint i = 0; i < writer->batch->len; i++)
    atomic_fetch_sub(&writer->waiting, ((const Message *)g_ptr_array_index(writer->batch, i))->bytes);
  g_ptr_array_set_size(writer->batch, 0);
  return true;
}

static void look_for_loss(RunWriter *writer) {
  int from = atomic_load(&writer->lost_from);
  GError *loss = NULL;
  if (from < 0)
    return;
  input_error(&loss, "the store %s could not be written for so long that it lacks what came from step %d on",
              writer->db->path, from);
  keep_error(writer, loss);
}

void *run_writer_work(void *data) {
  RunWriter *writer = data;
  gint64 ready = 0;
  while (!collect(writer, ready))
    ready = (write_batch(writer) ? BETWEEN : RETRY) + g_get_monotonic_time();
  for (int i = 0; !write_batch(writer) && i < ATTEMPTS; i++)
    g_usleep(RETRY);
  look_for_loss(writer);
  if (writer->late)
    keep_error(writer, g_steal_pointer(&writer->late));
  return NULL;
}
