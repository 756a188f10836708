#include "tests/support/keys.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <string.h>

#define BETWEEN 30000 /* microseconds between two events: slower than a hurried hand */

static Display *display;

/* Windows come and go between question and answer. */
static int ignore_error(Display *of, XErrorEvent *event) {
  return 0;
}

bool keys_can(void) {
  if (!display && g_getenv("DISPLAY")) {
    int a, b, c, d;
    display = XOpenDisplay(NULL);
    if (display && !XTestQueryExtension(display, &a, &b, &c, &d))
      g_clear_pointer(&display, XCloseDisplay);
    XSetErrorHandler(ignore_error);
  }
  return display != NULL;
}

/* The uppermost one that takes the keyboard; None where there is none. */
static Window window_on_top(void) {
  Window root, parent, *children = NULL, found = None;
  unsigned n = 0;
  if (!XQueryTree(display, DefaultRootWindow(display), &root, &parent, &children, &n))
    return None;
  for (unsigned i = n; i-- > 0 && found == None;) {
    XWindowAttributes at;
    if (XGetWindowAttributes(display, children[i], &at) && at.map_state == IsViewable &&
        !at.override_redirect && at.class == InputOutput && at.width > 10)
      found = children[i];
  }
  if (children)
    XFree(children);
  return found;
}

static void settle(void) {
  XSync(display, False);
  g_usleep(BETWEEN);
}

static void give_keyboard(void) {
  Window top = window_on_top(), has = None;
  int revert;
  XGetInputFocus(display, &has, &revert);
  if (top == None || has == top)
    return;
  XSetInputFocus(display, top, RevertToParent, CurrentTime);
  settle();
}

static void key(KeySym symbol, bool down) {
  KeyCode code = XKeysymToKeycode(display, symbol);
  g_assert_cmpint(code, !=, 0);
  XTestFakeKeyEvent(display, code, down, CurrentTime);
  XSync(display, False);
}

static KeySym symbol_of(const char *name) {
  static const struct {
    const char *name, *symbol;
  } modifiers[] = {{"Control", "Control_L"}, {"Shift", "Shift_L"}, {"Alt", "Alt_L"}};
  for (guint i = 0; i < G_N_ELEMENTS(modifiers); i++)
    if (g_str_equal(modifiers[i].name, name))
      name = modifiers[i].symbol;
  KeySym symbol = XStringToKeysym(name);
  if (symbol == NoSymbol)
    g_error("there is no key %s", name);
  return symbol;
}

void keys_press(const char *chord) {
  g_auto(GStrv) names = g_strsplit(chord, "+", -1);
  guint n = g_strv_length(names);
  give_keyboard();
  for (guint i = 0; i < n; i++)
    key(symbol_of(names[i]), true);
  for (guint i = n; i-- > 0;)
    key(symbol_of(names[i]), false);
  settle();
}

void keys_press_times(const char *chord, int times) {
  for (int i = 0; i < times; i++)
    keys_press(chord);
}

void keys_type(const char *text) {
  for (const char *at = text; *at; at++) {
    char letter[2] = {g_ascii_tolower(*at), 0};
    g_autofree char *chord =
        g_strconcat(g_ascii_isupper(*at) ? "Shift+" : "", *at == ' ' ? "space" : letter, NULL);
    keys_press(chord);
  }
}

void mouse_move(int x, int y) {
  XTestFakeMotionEvent(display, DefaultScreen(display), x, y, CurrentTime);
  settle();
}

static void button(unsigned number, bool down) {
  XTestFakeButtonEvent(display, number, down, CurrentTime);
  settle();
}

void mouse_click(int x, int y) {
  give_keyboard();
  mouse_move(x, y);
  button(1, true);
  button(1, false);
}

void mouse_drag(int from_x, int from_y, int to_x, int to_y) {
  give_keyboard();
  mouse_move(from_x, from_y);
  button(1, true);
  for (int i = 1; i <= 8; i++)
    mouse_move(from_x + (to_x - from_x) * i / 8, from_y + (to_y - from_y) * i / 8);
  button(1, false);
}

void mouse_wheel(int x, int y, bool away) {
  give_keyboard();
  mouse_move(x, y);
  button(away ? 4 : 5, true);
  button(away ? 4 : 5, false);
}

Shot *shot_new(void) {
  Window root = DefaultRootWindow(display);
  Shot *self = g_new0(Shot, 1);
  self->width = DisplayWidth(display, DefaultScreen(display));
  self->height = DisplayHeight(display, DefaultScreen(display));
  self->pixels = g_new(guint32, (gsize)self->width * self->height);
  XImage *image = XGetImage(display, root, 0, 0, self->width, self->height, AllPlanes, ZPixmap);
  g_assert_nonnull(image);
  for (int y = 0; y < self->height; y++)
    for (int x = 0; x < self->width; x++)
      self->pixels[y * self->width + x] = XGetPixel(image, x, y) & 0xffffff;
  XDestroyImage(image);
  return self;
}

void shot_free(Shot *self) {
  g_free(self->pixels);
  g_free(self);
}

int shot_count_changes(const Shot *one, const Shot *other, int x, int y, int width, int height) {
  int changed = 0;
  for (int row = MAX(y, 0); row < MIN(y + height, one->height); row++)
    for (int column = MAX(x, 0); column < MIN(x + width, one->width); column++)
      changed += one->pixels[row * one->width + column] != other->pixels[row * one->width + column];
  return changed;
}

int shot_count_colours(const Shot *self, int x, int y, int width, int height) {
  g_autoptr(GHashTable) colours = g_hash_table_new(NULL, NULL);
  for (int row = MAX(y, 0); row < MIN(y + height, self->height); row++)
    for (int column = MAX(x, 0); column < MIN(x + width, self->width); column++)
      g_hash_table_add(colours, GUINT_TO_POINTER(self->pixels[row * self->width + column]));
  return (int)g_hash_table_size(colours);
}

void screen_origin(int *x, int *y) {
  Window child;
  XTranslateCoordinates(display, window_on_top(), DefaultRootWindow(display), 0, 0, x, y, &child);
}
