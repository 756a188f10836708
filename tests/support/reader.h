/* The window as a screen reader meets it: AT-SPI's tree of roles and names.
 *
 * GTK 4.8 exports no pressed state of toggle buttons and cannot give the focus; what a press did is asserted
 * by the action's state. */
#pragma once

#include <glib-object.h>
#include <stdbool.h>

/* False where no accessibility bus answers. */
bool reader_can(void);

typedef struct _AtspiAccessible Place;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Place, g_object_unref)

/* The first thing on the screen with this role ("push button", "label", ...; NULL: any) and this name, or a
 * name that begins so; NULL: none.  (transfer full) */
Place *reader_find(const char *role, const char *name);
/* Like a screen reader's user; false: it cannot be pressed now. */
bool reader_press(Place *place);
/* On the screen, in pixels. */
void reader_extents(Place *place, int *x, int *y, int *width, int *height);
/* (transfer full) */
char *reader_name(Place *place);
char *reader_description(Place *place);
/* Whether it can be used now. */
bool reader_is_sensitive(Place *place);
/* Everything that can be pressed or typed into and has no name, or says a word of it twice, one a line: "" is
 * as it should be.  (transfer full) */
char *reader_nameless(void);
/* The name of what has the keyboard, NULL: nothing.  (transfer full) */
char *reader_focused(void);
/* All of the tree, for people.  (transfer full) */
char *reader_tree(void);
