/* The program with its window, from outside: driven by its actions over D-Bus, checked in the run store.
 * Skips where no display or no session bus can be had. */
#include "tests/support/desktop.h"

#include <string.h>

static void test_choice(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  g_assert_true(desktop_state_is(&program, "state", "'idle'"));
  g_assert_true(desktop_state_is(&program, "alignment", "'statistical'"));
  desktop_act_on(&program, "alignment", "linear");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'linear'"));
  WAIT_UNTIL(desktop_is_enabled(&program, "undo"));
  desktop_act(&program, "undo", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'statistical'"));
  WAIT_UNTIL(desktop_is_enabled(&program, "redo"));
  desktop_act(&program, "redo", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'linear'"));
  desktop_act_on(&program, "preset", "overlay-frame");
  WAIT_UNTIL(!desktop_state_is(&program, "alignment", "'linear'"));
  desktop_quit(&program);
  desktop_free(&program);
}

/* This model has no embedding, and its classes are not the task's: nothing changes but by a repair. */
static void test_impossible(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  desktop_act(&program, "repair", g_variant_new_int32(0)); /* of nothing */
  desktop_act_on(&program, "alignment", "identity");
  desktop_wait(300);
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'statistical'"));
  desktop_act_on(&program, "location", "embedding");
  desktop_wait(300);
  WAIT_UNTIL(desktop_state_is(&program, "location", "'input'"));
  g_assert_false(desktop_is_enabled(&program, "undo") && !desktop_is_enabled(&program, "run"));
  desktop_act_on(&program, "alignment", "identity");
  desktop_act(&program, "repair", g_variant_new_int32(99));
  desktop_act(&program, "repair", g_variant_new_int32(0));
  WAIT_UNTIL(desktop_is_enabled(&program, "undo"));
  desktop_quit(&program);
  desktop_free(&program);
}

static void test_run(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  desktop_act_on(&program, "page", "runs");
  WAIT_UNTIL(desktop_state_is(&program, "page", "'runs'"));
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  WAIT_UNTIL(desktop_state_is(&program, "page", "'explore'")); /* where it is seen */
  /* Two epochs of eight steps, all of them stored. */
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  desktop_act(&program, "seek", g_variant_new_int32(0));
  WAIT_UNTIL(desktop_number(&program, "seek") == 0);
  desktop_act(&program, "seek-by", g_variant_new_int32(1));
  WAIT_UNTIL(desktop_number(&program, "seek") == 1);
  desktop_act(&program, "play", NULL);
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  WAIT_UNTIL(desktop_state_is(&program, "play", "false"));
  desktop_act(&program, "sample-next", NULL);
  WAIT_UNTIL(desktop_number(&program, "sample") == 1);
  desktop_act(&program, "mistake-next", NULL);
  WAIT_UNTIL(desktop_number(&program, "sample") != 1);
  desktop_act(&program, "reset", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'idle'"));
  WAIT_UNTIL(desktop_number(&program, "seek") == 0);
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpint(row->status, ==, STATUS_FINISHED);
  g_assert_cmpint(row->result.steps, ==, 16);
  desktop_act_on(&program, "open-run", row->id);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'replay'"));
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  desktop_quit(&program);
  desktop_check_store(&program);
  desktop_free(&program);
}

/* One step, then another, on, pause, on, stop. */
static void test_steps(void) {
  Desktop program;
  desktop_open(&program, desktop_longer);
  desktop_act(&program, "step", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  WAIT_UNTIL(desktop_number(&program, "seek") == 1);
  g_assert_false(desktop_is_enabled(&program, "pause"));
  desktop_act(&program, "step", NULL);
  WAIT_UNTIL(desktop_number(&program, "seek") == 2);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  desktop_act(&program, "run-or-pause", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  WAIT_UNTIL(desktop_number(&program, "seek") > 4);
  desktop_act(&program, "pause", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  /* A moment of the past while it goes on, and back to the newest. */
  desktop_act(&program, "seek", g_variant_new_int32(1));
  WAIT_UNTIL(desktop_number(&program, "seek") == 1);
  desktop_act(&program, "follow", NULL);
  WAIT_UNTIL(desktop_number(&program, "seek") > 4);
  desktop_act(&program, "stop", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  desktop_quit(&program);
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  g_assert_cmpint(row->result.steps, >, 4);
  desktop_free(&program);
}

/* What was chosen is there again at the next start. */
static void test_remembered(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  desktop_act_on(&program, "alignment", "structural");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'structural'"));
  desktop_quit(&program);
  desktop_start(&program, NULL);
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'structural'"));
  desktop_quit(&program);
  desktop_free(&program);
}

/* One sentence, and no crash. */
static void test_no_display(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GSubprocessLauncher) launcher =
      g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_subprocess_launcher_setenv(launcher, "HOME", folder, TRUE);
  g_subprocess_launcher_unsetenv(launcher, "DISPLAY");
  g_subprocess_launcher_unsetenv(launcher, "WAYLAND_DISPLAY");
  g_autoptr(GSubprocess) process = g_subprocess_launcher_spawn(launcher, NULL, HOARFROST_PROGRAM, NULL);
  g_autofree char *out = NULL, *err = NULL;
  g_assert_true(g_subprocess_communicate_utf8(process, NULL, NULL, &out, &err, NULL));
  g_assert_cmpint(g_subprocess_get_exit_status(process), ==, 1);
  g_assert_cmpstr(out, ==, "");
  g_assert_true(g_str_has_prefix(err, "hoarfrost: there is no display"));
  g_assert_true(strchr(err, '\n') == err + strlen(err) - 1);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be()) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/window-program/no-display", test_no_display);
  g_test_add_func("/window-program/choice", test_choice);
  g_test_add_func("/window-program/impossible", test_impossible);
  g_test_add_func("/window-program/run", test_run);
  g_test_add_func("/window-program/steps", test_steps);
  g_test_add_func("/window-program/remembered", test_remembered);
  return g_test_run();
}
