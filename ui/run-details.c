#include "ui/run-details.h"

#include "ui/built.h"
#include "ui/run-words.h"

#include <glib/gi18n.h>

struct _RunDetails {
  GtkWidget *parent; /* borrowed */
  GtkPopover *popover;
  GtkEditable *name, *tags;
  GtkTextView *note;
  GtkLabel *facts;
  GtkButton *apply;
  HfRunItem *item; /* NULL: none yet */
};

static char *note_text(RunDetails *self) {
  GtkTextBuffer *buffer = gtk_text_view_get_buffer(self->note);
  GtkTextIter start, end;
  gtk_text_buffer_get_bounds(buffer, &start, &end);
  return gtk_text_buffer_get_text(buffer, &start, &end, FALSE);
}

static void tell(RunDetails *self, const char *action, HfRunText text, const char *now) {
  if (!g_str_equal(now, hf_run_item_text(self->item, text)))
    gtk_widget_activate_action(self->parent, action, "(ss)", hf_run_item_text(self->item, HF_RUN_ID), now);
}

static void on_apply(RunDetails *self) {
  g_autofree char *note = note_text(self);
  tell(self, "win.rename-run", HF_RUN_NAME, gtk_editable_get_text(self->name));
  tell(self, "win.tag-run", HF_RUN_TAGS, gtk_editable_get_text(self->tags));
  tell(self, "win.note-run", HF_RUN_NOTE, note);
  gtk_popover_popdown(self->popover);
}

static char *facts_text(HfRunItem *item) {
  const HfRunFacts *facts = hf_run_item_facts(item);
  g_autofree char *date = run_words_whole_date(facts->created);
  g_autofree char *gain = run_words_gain(item);
  g_autofree char *steps = run_words_steps(item);
  const char *problem = hf_run_item_text(item, HF_RUN_PROBLEM);
  g_autoptr(GString) all = g_string_new(NULL);
  /* Translators: the titles of a frozen model and of a task. */
  g_string_append_printf(all, _("%s learns %s"), hf_run_item_text(item, HF_RUN_MODEL),
                         hf_run_item_text(item, HF_RUN_TASK));
  g_string_append_printf(all, "\n%s · %s\n", hf_run_item_text(item, HF_RUN_METHOD),
                         hf_run_item_text(item, HF_RUN_ALIGNMENT));
  for (int axis = 0; axis < N_AXES; axis++)
    g_string_append_printf(all, "%s%s", axis ? " · " : "", hf_run_item_text(item, HF_RUN_AXES + axis));
  g_string_append_c(all, '\n');
  if (*gain)
    g_string_append_printf(all, "%s\n", gain);
  g_string_append_printf(all, _("%s steps · %s · %s"), steps, run_words_status(facts->status), date);
  if (*problem)
    g_string_append_printf(all, "\n%s", problem);
  return g_string_free(g_steal_pointer(&all), FALSE);
}

void run_details_edit(RunDetails *self, HfRunItem *item, const GdkRectangle *place, HfRunText first) {
  g_set_object(&self->item, item);
  gtk_editable_set_text(self->name, hf_run_item_text(item, HF_RUN_NAME));
  gtk_editable_set_text(self->tags, hf_run_item_text(item, HF_RUN_TAGS));
  gtk_text_buffer_set_text(gtk_text_view_get_buffer(self->note), hf_run_item_text(item, HF_RUN_NOTE), -1);
  g_autofree char *facts = facts_text(item);
  gtk_label_set_text(self->facts, facts);
  gtk_popover_set_pointing_to(self->popover, place);
  gtk_popover_popup(self->popover);
  GtkEditable *entry = first == HF_RUN_TAGS ? self->tags : self->name;
  gtk_widget_grab_focus(GTK_WIDGET(entry));
  gtk_editable_select_region(entry, 0, -1);
}

RunDetails *run_details_new(GtkWidget *parent) {
  static const BuiltChild children[] = {BUILT_CHILD(RunDetails, popover),
                                        BUILT_CHILD(RunDetails, name),
                                        BUILT_CHILD(RunDetails, tags),
                                        BUILT_CHILD(RunDetails, note),
                                        BUILT_CHILD(RunDetails, facts),
                                        BUILT_CHILD(RunDetails, apply),
                                        {NULL}};
  RunDetails *self = g_new0(RunDetails, 1);
  self->parent = parent;
  g_autoptr(GtkWidget) popover = built_load("run-details.ui", "popover", self, children);
  gtk_widget_set_parent(popover, parent);
  g_signal_connect_swapped(self->apply, "clicked", G_CALLBACK(on_apply), self);
  g_signal_connect_swapped(self->name, "activate", G_CALLBACK(on_apply), self);
  g_signal_connect_swapped(self->tags, "activate", G_CALLBACK(on_apply), self);
  return self;
}

void run_details_free(RunDetails *self) {
  gtk_widget_unparent(GTK_WIDGET(self->popover));
  g_clear_object(&self->item);
  g_free(self);
}

GtkPopover *run_details_popover(RunDetails *self) {
  return self->popover;
}
