#include "app/application.h"

#include "app/about.h"
#include "app/first-look.h"
#include "app/settings.h"
#include "app/store-space.h"
#include "app/watchdog.h"
#include "app/window-binding.h"
#include "data/run-store.h"
#include "engine/error.h"
#include "ui/help.h"
#include "ui/preferences.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <signal.h>

struct _HfApplication {
  AdwApplication parent_instance;
  GSettings *settings; /* NULL: nothing is remembered */
  bool has_files;      /* what the window shows first is given */
};

G_DEFINE_FINAL_TYPE(HfApplication, hf_application, ADW_TYPE_APPLICATION)

typedef struct {
  const char *action;
  const char *keys[3];
} Accelerator;

/* Keys with a modifier only: a bare letter must reach a text entry. */
static const Accelerator accelerators[] = {
    {"app.quit", {"<Ctrl>q"}},
    {"app.preferences", {"<Ctrl>comma"}},
    {"app.open", {"<Ctrl>o"}},
    {"app.help", {"F1"}},
    {"window.close", {"<Ctrl>w"}},
    {"win.show-choices", {"F9"}},
    {"win.show-card", {"<Shift>F9"}},
    {"win.fullscreen", {"F11"}},
    {"win.page::explore", {"<Alt>1"}},
    {"win.page::runs", {"<Alt>2"}},
    {"win.page::compare", {"<Alt>3"}},
    {"win.find-runs", {"<Ctrl>f"}},
    {"win.page::apply", {"<Alt>4"}},
    {"win.run-or-pause", {"<Ctrl>r"}},
    {"win.stop", {"<Ctrl>period"}},
    {"win.reset", {"<Ctrl><Shift>r"}},
    {"win.open-model", {"<Ctrl><Shift>o"}},
    {"win.pick::model", {"<Ctrl>m"}},
    {"win.pick::dataset", {"<Ctrl>t"}},
    {"win.pick::preset", {"<Ctrl>e"}},
    {"win.undo", {"<Ctrl>z"}},
    {"win.save-bundle", {"<Ctrl>s"}},
    {"win.save-pictures", {"<Ctrl><Shift>e"}},
    {"win.redo", {"<Ctrl><Shift>z", "<Ctrl>y"}},
};

static HfWindow *main_window(HfApplication *self) {
  for (GList *at = gtk_application_get_windows(GTK_APPLICATION(self)); at; at = at->next)
    if (HF_IS_WINDOW(at->data))
      return at->data;
  return NULL;
}

static void do_quit(GSimpleAction *action, GVariant *parameter, gpointer self) {
  HfWindow *window = main_window(self);
  if (window)
    gtk_window_close(GTK_WINDOW(window));
  else
    g_application_quit(self);
}

static void show_first_steps(GtkWindow *preferences, HfWindow *window) {
  gtk_window_close(preferences);
  g_action_group_activate_action(G_ACTION_GROUP(window), "recorded-run", NULL);
  g_action_group_activate_action(G_ACTION_GROUP(window), "tour", NULL);
}

static void do_preferences(GSimpleAction *action, GVariant *parameter, gpointer data) {
  HfApplication *self = data;
  HfWindow *window = main_window(self);
  g_autofree char *usual = run_store_default_path(), *place = settings_store_path(self->settings);
  HfPreferences *preferences = hf_preferences_new(GTK_WINDOW(window), self->settings, usual);
  store_space_attach(preferences, place);
  if (window)
    g_signal_connect_object(preferences, "first-steps", G_CALLBACK(show_first_steps), window, 0);
  gtk_window_present(GTK_WINDOW(preferences));
}

static void do_about(GSimpleAction *action, GVariant *parameter, gpointer self) {
  about_show(GTK_WINDOW(main_window(self)));
}

static void do_help(GSimpleAction *action, GVariant *parameter, gpointer self) {
  gtk_window_present(GTK_WINDOW(hf_help_new(GTK_WINDOW(main_window(self)))));
}

