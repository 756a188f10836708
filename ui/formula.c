#include "ui/formula.h"

#include "ui/theme-palette.h"

#include <adwaita.h>

#define SIZE  19.0
#define LEAST 160

struct _HfFormula {
  GtkWidget parent_instance;
  GArray *pieces;
};

G_DEFINE_TYPE(HfFormula, hf_formula, GTK_TYPE_WIDGET)

static const FormulaPiece *first(const HfFormula *self) {
  return (const FormulaPiece *)(const void *)self->pieces->data;
}

static void hf_formula_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfFormula *self = HF_FORMULA(widget);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  Palette palette = theme_palette(widget);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  formula_draw(cr, width, first(self), (int)self->pieces->len, SIZE, &palette);
  cairo_destroy(cr);
}

static void hf_formula_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                               int *natural, int *minimum_baseline, int *natural_baseline) {
  HfFormula *self = HF_FORMULA(widget);
  *minimum = *natural = LEAST;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    *minimum = *natural =
        (int)formula_height(first(self), (int)self->pieces->len, for_size < 0 ? LEAST : for_size, SIZE);
}

static GtkSizeRequestMode hf_formula_request_mode(GtkWidget *widget) {
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void hf_formula_finalize(GObject *object) {
  g_array_unref(HF_FORMULA(object)->pieces);
  G_OBJECT_CLASS(hf_formula_parent_class)->finalize(object);
}

static void hf_formula_class_init(HfFormulaClass *class) {
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = hf_formula_finalize;
  widget->snapshot = hf_formula_snapshot;
  widget->measure = hf_formula_measure;
  widget->get_request_mode = hf_formula_request_mode;
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
}

static void hf_formula_init(HfFormula *self) {
  self->pieces = g_array_new(FALSE, FALSE, sizeof(FormulaPiece));
  AdwStyleManager *style = adw_style_manager_get_default();
  g_signal_connect_object(style, "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(style, "notify::high-contrast", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *hf_formula_new(void) {
  return g_object_new(HF_TYPE_FORMULA, NULL);
}

void hf_formula_set_pieces(HfFormula *self, GArray *pieces, const char *words) {
  g_array_ref(pieces);
  g_array_unref(self->pieces);
  self->pieces = pieces;
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  gtk_widget_queue_resize(GTK_WIDGET(self));
}
