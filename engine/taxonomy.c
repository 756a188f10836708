/* The four axes and their 72 cells. */
#include "engine/taxonomy.h"

#include <string.h>

static const AxisValue formats[] = {
    [FORMAT_FIXED] = {"fixed", "Fixed", "δ = δ_0", "The pattern is given and stays as it is."},
    [FORMAT_LEARNABLE] = {"learnable", "Learnable", "δ* = argmin_δ E[L(O(f(I(x))), y)]",
                          "The optimiser changes the pattern's numbers; f stays frozen."},
};

static const AxisValue locations[] = {
    [LOCATION_INPUT] = {"input", "Input", "f(I(x))", "The pattern meets what f is given."},
    [LOCATION_EMBEDDING] = {"embedding", "Embedding", "f_L∘…∘f_1(I(emb(x)))",
                            "The pattern meets the embedded tokens or patches."},
    [LOCATION_HIDDEN] = {"hidden", "Hidden", "f_L∘…∘f_{k+1}(I(h_k))",
                         "The pattern meets a hidden tensor inside f."},
};

static const AxisValue operators[] = {
    [OPERATOR_ADDITIVE] = {"additive", "Additive", "I(z) = z + δ",
                           "The pattern is added to elements that the signal has."},
    [OPERATOR_CONCATENATIVE] =
        {"concatenative", "Concatenative", "I(z) = [δ ; z]",
         "The pattern stands beside the signal; every element of the signal stays untouched."},
    [OPERATOR_PARAMETRIC] = {"parametric", "Parametric", "I(z) = g_δ(z)",
                             "The signal itself goes through a map."},
};

static const AxisValue families[] = {
    [FAMILY_IDENTITY] = {"identity", "Identity", "O(z) = z", "f's classes are the task's classes."},
    [FAMILY_STRUCTURAL] = {"structural", "Structural (rule-based)",
                           "O(z)_t = mean of z_s, s by the rule for t",
                           "A rule says which of f's classes stand for a class of the task."},
    [FAMILY_STATISTICAL] = {"statistical", "Statistical", "O(z) = z·ω, ω from the counts N[s,t]",
                            "f's answers to the training part are counted against its labels; no gradient."},
    [FAMILY_LINEAR] = {"linear", "Linear", "O(z) = z·ω + b, ω and b learnt",
                       "The optimiser writes a matrix and a bias on f's logits."},
};

const Axis taxonomy_axes[N_AXES] = {
    [AXIS_FORMAT] = {"format", "Format", "λ", "May the optimiser touch the numbers?", N_FORMATS, formats},
    [AXIS_LOCATION] = {"location", "Location", "ℓ", "Where does the pattern enter f?", N_LOCATIONS,
                       locations},
    [AXIS_OPERATOR] = {"operator", "Operator", "τ", "How does it meet the signal?", N_OPERATORS, operators},
    [AXIS_ALIGNMENT] = {"alignment", "Alignment", "ω", "How do f's answers become the task's?", N_FAMILIES,
                        families},
};

Cell cell_at(int index) {
  Cell cell;
  for (int axis = N_AXES - 1; axis >= 0; axis--) {
    cell.value[axis] = index % taxonomy_axes[axis].n_values;
    index /= taxonomy_axes[axis].n_values;
  }
  return cell;
}

int cell_index(Cell cell) {
  int index = 0;
  for (int axis = 0; axis < N_AXES; axis++)
    index = index * taxonomy_axes[axis].n_values + cell.value[axis];
  return index;
}

char *cell_text(Cell cell) {
  GString *text = g_string_new(NULL);
  for (int axis = 0; axis < N_AXES; axis++)
    g_string_append_printf(text, "%s%s", axis ? "/" : "", taxonomy_axes[axis].values[cell.value[axis]].name);
  return g_string_free(text, FALSE);
}

int axis_value(AxisId axis, const char *name) {
  for (int i = 0; i < taxonomy_axes[axis].n_values; i++)
    if (strcmp(taxonomy_axes[axis].values[i].name, name) == 0)
      return i;
  return -1;
}
