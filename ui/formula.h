/* Shows a formula; its accessible label is the formula in words.  Main thread. */
#pragma once

#include "ui/draw/formula.h"
#include <gtk/gtk.h>

#define HF_TYPE_FORMULA (hf_formula_get_type())
G_DECLARE_FINAL_TYPE(HfFormula, hf_formula, HF, FORMULA, GtkWidget)

GtkWidget *hf_formula_new(void);
/* Keeps a reference. (element-type FormulaPiece) */
void hf_formula_set_pieces(HfFormula *self, GArray *pieces, const char *words);
