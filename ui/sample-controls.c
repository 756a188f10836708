#include "ui/sample-controls.h"

#include "ui/choice-facts.h"

#include <glib/gi18n.h>

static void add_button(HfPictureView *picture, const char *icon, const char *action, const char *tip) {
  GtkWidget *button = gtk_button_new_from_icon_name(icon);
  gtk_actionable_set_action_name(GTK_ACTIONABLE(button), action);
  gtk_widget_set_tooltip_text(button, tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  hf_picture_view_add_control(picture, button);
}

static GtkWidget *new_number(SampleControls *self) {
  self->number = GTK_MENU_BUTTON(gtk_menu_button_new());
  self->words = GTK_LABEL(gtk_label_new(NULL));
  gtk_label_set_ellipsize(self->words, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class(GTK_WIDGET(self->words), "numeric");
  gtk_menu_button_set_child(self->number, GTK_WIDGET(self->words));
  self->picker = HF_SAMPLE_PICKER(hf_sample_picker_new());
  gtk_menu_button_set_popover(self->number, GTK_WIDGET(self->picker));
  return GTK_WIDGET(self->number);
}

void sample_controls_add(SampleControls *self, HfPictureView *picture) {
  add_button(picture, "go-previous-symbolic", "win.sample-previous", _("Previous sample"));
  hf_picture_view_add_control(picture, new_number(self));
  add_button(picture, "go-next-symbolic", "win.sample-next", _("Next sample"));
  add_button(picture, "media-skip-forward-symbolic", "win.mistake-next", _("Next mistake"));
}

void sample_controls_tell(SampleControls *self, int sample, int n) {
  g_autofree char *number = grouped_number(sample + 1), *all = grouped_number(MAX(n, sample + 1));
  g_autofree char *words = g_strdup_printf("%s/%s", number, all),
                  *tip = g_strdup_printf(_("Sample %s of %s: choose another"), number, all);
  if (g_str_equal(gtk_label_get_text(self->words), words))
    return;
  gtk_label_set_text(self->words, words);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self->number), tip);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self->number), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
}
