#include "ui/choice-panel.h"

#include "ui/axis-row.h"
#include "ui/preset-cards.h"
#include "ui/reason.h"
#include "ui/scroll-to.h"
#include "ui/settings-section.h"
#include "ui/site-cards.h"
#include "ui/spec-changes.h"

#include <glib/gi18n.h>
#include <string.h>

typedef enum { SECTION_METHOD, SECTION_ALIGNMENT, SECTION_OPTIMISER, SECTION_RUN, N_SECTIONS } SectionId;
typedef enum { PICK_MODEL, PICK_DATASET, PICK_PRESET, N_PICKERS } PickerId;

struct _HfChoicePanel {
  GtkBox parent_instance;
  RunSpec *spec; /* NULL: none yet */
  const Verdict *const *verdicts;
  GtkWidget *pickers[N_PICKERS];
  GtkWidget *axes[N_AXES];
  GtkWidget *reasons[N_AXES];
  const Verdict *reason; /* the one that is shown; NULL: none */
  GtkWidget *refusal;    /* why the choice as a whole is impossible */
  const Verdict *present;
  GtkWidget *sections[N_SECTIONS];
  GtkWidget *sites;  /* a picker below the location, where it is inside f */
  char *model_title; /* of what is chosen; NULL: not known */
  char *sites_of;    /* SHA-256 of the model whose sites it lists */
  Location sites_at;
};

G_DEFINE_TYPE(HfChoicePanel, hf_choice_panel, GTK_TYPE_BOX)

enum { ASSIGN, MODEL, DATASET, PRESET, DESCRIBE, FORGET, REPAIR, N_SIGNALS };
static guint signals[N_SIGNALS], datasets_signal;

static void hf_choice_panel_finalize(GObject *object) {
  run_spec_free(HF_CHOICE_PANEL(object)->spec);
  g_free(HF_CHOICE_PANEL(object)->model_title);
  g_free(HF_CHOICE_PANEL(object)->sites_of);
  G_OBJECT_CLASS(hf_choice_panel_parent_class)->finalize(object);
}

