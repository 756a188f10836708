/* The main loop while it trains at full speed: no stall that people notice, and frames.  A build with a
 * sanitizer, or a machine that does other work, is given more time.  Skips where no display or no session bus
 * can be had. */
#include "tests/support/desktop.h"
#include "tests/support/patience.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 200.0 /* milliseconds */
#define LEAST   10.0  /* frames per second */

/* A number of the line that the watchdog leaves; NaN where there is none. */
static double figure(Desktop *program, const char *name) {
  g_autofree char *said = desktop_said(program), *key = g_strdup_printf("\"%s\":", name);
  const char *at = strstr(said, key);
  g_assert_nonnull(at);
  at += strlen(key);
  return g_str_has_prefix(g_strchug((char *)at), "null") ? NAN : g_ascii_strtod(at, NULL);
}

static void test_while_training(void) {
  g_setenv("HOARFROST_WATCHDOG", "1", TRUE);
  Desktop program;
  desktop_open(&program, desktop_longer);
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  desktop_wait(4000);
  for (int i = 0; i < 10; i++) {
    desktop_act(&program, "seek", g_variant_new_int32(i));
    desktop_wait(100);
  }
  desktop_act(&program, "follow", NULL);
  desktop_wait(1000);
  desktop_act(&program, "stop", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  desktop_quit(&program);
  double more = patience(), stall = figure(&program, "longest_stall_training_ms"),
         stop = figure(&program, "stop_ms"), rate = figure(&program, "fps_while_training");
  g_test_message("longest stall %.1f ms, stop %.1f ms, %.1f frames per second; patience %.1f", stall, stop,
                 rate, more);
  g_assert_cmpfloat(stall, <, LONGEST * more);
  g_assert_cmpfloat(stop, <, LONGEST * more);
  g_assert_cmpfloat(rate, >, LEAST / more);
  desktop_free(&program);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be()) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/window-time/while-training", test_while_training);
  return g_test_run();
}
