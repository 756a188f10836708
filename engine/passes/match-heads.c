#include "engine/passes/match-heads.h"

#include <string.h>

static bool is_float(const Trial *trial) {
  return trial && trial->type == TENSOR_FLOAT32;
}

bool heads_of(Match *match, ValueId value, Heads *heads) {
  const Trial *trial = match_trial(match, value, 0);
  if (!is_float(trial) || trial->shape.rank < 3 || trial->shape.rank > HEADS_RANK)
    return false;
  *heads = (Heads){value, trial->shape.rank, {0, 1, 2, 3}};
  return true;
}

/* The letters of "abcd,efgh->ijkl". */
typedef struct {
  char terms[3][HEADS_RANK]; /* both operands, the result */
} Equation;

/* The place of a letter in a term; -1: it is not there. */
static int place_of(const char term[HEADS_RANK], char letter) {
  const char *found = memchr(term, letter, HEADS_RANK);
  return found ? (int)(found - term) : -1;
}

static bool read_equation(const GraphNode *einsum, Equation *equation) {
  static const char form[] = "aaaa,aaaa->aaaa";
  const char *text = node_text(&einsum->node, "equation", "");
  int n = 0;
  for (; *text; text++) {
    if (*text == ' ')
      continue;
    bool letter = form[n] == 'a' && g_ascii_isalpha(*text);
    if (!form[n] || (!letter && *text != form[n]) || (form[n] == 'a' && !letter))
      return false;
    if (letter) {
      int term = n < 5 ? 0 : n < 11 ? 1 : 2, place = n - (const int[]){0, 5, 11}[term];
      if (memchr(equation->terms[term], *text, (size_t)place))
        return false;
      equation->terms[term][place] = *text;
    }
    n++;
  }
  return !form[n] && einsum->n_inputs == 2;
}

/* The operand with its axes in the order of the letters; false: it has others. */
static bool arrange(Match *match, ValueId value, const char term[HEADS_RANK], const char letters[HEADS_RANK],
                    Heads *heads) {
  if (!heads_of(match, value, heads) || heads->rank != HEADS_RANK)
    return false;
  for (int i = 0; i < HEADS_RANK; i++)
    if ((heads->perm[i] = place_of(term, letters[i])) < 0)
      return false;
  return true;
}

/* The letter of a term that the other term has not; 0: none. */
static char own_letter(const char term[HEADS_RANK], const char other[HEADS_RANK]) {
  for (int i = 0; i < HEADS_RANK; i++)
    if (place_of(other, term[i]) < 0)
      return term[i];
  return 0;
}

bool heads_of_scores(Match *match, const GraphNode *einsum, Heads *q, Heads *k) {
  Equation equation;
  if (!read_equation(einsum, &equation))
    return false;
  const char *y = equation.terms[2];
  for (int side = 0; side < 2; side++) {
    const char *a = equation.terms[side], *b = equation.terms[1 - side], d = own_letter(a, y);
    const char queries[] = {y[0], y[1], y[2], d}, keys[] = {y[0], y[1], y[3], d};
    if (arrange(match, einsum->inputs[side], a, queries, q) &&
        arrange(match, einsum->inputs[1 - side], b, keys, k))
      return true;
  }
  return false;
}

bool heads_of_answers(Match *match, const GraphNode *einsum, Heads *v, int64_t perm[HEADS_RANK]) {
  Equation equation;
  if (!read_equation(einsum, &equation))
    return false;
  const char *p = equation.terms[0], e = own_letter(equation.terms[1], p);
  const char values[] = {p[0], p[1], p[3], e}, answers[] = {p[0], p[1], p[2], e};
  for (int i = 0; i < HEADS_RANK; i++)
    if ((perm[i] = place_of(answers, equation.terms[2][i])) < 0)
      return false;
  return arrange(match, einsum->inputs[1], equation.terms[1], values, v);
}

void heads_swap(Heads *heads) {
  int last = heads->rank - 1, axis = heads->perm[last];
  heads->perm[last] = heads->perm[last - 1];
  heads->perm[last - 1] = axis;
}

/* The permutation of a Transpose; false: it is none of this rank. */
static bool read_perm(const GraphNode *node, int rank, int perm[HEADS_RANK]) {
  int n;
  const int64_t *axes = node_ints(&node->node, "perm", &n);
  for (int i = 0; i < rank && (n == 0 || n == rank); i++) {
    int64_t axis = n == 0 ? rank - 1 - i : axes[i];
    if (axis < -rank || axis >= rank)
      return false;
    perm[i] = (int)(axis < 0 ? axis + rank : axis);
  }
  return n == 0 || n == rank;
}

