#include "app/mailbox.h"

#include "engine/error.h"

#include <errno.h>
#include <glib-unix.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Before the drawing that a value leads to, after the user's input. */
#define PRIORITY (G_PRIORITY_HIGH_IDLE + 15)

struct _Mailbox {
  MailboxOptions options;
  int wake; /* an eventfd: readable while a value waits */
  guint source;
  pthread_mutex_t lock;
  void *value; /* guarded by lock */
  bool closed; /* likewise */
};

/* NULL when nothing waits.  (transfer full) */
static void *take(Mailbox *self) {
  uint64_t count;
  pthread_mutex_lock(&self->lock);
  void *value = self->value;
  self->value = NULL;
  if (value && read(self->wake, &count, sizeof count) < 0)
    g_warning("the window's mailbox cannot be emptied: %s", g_strerror(errno));
  pthread_mutex_unlock(&self->lock);
  return value;
}

void mailbox_deliver(Mailbox *self) {
  void *value = take(self);
  if (value)
    self->options.deliver(self->options.data, value);
}

static gboolean woken(int descriptor, GIOCondition condition, gpointer data) {
  mailbox_deliver(data);
  return G_SOURCE_CONTINUE;
}

Mailbox *mailbox_new(const MailboxOptions *options, GError **error) {
  int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) {
    input_error(error, "a run cannot be watched: %s", g_strerror(errno));
    return NULL;
  }
  Mailbox *self = g_new0(Mailbox, 1);
  self->options = *options;
  self->wake = wake;
  pthread_mutex_init(&self->lock, NULL);
  g_autoptr(GSource) source = g_unix_fd_source_new(wake, G_IO_IN);
  g_source_set_callback(source, G_SOURCE_FUNC(woken), self, NULL);
  g_source_set_priority(source, PRIORITY);
  self->source = g_source_attach(source, NULL);
  return self;
}

void mailbox_post(Mailbox *self, void *value) {
  static const uint64_t one = 1;
  pthread_mutex_lock(&self->lock);
  void *older = self->value, *unwanted = NULL;
  if (self->closed)
    unwanted = value;
  else if (!older)
    self->value = value;
  else if (self->options.merge)
    self->value = self->options.merge(older, value);
  else {
    self->value = value;
    unwanted = older;
  }
  if (!self->closed && !older && write(self->wake, &one, sizeof one) < 0)
    g_warning("the window cannot be woken: %s", g_strerror(errno));
  pthread_mutex_unlock(&self->lock);
  if (unwanted)
    self->options.free_value(unwanted);
}

bool mailbox_is_full(Mailbox *self) {
  pthread_mutex_lock(&self->lock);
  bool full = self->value != NULL;
  pthread_mutex_unlock(&self->lock);
  return full;
}

void mailbox_close(Mailbox *self) {
  if (self->source)
    g_source_remove(self->source);
  self->source = 0;
  void *value = take(self);
  pthread_mutex_lock(&self->lock);
  self->closed = true;
  void *late = self->value;
  self->value = NULL;
  pthread_mutex_unlock(&self->lock);
  g_clear_pointer(&value, self->options.free_value);
  g_clear_pointer(&late, self->options.free_value);
}

void mailbox_free(Mailbox *self) {
  if (!self)
    return;
  mailbox_close(self);
  close(self->wake);
  pthread_mutex_destroy(&self->lock);
  g_free(self);
}
