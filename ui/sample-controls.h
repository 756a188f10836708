/* What stands on the picture of the sample: back, its number (a button that opens the picker), on, and on to
 * the next mistake. */
#pragma once

#include "ui/picture-view.h"
#include "ui/sample-picker.h"

typedef struct {
  GtkMenuButton *number; /* borrowed, as the others: the picture is their parent */
  GtkLabel *words;
  HfSamplePicker *picker;
} SampleControls;

void sample_controls_add(SampleControls *self, HfPictureView *picture);
/* sample counts from 0. */
void sample_controls_tell(SampleControls *self, int sample, int n);