static void on_file_chosen(GtkNativeDialog *dialog, int response, GApplication *self) {
  g_autoptr(GFile) file =
      response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog)) : NULL;
  if (file)
    g_application_open(self, &file, 1, "");
  g_object_unref(dialog);
}

static void do_open(GSimpleAction *action, GVariant *parameter, gpointer self) {
  GtkFileChooserNative *dialog =
      gtk_file_chooser_native_new(_("Open a Spec, a Run or a Model"), GTK_WINDOW(main_window(self)),
                                  GTK_FILE_CHOOSER_ACTION_OPEN, _("_Open"), _("_Cancel"));
  gtk_native_dialog_set_modal(GTK_NATIVE_DIALOG(dialog), TRUE);
  g_autoptr(GtkFileFilter) filter = gtk_file_filter_new();
  gtk_file_filter_set_name(filter, _("Specs, runs, models and pictures"));
  static const char *const ends[] = {"ini", "hoarfrost", "onnx", "png", "jpg", "jpeg"};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    gtk_file_filter_add_suffix(filter, ends[i]);
  gtk_file_chooser_add_filter(GTK_FILE_CHOOSER(dialog), filter);
  g_signal_connect_object(dialog, "response", G_CALLBACK(on_file_chosen), self, 0);
  gtk_native_dialog_show(GTK_NATIVE_DIALOG(dialog));
}

static const GActionEntry actions[] = {
    {.name = "quit", .activate = do_quit},   {.name = "preferences", .activate = do_preferences},
    {.name = "about", .activate = do_about}, {.name = "help", .activate = do_help},
    {.name = "open", .activate = do_open},
};

static void follow_theme(HfApplication *self) {
  static const AdwColorScheme schemes[] = {ADW_COLOR_SCHEME_DEFAULT, ADW_COLOR_SCHEME_FORCE_LIGHT,
                                           ADW_COLOR_SCHEME_FORCE_DARK};
  int theme = g_settings_get_enum(self->settings, "theme");
  adw_style_manager_set_color_scheme(adw_style_manager_get_default(), schemes[CLAMP(theme, 0, 2)]);
}

/* What needs the schema. */
static void use_settings(HfApplication *self) {
  self->settings = settings_open();
  if (!self->settings) {
    g_simple_action_set_enabled(
        G_SIMPLE_ACTION(g_action_map_lookup_action(G_ACTION_MAP(self), "preferences")), FALSE);
    return;
  }
  g_autoptr(GAction) theme = g_settings_create_action(self->settings, "theme");
  g_action_map_add_action(G_ACTION_MAP(self), theme);
  g_signal_connect_object(self->settings, "changed::theme", G_CALLBACK(follow_theme), self,
                          G_CONNECT_SWAPPED);
  follow_theme(self);
}

/* The end of a session or a terminal: as if the window had been closed. */
static gboolean on_signal(gpointer self) {
  do_quit(NULL, NULL, self);
  return G_SOURCE_CONTINUE;
}

static void hf_application_startup(GApplication *application) {
  HfApplication *self = HF_APPLICATION(application);
  G_APPLICATION_CLASS(hf_application_parent_class)->startup(application);
  gtk_window_set_default_icon_name(g_application_get_application_id(application));
  g_action_map_add_action_entries(G_ACTION_MAP(self), actions, G_N_ELEMENTS(actions), self);
  for (guint i = 0; i < G_N_ELEMENTS(accelerators); i++)
    gtk_application_set_accels_for_action(GTK_APPLICATION(self), accelerators[i].action,
                                          accelerators[i].keys);
  use_settings(self);
  static const int ends[] = {SIGHUP, SIGINT, SIGTERM};
  for (guint i = 0; i < G_N_ELEMENTS(ends); i++)
    g_unix_signal_add(ends[i], on_signal, self);
}

