/* A button that names a preset and says what it would change of the present choice: "Δ label map, epochs". */
#pragma once

#include "engine/preset.h"

#include <gtk/gtk.h>

/* (transfer floating) */
GtkWidget *preset_row_new(const Preset *preset, const RunSpec *spec);
