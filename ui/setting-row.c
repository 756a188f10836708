#include "ui/setting-row.h"

#include <string.h>

#define MOST_SEGMENTS   3
#define LONGEST_CHOICES 24 /* letters of all segments together */
#define SHORT_ENTRY     7  /* letters */
#define WIDE_ENTRY      11
#define WIDEST_ENTRY    15

struct _HfSettingRow {
  GtkBox parent_instance;
  char *group;
  Setting setting[2]; /* the row and the end of a table; texts are owned */
  char *text;         /* the value that is shown and valid */
  char **choices;     /* NULL-terminated; NULL: typed */
  GtkWidget *entry;   /* one of the three, or none where there is one choice */
  GtkWidget *segments;
  GtkWidget *list;
  GtkLabel *problem;
  bool setting_text;
};

G_DEFINE_TYPE(HfSettingRow, hf_setting_row, GTK_TYPE_BOX)

enum { ASSIGN, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_setting_row_finalize(GObject *object) {
  HfSettingRow *self = HF_SETTING_ROW(object);
  const char *owned[] = {self->setting->name,    self->setting->title, self->setting->initial,
                         self->setting->choices, self->setting->help,  self->setting->counts,
                         self->setting->zero};
  for (size_t i = 0; i < G_N_ELEMENTS(owned); i++)
    g_free((char *)owned[i]);
  g_free(self->group);
  g_free(self->text);
  g_strfreev(self->choices);
  G_OBJECT_CLASS(hf_setting_row_parent_class)->finalize(object);
}

static void hf_setting_row_class_init(HfSettingRowClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_setting_row_finalize;
  signals[ASSIGN] = g_signal_new("assign", HF_TYPE_SETTING_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void hf_setting_row_init(HfSettingRow *self) {
  gtk_orientable_set_orientation(GTK_ORIENTABLE(self), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-setting");
}

static void show_problem(HfSettingRow *self, const char *sentence) {
  gtk_widget_set_visible(GTK_WIDGET(self->problem), sentence != NULL);
  gtk_label_set_text(self->problem, sentence ? sentence : "");
  if (!self->entry)
    return;
  (sentence ? gtk_widget_add_css_class : gtk_widget_remove_css_class)(self->entry, "error");
  gtk_accessible_update_state(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_STATE_INVALID,
                              sentence ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* Nothing, or the word itself, is entered for what 0 stands for. */
static const char *meant_text(const HfSettingRow *self, const char *text) {
  const char *zero = self->setting->zero;
  return zero && (!*text || g_ascii_strcasecmp(text, zero) == 0) ? "0" : text;
}

/* 0 is empty where it stands for something: the placeholder says for what. */
static void show_text(HfSettingRow *self, const char *text) {
  bool empty = self->setting->zero && strcmp(text, "0") == 0;
  self->setting_text = true;
  gtk_editable_set_text(GTK_EDITABLE(self->entry), empty ? "" : text);
  self->setting_text = false;
}

/* Takes what was entered where it is valid and new. */
static void enter(HfSettingRow *self, const char *entered) {
  if (self->setting_text)
    return;
  g_autofree char *text = g_strdup(meant_text(self, entered)); /* the entry may change on the way */
  g_autoptr(Settings) check = settings_new(self->setting, NULL);
  g_autoptr(GError) error = NULL;
  bool valid = settings_set(check, self->setting->name, text, &error);
  show_problem(self, valid ? NULL : error->message);
  if (valid && self->entry && strcmp(text, "0") == 0)
    show_text(self, "0");
  if (!valid || g_strcmp0(text, self->text) == 0)
    return;
  g_free(self->text);
  self->text = g_strdup(text);
  g_autofree char *assignment = g_strdup_printf("%s.%s=%s", self->group, self->setting->name, text);
  g_signal_emit(self, signals[ASSIGN], 0, assignment);
}

static void typed(GtkEntry *entry, HfSettingRow *self) {
  enter(self, gtk_editable_get_text(GTK_EDITABLE(entry)));
}

static void left(GtkEventControllerFocus *focus, HfSettingRow *self) {
  enter(self, gtk_editable_get_text(GTK_EDITABLE(self->entry)));
}

static void toggled(GtkToggleButton *button, HfSettingRow *self) {
  if (gtk_toggle_button_get_active(button))
    enter(self, gtk_button_get_label(GTK_BUTTON(button)));
}

static void selected(GtkDropDown *list, GParamSpec *pspec, HfSettingRow *self) {
  guint i = gtk_drop_down_get_selected(list);
  if (i != GTK_INVALID_LIST_POSITION)
    enter(self, self->choices[i]);
}

/* What 0 stands for, with the number that this comes to (NULL: not known). */
static void show_zero(HfSettingRow *self, const char *number) {
  bool wide = self->setting->type == SETTING_TEXT || self->setting->type == SETTING_NUMBERS;
  const char *zero = self->setting->zero;
  g_autofree char *words = zero && number ? g_strdup_printf("%s: %s", zero, number) : g_strdup(zero);
  int letters = words ? (int)g_utf8_strlen(words, -1) : 0;
  int width = CLAMP(letters, wide ? WIDE_ENTRY : SHORT_ENTRY, WIDEST_ENTRY);
  gtk_editable_set_width_chars(GTK_EDITABLE(self->entry), width);
  gtk_editable_set_max_width_chars(GTK_EDITABLE(self->entry), width);
  gtk_entry_set_placeholder_text(GTK_ENTRY(self->entry), words);
}

static GtkWidget *make_entry(HfSettingRow *self) {
  self->entry = gtk_entry_new();
  show_zero(self, NULL);
  gtk_editable_set_alignment(GTK_EDITABLE(self->entry), 1);
  g_signal_connect(self->entry, "activate", G_CALLBACK(typed), self);
  GtkEventController *focus = gtk_event_controller_focus_new();
  g_signal_connect(focus, "leave", G_CALLBACK(left), self);
  gtk_widget_add_controller(self->entry, focus);
  return self->entry;
}

static GtkWidget *make_segments(HfSettingRow *self) {
  GtkToggleButton *first = NULL;
  self->segments = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2);
  gtk_widget_add_css_class(self->segments, "hf-segments");
  for (char **choice = self->choices; *choice; choice++) {
    GtkWidget *button = gtk_toggle_button_new_with_label(*choice);
    gtk_toggle_button_set_group(GTK_TOGGLE_BUTTON(button), first);
    first = first ? first : GTK_TOGGLE_BUTTON(button);
    g_autofree char *label = g_strdup_printf("%s: %s", self->setting->title, *choice);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
    g_signal_connect(button, "toggled", G_CALLBACK(toggled), self);
    gtk_box_append(GTK_BOX(self->segments), button);
  }
  return self->segments;
}

static GtkWidget *make_list(HfSettingRow *self) {
  self->list = gtk_drop_down_new_from_strings((const char *const *)self->choices);
  g_signal_connect(self->list, "notify::selected", G_CALLBACK(selected), self);
  return self->list;
}

/* With one choice there is nothing to choose. */
static GtkWidget *make_sole(HfSettingRow *self) {
  GtkWidget *label = gtk_label_new(self->choices[0]);
  gtk_widget_add_css_class(label, "hf-value");
  return label;
}

static GtkWidget *make_editor(HfSettingRow *self) {
  if (self->setting->type != SETTING_CHOICE)
    return make_entry(self);
  self->choices = g_strsplit(self->setting->choices, "|", -1);
  if (!self->choices[0] || !self->choices[1])
    return make_sole(self);
  bool few =
      g_strv_length(self->choices) <= MOST_SEGMENTS && strlen(self->setting->choices) <= LONGEST_CHOICES;
  return few ? make_segments(self) : make_list(self);
}

static void build(HfSettingRow *self) {
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *title = gtk_label_new(self->setting->title);
  gtk_label_set_wrap(GTK_LABEL(title), TRUE);
  gtk_label_set_xalign(GTK_LABEL(title), 0);
  gtk_widget_set_hexpand(title, TRUE);
  gtk_box_append(GTK_BOX(line), title);
  GtkWidget *editor = make_editor(self);
  gtk_widget_set_valign(editor, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text(line, self->setting->help);
  gtk_accessible_update_property(GTK_ACCESSIBLE(editor), GTK_ACCESSIBLE_PROPERTY_LABEL, self->setting->title,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, self->setting->help, -1);
  gtk_box_append(GTK_BOX(line), editor);
  gtk_box_append(GTK_BOX(self), line);
  self->problem = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_wrap(self->problem, TRUE);
  gtk_label_set_xalign(self->problem, 0);
  gtk_widget_add_css_class(GTK_WIDGET(self->problem), "hf-problem");
  gtk_widget_set_visible(GTK_WIDGET(self->problem), FALSE);
  gtk_box_append(GTK_BOX(self), GTK_WIDGET(self->problem));
}

GtkWidget *hf_setting_row_new(const char *group, const Setting *setting) {
  HfSettingRow *self = g_object_new(HF_TYPE_SETTING_ROW, NULL);
  self->group = g_strdup(group);
  *self->setting = *setting;
  self->setting->name = g_strdup(setting->name);
  self->setting->title = g_strdup(setting->title);
  self->setting->initial = g_strdup(setting->initial);
  self->setting->choices = g_strdup(setting->choices);
  self->setting->help = g_strdup(setting->help);
  self->setting->counts = g_strdup(setting->counts);
  self->setting->zero = g_strdup(setting->zero);
  build(self);
  return GTK_WIDGET(self);
}

static void show_choice(HfSettingRow *self, const char *text) {
  GtkWidget *button = self->segments ? gtk_widget_get_first_child(self->segments) : NULL;
  for (guint i = 0; self->choices[i]; i++) {
    if (strcmp(self->choices[i], text) == 0) {
      if (self->list)
        gtk_drop_down_set_selected(GTK_DROP_DOWN(self->list), i);
      else if (button)
        gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(button), TRUE);
    }
    button = button ? gtk_widget_get_next_sibling(button) : NULL;
  }
}

void hf_setting_row_set_text(HfSettingRow *self, const char *text) {
  if (g_strcmp0(self->text, text) == 0)
    return;
  g_free(self->text);
  self->text = g_strdup(text);
  if (self->entry)
    show_text(self, text);
  self->setting_text = true;
  if (!self->entry)
    show_choice(self, text);
  self->setting_text = false;
  show_problem(self, NULL);
}

void hf_setting_row_show(HfSettingRow *self, GKeyFile *file, GKeyFile *meant) {
  g_autofree char *number =
      meant ? g_key_file_get_value(meant, self->group, self->setting->name, NULL) : NULL;
  if (self->entry && self->setting->zero)
    show_zero(self, number);
  g_autofree char *text = g_key_file_get_value(file, self->group, self->setting->name, NULL);
  g_autofree char *decider = setting_decider(self->setting);
  g_autofree char *decided = decider ? g_key_file_get_value(file, self->group, decider, NULL) : NULL;
  hf_setting_row_set_text(self, text ? text : "");
  gtk_widget_set_visible(GTK_WIDGET(self), !decided || setting_counts(self->setting, decided));
}

const char *hf_setting_row_group(HfSettingRow *self) {
  return self->group;
}

const char *hf_setting_row_key(HfSettingRow *self) {
  return self->setting->name;
}
