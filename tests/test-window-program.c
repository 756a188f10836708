/* The program with its window, from outside: started as people start it, driven by its actions over D-Bus,
 * checked in the run store.  Skips where no display or no session bus can be had. */
#include "data/run-store.h"
#include "tests/temporary-folder.h"

#include <gio/gio.h>
#include <string.h>

#define ID          "org.hoarfrost.Hoarfrost"
#define APPLICATION "/org/hoarfrost/Hoarfrost"
#define WINDOW      "/org/hoarfrost/Hoarfrost/window/1"
#define MOST_WAIT   60000 /* milliseconds, before a test gives up */

static const char tiny[] = "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 128\nvalidation = 32\n"
                           "test = 64\nepochs = 2\nbatch = 16\n"
                           "[manipulation]\nmethod = border\nimage_size = 32\n[alignment]\nmethod = ilm\n"
                           "[optimiser]\nrate = 0.05\n";

typedef struct {
  TemporaryFolder *folder;
  GSubprocess *process;
  GActionGroup *window, *application; /* as seen over D-Bus */
} Desktop;

static GDBusConnection *bus;

static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + MOST_WAIT * 1000;                                             \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("waited in vain for " #condition);                                                           \
      wait(20);                                                                                              \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END

static GSubprocess *start(const char *folder, const char *argument, GSubprocessFlags flags) {
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new(flags);
  const char *const folders[] = {"HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    g_subprocess_launcher_setenv(launcher, folders[i], folder, TRUE);
  g_subprocess_launcher_unsetenv(launcher, "HOARFROST_DATA");
  /* From any folder: nothing may depend on where it is started. */
  g_subprocess_launcher_set_cwd(launcher, "/");
  g_autoptr(GError) error = NULL;
  GSubprocess *process = g_subprocess_launcher_spawn(launcher, &error, HOARFROST_PROGRAM, argument, NULL);
  g_assert_no_error(error);
  return process;
}

static bool has_action(GActionGroup *group, const char *name) {
  g_auto(GStrv) names = g_action_group_list_actions(group);
  return g_strv_contains((const char *const *)names, name);
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

static char *state_of(Desktop *program, const char *action) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(program->window, action);
  return state ? g_variant_print(state, FALSE) : g_strdup("");
}

static bool state_is(Desktop *program, const char *action, const char *wanted) {
  g_autofree char *state = state_of(program, action);
  return g_str_equal(state, wanted);
}

static bool is_enabled(Desktop *program, const char *action) {
  return g_action_group_get_action_enabled(program->window, action);
}

static void act(Desktop *program, const char *action, GVariant *parameter) {
  g_action_group_activate_action(program->window, action, parameter);
}

/* Started on the tiny spec, its first picture shown. */
static void program_open(Desktop *program) {
  *program = (Desktop){.folder = folder_new()};
  g_autofree char *spec = folder_write(program->folder, "tiny.ini", tiny, strlen(tiny));
  program->process = start(program->folder, spec, G_SUBPROCESS_FLAGS_NONE);
  WAIT_UNTIL(is_there());
  program->window = G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, WINDOW));
  program->application = G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, APPLICATION));
  has_action(program->application, "quit");
  for (int tries = 0; !has_action(program->window, "state"); tries++) {
    g_assert_cmpint(tries, <, 200);
    wait(50);
    g_object_unref(program->window);
    program->window = G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, WINDOW));
    has_action(program->window, "state");
    wait(50);
  }
  WAIT_UNTIL(is_enabled(program, "sample-next"));
}

/* Quits as people do, and it must end well. */
static void program_close(Desktop *program) {
  g_action_group_activate_action(program->application, "quit", NULL);
  WAIT_UNTIL(!is_there());
  g_autoptr(GError) error = NULL;
  g_subprocess_wait_check(program->process, NULL, &error);
  g_assert_no_error(error);
  g_object_unref(program->process);
  g_object_unref(program->window);
  g_object_unref(program->application);
}

