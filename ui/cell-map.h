/* The map of the 72 cells: hover or move with the arrow keys to read a cell, click or press Return to choose
 * it.
 *
 *   "cell-pointed" (int cell)  -1: none any more
 *   "cell-chosen" (int cell)
 * Main thread. */
#pragma once

#include "ui/draw/cell-map.h"
#include <gtk/gtk.h>

#define HF_TYPE_CELL_MAP (hf_cell_map_get_type())
G_DECLARE_FINAL_TYPE(HfCellMap, hf_cell_map, HF, CELL_MAP, GtkWidget)

GtkWidget *hf_cell_map_new(void);
/* By cell_index(); NULL: not judged.  Read during the call only. */
void hf_cell_map_set_verdicts(HfCellMap *self, const Verdict *const *verdicts);
void hf_cell_map_set_here(HfCellMap *self, int cell);
/* N_CELLS numbers each, copied. */
void hf_cell_map_set_methods(HfCellMap *self, const int *methods);
void hf_cell_map_set_runs(HfCellMap *self, const int *runs);
int hf_cell_map_runs(HfCellMap *self, int cell);
/* The cell that is pointed at, -1: none. */
int hf_cell_map_pointed(HfCellMap *self);