void heads_peel(Match *match, Heads *heads) {
  int perm[HEADS_RANK];
  int start = match->n_nodes;
  const GraphNode *node = match_node(match, heads->base, "Transpose");
  match->n_nodes = start; /* it may have other readers */
  if (!node || !read_perm(node, heads->rank, perm))
    return;
  for (int i = 0; i < heads->rank; i++)
    heads->perm[i] = perm[heads->perm[i]];
  heads->base = node->inputs[0];
}

void heads_scale(Match *match, Heads *heads, double *scale) {
  static const char *const ops[] = {"Mul", "Div"};
  for (int i = 0; i < 2; i++) {
    int start = match->n_nodes;
    ValueId other;
    float number;
    const GraphNode *node = match_node(match, heads->base, ops[i]);
    bool scaled = node && match_with_number(match, node, &other, &number) &&
                  (i == 0 || (number != 0 && match_same(match, other, node->inputs[0]))) &&
                  match_same_shape(match, other, node->outputs[0]) &&
                  match_sole_reader(match, node->outputs[0]);
    match->n_nodes = start;
    if (!scaled)
      continue;
    *scale = i == 0 ? *scale * number : *scale / number;
    heads->base = other;
    return;
  }
}

static const Shape *shape_in(const Match *match, ValueId value, int trial) {
  const Trial *found = match_trial(match, value, trial);
  return found ? &found->shape : NULL;
}

/* Whether `wide` is `narrow` with an axis of `size` put in at `axis`. */
static bool has_axis_more(const Shape *narrow, const Shape *wide, int axis, int64_t size) {
  if (!narrow || !wide || wide->rank != narrow->rank + 1 || wide->dim[axis] != size)
    return false;
  for (int i = 0; i < narrow->rank; i++)
    if (narrow->dim[i] != wide->dim[i < axis ? i : i + 1])
      return false;
  return true;
}

/* The value that a node repeats along one axis; VALUE_NONE: it does not. */
static ValueId repeated_by(Match *match, ValueId value) {
  GraphNode *node = match_node(match, value, "Expand");
  if (node || (node = match_node(match, value, "Tile")) != NULL)
    return node->inputs[0];
  node = match_node(match, value, "Concat");
  for (int i = 1; node && i < node->n_inputs; i++)
    if (!match_same(match, node->inputs[i], node->inputs[0]))
      return VALUE_NONE;
  return node ? node->inputs[0] : VALUE_NONE;
}

/* Shapes say what the three nodes do: axis `axis` + 1 is put in, repeated, and merged into `axis`. */
static bool repeats(const Match *match, ValueId narrow, ValueId unsqueezed, ValueId expanded, ValueId merged,
                    int axis, int64_t *times) {
  for (int t = 0; t < match->n_trials; t++) {
    const Shape *a = shape_in(match, narrow, t), *b = shape_in(match, unsqueezed, t);
    const Shape *c = shape_in(match, expanded, t), *d = shape_in(match, merged, t);
    if (!a || !c || !d || a->rank != HEADS_RANK || c->rank != HEADS_RANK + 1 || d->rank != HEADS_RANK)
      return false;
    int64_t n = c->dim[axis + 1];
    if ((t > 0 && n != *times) || n < 1 || !has_axis_more(a, b, axis + 1, 1) ||
        !has_axis_more(a, c, axis + 1, n))
      return false;
    for (int i = 0; i < HEADS_RANK; i++)
      if (d->dim[i] != a->dim[i] * (i == axis ? n : 1))
        return false;
    *times = n;
  }
  return true;
}

bool heads_repeated(Match *match, Heads *heads, int64_t *times) {
  static const char *const first[] = {"Unsqueeze", "Reshape"};
  int start = match->n_nodes;
  bool found = false;
  const GraphNode *merge = heads->rank == HEADS_RANK ? match_node(match, heads->base, "Reshape") : NULL;
  ValueId unsqueezed = merge ? repeated_by(match, merge->inputs[0]) : VALUE_NONE;
  for (int i = 0; i < 2 && !found && unsqueezed != VALUE_NONE; i++) {
    const GraphNode *node = match_node(match, unsqueezed, first[i]);
    found = node &&
            repeats(match, node->inputs[0], unsqueezed, merge->inputs[0], heads->base, heads->perm[1], times);
    if (found)
      heads->base = node->inputs[0];
  }
  match->n_nodes = start; /* they may have other readers */
  return found;
}

