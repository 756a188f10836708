#include "app/about.h"

#include <adwaita.h>
#include <cblas.h>
#include <glib/gi18n.h>

static char *technical_text(void) {
  return g_strdup_printf("Hoarfrost %s\nOpenBLAS: %s\nOpenBLAS core: %s\nGTK %u.%u.%u, libadwaita %u.%u.%u\n"
                         "Cores: %u\n",
                         HOARFROST_VERSION, openblas_get_config(), openblas_get_corename(),
                         gtk_get_major_version(), gtk_get_minor_version(), gtk_get_micro_version(),
                         adw_get_major_version(), adw_get_minor_version(), adw_get_micro_version(),
                         g_get_num_processors());
}

void about_show(GtkWindow *parent) {
  g_autofree char *technical = technical_text();
  g_autofree char *comments =
      g_strdup_printf("%s\n\n%s %s",
                      _("Gives a frozen neural network a new task by changing only what it sees and "
                        "how its answers are read."),
                      _("Matrix kernels of this processor:"), openblas_get_corename());
  adw_show_about_window(parent, "application-name", _("Hoarfrost"), "application-icon",
                        "org.hoarfrost.Hoarfrost", "version", HOARFROST_VERSION, "developer-name",
                        _("The Hoarfrost authors"), "copyright", "© 2026 The Hoarfrost authors",
                        "license-type", GTK_LICENSE_MIT_X11, "comments", comments, "debug-info", technical,
                        "debug-info-filename", "hoarfrost.txt", NULL);
}
