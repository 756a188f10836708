/* Which runs the list shows: words, a state, only those with a star. */
#include "ui/runs-page-private.h"

#include "ui/run-words.h"

#include <glib/gi18n.h>

/* 0: any; otherwise a state, plus 1. */
static guint wanted_status(HfRunsPage *self) {
  guint chosen = gtk_drop_down_get_selected(self->status);
  return chosen == GTK_INVALID_LIST_POSITION ? 0 : chosen;
}

static gboolean matches(gpointer object, gpointer data) {
  HfRunsPage *self = data;
  HfRunItem *item = object;
  const HfRunFacts *facts = hf_run_item_facts(item);
  guint status = wanted_status(self);
  if ((status && facts->status != status - 1) ||
      (gtk_toggle_button_get_active(self->starred) && !facts->star))
    return FALSE;
  for (char **word = self->words; word && *word; word++)
    if (!hf_run_item_holds(item, *word))
      return FALSE;
  return TRUE;
}

static char **read_words(const char *text) {
  g_autofree char *folded = g_utf8_casefold(text, -1);
  g_strstrip(folded);
  return *folded ? g_strsplit_set(folded, " \t", -1) : NULL;
}

static void tell_state(HfRunsPage *self) {
  GAction *action = self->map ? g_action_map_lookup_action(self->map, "filter-runs") : NULL;
  if (action)
    g_simple_action_set_state(G_SIMPLE_ACTION(action),
                              g_variant_new_string(gtk_editable_get_text(GTK_EDITABLE(self->search))));
}

static void on_search(HfRunsPage *self) {
  g_strfreev(self->words);
  self->words = read_words(gtk_editable_get_text(GTK_EDITABLE(self->search)));
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  tell_state(self);
}

static void on_changed(HfRunsPage *self) {
  gtk_filter_changed(self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* To the rows, with what was found. */
static void on_search_done(HfRunsPage *self) {
  on_search(self);
  if (g_list_model_get_n_items(G_LIST_MODEL(self->rows)) == 0)
    return;
  gtk_selection_model_select_item(GTK_SELECTION_MODEL(self->rows), 0, TRUE);
  gtk_widget_child_focus(GTK_WIDGET(self->view), GTK_DIR_TAB_FORWARD);
}

void runs_filter_clear(HfRunsPage *self) {
  gtk_toggle_button_set_active(self->starred, FALSE);
  gtk_drop_down_set_selected(self->status, 0);
  gtk_editable_set_text(GTK_EDITABLE(self->search), "");
  on_search(self);
  gtk_widget_grab_focus(GTK_WIDGET(self->search));
}

void runs_filter_start(HfRunsPage *self) {
  self->filter = GTK_FILTER(gtk_custom_filter_new(matches, self, NULL));
  g_autoptr(GtkStringList) names = gtk_string_list_new(NULL);
  gtk_string_list_append(names, _("Any state"));
  for (int i = 0; i < HF_N_RUN_STATUSES; i++)
    gtk_string_list_append(names, run_words_status(i));
  gtk_drop_down_set_model(self->status, G_LIST_MODEL(names));
  g_signal_connect_swapped(self->status, "notify::selected", G_CALLBACK(on_changed), self);
  g_signal_connect_swapped(self->starred, "toggled", G_CALLBACK(on_changed), self);
  g_signal_connect_swapped(self->search, "search-changed", G_CALLBACK(on_search), self);
  g_signal_connect_swapped(self->search, "activate", G_CALLBACK(on_search_done), self);
  g_signal_connect_swapped(self->clear, "clicked", G_CALLBACK(runs_filter_clear), self);
}
