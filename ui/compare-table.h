/* What differs between two runs, in words: sections of rows with A, B and the difference.
 *
 * Settings that are the same are hidden until the toggle (win.compare-all, a boolean state) shows them. */
#pragma once

#include "ui/compared-run.h"

#include <gtk/gtk.h>

#define HF_TYPE_COMPARE_TABLE (hf_compare_table_get_type())
G_DECLARE_FINAL_TYPE(HfCompareTable, hf_compare_table, HF, COMPARE_TABLE, GtkWidget)

GtkWidget *hf_compare_table_new(void);
void hf_compare_table_add_actions(HfCompareTable *self, GActionMap *map);
/* Copies them.  `sentence`: what the differences mean for the comparison; `warns` where it is none. */
void hf_compare_table_set(HfCompareTable *self, const HfCompareSection *sections, int n, const char *sentence,
                          gboolean warns);
/* How many rows are shown, headings not counted. */
int hf_compare_table_get_rows(HfCompareTable *self);
const char *hf_compare_table_get_sentence(HfCompareTable *self);