static GPtrArray *stored_runs(Desktop *program) {
  g_autofree char *path = g_build_filename(program->folder, "hoarfrost", "runs.db", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = run_store_open(path, &error);
  g_assert_no_error(error);
  GPtrArray *rows = run_store_list(store, &(RunQuery){0}, &error);
  g_assert_no_error(error);
  return rows;
}

static void test_choice(void) {
  Desktop program;
  program_open(&program);
  g_assert_true(state_is(&program, "state", "'idle'"));
  g_assert_true(state_is(&program, "alignment", "'statistical'"));
  act(&program, "alignment", g_variant_new_string("linear"));
  WAIT_UNTIL(state_is(&program, "alignment", "'linear'"));
  WAIT_UNTIL(is_enabled(&program, "undo"));
  act(&program, "undo", NULL);
  WAIT_UNTIL(state_is(&program, "alignment", "'statistical'"));
  /* This model has no embedding: nothing changes. */
  act(&program, "location", g_variant_new_string("embedding"));
  wait(500);
  g_assert_true(state_is(&program, "location", "'input'"));
  program_close(&program);
  folder_free(program.folder);
}

static void test_run(void) {
  Desktop program;
  program_open(&program);
  act(&program, "run", NULL);
  WAIT_UNTIL(state_is(&program, "state", "'ended'"));
  /* Two epochs of eight steps, all of them stored. */
  WAIT_UNTIL(state_is(&program, "seek", "16"));
  act(&program, "seek", g_variant_new_int32(0));
  WAIT_UNTIL(state_is(&program, "seek", "0"));
  act(&program, "seek-by", g_variant_new_int32(1));
  WAIT_UNTIL(state_is(&program, "seek", "1"));
  act(&program, "play", NULL);
  WAIT_UNTIL(state_is(&program, "seek", "16"));
  WAIT_UNTIL(state_is(&program, "play", "false"));
  act(&program, "sample-next", NULL);
  WAIT_UNTIL(state_is(&program, "sample", "1"));
  program_close(&program);
  g_autoptr(GPtrArray) rows = stored_runs(&program);
  g_assert_cmpuint(rows->len, ==, 1);
  const RunRow *row = g_ptr_array_index(rows, 0);
  g_assert_cmpint(row->status, ==, STATUS_FINISHED);
  g_assert_cmpint(row->result.steps, ==, 16);
  folder_free(program.folder);
}

/* One step, on, pause, on, and the window is closed while it trains: the run is kept. */
static void test_closed_while_training(void) {
  Desktop program;
  program_open(&program);
  const char *const longer[] = {"run.epochs=1000", NULL};
  act(&program, "assign", g_variant_new_strv(longer, -1));
  act(&program, "step", NULL);
  WAIT_UNTIL(state_is(&program, "state", "'paused'"));
  WAIT_UNTIL(state_is(&program, "seek", "1"));
  g_assert_false(is_enabled(&program, "pause"));
  act(&program, "run-or-pause", NULL);
  WAIT_UNTIL(state_is(&program, "state", "'running'"));
  act(&program, "run-or-pause", NULL);
  WAIT_UNTIL(state_is(&program, "state", "'paused'"));
  act(&program, "run-or-pause", NULL);
  WAIT_UNTIL(state_is(&program, "state", "'running'"));
  wait(500);
  program_close(&program);
  g_autoptr(GPtrArray) rows = stored_runs(&program);
  g_assert_cmpuint(rows->len, ==, 1);
  const RunRow *row = g_ptr_array_index(rows, 0);
  g_assert_cmpint(row->status, ==, STATUS_STOPPED);
  g_assert_cmpint(row->result.steps, >=, 1);
  folder_free(program.folder);
}

/* What was chosen is there again at the next start. */
static void test_remembered(void) {
  Desktop program;
  program_open(&program);
  act(&program, "alignment", g_variant_new_string("structural"));
  WAIT_UNTIL(state_is(&program, "alignment", "'structural'"));
  program_close(&program);
  program.process = start(program.folder, NULL, G_SUBPROCESS_FLAGS_NONE);
  WAIT_UNTIL(is_there());
  program.application = G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, APPLICATION));
  wait(1000);
  program.window = G_ACTION_GROUP(g_dbus_action_group_get(bus, ID, WINDOW));
  has_action(program.window, "alignment");
  WAIT_UNTIL(state_is(&program, "alignment", "'structural'"));
  program_close(&program);
  folder_free(program.folder);
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
  bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
  if (!bus || !g_getenv("DISPLAY")) {
    g_print("1..0 # SKIP no display or no session bus\n");
    return 0;
  }
  g_test_add_func("/window-program/no-display", test_no_display);
  g_test_add_func("/window-program/choice", test_choice);
  g_test_add_func("/window-program/run", test_run);
  g_test_add_func("/window-program/closed-while-training", test_closed_while_training);
  g_test_add_func("/window-program/remembered", test_remembered);
  return g_test_run();
}
