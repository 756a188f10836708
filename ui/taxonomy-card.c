#include "ui/taxonomy-card.h"

#include "engine/preset.h"
#include "ui/cell-map.h"
#include "ui/choice-formula.h"
#include "ui/formula-markup.h"
#include "ui/formula.h"
#include "ui/preset-row.h"
#include "ui/reason.h"
#include "ui/scroll-to.h"

#include <glib/gi18n.h>
#include <string.h>

struct _HfTaxonomyCard {
  GtkBox parent_instance;
  Cell cell;
  const Verdict *const *verdicts;
  const Verdict *reason; /* that is shown; NULL: none */
  int preset_cells[64];  /* of `presets`, in order; -1: cannot be read */
  GtkLabel *family, *sentences, *trained, *digest, *pointed;
  GtkWidget *formula, *map, *strip;
  GtkGrid *values;
  GtkBox *methods;
};

G_DEFINE_TYPE(HfTaxonomyCard, hf_taxonomy_card, GTK_TYPE_BOX)

enum { CELL_CHOSEN, REPAIR, PRESET, N_SIGNALS };
static guint signals[N_SIGNALS];

static void hf_taxonomy_card_class_init(HfTaxonomyCardClass *class) {
  const struct {
    const char *name;
    GType type;
  } rows[N_SIGNALS] = {[CELL_CHOSEN] = {"cell-chosen", G_TYPE_INT},
                       [REPAIR] = {"repair", G_TYPE_POINTER},
                       [PRESET] = {"preset", G_TYPE_STRING}};
  for (int i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new(rows[i].name, HF_TYPE_TAXONOMY_CARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                              G_TYPE_NONE, 1, rows[i].type);
}

static GtkWidget *wrapped_label(const char *text, const char *css) {
  GtkWidget *label = gtk_label_new(text);
  gtk_label_set_wrap(GTK_LABEL(label), TRUE);
  gtk_label_set_wrap_mode(GTK_LABEL(label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_xalign(GTK_LABEL(label), 0);
  gtk_widget_add_css_class(label, css);
  return label;
}

static GtkLabel *add_label(GtkWidget *to, const char *text, const char *css) {
  GtkWidget *label = wrapped_label(text, css);
  gtk_box_append(GTK_BOX(to), label);
  return GTK_LABEL(label);
}

/* "input · additive", the verdict and the runs of a cell. */
static char *pointed_text(HfTaxonomyCard *self, int index) {
  Cell cell = cell_at(index);
  GString *text = g_string_new(NULL);
  for (int axis = 0; axis < N_AXES; axis++)
    g_string_append_printf(text, "%s%s", axis ? " · " : "",
                           taxonomy_axes[axis].values[cell.value[axis]].name);
  const Verdict *verdict = self->verdicts ? self->verdicts[index] : NULL;
  if (verdict)
    g_string_append_printf(text, "\n%s", verdict->reason ? verdict->reason : _("Possible."));
  int runs = hf_cell_map_runs(HF_CELL_MAP(self->map), index);
  if (runs > 0)
    g_string_append_printf(text, ngettext(" %d run.", " %d runs.", (gulong)runs), runs);
  return g_string_free(text, FALSE);
}

static void show_pointed(HfTaxonomyCard *self, int index) {
  g_autofree char *text = pointed_text(self, index >= 0 ? index : cell_index(self->cell));
  gtk_label_set_text(self->pointed, text);
}

static void cell_pointed(HfCellMap *map, int cell, HfTaxonomyCard *self) {
  show_pointed(self, cell);
}

static void show_reason(HfTaxonomyCard *self, int index) {
  g_autofree char *name = index >= 0 ? cell_text(cell_at(index)) : NULL;
  self->reason = index >= 0 ? self->verdicts[index] : NULL;
  hf_reason_set(HF_REASON(self->strip), name, index >= 0 ? cell_at(index) : self->cell, self->reason);
}

static void cell_chosen(HfCellMap *map, int cell, HfTaxonomyCard *self) {
  bool impossible = self->verdicts && self->verdicts[cell]->kind == VERDICT_IMPOSSIBLE;
  show_reason(self, impossible ? cell : -1);
  if (impossible)
    scroll_to(self->strip);
  else
    g_signal_emit(self, signals[CELL_CHOSEN], 0, cell);
}

static void repair_chosen(HfReason *reason, int index, HfTaxonomyCard *self) {
  if (self->reason)
    g_signal_emit(self, signals[REPAIR], 0, &g_array_index(self->reason->repairs, Repair, (guint)index));
}

/* Which cell each preset stands in, and how many stand in each. */
static void count_presets(HfTaxonomyCard *self) {
  int methods[N_CELLS] = {0};
  for (int i = 0; presets[i].name; i++) {
    g_autoptr(RunSpec) spec = preset_spec(&presets[i], NULL, NULL);
    g_assert(i < (int)G_N_ELEMENTS(self->preset_cells));
    self->preset_cells[i] = spec ? cell_index(run_spec_cell(spec, 0)) : -1;
    if (spec)
      methods[self->preset_cells[i]]++;
  }
  hf_cell_map_set_methods(HF_CELL_MAP(self->map), methods);
}

static void add_formula_box(HfTaxonomyCard *self, GtkWidget *to) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
  gtk_widget_add_css_class(box, "hf-box");
  self->family = add_label(box, NULL, "hf-title");
  self->formula = hf_formula_new();
  gtk_box_append(GTK_BOX(box), self->formula);
  self->values = GTK_GRID(gtk_grid_new());
  gtk_grid_set_column_spacing(self->values, 8);
  gtk_grid_set_row_spacing(self->values, 3);
  gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->values));
  self->sentences = add_label(box, NULL, "hf-hint");
  self->trained = add_label(box, NULL, "hf-hint");
  self->digest = add_label(box, NULL, "hf-hint");
  gtk_box_append(GTK_BOX(to), box);
}

