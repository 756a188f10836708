/* Products and polynomials of one value, in whatever order and grouping they are spelled. */
#include "engine/passes/match.h"

#include <math.h>
#include <string.h>

#define MOST_DEPTH  4 /* of products in products */
#define MOST_VALUES 16

/* All values that root's product is made of, those in between too. */
static void collect(Match *match, ValueId value, int depth, ValueId values[MOST_VALUES], int *n) {
  static const char *const products[] = {"Mul", "Div"};
  float number;
  if (*n < MOST_VALUES && !match_number(match, value, &number))
    values[(*n)++] = value;
  int start = match->n_nodes;
  for (int i = 0; i < 2 && depth < MOST_DEPTH; i++) {
    GraphNode *node = match_node(match, value, products[i]);
    for (int k = 0; node && k < 2; k++)
      collect(match, node->inputs[k], depth + 1, values, n);
  }
  match->n_nodes = start;
}

static bool read_factor(Match *match, ValueId value, Gated *gated, int *n_x, int depth);

static bool read_product(Match *match, const GraphNode *node, Gated *gated, int *n_x, int depth) {
  float number;
  if (strcmp(node->node.op->name, "Mul") == 0)
    return read_factor(match, node->inputs[0], gated, n_x, depth + 1) &&
           read_factor(match, node->inputs[1], gated, n_x, depth + 1);
  if (!match_number(match, node->inputs[1], &number) || number == 0)
    return false;
  gated->factor /= number;
  return read_factor(match, node->inputs[0], gated, n_x, depth + 1);
}

static bool read_factor(Match *match, ValueId value, Gated *gated, int *n_x, int depth) {
  float number;
  if (match_same(match, value, gated->x))
    return ++*n_x == 1;
  if (match_number(match, value, &number)) {
    gated->factor *= number;
    return true;
  }
  GraphNode *node = depth < MOST_DEPTH ? match_node(match, value, "Mul") : NULL;
  node = node || depth == MOST_DEPTH ? node : match_node(match, value, "Div");
  if (node)
    return read_product(match, node, gated, n_x, depth);
  if (gated->gate != VALUE_NONE)
    return false;
  gated->gate = value;
  return true;
}

bool match_gated(Match *match, const GraphNode *root,
                 bool (*fits)(Match *match, const Gated *gated, void *data), void *data) {
  ValueId values[MOST_VALUES];
  int n = 0;
  const char *op = root->node.op->name;
  if (strcmp(op, "Mul") != 0 && strcmp(op, "Div") != 0)
    return false;
  for (int i = 0; i < 2; i++)
    collect(match, root->inputs[i], 1, values, &n);
  for (int i = 0; i < n; i++) {
    Gated gated = {match_through(match, values[i]), VALUE_NONE, 1};
    int n_x = 0;
    match_start(match);
    if (read_product(match, root, &gated, &n_x, 0) && n_x == 1 && gated.gate != VALUE_NONE &&
        fits(match, &gated, data) && match_owns(match, root) &&
        match_same_shape(match, gated.x, root->outputs[0]))
      return true;
  }
  return false;
}

static bool multiply(const double a[POLYNOMIAL], const double b[POLYNOMIAL], double c[POLYNOMIAL]) {
  double product[2 * POLYNOMIAL - 1] = {0};
  for (int i = 0; i < POLYNOMIAL; i++)
    for (int k = 0; k < POLYNOMIAL; k++)
      product[i + k] += a[i] * b[k];
  memcpy(c, product, sizeof(double) * POLYNOMIAL);
  for (int i = POLYNOMIAL; i < 2 * POLYNOMIAL - 1; i++)
    if (product[i] != 0)
      return false;
  return true;
}

static bool power(const double a[POLYNOMIAL], double exponent, double c[POLYNOMIAL]) {
  if (exponent != 1 && exponent != 2 && exponent != 3)
    return false;
  memcpy(c, a, sizeof(double) * POLYNOMIAL);
  for (int i = 1; i < exponent; i++)
    if (!multiply(c, a, c))
      return false;
  return true;
}

static bool combine(const char *op, const double a[POLYNOMIAL], const double b[POLYNOMIAL],
                    double c[POLYNOMIAL]) {
  bool number = b[1] == 0 && b[2] == 0 && b[3] == 0;
  if (strcmp(op, "Mul") == 0)
    return multiply(a, b, c);
  if (strcmp(op, "Pow") == 0)
    return number && power(a, b[0], c);
  if (strcmp(op, "Div") == 0)
    return number && b[0] != 0 && multiply(a, (const double[POLYNOMIAL]){1 / b[0]}, c);
  double sign = strcmp(op, "Sub") == 0 ? -1 : 1;
  for (int i = 0; i < POLYNOMIAL; i++)
    c[i] = a[i] + sign * b[i];
  return true;
}

/* `left` nodes may still be looked at: shared parts are read as often as they are used. */
static bool read_polynomial(Match *match, ValueId value, ValueId x, double c[POLYNOMIAL], int *left) {
  static const char *const ops[] = {"Mul", "Add", "Sub", "Div", "Pow"};
  float number;
  memset(c, 0, sizeof(double) * POLYNOMIAL);
  if (match_same(match, value, x)) {
    c[1] = 1;
    return true;
  }
  if (match_number(match, value, &number)) {
    c[0] = number;
    return true;
  }
  for (size_t i = 0; i < G_N_ELEMENTS(ops) && --*left > 0; i++) {
    double a[POLYNOMIAL], b[POLYNOMIAL];
    GraphNode *node = match_node(match, value, ops[i]);
    if (node)
      return read_polynomial(match, node->inputs[0], x, a, left) &&
             read_polynomial(match, node->inputs[1], x, b, left) && combine(ops[i], a, b, c);
  }
  return false;
}

bool match_polynomial(Match *match, ValueId value, ValueId x, double c[POLYNOMIAL]) {
  int left = 100;
  return read_polynomial(match, value, x, c, &left);
}
