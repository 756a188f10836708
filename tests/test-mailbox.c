/* The mailbox: the newest value arrives, nothing is lost but what a newer one replaces, and closing is safe
 * while a thread posts.  Also run under the thread sanitizer. */
#include "app/mailbox.h"

#include <pthread.h>
#include <stdatomic.h>

#define POSTS 20000

typedef struct {
  int number, merged;
} Letter;

static atomic_int alive; /* letters that are not freed */

static Letter *letter_new(int number) {
  Letter *letter = g_new(Letter, 1);
  *letter = (Letter){number, 1};
  atomic_fetch_add(&alive, 1);
  return letter;
}

static void letter_free(void *letter) {
  atomic_fetch_sub(&alive, 1);
  g_free(letter);
}

static void *letter_merge(void *older, void *newer) {
  ((Letter *)newer)->merged += ((Letter *)older)->merged;
  letter_free(older);
  return newer;
}

typedef struct {
  Mailbox *mailbox;
  int last, delivered, merged;
  atomic_int posted;
} Case;

static void deliver(void *data, void *value) {
  Case *c = data;
  const Letter *letter = value;
  g_assert_cmpint(letter->number, >, c->last); /* in order */
  c->last = letter->number;
  c->delivered++;
  c->merged += letter->merged;
  letter_free(value);
}

static void case_init(Case *c, bool merges) {
  *c = (Case){.last = -1};
  MailboxOptions options = {c, deliver, merges ? letter_merge : NULL, letter_free};
  g_autoptr(GError) error = NULL;
  c->mailbox = mailbox_new(&options, &error);
  g_assert_no_error(error);
}

static void *post_all(void *data) {
  Case *c = data;
  for (int i = 0; i < POSTS; i++) {
    mailbox_post(c->mailbox, letter_new(i));
    atomic_store(&c->posted, i + 1);
  }
  return NULL;
}

static void test_newest(void) {
  Case c;
  case_init(&c, false);
  for (int i = 0; i < 5; i++)
    mailbox_post(c.mailbox, letter_new(i));
  g_assert_true(mailbox_is_full(c.mailbox));
  g_assert_cmpint(atomic_load(&alive), ==, 1);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpint(c.delivered, ==, 1); /* one wake-up */
  g_assert_cmpint(c.last, ==, 4);
  g_assert_false(mailbox_is_full(c.mailbox));
  mailbox_free(c.mailbox);
  g_assert_cmpint(atomic_load(&alive), ==, 0);
}

static void test_threads(gconstpointer merges) {
  Case c;
  pthread_t thread;
  case_init(&c, GPOINTER_TO_INT(merges));
  g_assert_cmpint(pthread_create(&thread, NULL, post_all, &c), ==, 0);
  while (c.last < POSTS - 1)
    g_main_context_iteration(NULL, TRUE);
  pthread_join(thread, NULL);
  g_assert_cmpint(c.delivered, <=, POSTS);
  if (merges)
    g_assert_cmpint(c.merged, ==, POSTS);
  mailbox_free(c.mailbox);
  g_assert_cmpint(atomic_load(&alive), ==, 0);
}

/* Closed in the middle of posting: later letters are freed, none is delivered. */
static void test_close(void) {
  Case c;
  pthread_t thread;
  case_init(&c, true);
  g_assert_cmpint(pthread_create(&thread, NULL, post_all, &c), ==, 0);
  while (atomic_load(&c.posted) < POSTS / 10)
    g_main_context_iteration(NULL, FALSE);
  mailbox_close(c.mailbox);
  int delivered = c.delivered;
  while (g_main_context_iteration(NULL, FALSE))
    ;
  pthread_join(thread, NULL);
  while (g_main_context_iteration(NULL, FALSE))
    ;
  g_assert_cmpint(c.delivered, ==, delivered);
  mailbox_free(c.mailbox);
  g_assert_cmpint(atomic_load(&alive), ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mailbox/newest", test_newest);
  g_test_add_data_func("/mailbox/threads", GINT_TO_POINTER(FALSE), test_threads);
  g_test_add_data_func("/mailbox/threads-merging", GINT_TO_POINTER(TRUE), test_threads);
  g_test_add_func("/mailbox/close", test_close);
  return g_test_run();
}