static void add_map(HfTaxonomyCard *self, GtkWidget *to) {
  GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_widget_set_hexpand(GTK_WIDGET(add_label(line, _("You are here"), "hf-title")), TRUE);
  add_label(line, _("72 cells"), "hf-note");
  self->map = hf_cell_map_new();
  self->strip = hf_reason_new();
  gtk_box_append(GTK_BOX(box), line);
  gtk_box_append(GTK_BOX(box), self->map);
  self->pointed = add_label(box, NULL, "hf-hint");
  gtk_widget_add_css_class(GTK_WIDGET(self->pointed), "hf-pointed");
  gtk_widget_set_valign(GTK_WIDGET(self->pointed), GTK_ALIGN_START);
  gtk_box_append(GTK_BOX(box), self->strip);
  g_signal_connect(self->map, "cell-pointed", G_CALLBACK(cell_pointed), self);
  g_signal_connect(self->map, "cell-chosen", G_CALLBACK(cell_chosen), self);
  g_signal_connect(self->strip, "repair", G_CALLBACK(repair_chosen), self);
  gtk_box_append(GTK_BOX(to), box);
}

static void hf_taxonomy_card_init(HfTaxonomyCard *self) {
  GtkWidget *scroller = gtk_scrolled_window_new();
  GtkWidget *all = gtk_box_new(GTK_ORIENTATION_VERTICAL, 12);
  gtk_widget_add_css_class(all, "hf-taxonomy");
  add_formula_box(self, all);
  add_map(self, all);
  add_label(all, _("In the same cell"), "hf-title");
  self->methods = GTK_BOX(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
  gtk_widget_add_css_class(GTK_WIDGET(self->methods), "hf-rows");
  gtk_box_append(GTK_BOX(all), GTK_WIDGET(self->methods));
  count_presets(self);
  gtk_accessible_update_property(GTK_ACCESSIBLE(scroller), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Taxonomy card"),
                                 -1);
  gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), all);
  gtk_widget_set_hexpand(scroller, TRUE);
  gtk_widget_set_vexpand(scroller, TRUE);
  gtk_widget_set_hexpand(GTK_WIDGET(self), FALSE); /* as wide as its place, whatever is in it */
  gtk_box_append(GTK_BOX(self), scroller);
}

GtkWidget *hf_taxonomy_card_new(void) {
  return g_object_new(HF_TYPE_TAXONOMY_CARD, NULL);
}

/* The four axes with the formula of the present value: λ  learnable  δ* = … */
static void show_values(HfTaxonomyCard *self) {
  for (int i = 0; i < N_AXES; i++)
    gtk_grid_remove_row(self->values, 0);
  for (int i = 0; i < N_AXES; i++) {
    const Axis *axis = &taxonomy_axes[i];
    const AxisValue *value = &axis->values[self->cell.value[i]];
    g_autofree char *formula = formula_markup(value->formula);
    const struct {
      const char *text, *css;
    } columns[] = {{axis->symbol, "hf-symbol"}, {value->name, "hf-note"}, {value->formula, "hf-formula"}};
    for (int k = 0; k < (int)G_N_ELEMENTS(columns); k++) {
      GtkWidget *label = wrapped_label(columns[k].text, columns[k].css);
      if (k == 2)
        gtk_label_set_markup(GTK_LABEL(label), formula);
      gtk_widget_set_valign(label, GTK_ALIGN_BASELINE);
      gtk_widget_set_hexpand(label, k == 2);
      gtk_widget_set_tooltip_text(label, value->help);
      gtk_grid_attach(self->values, label, k, i, 1, 1);
    }
  }
}

