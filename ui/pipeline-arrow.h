/* The arrow between two stages of the pipeline. */
#pragma once

#include <gtk/gtk.h>

GtkWidget *hf_pipeline_arrow_new(void);
