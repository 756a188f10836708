/* The window by real keys and a real mouse, verified in the actions' states, in the store and on the screen.
 * Skips where no display or no session bus can be had; what needs places on the screen asks the accessibility
 * bus for them. */
#include "tests/support/desktop.h"
#include "tests/support/keys.h"
#include "tests/support/reader.h"

#include <string.h>

typedef struct {
  int x, y, width, height;
} Area;

/* Waits for it. */
static Area area_of(const char *role, const char *name) {
  g_autoptr(Place) place = NULL;
  WAIT_UNTIL((place = reader_find(role, name)));
  Area area;
  reader_extents(place, &area.x, &area.y, &area.width, &area.height);
  return area;
}

static bool differs(const Shot *before, Area area, int least) {
  g_autoptr(Shot) now = shot_new();
  return shot_count_changes(before, now, area.x, area.y, area.width, area.height) >= least;
}

static void click(const char *name) {
  Area area = area_of("push button", name);
  mouse_click(area.x + area.width / 2, area.y + area.height / 2);
}

/* A whole session without a mouse: choose, run, look back, undo, run again and stop, quit. */
static void test_keyboard(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  desktop_wait(500);
  keys_press("Shift+4");
  desktop_wait(200);
  keys_press("Right");
  desktop_wait(200);
  keys_press("space");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'linear'"));
  keys_press("Control+z");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'statistical'"));
  keys_press("Control+r");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  keys_press_times("bracketleft", 3);
  WAIT_UNTIL(desktop_number(&program, "seek") == 13);
  keys_press("bracketright");
  WAIT_UNTIL(desktop_number(&program, "seek") == 14);
  keys_press("p");
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  keys_press("n");
  WAIT_UNTIL(desktop_number(&program, "sample") == 1);
  keys_press("Control+Shift+r");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'idle'"));
  keys_press("period");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'paused'"));
  keys_press("Control+period");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  keys_press("F9");
  WAIT_UNTIL(desktop_state_is(&program, "show-choices", "false"));
  keys_press("Control+q");
  desktop_ended(&program);
  g_autoptr(GPtrArray) rows = desktop_runs(&program);
  g_assert_cmpuint(rows->len, ==, 2);
  const RunRow *newest = g_ptr_array_index(rows, 0), *first = g_ptr_array_index(rows, 1);
  g_assert_cmpint(newest->status, ==, STATUS_STOPPED);
  g_assert_cmpint(first->status, ==, STATUS_FINISHED);
  desktop_free(&program);
}

/* The pattern is seen to grow, and the scrubber goes back in it. */
static void test_screen(void) {
  Desktop program;
  desktop_open(&program, desktop_tiny);
  Area pattern = area_of("image", "Pattern");
  desktop_wait(500);
  g_autoptr(Shot) before = shot_new();
  desktop_act(&program, "run", NULL);
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  WAIT_UNTIL(differs(before, pattern, pattern.width * pattern.height / 4));
  desktop_wait(500);
  g_autoptr(Shot) after = shot_new();
  g_assert_cmpint(shot_count_colours(after, pattern.x, pattern.y, pattern.width, pattern.height), >, 50);
  Area scrubber = area_of("slider", "Step that is shown");
  int y = scrubber.y + scrubber.height / 2;
  mouse_click(scrubber.x + 8, y);
  WAIT_UNTIL(desktop_number(&program, "seek") <= 1);
  WAIT_UNTIL(differs(after, pattern, pattern.width * pattern.height / 4));
  mouse_drag(scrubber.x + 8, y, scrubber.x + scrubber.width / 2, y);
  WAIT_UNTIL(desktop_number(&program, "seek") >= 7 && desktop_number(&program, "seek") <= 9);
  keys_press("Left");
  WAIT_UNTIL(desktop_number(&program, "seek") <= 8);
  keys_press("End");
  WAIT_UNTIL(desktop_number(&program, "seek") == 16);
  WAIT_UNTIL(!differs(after, pattern, 1 + pattern.width * pattern.height / 100));
  desktop_quit(&program);
  desktop_free(&program);
}

static void test_mouse(void) {
  Desktop program;
  desktop_open(&program, desktop_longer);
  desktop_wait(500);
  click("Alignment: Linear");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'linear'"));
  click("Alignment: Statistical");
  WAIT_UNTIL(desktop_state_is(&program, "alignment", "'statistical'"));
  click("Signed");
  WAIT_UNTIL(!desktop_state_is(&program, "pattern-map", "'colour'"));
  click("Colour");
  WAIT_UNTIL(desktop_state_is(&program, "pattern-map", "'colour'"));
  click("Run");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'running'"));
  /* The wheel magnifies all pictures while they change. */
  Area sample = area_of("image", "Sample"), received = area_of("image", "What f sees");
  g_autoptr(Shot) before = shot_new();
  for (int i = 0; i < 5; i++)
    mouse_wheel(sample.x + sample.width / 2, sample.y + sample.height / 2, true);
  WAIT_UNTIL(differs(before, sample, 200) && differs(before, received, 200));
  mouse_drag(sample.x + sample.width / 2, sample.y + sample.height / 2, sample.x + sample.width / 4,
             sample.y + sample.height / 3);
  click("Stop");
  WAIT_UNTIL(desktop_state_is(&program, "state", "'ended'"));
  click("Close");
  desktop_ended(&program);
  g_autoptr(RunRow) row = desktop_only_run(&program);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  desktop_free(&program);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  if (!desktop_can_be() || !keys_can()) {
    g_print("1..0 # SKIP no display, session bus or XTEST extension\n");
    return 0;
  }
  g_test_add_func("/window-input/keyboard", test_keyboard);
  if (reader_can()) {
    g_test_add_func("/window-input/screen", test_screen);
    g_test_add_func("/window-input/mouse", test_mouse);
  }
  return g_test_run();
}