/* Whoever ended the main loop (the session's manager does), what is under way is stopped and kept. */
static void hf_application_shutdown(GApplication *application) {
  HfWindow *window = main_window(HF_APPLICATION(application));
  if (window)
    gtk_window_destroy(GTK_WINDOW(window));
  G_APPLICATION_CLASS(hf_application_parent_class)->shutdown(application);
}

/* The dialog is the only window: the program ends with it. */
static void say_and_end(HfApplication *self, const char *sentence) {
  g_printerr("hoarfrost: %s\n", sentence);
  GtkWidget *dialog = adw_message_dialog_new(NULL, _("Hoarfrost Cannot Start"), sentence);
  adw_message_dialog_add_response(ADW_MESSAGE_DIALOG(dialog), "close", _("_Close"));
  gtk_window_set_application(GTK_WINDOW(dialog), GTK_APPLICATION(self));
  gtk_window_present(GTK_WINDOW(dialog));
}

/* NULL where the run store cannot be opened: that was said, and there is nothing to work with. */
static HfWindow *open_window(HfApplication *self) {
  g_autofree char *place = settings_store_path(self->settings);
  g_autoptr(GError) error = NULL;
  g_autoptr(HfController) controller = hf_controller_new(place, &error);
  if (!controller) {
    say_and_end(self, error->message);
    return NULL;
  }
  HfWindow *window = hf_window_new(GTK_APPLICATION(self), self->settings);
  window_bind(window, controller, self->settings);
  watchdog_watch(GTK_WINDOW(window), controller);
  if (!self->has_files)
    first_look(window, controller, self->settings);
  return window;
}

static void hf_application_activate(GApplication *application) {
  HfApplication *self = HF_APPLICATION(application);
  HfWindow *window = main_window(self);
  if (!window) {
    window = open_window(self);
    if (!window)
      return;
    hf_window_offer_tour(window);
  }
  gtk_window_present(GTK_WINDOW(window));
}

static void hf_application_open(GApplication *application, GFile **files, int n_files, const char *hint) {
  HF_APPLICATION(application)->has_files = true;
  g_application_activate(application);
  HF_APPLICATION(application)->has_files = false;
  HfWindow *window = main_window(HF_APPLICATION(application));
  for (int i = 0; window && i < n_files; i++) {
    g_autofree char *path = g_file_get_path(files[i]);
    if (path)
      g_action_group_activate_action(G_ACTION_GROUP(window), "open-file", g_variant_new_bytestring(path));
  }
}

static void hf_application_finalize(GObject *object) {
  g_clear_object(&HF_APPLICATION(object)->settings);
  G_OBJECT_CLASS(hf_application_parent_class)->finalize(object);
}

static void hf_application_class_init(HfApplicationClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_application_finalize;
  G_APPLICATION_CLASS(class)->startup = hf_application_startup;
  G_APPLICATION_CLASS(class)->shutdown = hf_application_shutdown;
  G_APPLICATION_CLASS(class)->activate = hf_application_activate;
  G_APPLICATION_CLASS(class)->open = hf_application_open;
}

static void hf_application_init(HfApplication *self) {
}

bool application_run(int argc, char **argv, int *status, GError **error) {
  setlocale(LC_ALL, "");
  bindtextdomain(GETTEXT_PACKAGE, HOARFROST_LOCALES);
  bind_textdomain_codeset(GETTEXT_PACKAGE, "UTF-8");
  textdomain(GETTEXT_PACKAGE);
  if (!gtk_init_check())
    return input_error(error, "there is no display to open the window on; hoarfrost --help lists what works "
                              "without one");
  g_autoptr(HfApplication) application = g_object_new(
      HF_TYPE_APPLICATION, "application-id", "org.hoarfrost.Hoarfrost", "flags", G_APPLICATION_HANDLES_OPEN,
      "resource-base-path", "/org/hoarfrost/Hoarfrost", "register-session", TRUE, NULL);
  watchdog_start();
  *status = g_application_run(G_APPLICATION(application), argc, argv);
  watchdog_report();
  return true;
}
