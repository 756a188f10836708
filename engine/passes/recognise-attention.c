/* Scaled dot-product attention (Vaswani et al. 2017, arXiv 1706.03762, section 3.2) as exporters spell it:
 *
 *     y = softmax(mask(scale q k^T)) v
 *
 * The scale is a number on q, on k, on both or on the scores, multiplied or divided.  Up to two masks are
 * added, or put a number where a bool says so (Where).  Keys come transposed, alone or together with the axes
 * of the heads; keys and values of grouped queries are taken before they are repeated.  A mask that is -1e8
 * or less above the diagonal (Trilu of one number) becomes the attribute `causal`.
 *
 * Products may be written as Einsum, with any order of the axes.
 *
 * The axis of the softmax must be the last; all ranks are 4, or 3 with the heads in the batch.  Where the
 * graph tells which row is whose head, these get an axis of their own in front, and go back into the batch
 * behind. */
#include "engine/passes/match-heads.h"

#include <math.h>
#include <string.h>

#define LEAST_CAUSAL -1e8f
#define MOST_STEPS   8 /* between softmax and q k^T */

typedef struct {
  Heads q, k, v;
  double scale;
  bool causal;
  int n_masks;
  ValueId masks[2];          /* the last applied first */
  const GraphNode *hides[2]; /* bool masks that are true where a token may NOT look; NULL: not such */
  float fill;
  bool fills;
} Found;

static bool read_scores(Match *match, ValueId value, Found *found, int steps);

/* k^T: k with its last axes swapped, and the scale on the way. */
static bool read_product(Match *match, const GraphNode *product, Found *found) {
  if (!heads_of(match, product->inputs[0], &found->q) || !heads_of(match, product->inputs[1], &found->k))
    return false;
  heads_scale(match, &found->q, &found->scale);
  heads_scale(match, &found->k, &found->scale);
  heads_peel(match, &found->k);
  heads_swap(&found->k);
  heads_scale(match, &found->k, &found->scale);
  return true;
}

/* The same with the axes where the equation has them. */
static bool read_einsum(Match *match, const GraphNode *product, Found *found) {
  if (!heads_of_scores(match, product, &found->q, &found->k))
    return false;
  heads_scale(match, &found->q, &found->scale);
  heads_scale(match, &found->k, &found->scale);
  heads_peel(match, &found->k);
  heads_scale(match, &found->k, &found->scale);
  return true;
}

static bool add_mask(Found *found, ValueId mask) {
  if (found->n_masks == 2)
    return false;
  found->masks[found->n_masks++] = mask;
  return true;
}

/* Trilu(ConstantOfShape): a number far below zero above the diagonal. */
static bool is_causal(Match *match, ValueId mask) {
  int start = match->n_nodes;
  float diagonal;
  const GraphNode *trilu = match_node(match, mask, "Trilu");
  const GraphNode *fill = trilu ? match_node(match, trilu->inputs[0], "ConstantOfShape") : NULL;
  match->n_nodes = start;
  const Attribute *value = fill ? node_attribute(&fill->node, "value") : NULL;
  const Trial *trial = match_trial(match, mask, match->n_trials - 1);
  if (!value || value->type != ATTRIBUTE_TENSOR || value->tensor->type != TENSOR_FLOAT32 ||
      *tensor_floats(value->tensor) > LEAST_CAUSAL || node_int(&trilu->node, "upper", 1) == 0 || !trial)
    return false;
  const Shape *shape = &trial->shape;
  return shape->rank >= 2 && shape->dim[shape->rank - 1] == shape->dim[shape->rank - 2] &&
         shape_count(shape) == shape->dim[shape->rank - 1] * shape->dim[shape->rank - 1] &&
         trilu->n_inputs == 2 && match_number(match, trilu->inputs[1], &diagonal) && diagonal == 1;
}

static bool read_add(Match *match, const GraphNode *node, Found *found, int steps) {
  for (int side = 0; side < 2; side++) {
    Found kept = *found;
    int start = match->n_nodes;
    ValueId mask = node->inputs[1 - side];
    bool causal = is_causal(match, mask);
    if (causal)
      found->causal = true;
    if ((causal || add_mask(found, mask)) && read_scores(match, node->inputs[side], found, steps))
      return true;
    *found = kept;
    match->n_nodes = start;
  }
  return false;
}

/* Where(look, scores, number) or Where(hide, number, scores). */
static bool read_where(Match *match, const GraphNode *node, Found *found, int steps) {
  float number;
  for (int side = 1; side < 3; side++)
    if (match_number(match, node->inputs[3 - side], &number)) {
      if (found->fills && found->fill != number)
        return false;
      found->fills = true;
      found->fill = number;
      if (found->n_masks < 2)
        found->hides[found->n_masks] = side == 2 ? node : NULL;
      return add_mask(found, node->inputs[0]) && read_scores(match, node->inputs[side], found, steps);
    }
  return false;
}

