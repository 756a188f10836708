#include "ui/theme-palette.h"

#include <adwaita.h>

static bool look_up(GtkWidget *widget, const char *name, GdkRGBA *colour) {
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  return gtk_style_context_lookup_color(gtk_widget_get_style_context(widget), name, colour);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

/* A colour that may be partly transparent, laid on the ground. */
static void take(GtkWidget *widget, const char *name, Ink ground, Ink *ink) {
  GdkRGBA colour;
  if (look_up(widget, name, &colour))
    *ink = ink_mix(ground, (Ink){colour.red, colour.green, colour.blue}, colour.alpha);
}

Palette theme_palette(GtkWidget *widget) {
  AdwStyleManager *style = adw_style_manager_get_for_display(gtk_widget_get_display(widget));
  Palette palette =
      palette_builtin(adw_style_manager_get_dark(style), adw_style_manager_get_high_contrast(style));
  Ink window = palette.background;
  take(widget, "window_bg_color", window, &window);
  take(widget, "card_bg_color", window, &palette.background);
  take(widget, "card_fg_color", palette.background, &palette.text);
  take(widget, palette.high_contrast ? "accent_color" : "accent_bg_color", palette.background,
       &palette.accent);
  if (palette.high_contrast)
    return palette;
  palette.dim = ink_mix(palette.text, palette.background, 0.38);
  palette.line = ink_mix(palette.text, palette.background, 0.88);
  palette.without = ink_mix(palette.text, palette.background, 0.58);
  return palette;
}

void theme_append_focus(GtkWidget *widget, GtkSnapshot *snapshot, const Palette *palette) {
  if (!gtk_widget_has_visible_focus(widget))
    return;
  GdkRGBA ink = {palette->accent.red, palette->accent.green, palette->accent.blue, 1};
  graphene_rect_t room =
      GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget));
  GskRoundedRect frame;
  gsk_rounded_rect_init_from_rect(&frame, &room, 12);
  gtk_snapshot_append_border(snapshot, &frame, (float[]){2, 2, 2, 2}, (GdkRGBA[]){ink, ink, ink, ink});
}
