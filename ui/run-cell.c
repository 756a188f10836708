#include "ui/run-cell.h"

#include "ui/theme-palette.h"

struct _HfRunCell {
  GtkWidget parent;
  HfRunDraw draw;
  int height;
  HfRunItem *item;
};

G_DEFINE_FINAL_TYPE(HfRunCell, hf_run_cell, GTK_TYPE_WIDGET)

static void hf_run_cell_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfRunCell *self = HF_RUN_CELL(widget);
  int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
  if (!self->item || width <= 0 || height <= 0)
    return;
  Palette palette = theme_palette(widget);
  cairo_t *cr = gtk_snapshot_append_cairo(snapshot, &GRAPHENE_RECT_INIT(0, 0, width, height));
  self->draw(cr, width, height, self->item, &palette);
  cairo_destroy(cr);
}

static void hf_run_cell_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? HF_RUN_CELL(widget)->height : 0;
}

/* The theme may be another one. */
static void hf_run_cell_css_changed(GtkWidget *widget, GtkCssStyleChange *change) {
  GTK_WIDGET_CLASS(hf_run_cell_parent_class)->css_changed(widget, change);
  gtk_widget_queue_draw(widget);
}

static void hf_run_cell_dispose(GObject *object) {
  g_clear_object(&HF_RUN_CELL(object)->item);
  G_OBJECT_CLASS(hf_run_cell_parent_class)->dispose(object);
}

static void hf_run_cell_class_init(HfRunCellClass *class) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->dispose = hf_run_cell_dispose;
  widget_class->snapshot = hf_run_cell_snapshot;
  widget_class->measure = hf_run_cell_measure;
  widget_class->css_changed = hf_run_cell_css_changed;
  gtk_widget_class_set_accessible_role(widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void hf_run_cell_init(HfRunCell *self) {
}

GtkWidget *hf_run_cell_new(HfRunDraw draw, int height) {
  HfRunCell *self = g_object_new(HF_TYPE_RUN_CELL, NULL);
  self->draw = draw;
  self->height = height;
  return GTK_WIDGET(self);
}

void hf_run_cell_show(HfRunCell *self, HfRunItem *item, const char *words) {
  g_set_object(&self->item, item);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, words ? words : "", -1);
  gtk_widget_queue_draw(GTK_WIDGET(self));
}
