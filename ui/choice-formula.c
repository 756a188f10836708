#include "ui/choice-formula.h"

#include <string.h>

#define MOST_PIECES 6
#define PLAIN(text)                                                                                          \
  { text, FORMULA_PLAIN, true, false }
#define LETTER(text)                                                                                         \
  { text, FORMULA_PLAIN, false, false }
#define BELOW(text, part)                                                                                    \
  { text, part, false, true }
#define PATTERN(text)                                                                                        \
  { text, FORMULA_PATTERN, false, false }
#define ANSWER(text)                                                                                         \
  { text, FORMULA_ANSWER, false, false }
#define SIGNAL                                                                                               \
  { "", FORMULA_PLAIN, true, true } /* stands for what the pattern meets: x, emb(x), h_k */
#define NO_PIECE                                                                                             \
  { NULL }

typedef FormulaPiece Pieces[MOST_PIECES];

/* f up to the brackets, and the signal in them. */
static const struct {
  Pieces network, signal;
} locations[] = {
    [LOCATION_INPUT] = {{LETTER("f")}, {LETTER("x")}},
    [LOCATION_EMBEDDING] = {{LETTER("f"), BELOW("L…1", FORMULA_PLAIN)},
                            {PLAIN("emb("), LETTER("x"), PLAIN(")")}},
    [LOCATION_HIDDEN] = {{LETTER("f"), BELOW("L…k+1", FORMULA_PLAIN)},
                         {LETTER("h"), BELOW("k", FORMULA_PLAIN)}},
};

/* How methods that are more special than their operator say it; the setting, where one is named, has this
 * value. */
static const struct {
  const char *method, *setting, *value;
  Pieces pieces;
} methods[] = {
    {"border",
     "form",
     "sigmoid",
     {PLAIN("pad("), SIGNAL, PLAIN(") + "), PATTERN("σ(W)"), PLAIN("⊙"), LETTER("M")}},
    {"border",
     "form",
     "tanh",
     {PLAIN("pad("), SIGNAL, PLAIN(") + "), PATTERN("½(1+tanh W)"), PLAIN("⊙"), LETTER("M")}},
    {"overlay", "frame", "0", {SIGNAL, PLAIN(" + "), PATTERN("W")}},
    {"overlay", NULL, NULL, {SIGNAL, PLAIN(" + "), PATTERN("W"), PLAIN("⊙"), LETTER("M")}},
};

static const Pieces operators[] = {
    [OPERATOR_ADDITIVE] = {SIGNAL, PLAIN(" + "), PATTERN("δ")},
    [OPERATOR_CONCATENATIVE] = {PLAIN("["), PATTERN("δ"), PLAIN(" ; "), SIGNAL, PLAIN("]")},
    [OPERATOR_PARAMETRIC] = {PATTERN("g"), BELOW("δ", FORMULA_PATTERN), PLAIN("("), SIGNAL, PLAIN(")")},
};

static const struct {
  Pieces before, after;
} families[] = {
    [FAMILY_IDENTITY] = {{NO_PIECE}, {NO_PIECE}},
    [FAMILY_STRUCTURAL] = {{ANSWER("R"), PLAIN("(")}, {PLAIN(")")}},
    [FAMILY_STATISTICAL] = {{ANSWER("O"), BELOW("ω", FORMULA_ANSWER), PLAIN("(")}, {PLAIN(")")}},
    [FAMILY_LINEAR] = {{NO_PIECE}, {PLAIN(" · "), ANSWER("ω"), PLAIN(" + "), ANSWER("b")}},
};

static void add(GArray *to, const FormulaPiece *pieces, const FormulaPiece *signal) {
  for (int i = 0; i < MOST_PIECES && pieces[i].text; i++) {
    if (*pieces[i].text)
      g_array_append_val(to, pieces[i]);
    else if (signal)
      add(to, signal, NULL);
  }
}

static const FormulaPiece *manipulation_pieces(const ManipulationSpec *spec) {
  for (size_t i = 0; spec->kind && i < G_N_ELEMENTS(methods); i++)
    if (strcmp(methods[i].method, spec->kind->name) == 0 &&
        (!methods[i].setting || settings_is(spec->settings, methods[i].setting, methods[i].value)))
      return methods[i].pieces;
  return operators[spec->op];
}

GArray *choice_formula(const RunSpec *spec) {
  static const Pieces opening = {LETTER("ŷ"), PLAIN(" = ")}, bracket = {PLAIN("( ")}, closing = {PLAIN(" )")};
  const ManipulationSpec *manipulation = g_ptr_array_index(spec->manipulations, 0);
  GArray *pieces = g_array_new(FALSE, FALSE, sizeof(FormulaPiece));
  add(pieces, opening, NULL);
  add(pieces, families[spec->alignment->family].before, NULL);
  add(pieces, locations[manipulation->location].network, NULL);
  add(pieces, bracket, NULL);
  add(pieces, manipulation_pieces(manipulation), locations[manipulation->location].signal);
  add(pieces, closing, NULL);
  add(pieces, families[spec->alignment->family].after, NULL);
  return pieces;
}

char *formula_words(const FormulaPiece *pieces, int n) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < n; i++)
    g_string_append_printf(text, "%s%s", pieces[i].below ? "_" : "", pieces[i].text);
  return g_string_free(text, FALSE);
}