static void hf_choice_panel_class_init(HfChoicePanelClass *class) {
  G_OBJECT_CLASS(class)->finalize = hf_choice_panel_finalize;
  const struct {
    const char *name;
    GType type;
  } rows[N_SIGNALS] = {[ASSIGN] = {"assign", G_TYPE_STRV},
                       [MODEL] = {"model", G_TYPE_STRING},
                       [DATASET] = {"dataset", G_TYPE_STRING},
                       [PRESET] = {"preset", G_TYPE_STRING},
                       [DESCRIBE] = {"describe-model", G_TYPE_STRING},
                       [FORGET] = {"forget-model", G_TYPE_STRING},
                       [REPAIR] = {"repair", G_TYPE_POINTER}};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(rows[i].name, HF_TYPE_CHOICE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, rows[i].type);
  datasets_signal = g_signal_new("datasets-opened", HF_TYPE_CHOICE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void picked(GtkWidget *picker, const char *name, HfChoicePanel *self) {
  static const int answers[N_PICKERS] = {
      [PICK_MODEL] = MODEL, [PICK_DATASET] = DATASET, [PICK_PRESET] = PRESET};
  for (int i = 0; i < N_PICKERS; i++)
    if (self->pickers[i] == picker)
      g_signal_emit(self, signals[answers[i]], 0, name);
}

static void datasets_opened(HfChoicePanel *self) {
  g_signal_emit(self, datasets_signal, 0);
}

static void describe_model(HfChoicePanel *self, const char *name) {
  g_signal_emit(self, signals[DESCRIBE], 0, name);
}

static void forget_model(HfChoicePanel *self, const char *name) {
  g_signal_emit(self, signals[FORGET], 0, name);
}

static void assigned(HfSettingsSection *section, const char *assignment, HfChoicePanel *self) {
  const char *assignments[] = {assignment, NULL};
  g_signal_emit(self, signals[ASSIGN], 0, assignments);
}

/* The present cell with one axis on another value. */
static Cell cell_with(const HfChoicePanel *self, AxisId axis, int value) {
  Cell cell = run_spec_cell(self->spec, 0);
  cell.value[axis] = value;
  return cell;
}

static void impossible_chosen(HfAxisRow *row, int value, HfChoicePanel *self) {
  AxisId axis = hf_axis_row_axis(row);
  if (self->spec && self->verdicts)
    hf_choice_panel_show_reason(self, axis, value, self->verdicts[cell_index(cell_with(self, axis, value))]);
}

static void repair_chosen(HfReason *reason, int index, HfChoicePanel *self) {
  if (!self->reason)
    return;
  Repair *repair = &g_array_index(self->reason->repairs, Repair, (guint)index);
  g_signal_emit(self, signals[REPAIR], 0, repair);
}

static void present_repaired(HfReason *reason, int index, HfChoicePanel *self) {
  if (self->present)
    g_signal_emit(self, signals[REPAIR], 0, &g_array_index(self->present->repairs, Repair, (guint)index));
}

static void site_picked(HfChoicePanel *self, const char *name) {
  g_autofree char *assignment = g_strdup_printf("manipulation.site=%s", name);
  const char *assignments[] = {assignment, NULL};
  g_signal_emit(self, signals[ASSIGN], 0, assignments);
}

static void add_sites(HfChoicePanel *self, GtkWidget *to) {
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class(card, "hf-rows");
  self->sites = hf_picker_new(_("Site"));
  g_signal_connect_swapped(self->sites, "picked", G_CALLBACK(site_picked), self);
  g_object_bind_property(self->sites, "visible", card, "visible", G_BINDING_SYNC_CREATE);
  gtk_widget_set_visible(self->sites, FALSE);
  gtk_box_append(GTK_BOX(card), self->sites);
  gtk_box_append(GTK_BOX(to), card);
}

static void add_pickers(HfChoicePanel *self, GtkWidget *to) {
  static const char *const titles[N_PICKERS] = {
      [PICK_MODEL] = N_("Frozen model"), [PICK_DATASET] = N_("Task"), [PICK_PRESET] = N_("Preset")};
  GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_add_css_class(card, "hf-rows");
  for (int i = 0; i < N_PICKERS; i++) {
    self->pickers[i] = hf_picker_new(_(titles[i]));
    g_signal_connect(self->pickers[i], "picked", G_CALLBACK(picked), self);
    gtk_box_append(GTK_BOX(card), self->pickers[i]);
  }
  g_signal_connect_swapped(self->pickers[PICK_DATASET], "opened", G_CALLBACK(datasets_opened), self);
  GtkWidget *models = self->pickers[PICK_MODEL];
  hf_picker_set_more(HF_PICKER(models), _("Open a Model File…"), "win.open-model");
  g_signal_connect_swapped(models, "describe", G_CALLBACK(describe_model), self);
  g_signal_connect_swapped(models, "forget", G_CALLBACK(forget_model), self);
  gtk_box_append(GTK_BOX(to), card);
  self->refusal = hf_reason_new();
  g_signal_connect(self->refusal, "repair", G_CALLBACK(present_repaired), self);
  gtk_box_append(GTK_BOX(to), self->refusal);
}

static void add_axes(HfChoicePanel *self, GtkWidget *to) {
  for (int i = 0; i < N_AXES; i++) {
    self->axes[i] = hf_axis_row_new((AxisId)i);
    self->reasons[i] = hf_reason_new();
    g_signal_connect(self->axes[i], "impossible-chosen", G_CALLBACK(impossible_chosen), self);
    g_signal_connect(self->reasons[i], "repair", G_CALLBACK(repair_chosen), self);
    gtk_box_append(GTK_BOX(to), self->axes[i]);
    gtk_box_append(GTK_BOX(to), self->reasons[i]);
    if (i == AXIS_LOCATION)
      add_sites(self, to);
  }
}

static void add_sections(HfChoicePanel *self, GtkWidget *to) {
  static const struct {
    const char *title;
    bool open;
  } rows[N_SECTIONS] = {[SECTION_METHOD] = {N_("Pattern"), true},
                        [SECTION_ALIGNMENT] = {N_("Alignment"), true},
                        [SECTION_OPTIMISER] = {N_("Optimiser"), false},
                        [SECTION_RUN] = {N_("Run"), false}};
  for (int i = 0; i < N_SECTIONS; i++) {
    self->sections[i] = hf_settings_section_new(_(rows[i].title), rows[i].open);
    g_signal_connect(self->sections[i], "assign", G_CALLBACK(assigned), self);
    gtk_box_append(GTK_BOX(to), self->sections[i]);
  }
}

static void hf_choice_panel_init(HfChoicePanel *self) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(all, "hf-choice");
  add_pickers(self, all);
  add_axes(self, all);
  add_sections(self, all);
  gtk_accessible_update_property(GTK_ACCESSIBLE(scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Choices"), -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), all);
  gtk_widget_set_hexpand(scroller, TRUE);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_hexpand(GTK_WIDGET(self), FALSE); /* as wide as its place, whatever is in it */
  gtk_box_append(GTK_BOX(self), scroller);
}

GtkWidget *hf_choice_panel_new(void) {
  return g_object_new(HF_TYPE_CHOICE_PANEL, NULL);
}

/* A row that chooses among names. */
static Setting method_row(GString *names) {
  return (Setting){"method", _("Method"), SETTING_CHOICE, "",
                   0,        0,           names->str,     _("Which method within the axes’ values.")};
}

static void add_name(GString *names, const char *name) {
  g_string_append_printf(names, "%s%s", names->len ? "|" : "", name);
}

/* A text has no picture to be resized.  The site has its picker. */
static void show_pattern_rows(HfChoicePanel *self, const ChoiceFacts *facts) {
  static const char *const no_picture[] = {"image_size", NULL};
  const ManipulationSpec *spec = g_ptr_array_index(self->spec->manipulations, 0);
  g_autoptr(GString) names = g_string_new(NULL);
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++)
    if ((*kind)->op == spec->op && ((*kind)->locations & 1u << spec->location || *kind == spec->kind))
      add_name(names, (*kind)->name);
  Setting method = method_row(names);
  const Setting *tables[] = {spec->kind ? spec->kind->settings : NULL, manipulation_common(spec->kind)};
  bool texts = facts->texts || (spec->kind && spec->kind->texts_only);
  hf_settings_section_set_rows(HF_SETTINGS_SECTION(self->sections[SECTION_METHOD]), "manipulation",
                               names->len ? &method : NULL, tables, texts ? no_picture : NULL);
}

static void show_alignment_rows(HfChoicePanel *self) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (const AlignmentKind *const *kind = alignment_kinds; *kind; kind++)
    if ((*kind)->family == self->spec->alignment->family)
      add_name(names, (*kind)->name);
  Setting method = method_row(names);
  const Setting *tables[] = {self->spec->alignment->settings, NULL};
  hf_settings_section_set_rows(HF_SETTINGS_SECTION(self->sections[SECTION_ALIGNMENT]), "alignment", &method,
                               tables, NULL);
}

static void show_optimiser_rows(HfChoicePanel *self) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (const OptimiserKind *const *kind = optimiser_kinds; *kind; kind++)
    add_name(names, (*kind)->name);
  Setting method = method_row(names);
  const Setting *tables[] = {optimiser_settings, self->spec->optimiser->settings};
  hf_settings_section_set_rows(HF_SETTINGS_SECTION(self->sections[SECTION_OPTIMISER]), "optimiser", &method,
                               tables, NULL);
}

