#include "ui/preferences.h"

#include "ui/built.h"

#include <glib/gi18n.h>

struct _HfPreferences {
  AdwPreferencesWindow parent_instance;
  AdwComboRow *theme;
  GtkSpinButton *threads;
  AdwActionRow *place, *deleted;
  GtkWidget *usual, *choose, *free_space, *first_steps;
  GtkLabel *size;
  GSettings *settings;
  char *usual_place;
};

G_DEFINE_FINAL_TYPE(HfPreferences, hf_preferences, ADW_TYPE_PREFERENCES_WINDOW)

enum { FREE_SPACE, FIRST_STEPS, N_SIGNALS };
static guint signals[N_SIGNALS];

/* 0 where there is none. */
static guint64 size_of(const char *path, const char *suffix) {
  g_autofree char *name = g_strconcat(path, suffix, NULL);
  g_autoptr(GFile) file = g_file_new_for_path(name);
  g_autoptr(GFileInfo) info =
      g_file_query_info(file, G_FILE_ATTRIBUTE_STANDARD_SIZE, G_FILE_QUERY_INFO_NONE, NULL, NULL);
  return info ? (guint64)g_file_info_get_size(info) : 0;
}

static void show_place(HfPreferences *self) {
  g_autofree char *own = g_settings_get_string(self->settings, "store-path");
  const char *path = *own ? own : self->usual_place;
  g_autofree char *name = g_filename_display_name(path);
  g_autofree char *markup = g_markup_escape_text(name, -1);
  adw_action_row_set_subtitle(self->place, markup);
  gtk_widget_set_visible(self->usual, *own != 0);
  guint64 bytes = size_of(path, "") + size_of(path, "-wal");
  g_autofree char *size = bytes ? g_format_size(bytes) : NULL;
  gtk_label_set_text(self->size, size ? size : _("nothing yet"));
}

static void use_usual_place(HfPreferences *self) {
  g_settings_reset(self->settings, "store-path");
}

static void on_place_chosen(GtkNativeDialog *dialog, int response, HfPreferences *self) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  g_autofree char *path = file ? g_file_get_path(file) : NULL;
  if (path)
    g_settings_set_string(self->settings, "store-path", path);
  g_object_unref(dialog);
}

static void choose_place(HfPreferences *self) {
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new(
      _("Where Runs Are Kept"), GTK_WINDOW(self), GTK_FILE_CHOOSER_ACTION_SAVE, _("_Choose"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  gtk_file_chooser_set_current_name(GTK_FILE_CHOOSER(dialog), "runs.sqlite");
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_place_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

void hf_preferences_set_deleted(HfPreferences *self, int runs) {
  g_autofree char *words =
      runs > 0 ? g_strdup_printf(ngettext("%d run, kept until its space is freed",
                                          "%d runs, kept until their space is freed", (gulong)runs),
                                 runs)
               : g_strdup(_("none"));
  adw_action_row_set_subtitle(self->deleted, words);
  gtk_widget_set_sensitive(self->free_space, runs > 0);
  show_place(self);
}

static void want_space(HfPreferences *self) {
  g_signal_emit(self, signals[FREE_SPACE], 0);
}

static void want_first_steps(HfPreferences *self) {
  g_signal_emit(self, signals[FIRST_STEPS], 0);
}

static void hf_preferences_dispose(GObject *object) {
  HfPreferences *self = HF_PREFERENCES(object);
  g_clear_object(&self->settings);
  g_clear_pointer(&self->usual_place, g_free);
  G_OBJECT_CLASS(hf_preferences_parent_class)->dispose(object);
}

static void hf_preferences_class_init(HfPreferencesClass *class) {
  G_OBJECT_CLASS(class)->dispose = hf_preferences_dispose;
  static const char *const names[N_SIGNALS] = {"free-space", "first-steps"};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] =
        g_signal_new(names[i], HF_TYPE_PREFERENCES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void hf_preferences_init(HfPreferences *self) {
  static const BuiltChild children[] = {
      BUILT_CHILD(HfPreferences, theme),       BUILT_CHILD(HfPreferences, threads),
      BUILT_CHILD(HfPreferences, place),       BUILT_CHILD(HfPreferences, usual),
      BUILT_CHILD(HfPreferences, choose),      BUILT_CHILD(HfPreferences, size),
      BUILT_CHILD(HfPreferences, deleted),     BUILT_CHILD(HfPreferences, free_space),
      BUILT_CHILD(HfPreferences, first_steps), {NULL}};
  g_autoptr(GtkWidget) page = built_load("preferences.ui", "page", self, children);
  adw_preferences_window_add(ADW_PREFERENCES_WINDOW(self), ADW_PREFERENCES_PAGE(page));
  g_signal_connect_swapped(self->usual, "clicked", G_CALLBACK(use_usual_place), self);
  g_signal_connect_swapped(self->choose, "clicked", G_CALLBACK(choose_place), self);
  g_signal_connect_swapped(self->free_space, "clicked", G_CALLBACK(want_space), self);
  g_signal_connect_swapped(self->first_steps, "clicked", G_CALLBACK(want_first_steps), self);
}

/* The rows of the theme stand in the order of the schema's enum. */
static gboolean theme_to_row(GValue *row, GVariant *nick, gpointer rows) {
  for (guint i = 0; ((const char *const *)rows)[i]; i++)
    if (g_str_equal(g_variant_get_string(nick, NULL), ((const char *const *)rows)[i]))
      g_value_set_uint(row, i);
  return TRUE;
}

static GVariant *row_to_theme(const GValue *row, const GVariantType *type, gpointer rows) {
  return g_variant_new_string(((const char *const *)rows)[MIN(g_value_get_uint(row), 2)]);
}

HfPreferences *hf_preferences_new(GtkWindow *parent, GSettings *settings, const char *usual_place) {
  static const char *const themes[] = {"system", "light", "dark", NULL};
  HfPreferences *self =
      g_object_new(HF_TYPE_PREFERENCES, "transient-for", parent, "modal", TRUE, "search-enabled", FALSE,
                   "default-width", 560, "default-height", 680, NULL);
  self->settings = g_object_ref(settings);
  self->usual_place = g_strdup(usual_place);
  g_settings_bind_with_mapping(settings, "theme", self->theme, "selected", G_SETTINGS_BIND_DEFAULT,
                               theme_to_row, row_to_theme, (gpointer)themes, NULL);
  g_settings_bind(settings, "threads", self->threads, "value", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object(settings, "changed::store-path", G_CALLBACK(show_place), self, G_CONNECT_SWAPPED);
  hf_preferences_set_deleted(self, 0);
  return self;
}
