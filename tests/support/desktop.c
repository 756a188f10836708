#include "tests/support/desktop.h"

#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#define ID          "org.hoarfrost.Hoarfrost"
#define APPLICATION "/org/hoarfrost/Hoarfrost"
#define ERRORS      "errors.txt"
#define OUTPUT      "output.txt"

#define TINY(epochs)                                                                                         \
  "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 128\nvalidation = 32\ntest = 64\nepochs "      \
  "= " epochs "\nbatch = 16\n[manipulation]\nmethod = border\nimage_size = 32\n[alignment]\nmethod = ilm\n"  \
  "[optimiser]\nrate = 0.05\n"

const char desktop_tiny[] = TINY("2"), desktop_longer[] = TINY("1000");

/* The tour has been seen: it takes the keyboard. */
static const char settings[] = "[org/hoarfrost/Hoarfrost]\ntour-seen=true\n";

static GDBusConnection *bus;

bool desktop_can_be(void) {
  if (!bus && g_getenv("DISPLAY"))
    bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
  return bus != NULL;
}

void desktop_wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

static bool is_there(void) {
  g_autoptr(GVariant) reply = g_dbus_connection_call_sync(
      bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus", "NameHasOwner",
      g_variant_new("(s)", ID), NULL, G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  gboolean has = FALSE;
  if (reply)
    g_variant_get(reply, "(b)", &has);
  return has;
}

static GSubprocess *spawn(Desktop *self, const char *argument) {
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_NONE);
  const char *const folders[] = {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    g_subprocess_launcher_setenv(launcher, folders[i], self->folder, TRUE);
  g_subprocess_launcher_unsetenv(launcher, "HOARFROST_DATA");
  g_subprocess_launcher_setenv(launcher, "GSETTINGS_BACKEND", "keyfile", TRUE);
  g_autofree char *errors = g_build_filename(self->folder, ERRORS, NULL);
  g_subprocess_launcher_set_stderr_file_path(launcher, errors);
  g_autofree char *output = g_build_filename(self->folder, OUTPUT, NULL);
  g_subprocess_launcher_set_stdout_file_path(launcher, output);
  /* From any folder: nothing may depend on where it is started. */
  g_subprocess_launcher_set_cwd(launcher, "/");
  g_autoptr(GError) error = NULL;
  GSubprocess *process = g_subprocess_launcher_spawn(launcher, &error, HOARFROST_PROGRAM, argument, NULL);
  g_assert_no_error(error);
  return process;
}

static GActionGroup *actions_of(const char *path) {
  return G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, path));
}

bool desktop_has(Desktop *self, const char *action) {
  g_auto(GStrv) names = g_action_group_list_actions(self->window);
  return g_strv_contains((const char *const *)names, action);
}

/* The number of the first window is any: a notice may have come before it. */
static bool find_window(Desktop *self) {
  for (int number = 1; number <= 3; number++) {
    g_autofree char *path = g_strdup_printf("%s/window/%d", APPLICATION, number);
    g_set_object(&self->window, NULL);
    self->window = actions_of(path);
    desktop_has(self, "state"); /* the first question fetches the list */
    desktop_wait(50);
    if (desktop_has(self, "state"))
      return true;
  }
  return false;
}

void desktop_start(Desktop *self, const char *argument) {
  self->process = spawn(self, argument);
  WAIT_UNTIL(is_there());
  self->application = actions_of(APPLICATION);
  g_strfreev(g_action_group_list_actions(self->application));
  WAIT_UNTIL(find_window(self));
}

void desktop_open(Desktop *self, const char *spec) {
  *self = (Desktop){.folder = folder_new()};
  g_autofree char *kept = folder_write(self->folder, "glib-2.0/settings/keyfile", settings, strlen(settings));
  g_autofree char *path = spec ? folder_write(self->folder, "spec.ini", spec, strlen(spec)) : NULL;
  desktop_start(self, path);
  WAIT_UNTIL(desktop_is_enabled(self, "sample-next"));
}

void desktop_hand_over(Desktop *self, const char *argument) {
  g_autoptr(GSubprocess) second = spawn(self, argument);
  g_assert_true(g_subprocess_wait_check(second, NULL, NULL));
}

static void forget(Desktop *self) {
  g_clear_object(&self->process);
  g_clear_object(&self->window);
  g_clear_object(&self->application);
}

/* What libraries say of an environment without a desktop, or of themselves, is nobody's fault here. */
static bool is_complaint(const char *line) {
  static const char *const of_others[] = {
      "dconf",
      "portal",
      "Portal",
      "a11y bus",
      "LeakSanitizer", /* the exit status says it */
      "IBus",
      "unexpected blinking selection", /* GTK 4.8: a text entry that is hidden while it has the keyboard */
      "gdk_monitor_get_geometry",      /* GTK 4.8: a popover at a window that reaches beyond the screen */
  };
  if (!strstr(line, "WARNING") && !strstr(line, "CRITICAL") && !strstr(line, "ERROR"))
    return false;
  for (guint i = 0; i < G_N_ELEMENTS(of_others); i++)
    if (strstr(line, of_others[i]))
      return false;
  return true;
}