/* Without what has a picker, and tokens are those of texts. */
static void show_run_rows(HfChoicePanel *self, const ChoiceFacts *facts) {
  static const char *const texts[] = {"preset", "model", "dataset", NULL};
  static const char *const pictures[] = {"preset", "model", "dataset", "tokens", NULL};
  const Setting *tables[] = {run_settings, NULL};
  hf_settings_section_set_rows(HF_SETTINGS_SECTION(self->sections[SECTION_RUN]), "run", NULL, tables,
                               facts->texts ? texts : pictures);
}

static void show_axes(HfChoicePanel *self, const ChoiceFacts *facts) {
  Cell cell = run_spec_cell(self->spec, 0);
  for (int axis = 0; axis < N_AXES; axis++) {
    HfAxisRow *row = HF_AXIS_ROW(self->axes[axis]);
    g_autofree char *text = choice_consequence((AxisId)axis, self->spec, facts);
    hf_axis_row_set_value(row, cell.value[axis]);
    hf_axis_row_set_consequence(row, text);
  }
}

/* Each axis asks: what if only this one took another value? */
static void show_verdicts(HfChoicePanel *self) {
  for (int axis = 0; axis < N_AXES; axis++) {
    const Verdict *values[N_CELLS] = {NULL};
    for (int i = 0; self->verdicts && i < taxonomy_axes[axis].n_values; i++)
      values[i] = self->verdicts[cell_index(cell_with(self, (AxisId)axis, i))];
    hf_axis_row_set_verdicts(HF_AXIS_ROW(self->axes[axis]), values);
  }
}

/* By its title up to the comma, as in the window's own title. */
static void show_model(HfChoicePanel *self, const char *title) {
  HfPicker *models = HF_PICKER(self->pickers[PICK_MODEL]);
  const char *name = self->spec ? self->spec->model : NULL;
  char *copy = g_strdup(title);
  g_free(self->model_title);
  self->model_title = copy;
  const char *card = hf_picker_card_title(models, name), *whole = card ? card : copy;
  g_autofree char *shown = whole ? g_strndup(whole, strcspn(whole, ",")) : NULL;
  hf_picker_set_chosen(models, name, shown);
}