static void preset_clicked(GtkButton *button, HfTaxonomyCard *self) {
  g_signal_emit(self, signals[PRESET], 0, g_object_get_data(G_OBJECT(button), "preset"));
}

static void add_method(HfTaxonomyCard *self, const Preset *preset, const RunSpec *spec) {
  GtkWidget *button = preset_row_new(preset, spec);
  g_object_set_data(G_OBJECT(button), "preset", (gpointer)preset->name);
  g_signal_connect(button, "clicked", G_CALLBACK(preset_clicked), self);
  gtk_box_append(self->methods, button);
}

static void show_methods(HfTaxonomyCard *self, const RunSpec *spec) {
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child(GTK_WIDGET(self->methods))))
    gtk_box_remove(self->methods, child);
  int here = cell_index(self->cell);
  for (int i = 0; presets[i].name; i++)
    if (self->preset_cells[i] == here)
      add_method(self, &presets[i], spec);
  if (!gtk_widget_get_first_child(GTK_WIDGET(self->methods)))
    add_label(GTK_WIDGET(self->methods), _("No preset stands here: new ground."), "hf-empty");
}

static void show_trained(HfTaxonomyCard *self, const ChoiceFacts *facts) {
  g_autofree char *trained = grouped_number(facts->pattern + facts->alignment);
  g_autofree char *frozen = grouped_number(facts->frozen);
  double share =
      facts->frozen ? 100.0 * (double)(facts->pattern + facts->alignment) / (double)facts->frozen : 0;
  g_autofree char *percent = percent_words(share);
  g_autofree char *text =
      g_strdup_printf(_("Trained: %s numbers. Frozen: %s. That is %s."), trained, frozen, percent);
  gtk_label_set_text(self->trained, facts->frozen ? text : "");
  gtk_widget_set_visible(GTK_WIDGET(self->trained), facts->frozen > 0);
}

static void show_sentences(HfTaxonomyCard *self) {
  const Verdict *verdict = self->verdicts ? self->verdicts[cell_index(self->cell)] : NULL;
  g_autoptr(GString) text = g_string_new(verdict ? verdict->reason : NULL);
  for (guint i = 0; verdict && i < verdict->consequences->len; i++)
    g_string_append_printf(text, "%s%s", text->len ? " " : "",
                           (char *)g_ptr_array_index(verdict->consequences, i));
  gtk_label_set_text(self->sentences, text->str);
  gtk_widget_set_visible(GTK_WIDGET(self->sentences), text->len > 0);
}

void hf_taxonomy_card_set_spec(HfTaxonomyCard *self, const RunSpec *spec, const ChoiceFacts *facts) {
  self->cell = run_spec_cell(spec, 0);
  gtk_label_set_text(self->family, choice_family(self->cell));
  g_autoptr(GArray) pieces = choice_formula(spec);
  g_autofree char *words = formula_words((const FormulaPiece *)(const void *)pieces->data, (int)pieces->len);
  hf_formula_set_pieces(HF_FORMULA(self->formula), pieces, words);
  show_values(self);
  show_trained(self, facts);
  show_sentences(self);
  show_methods(self, spec);
  show_reason(self, -1);
  hf_cell_map_set_here(HF_CELL_MAP(self->map), cell_index(self->cell));
  show_pointed(self, hf_cell_map_pointed(HF_CELL_MAP(self->map)));
}

void hf_taxonomy_card_set_verdicts(HfTaxonomyCard *self, const Verdict *const *verdicts) {
  self->verdicts = verdicts;
  show_reason(self, -1);
  hf_cell_map_set_verdicts(HF_CELL_MAP(self->map), verdicts);
  show_sentences(self);
  show_pointed(self, hf_cell_map_pointed(HF_CELL_MAP(self->map)));
}

void hf_taxonomy_card_set_digest(HfTaxonomyCard *self, const char *digest, bool checked) {
  gtk_widget_set_visible(GTK_WIDGET(self->digest), digest != NULL);
  if (!digest)
    return;
  g_autofree char *text = g_strdup_printf(checked ? _("f did not change: digest %.4s…%s, checked.")
                                                  : _("Digest of f’s weights: %.4s…%s"),
                                          digest, digest + MAX(0, (int)strlen(digest) - 4));
  gtk_label_set_text(self->digest, text);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->digest), digest);
}

void hf_taxonomy_card_set_runs(HfTaxonomyCard *self, const int *runs) {
  hf_cell_map_set_runs(HF_CELL_MAP(self->map), runs);
  show_pointed(self, hf_cell_map_pointed(HF_CELL_MAP(self->map)));
}