/* (transfer full) */
static char *read_kept(Desktop *self, const char *name) {
  g_autofree char *path = g_build_filename(self->folder, name, NULL);
  char *said = NULL;
  g_assert_true(g_file_get_contents(path, &said, NULL, NULL));
  return said;
}

char *desktop_said(Desktop *self) {
  return read_kept(self, OUTPUT);
}

static void assert_no_complaint(const char *said) {
  g_auto(GStrv) lines = g_strsplit(said, "\n", -1);
  for (guint i = 0; lines[i]; i++)
    if (is_complaint(lines[i]))
      g_error("the program said: %s", said);
}

void desktop_assert_well(Desktop *self) {
  g_autofree char *said = read_kept(self, ERRORS);
  assert_no_complaint(said);
  if (!is_there())
    g_error("the program has ended, and said: %s", said);
}

/* GLib leaves its first table of quarks behind, on purpose, when a program has more than its 2048: of all
 * that the leak sanitizer may say this alone is well, and no suppression can name it. */
static bool is_quarks(const char *said) {
  return strstr(said, "SUMMARY: AddressSanitizer: 16384 byte(s) leaked in 1 allocation(s).") != NULL;
}

void desktop_ended(Desktop *self) {
  WAIT_UNTIL(!is_there());
  g_autoptr(GError) error = NULL;
  g_subprocess_wait_check(self->process, NULL, &error);
  g_autofree char *said = read_kept(self, ERRORS);
  if (error && !is_quarks(said))
    g_error("%s; it said: %s", error->message, said);
  assert_no_complaint(said);
  forget(self);
}

void desktop_quit(Desktop *self) {
  g_action_group_activate_action(self->application, "quit", NULL);
  desktop_ended(self);
}

void desktop_kill(Desktop *self) {
  g_subprocess_send_signal(self->process, SIGKILL);
  g_subprocess_wait(self->process, NULL, NULL);
  WAIT_UNTIL(!is_there());
  forget(self);
}

void desktop_free(Desktop *self) {
  g_assert_null(self->process);
  folder_free(self->folder);
}

void desktop_act(Desktop *self, const char *action, GVariant *parameter) {
  g_action_group_activate_action(self->window, action, parameter);
}

void desktop_act_on(Desktop *self, const char *action, const char *text) {
  desktop_act(self, action, g_variant_new_string(text));
}

bool desktop_state_is(Desktop *self, const char *action, const char *wanted) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(self->window, action);
  g_autofree char *text = state ? g_variant_print(state, FALSE) : g_strdup("");
  return g_str_equal(text, wanted);
}

int desktop_number(Desktop *self, const char *action) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(self->window, action);
  return state && g_variant_is_of_type(state, G_VARIANT_TYPE_INT32) ? g_variant_get_int32(state) : -1;
}

bool desktop_is_enabled(Desktop *self, const char *action) {
  return g_action_group_get_action_enabled(self->window, action);
}

static RunStore *open_store(Desktop *self) {
  g_autofree char *path = g_build_filename(self->folder, "hoarfrost", "runs.db", NULL);
  g_autoptr(GError) error = NULL;
  RunStore *store = run_store_open(path, &error);
  g_assert_no_error(error);
  return store;
}

GPtrArray *desktop_runs(Desktop *self) {
  g_autoptr(RunStore) store = open_store(self);
  g_autoptr(GError) error = NULL;
  GPtrArray *rows = run_store_list(store, &(RunQuery){0}, &error);
  g_assert_no_error(error);
  return rows;
}

RunRow *desktop_only_run(Desktop *self) {
  g_autoptr(GPtrArray) rows = desktop_runs(self);
  g_assert_cmpuint(rows->len, ==, 1);
  const RunRow *row = g_ptr_array_index(rows, 0);
  g_autoptr(RunStore) store = open_store(self);
  RunRow *whole = run_store_get(store, row->id, NULL);
  g_assert_nonnull(whole);
  return whole;
}

static int first_column_is_ok(void *data, int n, char **values, char **names) {
  *(bool *)data = n == 1 && g_strcmp0(values[0], "ok") == 0;
  return 0;
}

void desktop_check_store(Desktop *self) {
  g_autofree char *path = g_build_filename(self->folder, "hoarfrost", "runs.db", NULL);
  sqlite3 *file = NULL;
  bool good = false;
  g_assert_cmpint(sqlite3_open_v2(path, &file, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  g_assert_cmpint(sqlite3_exec(file, "PRAGMA integrity_check", first_column_is_ok, &good, NULL), ==,
                  SQLITE_OK);
  sqlite3_close(file);
  g_assert_true(good);
  g_autoptr(RunStore) store = open_store(self);
  g_autoptr(GPtrArray) rows = desktop_runs(self);
  for (guint i = 0; i < rows->len; i++) {
    const RunRow *row = g_ptr_array_index(rows, i);
    g_autoptr(GError) error = NULL;
    g_autoptr(RunRow) whole = run_store_get(store, row->id, &error);
    g_assert_no_error(error);
    g_autoptr(GArray) steps = run_store_steps(store, row->id, -1, &error);
    g_assert_no_error(error);
  }
}