void hf_choice_panel_set_spec(HfChoicePanel *self, const RunSpec *spec, const ChoiceFacts *facts) {
  RunSpec *copy = run_spec_copy(spec);
  run_spec_free(self->spec);
  self->spec = copy;
  hf_choice_panel_show_reason(self, AXIS_FORMAT, 0, NULL);
  show_model(self, NULL);
  hf_picker_set_chosen(HF_PICKER(self->pickers[PICK_DATASET]), copy->dataset, NULL);
  preset_cards_show(HF_PICKER(self->pickers[PICK_PRESET]), copy);
  show_axes(self, facts);
  show_verdicts(self);
  show_pattern_rows(self, facts);
  show_alignment_rows(self);
  show_optimiser_rows(self);
  show_run_rows(self, facts);
  g_autoptr(GKeyFile) file = spec_key_file(copy), meant = choice_meant(facts);
  for (int i = 0; i < N_SECTIONS; i++)
    hf_settings_section_set_values(HF_SETTINGS_SECTION(self->sections[i]), file, meant);
}

/* The site's picker, inside f. */
static void show_sites(HfChoicePanel *self, const FrozenModel *model) {
  const ManipulationSpec *chosen = self->spec ? g_ptr_array_index(self->spec->manipulations, 0) : NULL;
  bool inside = model && chosen && chosen->location != LOCATION_INPUT;
  gtk_widget_set_visible(self->sites, inside);
  if (!inside)
    return;
  if (g_strcmp0(self->sites_of, model->sha256) != 0 || self->sites_at != chosen->location)
    site_cards_show(HF_PICKER(self->sites), model, chosen->location);
  g_free(self->sites_of);
  self->sites_of = g_strdup(model->sha256);
  self->sites_at = chosen->location;
  hf_picker_set_chosen(HF_PICKER(self->sites), chosen->site ? chosen->site : "", NULL);
}

void hf_choice_panel_set_model(HfChoicePanel *self, const FrozenModel *model) {
  show_model(self, model ? model->card.title : NULL);
  show_sites(self, model);
}

static void set_cards(HfChoicePanel *self, PickerId picker, const char *chosen, const HfCard *cards, int n) {
  hf_picker_set_cards(HF_PICKER(self->pickers[picker]), cards, n);
  hf_picker_set_chosen(HF_PICKER(self->pickers[picker]), chosen, NULL);
}

void hf_choice_panel_set_models(HfChoicePanel *self, const HfCard *cards, int n) {
  hf_picker_set_cards(HF_PICKER(self->pickers[PICK_MODEL]), cards, n);
  show_model(self, self->model_title);
}

void hf_choice_panel_set_datasets(HfChoicePanel *self, const HfCard *cards, int n) {
  set_cards(self, PICK_DATASET, self->spec ? self->spec->dataset : NULL, cards, n);
}

void hf_choice_panel_set_verdicts(HfChoicePanel *self, const Verdict *const *verdicts) {
  self->verdicts = verdicts;
  hf_choice_panel_show_reason(self, AXIS_FORMAT, 0, NULL);
  if (self->spec)
    show_verdicts(self);
}

void hf_choice_panel_show_reason(HfChoicePanel *self, AxisId axis, int value, const Verdict *verdict) {
  self->reason = verdict;
  for (int i = 0; i < N_AXES; i++)
    hf_reason_set(HF_REASON(self->reasons[i]), taxonomy_axes[axis].values[value].title,
                  self->spec ? cell_with(self, axis, value) : cell_at(0), i == (int)axis ? verdict : NULL);
  if (verdict)
    scroll_to(self->reasons[axis]);
}

void hf_choice_panel_set_present(HfChoicePanel *self, const Verdict *verdict) {
  self->present = verdict;
  hf_reason_set(HF_REASON(self->refusal), _("This choice"),
                self->spec ? run_spec_cell(self->spec, 0) : cell_at(0), verdict);
}

void hf_choice_panel_focus_present(HfChoicePanel *self) {
  hf_choice_panel_set_present(self, self->present); /* it may have been closed */
  scroll_to(self->refusal);
  hf_reason_focus(HF_REASON(self->refusal));
}

void hf_choice_panel_focus_axis(HfChoicePanel *self, AxisId axis) {
  int value = self->spec ? run_spec_cell(self->spec, 0).value[axis] : 0;
  gtk_widget_grab_focus(hf_axis_row_button(HF_AXIS_ROW(self->axes[axis]), value));
}

void hf_choice_panel_open_picker(HfChoicePanel *self, const char *name) {
  static const char *const names[N_PICKERS] = {
      [PICK_MODEL] = "model", [PICK_DATASET] = "dataset", [PICK_PRESET] = "preset"};
  for (int i = 0; i < N_PICKERS; i++)
    if (g_str_equal(names[i], name))
      hf_picker_open(HF_PICKER(self->pickers[i]));
}
