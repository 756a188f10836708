/* However the window ends during a run, the run is kept: closed, ended by the session, or killed; and what
 * was interrupted goes on from the window.  Files that are handed over are opened. */
#include "tests/support/desktop.h"

#include <signal.h>

/* Training, with some steps behind it. */
static void open_and_train(Desktop *program) {
  desktop_open(program, desktop_longer);
  desktop_act(program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(program, "state", "'running'"));
  WAIT_UNTIL(desktop_number(program, "seek") > 2);
  desktop_wait(500);
}

static void assert_stopped(Desktop *program) {
  g_autoptr(RunRow) row = desktop_only_run(program);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  g_assert_cmpint(row->result.steps, >, 2);
  g_autofree char *path = g_build_filename(program->folder, "hoarfrost", "runs.db", NULL);
  g_autoptr(RunStore) store = run_store_open(path, NULL);
  RunState *state = NULL;
  bool complete = false;
  g_assert_true(run_store_checkpoint(store, row->id, &state, &complete, NULL));
  g_assert_true(state && complete);
  g_assert_cmpint(state->step, ==, row->result.steps);
  run_state_free(state);
  desktop_check_store(program);
}

static void test_quit(void) {
  Desktop program;
  open_and_train(&program);
  desktop_quit(&program);
  assert_stopped(&program);
  desktop_free(&program);
}

/* How a session, or a person at a terminal, ends a program. */
static void test_signal(gconstpointer number) {
  Desktop program;
  open_and_train(&program);
  g_subprocess_send_signal(program.process, GPOINTER_TO_INT(number));
  desktop_ended(&program);
  assert_stopped(&program);
  desktop_free(&program);
}

static void test_paused(void) {
  Desktop program;
  desktop_open(&program, desktop_longer);
  for (int step = 1; step <= 3; step++) {
    desktop_act(&program, "step", NULL);
    WAIT_UNTIL(desktop_number(&program, "seek") == step);
    WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  }
  desktop_quit(&program);
  assert_stopped(&program);
  desktop_free(&program);
}

/* Killed: it shows as interrupted, and goes on from its last checkpoint. */
static void test_killed(void) {
  Desktop program;
  open_and_train(&program);
  desktop_wait(1500);
  desktop_kill(&program);
  g_autoptr(RunRow) killed = desktop_only_run(&program);
  g_assert_cmpint(killed->status, ==, STATUS_INTERRUPTED);
  desktop_check_store(&program);
  desktop_start(&program, NULL);
  desktop_act_on(&program, "resume-run", killed->id);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  int from = desktop_number(&program, "seek");
  WAIT_UNTIL(desktop_number(&program, "seek") > from + 2);
  desktop_act(&program, "stop", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  desktop_quit(&program);
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpstr(row->id, ==, killed->id);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  desktop_check_store(&program);
  desktop_free(&program);
}

/* A run that leaves as a bundle is opened by another Hoarfrost, which need not be told where it runs. */
static void test_bundle(void) {
  Desktop one, other;
  desktop_open(&one, desktop_tiny);
  desktop_act(&one, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&one, "state", "'ended'"));
  desktop_quit(&one);
  g_autoptr(RunRow) row = desktop_only_run(&one);
  g_autofree char *store = g_build_filename(one.folder, "hoarfrost", "runs.db", NULL);
  g_autofree char *file = g_build_filename(one.folder, "run.hoarfrost", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(GSubprocess) export =
      g_subprocess_new(G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, HOARFROST_PROGRAM, "runs", "export",
                       row->id, "--bundle", file, "--store", store, NULL);
  g_assert_no_error(error);
  g_assert_true(g_subprocess_wait_check(export, NULL, &error));
  desktop_open(&other, desktop_tiny);
  desktop_hand_over(&other, file);
  WAIT_UNTIL(desktop_state_is(&other, "state", "'replay'"));
  WAIT_UNTIL(desktop_number(&other, "seek") == 16);
  desktop_act(&other, "seek", g_variant_new_int32(3));
  WAIT_UNTIL(desktop_number(&other, "seek") == 3);
  /* What is no run and no spec changes nothing. */
  desktop_act(&other, "open-file", g_variant_new_bytestring("/etc/hostname"));
  desktop_act(&other, "open-file", g_variant_new_bytestring("/there/is/none"));
  desktop_wait(500);
  g_assert_cmpint(desktop_number(&other, "seek"), ==, 3);
  desktop_quit(&other);
  g_autoptr(RunRow) opened = desktop_only_run(&other);
  g_assert_cmpstr(opened->id, ==, row->id);
  desktop_free(&one);
  desktop_free(&other);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be()) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/window-kept/quit", test_quit);
  g_test_add_data_func("/window-kept/sigterm", GINT_TO_POINTER(SIGTERM), test_signal);
  g_test_add_data_func("/window-kept/sighup", GINT_TO_POINTER(SIGHUP), test_signal);
  g_test_add_data_func("/window-kept/sigint", GINT_TO_POINTER(SIGINT), test_signal);
  g_test_add_func("/window-kept/paused", test_paused);
  g_test_add_func("/window-kept/killed", test_killed);
  g_test_add_func("/window-kept/bundle", test_bundle);
  return g_test_run();
}