/* A number on the scores: below all masks only. */
static bool read_scaled(Match *match, const GraphNode *node, bool divided, Found *found, int steps) {
  ValueId other;
  float number;
  if (!match_with_number(match, node, &other, &number) ||
      (divided && (number == 0 || !match_same(match, other, node->inputs[0]))))
    return false;
  int masks = found->n_masks;
  bool causal = found->causal;
  found->scale = divided ? found->scale / number : found->scale * number;
  return read_scores(match, other, found, steps) && found->n_masks == masks && found->causal == causal;
}

static bool read_scores(Match *match, ValueId value, Found *found, int steps) {
  GraphNode *node = match_node(match, value, "MatMul");
  if (node)
    return read_product(match, node, found);
  if ((node = match_node(match, value, "Einsum")) != NULL)
    return read_einsum(match, node, found);
  if (steps == 0)
    return false;
  if ((node = match_node(match, value, "Add")) != NULL)
    return read_add(match, node, found, steps - 1);
  if ((node = match_node(match, value, "Where")) != NULL)
    return read_where(match, node, found, steps - 1);
  if ((node = match_node(match, value, "Mul")) != NULL)
    return read_scaled(match, node, false, found, steps - 1);
  if ((node = match_node(match, value, "Div")) != NULL)
    return read_scaled(match, node, true, found, steps - 1);
  return false;
}

/* Shapes as the op wants them, in all trials; `softmax` has the scores' shape. */
static bool shapes_fit(const Match *match, const Found *found, ValueId softmax) {
  int rank = found->q.rank;
  if (found->k.rank != rank || found->v.rank != rank)
    return false;
  for (int t = 0; t < match->n_trials; t++) {
    Shape q = heads_shape(match, &found->q, t), k = heads_shape(match, &found->k, t);
    Shape v = heads_shape(match, &found->v, t), scores = q;
    scores.dim[rank - 1] = k.dim[rank - 2];
    bool heads = rank == 3 || (k.dim[1] == v.dim[1] && k.dim[1] > 0 && q.dim[1] % k.dim[1] == 0);
    if (q.dim[0] != k.dim[0] || q.dim[0] != v.dim[0] || q.dim[rank - 1] != k.dim[rank - 1] ||
        k.dim[rank - 2] != v.dim[rank - 2] || !heads ||
        !shape_equal(&scores, &match_trial(match, softmax, t)->shape))
      return false;
    /* Aligned at the end, the diagonal is the mask's own only where tokens and keys are as many. */
    if (found->causal && scores.dim[rank - 1] != scores.dim[rank - 2])
      return false;
  }
  return true;
}

/* Keys and values before they are repeated, both alike. */
static void ungroup(Match *match, Found *found) {
  Heads k = found->k, v = found->v;
  int64_t k_times = 0, v_times = 0;
  heads_peel(match, &k);
  heads_peel(match, &v);
  if (heads_repeated(match, &k, &k_times) && heads_repeated(match, &v, &v_times) && k_times == v_times) {
    found->k = k;
    found->v = v;
  }
}

static bool is_last_axis(const Match *match, const GraphNode *softmax) {
  const Trial *trial = match_trial(match, softmax->outputs[0], 0);
  int64_t axis = node_int(&softmax->node, "axis", -1);
  return trial && (axis == -1 || axis == trial->shape.rank - 1);
}

/* The masks in the order in which they are applied. */
static int mask_inputs(Match *match, const GraphNode *root, const Found *found, ValueId inputs[2]) {
  for (int i = 0; i < found->n_masks; i++) {
    int from = found->n_masks - 1 - i;
    inputs[i] =
        found->hides[from] ? match_insert(match, root, "Not", 1, &found->masks[from]) : found->masks[from];
  }
  return found->n_masks;
}

static ValueId ints(Match *match, const char *name, int n, const int64_t *numbers) {
  g_autoptr(Tensor) tensor = tensor_from_ints(&SHAPE(n), numbers);
  return graph_constant(match->graph, name, tensor);
}

