/* The pipeline strip: x -> I(x, c) -> f in blocks -> O -> y.  Every stage is a button that opens its details;
 * what is frozen looks frosted, the site of the manipulation is lit.  Where room is short, neighbouring
 * blocks of f stand as one ("block2–5"), whose details unfold block by block; below that it scrolls.  Main
 * thread. */
#pragma once

#include "ui/pipeline-stages.h"
#include <gtk/gtk.h>

#define HF_TYPE_PIPELINE (hf_pipeline_get_type())
G_DECLARE_FINAL_TYPE(HfPipeline, hf_pipeline, HF, PIPELINE, GtkBox)

GtkWidget *hf_pipeline_new(void);
/* model and set may be NULL while they are being read.  Copies what it shows. */
void hf_pipeline_set(HfPipeline *self, const FrozenModel *model, const RunSpec *spec, const SampleSet *set,
                     const ChoiceFacts *facts);
/* Borrowed; the i-th stage's button, hidden where it stands with those in front of it; NULL
 * beyond the last. */
GtkMenuButton *hf_pipeline_stage(HfPipeline *self, guint i);
