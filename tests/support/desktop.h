/* The program with its window, from outside: started as people start it, in a folder of its own, driven by
 * its actions over D-Bus.  What it says of warnings and criticals is kept and judged at its end.
 *
 * For the main thread of a test that has a display and a session bus (tests/with-display).  Failures end the
 * test. */
#pragma once

#include "data/run-store.h"
#include "tests/temporary-folder.h"

#include <gio/gio.h>

/* Two epochs of eight steps; the longer one goes on until it is stopped. */
extern const char desktop_tiny[], desktop_longer[];

typedef struct {
  TemporaryFolder *folder;            /* its HOME and everything it keeps */
  GSubprocess *process;               /* NULL: not running */
  GActionGroup *window, *application; /* as seen over D-Bus; NULL: not running */
} Desktop;

/* False where there is no display or no session bus: then the test skips. */
bool desktop_can_be(void);
/* In a new folder, on a spec (NULL: as it starts for everyone), its first picture shown. */
void desktop_open(Desktop *self, const char *spec);
/* Again in the same folder, with an argument or NULL; it waits for the window only. */
void desktop_start(Desktop *self, const char *argument);
/* A second instance, which hands its argument to the first and ends. */
void desktop_hand_over(Desktop *self, const char *argument);
/* Quits as people do; it must end well and have said nothing of warnings. */
void desktop_quit(Desktop *self);
/* What has been sent or chosen ends it: waits, and it must end well likewise. */
void desktop_ended(Desktop *self);
/* It goes on, and has said nothing of warnings so far. */
void desktop_assert_well(Desktop *self);
/* SIGKILL. */
void desktop_kill(Desktop *self);
void desktop_free(Desktop *self);

void desktop_act(Desktop *self, const char *action, GVariant *parameter);
/* A string as parameter. */
void desktop_act_on(Desktop *self, const char *action, const char *text);
bool desktop_state_is(Desktop *self, const char *action, const char *wanted);
int desktop_number(Desktop *self, const char *action);
bool desktop_is_enabled(Desktop *self, const char *action);
bool desktop_has(Desktop *self, const char *action);

/* What it wrote to standard output since its start.  (transfer full) */
char *desktop_said(Desktop *self);

/* All runs of its store that are not deleted. */
GPtrArray *desktop_runs(Desktop *self);
/* The only one. (transfer full) */
RunRow *desktop_only_run(Desktop *self);
/* SQLite's own check of the store, and every row can be read. */
void desktop_check_store(Desktop *self);

/* Answers to events meanwhile. */
void desktop_wait(int milliseconds);
#define DESKTOP_MOST_WAIT 120000 /* milliseconds, before a test gives up */
#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + DESKTOP_MOST_WAIT * 1000;                                     \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("%s:%d: waited in vain for " #condition, __FILE__, __LINE__);                                \
      desktop_wait(20);                                                                                      \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END
