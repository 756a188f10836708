#include "ui/settings-section.h"

#include "ui/setting-row.h"

struct _HfSettingsSection {
  GtkBox parent_instance;
  GtkExpander *expander;
  GtkBox *method; /* holds the row that chooses the method: it outlives a change of the method */
  GtkBox *rows;
  char *method_shown, *rows_shown; /* what identifies the rows that stand there */
};

G_DEFINE_TYPE(HfSettingsSection, hf_settings_section, GTK_TYPE_BOX)

enum { ASSIGN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_settings_section_finalize(GObject *object) {
  HfSettingsSection *self = HF_SETTINGS_SECTION(object);
  g_free(self->method_shown);
  g_free(self->rows_shown);
  G_OBJECT_CLASS(hf_settings_section_parent_class)->finalize(object);
}

static void hf_settings_section_class_init(HfSettingsSectionClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_settings_section_finalize;
  signals[ASSIGN] = g_signal_new("assign", HF_TYPE_SETTINGS_SECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hf_settings_section_init(HfSettingsSection *self) {
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-section");
}

GtkWidget *hf_settings_section_new(const char *title, bool open) {
  HfSettingsSection *self = g_object_new(HF_TYPE_SETTINGS_SECTION, NULL);
  GtkWidget *label = gtk_label_new(title);
  gtk_widget_add_css_class(label, "hf-title");
  self->expander = GTK_EXPANDER(gtk_expander_new(NULL));
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  self->method = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
  self->rows = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
  gtk_box_append(GTK_BOX(all), GTK_WIDGET(self->method));
  gtk_box_append(GTK_BOX(all), GTK_WIDGET(self->rows));
  gtk_widget_add_css_class(all, "hf-rows");
  gtk_expander_set_label_widget(self->expander, label);
  gtk_expander_set_child(self->expander, all);
  gtk_expander_set_expanded(self->expander, open);
  gtk_widget_set_hexpand(GTK_WIDGET(self->expander), TRUE);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->expander), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_box_append(GTK_BOX(self), GTK_WIDGET(self->expander));
  return GTK_WIDGET(self);
}

static void assigned(HfSettingRow *row, const char *assignment, HfSettingsSection *self) {
  g_signal_emit(self, signals[ASSIGN], 0, assignment);
}

static void add_row(HfSettingsSection *self, GtkBox *to, const char *group, const Setting *setting) {
  GtkWidget *row = hf_setting_row_new(group, setting);
  g_signal_connect(row, "assign", G_CALLBACK(assigned), self);
  gtk_box_append(to, row);
}

/* True, and everything in the box removed, where what it should show is something else. */
static bool cleared(GtkBox *box, char **shown, char *wanted) {
  bool other = g_strcmp0(*shown, wanted) != 0;
  GtkWidget *child;
  while (other && (child = gtk_widget_get_first_child(GTK_WIDGET(box))))
    gtk_box_remove(box, child);
  g_free(*shown);
  *shown = wanted;
  return other;
}

void hf_settings_section_set_rows(HfSettingsSection *self, const char *group, const Setting *method,
                                  const Setting *const tables[2], const char *const *skipped) {
  char *choices = g_strdup_printf("%s %s", group, method ? method->choices : "");
  if (cleared(self->method, &self->method_shown, choices) && method)
    add_row(self, self->method, group, method);
  char *rows = g_strdup_printf("%s %p %p %p", group, (const void *)tables[0], (const void *)tables[1],
                               (const void *)skipped);
  if (!cleared(self->rows, &self->rows_shown, rows))
    return;
  for (int k = 0; k < 2; k++)
    for (const Setting *row = tables[k]; row && row->name; row++)
      if (!skipped || !g_strv_contains(skipped, row->name))
        add_row(self, self->rows, group, row);
}

static void set_values(GtkBox *box, GKeyFile *file, GKeyFile *meant) {
  for (GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(box)); child;
       child = gtk_widget_get_next_sibling(child))
    hf_setting_row_show(HF_SETTING_ROW(child), file, meant);
}

void hf_settings_section_set_values(HfSettingsSection *self, GKeyFile *file, GKeyFile *meant) {
  set_values(self->method, file, meant);
  set_values(self->rows, file, meant);
}
