/* Einsum: sums of products over axes that have letters, in numpy's notation: "bij,bjk->bik", an ellipsis for
 * axes that broadcast, a letter twice in one operand for a diagonal; without an arrow the answer has the
 * letters that stand once, in alphabetical order.
 *
 *     dx_k is a sum of products too: of dy and the other operands, over the letters that x_k does not have */
#include "engine/ops/contraction.h"
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

#define WILD TENSOR_MAX_RANK /* axes of ellipses have the letters 0...WILD-1, right-aligned */

/* The axes of one operand or of the answer: an index of a letter each. */
typedef struct {
  int rank;
  int letter[TENSOR_MAX_RANK];
} Term;

typedef struct {
  int n_letters;
  char letter[CONTRACTION_LETTERS]; /* 'a'..., or a number below WILD */
  int64_t dim[CONTRACTION_LETTERS];
  Term operand[CONTRACTION_OPERANDS], y;
} Equation;

/* The letter's index, added when it is new; -1: too many. */
static int letter_of(Equation *equation, char letter) {
  for (int i = 0; i < equation->n_letters; i++)
    if (equation->letter[i] == letter)
      return i;
  if (equation->n_letters == CONTRACTION_LETTERS)
    return -1;
  equation->letter[equation->n_letters] = letter;
  equation->dim[equation->n_letters] = 1;
  return equation->n_letters++;
}

/* One term of the equation; an ellipsis stands for `wild` axes.  *text is left behind it. */
static bool read_term(Equation *equation, const char **text, int wild, Term *term, GError **error) {
  const char *p = *text;
  bool dots = false;
  term->rank = 0;
  for (; *p && *p != ',' && strncmp(p, "->", 2) != 0; p++) {
    bool ellipsis = strncmp(p, "...", 3) == 0;
    if (*p == ' ')
      continue;
    if (!g_ascii_isalpha(*p) && (!ellipsis || dots))
      return input_error(error, "its equation cannot be read from '%s' on", p);
    for (int i = 0; i < (ellipsis ? wild : 1); i++) {
      int letter = letter_of(equation, ellipsis ? (char)(WILD - wild + i) : *p);
      if (letter < 0 || term->rank == TENSOR_MAX_RANK)
        return input_error(error, "its equation has too many letters");
      term->letter[term->rank++] = letter;
    }
    dots = dots || ellipsis;
    p += ellipsis ? 2 : 0;
  }
  *text = p;
  return true;
}

/* The axes that the ellipsis of a term stands for in an operand of this rank; 0 without one. */
static int wild_axes(const char *text, int rank) {
  bool dots = false;
  for (; *text && *text != ',' && strncmp(text, "->", 2) != 0; text++) {
    rank -= g_ascii_isalpha(*text);
    dots = dots || *text == '.';
  }
  return dots ? CLAMP(rank, 0, WILD) : 0;
}

static bool read_operand(Equation *equation, const char **text, const Shape *shape, Term *term,
                         GError **error) {
  if (!read_term(equation, text, wild_axes(*text, shape->rank), term, error))
    return false;
  if (term->rank != shape->rank)
    return input_error(error, "its equation names %d axes of an input that has %d", term->rank, shape->rank);
  for (int i = 0; i < shape->rank; i++) {
    int64_t *dim = &equation->dim[term->letter[i]];
    if (*dim != shape->dim[i] && *dim != 1 && shape->dim[i] != 1)
      return input_error(error,
                         "its equation gives one letter to axes of the sizes %" G_GINT64_FORMAT
                         " and %" G_GINT64_FORMAT,
                         *dim, shape->dim[i]);
    *dim = *dim == 1 ? shape->dim[i] : *dim;
  }
  return true;
}

static int compare_letters(const Equation *equation, int a, int b) {
  return equation->letter[a] - equation->letter[b];
}

/* Without an arrow: the axes of the ellipsis, then the letters that stand once. */
static bool imply_answer(Equation *equation, int n_operands, GError **error) {
  int times[CONTRACTION_LETTERS] = {0};
  Term *y = &equation->y;
  for (int k = 0; k < n_operands; k++)
    for (int i = 0; i < equation->operand[k].rank; i++)
      times[equation->operand[k].letter[i]]++;
  for (int i = 0; i < equation->n_letters; i++) {
    if (times[i] != 1 && equation->letter[i] >= WILD)
      continue;
    if (y->rank == TENSOR_MAX_RANK)
      return input_error(error, "its answer would have more than %d axes", TENSOR_MAX_RANK);
    int at = y->rank++;
    for (; at > 0 && compare_letters(equation, y->letter[at - 1], i) > 0; at--)
      y->letter[at] = y->letter[at - 1];
    y->letter[at] = i;
  }
  return true;
}

