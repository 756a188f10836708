/* The window for people who hear it: pressed through AT-SPI, verified in the actions' states and in the
 * store. Skips where no display, session bus or accessibility bus can be had. */
#include "tests/support/desktop.h"
#include "tests/support/reader.h"

#include <string.h>

/* Waits for it.  (transfer full) */
static Place *find(const char *role, const char *name) {
  Place *place = NULL;
  WAIT_UNTIL((place = reader_find(role, name)));
  return place;
}

static void press(const char *name) {
  g_autoptr(Place) place = find("push button", name);
  if (!reader_press(place))
    g_error("'%s' cannot be pressed", name);
}

/* Whatever can be used has a name. */
static void test_names(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  static const char *const pages[] = {"runs", "compare", "apply", "explore"};
  for (guint i = 0; i < G_N_ELEMENTS(pages); i++) {
    desktop_act_on(&program, "page", pages[i]);
    desktop_wait(300);
    g_autofree char *nameless = reader_nameless();
    g_assert_cmpstr(nameless, ==, "");
  }
  desktop_quit(&program);
  desktop_free(&program);
}

/* A whole run by presses: Run, which then says Pause; Stop; the moments of it. */
static void test_session(void) {
  Desktop program;
  desktop_open(&program, desktop_longer);
  g_autoptr(Place) stop = find("push button", "Stop");
  g_assert_false(reader_press(stop));
  press("Run");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  WAIT_UNTIL(desktop_number(&program, "seek") > 4);
  press("Pause");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  press("One step");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  WAIT_UNTIL(reader_press(stop));
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  int last = desktop_number(&program, "seek");
  press("Stored step before");
  WAIT_UNTIL(desktop_number(&program, "seek") < last);
  g_autoptr(Place) scrubber = find("slider", "Step that is shown");
  g_autofree char *told = reader_description(scrubber), *begin = NULL;
  begin = g_strdup_printf("step %d of ", desktop_number(&program, "seek"));
  g_assert_true(g_str_has_prefix(told, begin));
  press("Follow the newest step");
  WAIT_UNTIL(desktop_number(&program, "seek") == last);
  press("Next sample");
  WAIT_UNTIL(desktop_number(&program, "sample") == 1);
  desktop_quit(&program);
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  g_assert_cmpint(row->result.steps, ==, last);
  desktop_free(&program);
}

/* An impossible value says why, and a repair is a button. */
static void test_choice(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  press("Alignment: Linear");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'linear'"));
  press("Alignment: Statistical");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'statistical'"));
  g_autoptr(Place) impossible = find("push button", "Location: Embedding");
  g_autofree char *why = reader_description(impossible);
  g_assert_nonnull(strstr(why, "unavailable: "));
  g_assert_true(reader_press(impossible));
  g_autoptr(Place) reason = find("alert", "");
  desktop_wait(200);
  g_assert_true(desktop_state_is(&program, "location", "'input'"));
  press("Close");
  desktop_quit(&program);
  desktop_free(&program);
}

/* Pictures and plots are told in words, and the words follow the run. */
static void test_pictures(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  g_autoptr(Place) pattern = find("image", "Pattern");
  g_autofree char *before = reader_description(pattern);
  g_assert_cmpstr(before, !=, "");
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  g_autofree char *after = NULL;
  WAIT_UNTIL((g_free(after), after = reader_description(pattern), strstr(after, "mean")));
  g_assert_cmpstr(before, !=, after);
  g_autoptr(Place) curves = find("image", "Curves");
  g_autofree char *words = reader_description(curves);
  g_assert_cmpstr(words, !=, "no evaluation yet");
  desktop_quit(&program);
  desktop_free(&program);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be() || !reader_can()) {
    g_print("1..0 # SKIP no display, session bus or accessibility bus\n");
    return 0;
  }
  g_test_add_func("/window-reader/names", test_names);
  g_test_add_func("/window-reader/session", test_session);
  g_test_add_func("/window-reader/choice", test_choice);
  g_test_add_func("/window-reader/pictures", test_pictures);
  return g_test_run();
}