Shape heads_shape(const Match *match, const Heads *heads, int i) {
  const Shape *base = shape_in(match, heads->base, i);
  Shape shape = {.rank = heads->rank};
  for (int k = 0; base && k < heads->rank; k++)
    shape.dim[k] = base->dim[heads->perm[k]];
  return shape;
}

ValueId heads_value(Match *match, const GraphNode *root, const Heads *heads) {
  int64_t perm[HEADS_RANK];
  bool plain = true;
  for (int i = 0; i < heads->rank; i++) {
    perm[i] = heads->perm[i];
    plain &= perm[i] == i;
  }
  if (plain)
    return heads->base;
  ValueId value = match_insert(match, root, "Transpose", 1, &heads->base);
  if (value != VALUE_NONE)
    node_set_ints(match_inserted(match, value), "perm", heads->rank, perm);
  return value;
}

#define MOST_MERGES 16 /* on the way back to where the batch is alone */

/* The batch of trial i; 0: not known. */
static int64_t batch_in(const Match *match, int trial) {
  const Shape *input = shape_in(match, g_array_index(match->graph->inputs, ValueId, 0), trial);
  return input && input->rank > 0 ? input->dim[0] : 0;
}

/* Whether axis `axis` of the value is the batch, `times` over, in all trials. */
static bool is_batch(const Match *match, ValueId value, int axis, int64_t times) {
  for (int t = 0; t < match->n_trials; t++) {
    const Shape *shape = shape_in(match, value, t);
    if (!shape || axis >= shape->rank || shape->dim[axis] != times * batch_in(match, t))
      return false;
  }
  return true;
}

/* The axis of `from` whose elements are the outermost of those in the axis of `to`, its reshaped form: as
 * many elements stand in front of both, in all trials.  -1: none. */
static int outermost(const Match *match, ValueId from, ValueId to, int axis) {
  int found = -1;
  for (int t = 0; t < match->n_trials; t++) {
    const Shape *a = shape_in(match, from, t), *b = shape_in(match, to, t);
    int64_t wanted = 1, before = 1;
    int k = 0;
    for (int i = 0; a && b && i < axis; i++)
      wanted *= b->dim[i];
    for (; a && b && k < a->rank && (before != wanted || a->dim[k] == 1); k++)
      before *= a->dim[k];
    if (!a || !b || k == a->rank || before != wanted || (t > 0 && k != found))
      return -1;
    found = k;
  }
  return found;
}

/* One node back; false: it does something else than to move axes. */
static bool step_back(Match *match, ValueId *value, int *axis) {
  static const char *const merging[] = {"Reshape", "Squeeze", "Unsqueeze", "Flatten"};
  const GraphNode *node = match_node(match, *value, "Transpose");
  const Shape *shape = shape_in(match, *value, 0);
  int perm[HEADS_RANK];
  if (node && shape->rank <= HEADS_RANK && read_perm(node, shape->rank, perm)) {
    *axis = perm[*axis];
    *value = node->inputs[0];
    return true;
  }
  for (guint i = 0; i < G_N_ELEMENTS(merging); i++)
    if ((node = match_node(match, *value, merging[i])) != NULL) {
      *axis = outermost(match, node->inputs[0], match_through(match, *value), *axis);
      *value = node->inputs[0];
      return *axis >= 0;
    }
  return false;
}

int64_t heads_in_batch(Match *match, const Heads *heads) {
  const Value *input = graph_value(match->graph, g_array_index(match->graph->inputs, ValueId, 0));
  int64_t batch = batch_in(match, 0), size = heads_shape(match, heads, 0).dim[0];
  int64_t times = batch > 0 && size % batch == 0 ? size / batch : 0;
  if (heads->rank != 3 || times < 1 || !is_batch(match, heads->base, heads->perm[0], times))
    return 0;
  if (input->shape.dim[0] == 1 || match->n_trials == 1) /* one sample: all are its heads */
    return times;
  ValueId value = heads->base;
  int start = match->n_nodes, axis = heads->perm[0], steps = 0;
  while (input->shape.dim[0] < 0 && steps < MOST_MERGES && !is_batch(match, value, axis, 1) &&
         step_back(match, &value, &axis))
    steps++;
  match->n_nodes = start; /* they may have other readers */
  return is_batch(match, value, axis, 1) && input->shape.dim[0] < 0 ? times : 0;
}
