/* A sample in the list that one is chosen from: its number, its class and, once somebody looks at it, a small
 * picture or its first words. */
#pragma once

#include <gtk/gtk.h>

#define HF_TYPE_SAMPLE_ITEM (hf_sample_item_get_type())
G_DECLARE_FINAL_TYPE(HfSampleItem, hf_sample_item, HF, SAMPLE_ITEM, GObject)

/* index counts from 0 in the test part. */
HfSampleItem *hf_sample_item_new(int index, int label);
int hf_sample_item_index(HfSampleItem *self);
int hf_sample_item_label(HfSampleItem *self);
/* What is seen of it; property "seen" (boolean) notifies.  Either may be NULL. (transfer full) */
void hf_sample_item_see(HfSampleItem *self, GdkTexture *picture, char *words);
gboolean hf_sample_item_is_seen(HfSampleItem *self);
/* Borrowed; NULL: none. */
GdkTexture *hf_sample_item_picture(HfSampleItem *self);
const char *hf_sample_item_words(HfSampleItem *self);
