/* A popover in which one sample of the test part is chosen: by its number, or from a grid of small pictures
 * (of a text: its first words) of all classes or of one.
 *
 * Only what is seen has widgets, and only that is made into pictures, a few at a time while nothing else is
 * to be done.  What is chosen is told by the action win.sample (int32).  The samples are asked for when it
 * opens, and given back when it closes.
 *
 * Signal "wanted" (): it opens; the owner answers with hf_sample_picker_show_samples(). */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_SAMPLE_PICKER (hf_sample_picker_get_type())
G_DECLARE_FINAL_TYPE(HfSamplePicker, hf_sample_picker, HF, SAMPLE_PICKER, GtkPopover)

/* What there is to choose from.  Everything is alive until `done`. */
typedef struct {
  int n;
  const int *labels;    /* n: classes */
  char *const *classes; /* names; NULL-terminated */
  gboolean sorted_out;  /* one class alone can be looked at */
  gboolean texts;
  /* One sample, small.  (transfer full) Just one of the two is asked, by `texts`. */
  GdkTexture *(*picture)(gpointer data, int sample);
  char *(*words)(gpointer data, int sample);
  gpointer data;
  GDestroyNotify done;
} HfSamples;

GtkWidget *hf_sample_picker_new(void);
/* Takes the samples over; `shown` is the one that is shown now. */
void hf_sample_picker_show_samples(HfSamplePicker *self, const HfSamples *samples, int shown);
/* How many samples the grid has, with the class that is chosen, and how many of them were made into pictures
 * or words.  For tests. */
int hf_sample_picker_count(HfSamplePicker *self);
int hf_sample_picker_count_seen(HfSamplePicker *self);
gboolean hf_sample_picker_has_seen(HfSamplePicker *self, int sample);
/* Looks at one class alone; -1: all. */
void hf_sample_picker_choose_class(HfSamplePicker *self, int class);