/* The term behind the arrow: letters that were named before, each once. */
static bool read_answer(Equation *equation, const char *text, GError **error) {
  int known = equation->n_letters, wild = 0;
  for (int i = 0; i < known; i++)
    wild += equation->letter[i] < WILD;
  if (!read_term(equation, &text, wild, &equation->y, error))
    return false;
  bool seen[CONTRACTION_LETTERS] = {false};
  for (int i = 0; i < equation->y.rank; i++) {
    int letter = equation->y.letter[i];
    if (letter >= known || seen[letter])
      return input_error(error, "its equation's answer has a letter twice or one that no input has");
    seen[letter] = true;
  }
  return *text == '\0' || input_error(error, "its equation goes on behind the answer: '%s'", text);
}

static bool read_equation(const Node *node, int n_inputs, const Tensor *const *x, Equation *equation,
                          GError **error) {
  const char *text = node_text(node, "equation", "");
  *equation = (Equation){0};
  if (n_inputs > CONTRACTION_OPERANDS)
    return input_error(error, "it has %d inputs; at most %d are supported", n_inputs, CONTRACTION_OPERANDS);
  for (int k = 0; k < n_inputs; k++) {
    if (k > 0 && *text++ != ',')
      return input_error(error, "its equation has fewer terms than it has inputs");
    if (!x[k])
      return input_error(error, "input %d is missing", k + 1);
    if (!read_operand(equation, &text, &x[k]->shape, &equation->operand[k], error))
      return false;
  }
  if (*text == ',')
    return input_error(error, "its equation has more terms than it has inputs");
  return *text ? read_answer(equation, text + 2, error) : imply_answer(equation, n_inputs, error);
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Equation equation;
  Shape shape = {0};
  if (!check_one_output(n_outputs, error) || !read_equation(node, n_inputs, x, &equation, error))
    return false;
  for (int k = 0; k < n_inputs; k++)
    if (x[k]->type != x[0]->type || x[k]->type == TENSOR_BOOL)
      return input_error(error, "its inputs must all be float32 or all int64");
  for (int i = 0; i < equation.y.rank; i++)
    shape.dim[shape.rank++] = equation.dim[equation.y.letter[i]];
  double work = 1;
  for (int i = 0; i < equation.n_letters; i++)
    work *= (double)equation.dim[i];
  if (work > 0x1p40)
    return input_error(error, "its sums have %g products, which is too many", work);
  return output_set(y[0], x[0]->type, &shape, error);
}

/* All operands but the one whose gradient is wanted. */
static unsigned keeps(const Node *node, unsigned wanted) {
  unsigned keep = 0;
  for (int k = 0; k < CONTRACTION_OPERANDS; k++)
    keep |= wanted & ~(1u << k) ? KEEP_INPUT(k) : 0;
  return keep;
}

/* Steps of a row-major tensor of this shape along the letters. */
static void steps_of(const Equation *equation, const Term *term, const Shape *shape, int64_t *step) {
  int64_t stride = 1;
  memset(step, 0, sizeof *step * CONTRACTION_LETTERS);
  for (int i = term->rank - 1; i >= 0; i--) {
    step[term->letter[i]] += shape->dim[i] == 1 ? 0 : stride;
    stride *= shape->dim[i];
  }
}

/* target -1: y; else dx of this operand. */
static void run(const OpCall *call, int target, Tensor *result) {
  Equation equation;
  read_equation(call->node, call->n_inputs, call->x, &equation, NULL);
  Contraction c = {.n_letters = equation.n_letters, .y = result};
  memcpy(c.dim, equation.dim, sizeof c.dim);
  steps_of(&equation, target < 0 ? &equation.y : &equation.operand[target], &result->shape, c.y_step);
  for (int k = target < 0 ? 0 : -1; k < call->n_inputs; k++) {
    const Tensor *x = k < 0 ? call->dy[0] : call->x[k];
    if (target >= 0 && k == target)
      continue;
    steps_of(&equation, k < 0 ? &equation.y : &equation.operand[k], &x->shape, c.step[c.n_operands]);
    c.operand[c.n_operands++] = x;
  }
  contraction_run(call, &c);
}

static void forward(const OpCall *call) {
  run(call, -1, call->y[0]);
}

static void backward(const OpCall *call) {
  for (int k = 0; k < call->n_inputs; k++)
    if (call->dx[k])
      run(call, k, call->dx[k]);
}

const Op op_einsum = {.name = "Einsum",
                      .min_inputs = 1,
                      .max_inputs = CONTRACTION_OPERANDS,
                      .infer = infer,
                      .keeps = keeps,
                      .forward = forward,
                      .backward = backward};