/* The numbers, and behind them the sizes of x from axis `from` on: where a reshape leads. */
static ValueId sizes_behind(Match *match, const GraphNode *root, ValueId x, int from, int n,
                            const int64_t *numbers) {
  ValueId slice[] = {match_insert(match, root, "Shape", 1, &x), ints(match, "from", 1, (int64_t[]){from}),
                     ints(match, "to", 1, (int64_t[]){G_MAXINT64})};
  ValueId parts[] = {ints(match, "heads", n, numbers), match_insert(match, root, "Slice", 3, slice)};
  ValueId sizes = match_insert(match, root, "Concat", 2, parts);
  if (sizes != VALUE_NONE)
    node_set_int(match_inserted(match, sizes), "axis", 0);
  return sizes;
}

/* (batch heads, ...) as (batch, heads, ...). */
static ValueId split_heads(Match *match, const GraphNode *root, ValueId x, int64_t heads) {
  ValueId inputs[] = {x, sizes_behind(match, root, x, 1, 2, (int64_t[]){-1, heads})};
  return match_insert(match, root, "Reshape", 2, inputs);
}

static void set_attributes(Node *attention, const Found *found) {
  node_set_float(attention, "scale", (float)found->scale);
  if (found->causal)
    node_set_int(attention, "causal", 1);
  if (found->fills)
    node_set_float(attention, "fill", found->fill);
}

/* The attention with an axis for the heads, which are in the batch in front of it and behind it. */
static void replace_merged(Match *match, GraphNode *root, const Found *found, int64_t heads, int n,
                           ValueId *inputs) {
  for (int i = 0; i < 3; i++)
    inputs[i] = split_heads(match, root, inputs[i], heads);
  for (int i = 3; i < n; i++) { /* masks of several rows in the batch */
    const Trial *mask = match_trial(match, found->masks[n - 1 - i], 0);
    if (mask && mask->shape.rank == 3 && mask->shape.dim[0] != 1)
      inputs[i] = split_heads(match, root, inputs[i], heads);
  }
  ValueId answer = match_insert(match, root, "Attention", n, inputs);
  if (answer == VALUE_NONE)
    return;
  set_attributes(match_inserted(match, answer), found);
  ValueId merge[] = {answer, sizes_behind(match, root, answer, 2, 1, (int64_t[]){-1})};
  match_replace(match, root, "Reshape", 2, merge);
}

/* Attention whose answer has its axes in another order. */
static void replace_turned(Match *match, GraphNode *root, const Found *found, int n, const ValueId *inputs,
                           const int64_t perm[HEADS_RANK]) {
  ValueId answer = match_insert(match, root, "Attention", n, inputs);
  if (answer == VALUE_NONE)
    return;
  set_attributes(match_inserted(match, answer), found);
  node_set_ints(match_replace(match, root, "Transpose", 1, &answer), "perm", HEADS_RANK, perm);
}

/* Weights times values; *perm: where the axes of the answer are. */
static bool read_values(Match *match, const GraphNode *node, Heads *v, int64_t perm[HEADS_RANK]) {
  return strcmp(node->node.op->name, "Einsum") == 0 ? heads_of_answers(match, node, v, perm)
                                                    : heads_of(match, node->inputs[1], v);
}

static bool recognise(Match *match, GraphNode *node) {
  static const char *const products[] = {"Einsum", "MatMul", NULL};
  static const int64_t straight[HEADS_RANK] = {0, 1, 2, 3};
  if (!g_strv_contains(products, node->node.op->name) || node->n_inputs != 2)
    return false;
  int64_t perm[HEADS_RANK];
  memcpy(perm, straight, sizeof perm);
  Found found = {.scale = 1};
  match_start(match);
  const GraphNode *softmax = match_node(match, node->inputs[0], "Softmax");
  if (!softmax || !is_last_axis(match, softmax) || !read_values(match, node, &found.v, perm) ||
      !read_scores(match, softmax->inputs[0], &found, MOST_STEPS) || !match_owns(match, node))
    return false;
  if (!shapes_fit(match, &found, softmax->outputs[0]))
    return false;
  Found grouped = found;
  ungroup(match, &grouped);
  if (shapes_fit(match, &grouped, softmax->outputs[0]))
    found = grouped;
  int64_t heads = heads_in_batch(match, &found.k);
  ValueId inputs[5] = {heads_value(match, node, &found.q), heads_value(match, node, &found.k),
                       heads_value(match, node, &found.v)};
  int n = 3 + mask_inputs(match, node, &found, inputs + 3);
  if (heads > 1)
    replace_merged(match, node, &found, heads, n, inputs);
  else if (memcmp(perm, straight, sizeof perm) != 0)
    replace_turned(match, node, &found, n, inputs, perm);
  else
    set_attributes(match_replace(match, node, "Attention", n, inputs), &found);
  return true;
}

const StructureKind structure_attention = {
    .name = "attention", .op = "Attention", .recognise = recognise, .spell = spell_attention, .opset = 0};
