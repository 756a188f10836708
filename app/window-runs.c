#include "app/window-runs.h"

#include "app/run-edits.h"
#include "app/run-pictures.h"
#include "app/runs-list.h"
#include "ui/runs-page.h"

#include <glib/gi18n.h>

struct _WindowRuns {
  HfWindow *window;
  HfController *controller;
  HfRunsPage *page;
  RunsList *list;
  RunPictures *pictures;
  RunEdits *edits;
};

static void ask(WindowRuns *self, RunEditKind kind, const char *id, const char *text) {
  run_edits_ask(self->edits, kind, (const char *const[]){id, NULL}, text);
}

static void do_star(GSimpleAction *action, GVariant *id, gpointer self) {
  ask(self, RUN_EDIT_STAR, g_variant_get_string(id, NULL), NULL);
}

static void ask_text(WindowRuns *self, RunEditKind kind, GVariant *parameter) {
  const char *id, *text;
  g_variant_get(parameter, "(&s&s)", &id, &text);
  ask(self, kind, id, text);
}

static void do_rename(GSimpleAction *action, GVariant *parameter, gpointer self) {
  ask_text(self, RUN_EDIT_NAME, parameter);
}

static void do_tag(GSimpleAction *action, GVariant *parameter, gpointer self) {
  ask_text(self, RUN_EDIT_TAGS, parameter);
}

static void do_note(GSimpleAction *action, GVariant *parameter, gpointer self) {
  ask_text(self, RUN_EDIT_NOTE, parameter);
}

static void ask_many(WindowRuns *self, RunEditKind kind, GVariant *parameter) {
  g_autofree const char **ids = g_variant_get_strv(parameter, NULL);
  run_edits_ask(self->edits, kind, ids, NULL);
}

static void do_delete(GSimpleAction *action, GVariant *parameter, gpointer self) {
  ask_many(self, RUN_EDIT_DELETE, parameter);
}

static void do_undelete(GSimpleAction *action, GVariant *parameter, gpointer self) {
  ask_many(self, RUN_EDIT_UNDELETE, parameter);
}

static void do_find(GSimpleAction *action, GVariant *parameter, gpointer data) {
  WindowRuns *self = data;
  hf_window_show_page(self->window, "runs");
  hf_runs_page_focus_search(self->page);
}

static const GActionEntry entries[] = {
    {.name = "star-run", .activate = do_star, .parameter_type = "s"},
    {.name = "rename-run", .activate = do_rename, .parameter_type = "(ss)"},
    {.name = "tag-run", .activate = do_tag, .parameter_type = "(ss)"},
    {.name = "note-run", .activate = do_note, .parameter_type = "(ss)"},
    {.name = "delete-runs", .activate = do_delete, .parameter_type = "as"},
    {.name = "undelete-runs", .activate = do_undelete, .parameter_type = "as"},
    {.name = "find-runs", .activate = do_find},
};

static void offer_undo(WindowRuns *self, const RunEdited *edited) {
  guint n = g_strv_length(edited->ids);
  if (n == 0)
    return;
  g_autofree char *sentence = n == 1 ? g_strdup(_("Run deleted"))
                                     : g_strdup_printf(ngettext("%'u run deleted", "%'u runs deleted", n), n);
  hf_window_offer_undo(self->window, sentence, "win.undelete-runs",
                       g_variant_new_strv((const char *const *)edited->ids, n));
}

static void on_edited(const RunEdited *edited, gpointer data) {
  WindowRuns *self = data;
  runs_list_take(self->list, (const char *const *)edited->ids, edited->items);
  if (edited->kind == RUN_EDIT_DELETE)
    offer_undo(self, edited);
  if (edited->problem)
    hf_window_tell(self->window, edited->problem, true);
  if (edited->kind == RUN_EDIT_DELETE || edited->kind == RUN_EDIT_UNDELETE || edited->kind == RUN_EDIT_NAME)
    g_signal_emit_by_name(self->controller, "runs-changed");
}

static void on_ready(gpointer data) {
  hf_runs_page_set_ready(((WindowRuns *)data)->page, TRUE);
}

static void on_failed(const char *sentence, gpointer data) {
  hf_window_tell(((WindowRuns *)data)->window, sentence, true);
}

static void on_shown(HfRunItem *item, gboolean shown, gpointer data) {
  run_pictures_shown(((WindowRuns *)data)->pictures, item, shown);
}

static void on_runs_changed(WindowRuns *self) {
  runs_list_refresh(self->list);
}

/* A page that is not shown reads nothing. */
static void on_map(WindowRuns *self) {
  runs_list_watch(self->list, true);
}

static void on_unmap(WindowRuns *self) {
  runs_list_watch(self->list, false);
}

WindowRuns *window_runs_new(HfWindow *window, HfController *controller) {
  WindowRuns *self = g_new0(WindowRuns, 1);
  RunStore *store = hf_controller_store(controller);
  const char *path = run_store_path(store);
  self->window = window;
  self->controller = controller;
  self->pictures = run_pictures_new(path);
  self->edits = run_edits_new(path, on_edited, self);
  self->list = runs_list_new(store, on_ready, on_failed, self);
  self->page = HF_RUNS_PAGE(g_object_ref_sink(hf_runs_page_new(runs_list_model(self->list), on_shown, self)));
  g_signal_connect_swapped(self->page, "map", G_CALLBACK(on_map), self);
  g_signal_connect_swapped(self->page, "unmap", G_CALLBACK(on_unmap), self);
  g_signal_connect_swapped(controller, "runs-changed", G_CALLBACK(on_runs_changed), self);
  g_action_map_add_action_entries(G_ACTION_MAP(window), entries, G_N_ELEMENTS(entries), self);
  hf_runs_page_add_actions(self->page, G_ACTION_MAP(window));
  hf_window_add_page(window, "runs", _("Runs"), "view-list-symbolic", GTK_WIDGET(self->page));
  return self;
}

void window_runs_free(WindowRuns *self) {
  g_signal_handlers_disconnect_by_data(self->controller, self);
  g_signal_handlers_disconnect_by_data(self->page, self);
  hf_runs_page_close(self->page);
  g_object_unref(self->page);
  for (guint i = 0; i < G_N_ELEMENTS(entries); i++)
    g_action_map_remove_action(G_ACTION_MAP(self->window), entries[i].name);
  run_edits_free(self->edits);
  runs_list_free(self->list);
  run_pictures_free(self->pictures);
  g_free(self);
}
