/* Carries the newest value from a working thread to the main loop.
 *
 * Posting never waits for the main loop: while a value waits there, a newer one takes its place, or is merged
 * with it, and the main loop is woken once.  A slow window can so never slow a run, nor fill its memory. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct _Mailbox Mailbox;

typedef struct {
  void *data;
  /* Main thread.  (value: transfer full) */
  void (*deliver)(void *data, void *value);
  /* Any thread: one value that stands for both, made of what is handed over.  NULL: the older one is freed.
   */
  void *(*merge)(void *older, void *newer);
  GDestroyNotify free_value;
} MailboxOptions;

/* For the main context of the thread that calls.  NULL and an error when the system has no more descriptors.
 * (transfer full) */
Mailbox *mailbox_new(const MailboxOptions *options, GError **error);
/* Any thread.  (value: transfer full) */
void mailbox_post(Mailbox *self, void *value);
/* Any thread: whether the last value still waits for the main loop. */
bool mailbox_is_full(Mailbox *self);
/* The main thread: delivers what waits now, if anything does. */
void mailbox_deliver(Mailbox *self);
/* The main thread: nothing is delivered from now on; what is posted later is freed. */
void mailbox_close(Mailbox *self);
/* The main thread, when no thread will post any more. */
void mailbox_free(Mailbox *self);
