#include "tests/support/reader.h"

#include "tests/support/keys.h"

#include <atspi/atspi.h>
#include <string.h>

/* The library has none of these. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiAccessible, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiAction, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiComponent, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AtspiStateSet, g_object_unref)

/* A tree deeper or larger than this is a loop. */
#define DEEPEST 60

static AtspiAccessible *program(void) {
  g_autoptr(AtspiAccessible) desktop = atspi_get_desktop(0);
  int n = desktop ? atspi_accessible_get_child_count(desktop, NULL) : 0;
  for (int i = n; i-- > 0;) {
    AtspiAccessible *child = atspi_accessible_get_child_at_index(desktop, i, NULL);
    g_autofree char *name = child ? atspi_accessible_get_name(child, NULL) : NULL;
    if (name && strstr(name, "hoarfrost"))
      return child;
    g_clear_object(&child);
  }
  return NULL;
}

bool reader_can(void) {
  static int can = -1;
  /* The library warns of programs that come and go, which a test's own frame takes for fatal. */
  g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  if (can < 0)
    can = atspi_init() <= 1 && atspi_get_desktop_count() > 0;
  return can;
}

/* True: seen enough. */
typedef bool (*Visit)(AtspiAccessible *place, int depth, gpointer data);

static bool walk(AtspiAccessible *place, int depth, Visit visit, gpointer data) {
  atspi_accessible_clear_cache(place);
  if (visit(place, depth, data))
    return true;
  int n = depth < DEEPEST ? atspi_accessible_get_child_count(place, NULL) : 0;
  for (int i = 0; i < n; i++) {
    g_autoptr(AtspiAccessible) child = atspi_accessible_get_child_at_index(place, i, NULL);
    if (child && walk(child, depth + 1, visit, data))
      return true;
  }
  return false;
}

static void walk_program(Visit visit, gpointer data) {
  g_autoptr(AtspiAccessible) root = program();
  if (root)
    walk(root, 0, visit, data);
}

static bool has_state(AtspiAccessible *place, AtspiStateType state) {
  g_autoptr(AtspiStateSet) states = atspi_accessible_get_state_set(place);
  return states && atspi_state_set_contains(states, state);
}

/* A menu button has another button inside with the same name, which is the one that can be pressed. */
static bool can_be_pressed(AtspiAccessible *place) {
  g_autoptr(AtspiAction) action = atspi_accessible_get_action_iface(place);
  return action && atspi_action_get_n_actions(action, NULL) > 0;
}

static bool extents(AtspiAccessible *place, AtspiRect *at) {
  g_autoptr(AtspiComponent) component = atspi_accessible_get_component_iface(place);
  g_autofree AtspiRect *found =
      component ? atspi_component_get_extents(component, ATSPI_COORD_TYPE_WINDOW, NULL) : NULL;
  if (found)
    *at = *found;
  return found && found->width > 0 && found->height > 0;
}

typedef struct {
  const char *role, *name;
  AtspiAccessible *found;
} Search;

static bool is_it(AtspiAccessible *place, int depth, gpointer data) {
  Search *search = data;
  g_autofree char *name = atspi_accessible_get_name(place, NULL);
  if (!name || !g_str_has_prefix(name, search->name))
    return false;
  g_autofree char *role = search->role ? atspi_accessible_get_role_name(place, NULL) : NULL;
  AtspiRect at;
  if (g_strcmp0(role, search->role) != 0 || !extents(place, &at) ||
      (g_strcmp0(role, "push button") == 0 && !can_be_pressed(place)))
    return false;
  search->found = g_object_ref(place);
  return true;
}

Place *reader_find(const char *role, const char *name) {
  Search search = {role, name, NULL};
  walk_program(is_it, &search);
  return search.found;
}

bool reader_press(Place *place) {
  g_autoptr(AtspiAction) action = atspi_accessible_get_action_iface(place);
  return action && atspi_action_do_action(action, 0, NULL);
}

void reader_extents(Place *place, int *x, int *y, int *width, int *height) {
  AtspiRect at = {0};
  g_assert_true(extents(place, &at));
  screen_origin(x, y);
  *x += at.x;
  *y += at.y;
  *width = at.width;
  *height = at.height;
}

char *reader_name(Place *place) {
  return atspi_accessible_get_name(place, NULL);
}

char *reader_description(Place *place) {
  return atspi_accessible_get_description(place, NULL);
}

bool reader_is_sensitive(Place *place) {
  return has_state(place, ATSPI_STATE_SENSITIVE);
}

/* Where nobody gave a name, GTK gives that of the class. */
static bool is_nameless(const char *name) {
  return !name || !*name || g_str_has_prefix(name, "Gtk") || g_str_has_prefix(name, "Hf") ||
         g_str_has_prefix(name, "Adw");
}

/* "Run Run": the label and what was said beside it. */
static bool is_doubled(const char *name) {
  g_auto(GStrv) words = g_strsplit(name ? name : "", " ", -1);
  guint n = g_strv_length(words);
  return n > 1 && g_str_equal(words[0], words[n - 1]);
}

static bool add_nameless(AtspiAccessible *place, int depth, gpointer data) {
  static const AtspiRole roles[] = {ATSPI_ROLE_PUSH_BUTTON, ATSPI_ROLE_TOGGLE_BUTTON, ATSPI_ROLE_ENTRY,
                                    ATSPI_ROLE_TEXT,        ATSPI_ROLE_SLIDER,        ATSPI_ROLE_CHECK_BOX,
                                    ATSPI_ROLE_SPIN_BUTTON, ATSPI_ROLE_COMBO_BOX};
  AtspiRole role = atspi_accessible_get_role(place, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
    if (role == roles[i]) {
      g_autoptr(AtspiAccessible) above = atspi_accessible_get_parent(place, NULL);
      g_autofree char *name = atspi_accessible_get_name(place, NULL);
      g_autofree char *above_name = above ? atspi_accessible_get_name(above, NULL) : NULL;
      g_autofree char *role_name = atspi_accessible_get_role_name(place, NULL);
      /* A combo box is one to its user, whatever it is made of. */
      bool inside = above && atspi_accessible_get_role(above, NULL) == ATSPI_ROLE_COMBO_BOX;
      if ((is_nameless(name) || is_doubled(name)) && !inside)
        g_string_append_printf(data, "%s '%s' in '%s'\n", role_name, name ? name : "",
                               above_name ? above_name : "");
    }
  return false;
}

char *reader_nameless(void) {
  GString *list = g_string_new(NULL);
  walk_program(add_nameless, list);
  return g_string_free(list, FALSE);
}

static bool has_focus(AtspiAccessible *place, int depth, gpointer data) {
  if (!has_state(place, ATSPI_STATE_FOCUSED) || atspi_accessible_get_role(place, NULL) == ATSPI_ROLE_FRAME)
    return false;
  *(char **)data = atspi_accessible_get_name(place, NULL);
  return true;
}

char *reader_focused(void) {
  char *name = NULL;
  walk_program(has_focus, &name);
  return name;
}

static bool add_line(AtspiAccessible *place, int depth, gpointer data) {
  g_autofree char *role = atspi_accessible_get_role_name(place, NULL);
  g_autofree char *name = atspi_accessible_get_name(place, NULL);
  g_string_append_printf(data, "%*s%s '%s'\n", 2 * depth, "", role, name ? name : "");
  return false;
}

char *reader_tree(void) {
  GString *text = g_string_new(NULL);
  walk_program(add_line, text);
  return g_string_free(text, FALSE);
}
