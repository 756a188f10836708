#include "ui/pipeline-arrow.h"

#define LEAST  9
#define HEAD   5.0
#define HEIGHT 16

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data) {
  GdkRGBA colour;
  gtk_style_context_get_color(gtk_widget_get_style_context(GTK_WIDGET(area)), &colour);
  double middle = height / 2.0, end = width - 1.5;
  gdk_cairo_set_source_rgba(cr, &colour);
  cairo_set_line_width(cr, 1.5);
  cairo_move_to(cr, 1.5, middle);
  cairo_line_to(cr, end - HEAD, middle);
  cairo_stroke(cr);
  cairo_move_to(cr, end, middle);
  cairo_line_to(cr, end - HEAD, middle - HEAD * 0.7);
  cairo_line_to(cr, end - HEAD, middle + HEAD * 0.7);
  cairo_close_path(cr);
  cairo_fill(cr);
}

GtkWidget *hf_pipeline_arrow_new(void) {
  GtkWidget *area =
      g_object_new(GTK_TYPE_DRAWING_AREA, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_drawing_area_set_content_width(GTK_DRAWING_AREA(area), LEAST);
  gtk_drawing_area_set_content_height(GTK_DRAWING_AREA(area), HEIGHT);
  gtk_drawing_area_set_draw_func(GTK_DRAWING_AREA(area), draw, NULL, NULL);
  gtk_widget_set_valign(area, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class(area, "hf-arrow");
  return area;
}
