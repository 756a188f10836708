/* Real key and mouse events (the XTEST extension) and what is on the screen, for tests with an X display.
 *
 * Events go to the window on top; without a window manager it must be given the keyboard, which is done
 * before every event.  Coordinates are of the screen, in pixels. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* False where the display or the extension is missing. */
bool keys_can(void);
/* "Tab", "Control+r", "Shift+F10": X names of keys, modifiers before them. */
void keys_press(const char *chord);
/* One after the other, in words. */
void keys_press_times(const char *chord, int times);
/* Letters, digits, blanks. */
void keys_type(const char *text);
void mouse_move(int x, int y);
void mouse_click(int x, int y);
void mouse_drag(int from_x, int from_y, int to_x, int to_y);
/* One notch of the wheel, away from the hand or towards it. */
void mouse_wheel(int x, int y, bool away);

typedef struct {
  int width, height;
  guint32 *pixels; /* 0x00RRGGBB */
} Shot;

/* The whole screen as it is now. */
Shot *shot_new(void);
void shot_free(Shot *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shot, shot_free)
/* How many pixels of the part differ. */
int shot_count_changes(const Shot *one, const Shot *other, int x, int y, int width, int height);
/* How many colours the part has. */
int shot_count_colours(const Shot *self, int x, int y, int width, int height);
/* Where the window on top begins. */
void screen_origin(int *x, int *y);
