#include "app/first-look.h"

#include "app/recorded-example.h"
#include "engine/preset.h"

#include <glib/gi18n.h>

/* One thread's work. */
typedef struct {
  HfWindow *window;
  GSettings *settings; /* NULL: nothing is remembered */
  char *store_path;
  bool unseen;   /* the recorded run has not been shown, as far as the settings know */
  bool asked;    /* it is asked for: everything else is left aside */
  char *run_id;  /* to be shown; NULL: none */
  bool recorded; /* that is the recorded run */
  RunRow *last;  /* the newest run */
} Look;

static void look_free(gpointer data) {
  Look *look = data;
  g_object_unref(look->window);
  g_clear_object(&look->settings);
  g_free(look->store_path);
  g_free(look->run_id);
  run_row_free(look->last);
  g_free(look);
}

static RunRow *newest(RunStore *store) {
  g_autoptr(GPtrArray) rows = run_store_list(store, &(RunQuery){.limit = 1}, NULL);
  return rows && rows->len ? g_ptr_array_steal_index(rows, 0) : NULL;
}

/* Only with the default experiment: who has chosen something else knows the way. */
static bool is_first(const Look *look) {
  return look->unseen && (look->settings || !look->last) && recorded_example_is_possible();
}

static bool read_store(Look *look, GError **error) {
  g_autoptr(RunStore) store = run_store_open(look->store_path, error);
  if (!store)
    return false;
  look->last = newest(store);
  look->recorded = look->asked || is_first(look);
  if (!look->recorded) {
    g_autoptr(RunRow) row = look->run_id ? run_store_get(store, look->run_id, NULL) : NULL;
    if (!row || row->deleted_at)
      g_clear_pointer(&look->run_id, g_free);
    return true;
  }
  g_free(look->run_id);
  look->run_id = recorded_example_open(store, error);
  return look->run_id != NULL;
}

static void work(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  GError *error = NULL;
  if (read_store(data, &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void offer_resume(HfWindow *window, const RunRow *row) {
  g_autofree char *sentence = row->result.steps > 0
                                  ? g_strdup_printf(_("“%s” was interrupted at step %d of %d"), row->name,
                                                    row->result.steps, row->total_steps)
                                  : g_strdup_printf(_("“%s” was interrupted"), row->name);
  hf_window_offer(window, sentence, _("_Resume"), "win.resume-run", g_variant_new_string(row->id));
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  HfController *controller = HF_CONTROLLER(source);
  const Look *look = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error)) {
    g_signal_emit_by_name(controller, "failed", error->message);
    return;
  }
  if (look->recorded && look->settings)
    g_settings_set_boolean(look->settings, "recorded-run-seen", TRUE);
  if (look->recorded)
    g_signal_emit_by_name(controller, "runs-changed");
  if (look->asked)
    hf_controller_open(controller, look->run_id);
  else if (look->run_id && hf_controller_state(controller) == HF_STATE_IDLE)
    hf_controller_show_again(controller, look->run_id);
  if (!look->asked && look->last && look->last->status == STATUS_INTERRUPTED)
    offer_resume(look->window, look->last);
}

/* Takes the look. */
static void begin(Look *look, HfWindow *window, HfController *controller) {
  look->window = g_object_ref(window);
  look->store_path = g_strdup(run_store_path(hf_controller_store(controller)));
  g_autoptr(GTask) task = g_task_new(controller, NULL, on_read, NULL);
  g_task_set_task_data(task, look, look_free);
  g_task_run_in_thread(task, work);
}

void first_look(HfWindow *window, HfController *controller, GSettings *settings) {
  Look *look = g_new0(Look, 1);
  g_set_object(&look->settings, settings);
  look->unseen = (!settings || !g_settings_get_boolean(settings, "recorded-run-seen")) &&
                 preset_is(preset_find("default"), hf_controller_spec(controller));
  g_autofree char *shown = settings ? g_settings_get_string(settings, "shown-run") : g_strdup("");
  look->run_id = *shown ? g_steal_pointer(&shown) : NULL;
  if (look->run_id) /* until it has been shown again (window-session.c) */
    g_settings_set_string(settings, "shown-run", "");
  begin(look, window, controller);
}

static void do_recorded_run(GSimpleAction *action, GVariant *parameter, gpointer controller) {
  Look *look = g_new0(Look, 1);
  look->asked = true;
  begin(look, g_object_get_data(G_OBJECT(action), "window"), controller);
}

void first_look_add_actions(HfWindow *window, HfController *controller) {
  g_autoptr(GSimpleAction) action = g_simple_action_new("recorded-run", NULL);
  g_object_set_data(G_OBJECT(action), "window", window);
  g_signal_connect_object(action, "activate", G_CALLBACK(do_recorded_run), controller, 0);
  g_action_map_add_action(G_ACTION_MAP(window), G_ACTION(action));
}
