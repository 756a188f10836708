/* A button that shows which stored run is chosen, and opens a list with a search entry to choose another.
 *
 * It knows no store: its owner sets the rows, and sets others when "search" says what is looked for.
 * Signals: "picked" (const char *id); "search" (const char *text): also "" when the list opens. */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  const char *id;
  const char *name;
  const char *facts; /* "objects-letters, fashion-mnist · 18 of 18 steps · 3 May" */
  double accuracy;   /* share; NaN: not known */
} HfRunChoice;

#define HF_TYPE_RUN_PICKER (hf_run_picker_get_type())
G_DECLARE_FINAL_TYPE(HfRunPicker, hf_run_picker, HF, RUN_PICKER, GtkWidget)

/* title: what is chosen, for screen readers and as long as nothing is chosen. */
GtkWidget *hf_run_picker_new(const char *title);
/* Copies what it shows. */
void hf_run_picker_set_choices(HfRunPicker *self, const HfRunChoice *choices, int n);
/* NULL: none. */
void hf_run_picker_set_chosen(HfRunPicker *self, const HfRunChoice *choice);
void hf_run_picker_open(HfRunPicker *self);
