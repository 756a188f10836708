/* Which axes of f's values are longer in the spliced graph, and where: read off the shapes that inference
 * gives with and without what was put in. */
#include "engine/splice-internal.h"

#include "engine/error.h"

#include <string.h>

const Shape *shape_before(const Replay *replay, ValueId value) {
  return &probe_value(replay->before, value)->shape;
}

const Tensor *tensor_after(const Replay *replay, ValueId value) {
  return probe_value(replay->after, value);
}

bool inputs_grow(const Replay *replay, const GraphNode *node) {
  for (int i = 0; i < node->n_inputs; i++)
    for (int d = 0; node->inputs[i] && d < shape_before(replay, node->inputs[i])->rank; d++)
      if (grows(replay, node->inputs[i], d))
        return true;
  return false;
}

/* How well axis o of the result takes the tokens of one axis of its group: 0 not at all, 1 by taking merged
 * tokens apart again, 2 as they are. */
static int fit(const Growth *growth, int64_t size, int64_t inner, int64_t to_size, int64_t to_inner,
               Growth *result) {
  bool somewhere = growth->at == PLACE_UNKNOWN;
  int64_t unit = size / growth->times * inner; /* elements that one run of tokens takes */
  int64_t at = somewhere ? 0 : growth->at * inner, more = growth->count * inner;
  if (unit % to_inner || more % to_inner || at % to_inner || to_size * to_inner % unit)
    return 0;
  *result = (Growth){more / to_inner, somewhere ? PLACE_UNKNOWN : at / to_inner, to_size * to_inner / unit,
                     growth->unseen};
  return inner % to_inner == 0 ? 2 : 1;
}

/* Axes i..i_end-1 of `from` become axes o..o_end-1 of `to`. */
static bool group_growths(const Shape *from, const Growths *growths, int i, int i_end, const Shape *to, int o,
                          int o_end, Growths *result, unsigned *factors) {
  int grown = -1;
  int64_t inner = 1, to_inner = 1;
  for (int k = i_end - 1; k >= i; k--) {
    if (growths->axis[k].count == 0)
      continue;
    if (grown >= 0)
      return false;
    grown = k;
  }
  if (factors && o_end == o + 1)
    for (int k = i; k < i_end; k++)
      factors[o] |= 1u << k;
  if (grown < 0)
    return true;
  for (int k = grown + 1; k < i_end; k++)
    inner *= from->dim[k];
  int best = -1, best_fit = 0, equals = 0;
  Growth found = {0};
  for (int k = o_end - 1; k >= o; to_inner *= to->dim[k--]) {
    Growth growth;
    int fits = fit(&growths->axis[grown], from->dim[grown], inner, to->dim[k], to_inner, &growth);
    if (fits == 0 || fits < best_fit)
      continue;
    bool equal = fits == best_fit && growth.times == found.times;
    equals = equal ? equals + 1 : 0;
    if (fits > best_fit || growth.times < found.times) {
      best = k;
      best_fit = fits;
      found = growth;
    }
  }
  if (best < 0 || equals > 0)
    return false;
  result->axis[best] = found;
  return true;
}

bool reshape_growths(const Shape *from, const Growths *growths, const Shape *to, Growths *result,
                     unsigned *factors) {
  memset(result, 0, sizeof *result);
  if (factors)
    memset(factors, 0, sizeof *factors * TENSOR_MAX_RANK);
  for (int k = 0; k < from->rank; k++)
    if (from->dim[k] < 1)
      return false;
  /* Groups of neighbouring axes with the same number of elements, as small as possible. */
  int i = 0, o = 0;
  while (i < from->rank && o < to->rank) {
    int i_end = i + 1, o_end = o + 1;
    int64_t a = from->dim[i], b = to->dim[o];
    while (a != b && (a < b ? i_end < from->rank : o_end < to->rank))
      if (a < b)
        a *= from->dim[i_end++];
      else
        b *= to->dim[o_end++];
    if (a != b || !group_growths(from, growths, i, i_end, to, o, o_end, result, factors))
      return false;
    i = i_end;
    o = o_end;
  }
  return true; /* what is left on one side are axes of size 1 */
}

static Growth concat_growth(const Replay *replay, const GraphNode *node, int axis) {
  Growth growth = {0};
  int64_t before = 0;
  for (int i = 0; i < node->n_inputs; i++) {
    Growth own = growth_at(replay, node->inputs[i], axis);
    if (own.count && growth.count)
      return (Growth){growth.count + own.count, PLACE_UNKNOWN, 1, growth.unseen && own.unseen};
    if (own.count) {
      growth = own;
      growth.at = own.at == PLACE_UNKNOWN ? PLACE_UNKNOWN : own.at + before;
    }
    before += shape_before(replay, node->inputs[i])->dim[axis];
  }
  return growth;
}

/* The first of the cut axis' own elements that is taken. */
static int64_t slice_start(const Replay *replay, const GraphNode *node, int axis) {
  const Tensor *starts = node->n_inputs > 2 ? probe_value(replay->before, node->inputs[1]) : NULL,
               *axes = node->n_inputs > 3 && node->inputs[3] ? probe_value(replay->before, node->inputs[3])
                                                             : NULL;
  const Shape *shape = shape_before(replay, node->inputs[0]);
  for (int64_t i = 0; starts && starts->data && i < tensor_count(starts); i++)
    if ((axes && axes->data ? shape_axis(shape, tensor_ints(axes)[i]) : (int)i) == axis) {
      int64_t start = tensor_ints(starts)[i];
      return start < 0 ? MAX(0, start + shape->dim[axis]) : start;
    }
  return 0;
}

/* What becomes of an axis of the output that is `more` elements longer, from the axes of all inputs. */
static Growth common_growth(const Replay *replay, const GraphNode *node, int axis, int64_t more) {
  Growth found = {0};
  if (strcmp(node->node.op->name, "Concat") == 0) {
    int along = shape_axis(shape_before(replay, node->outputs[0]), node_int(&node->node, "axis", 0));
    if (along == axis)
      return concat_growth(replay, node, axis);
  }
  for (int i = 0; i < node->n_inputs; i++)
    for (int d = 0; node->inputs[i] && d < TENSOR_MAX_RANK; d++) {
      Growth own = growth_at(replay, node->inputs[i], d);
      if (own.count == 0 || own.count * own.times != more)
        continue;
      if (found.count == 0 || found.at == PLACE_UNKNOWN)
        found = own;
      else if (own.at != PLACE_UNKNOWN && (own.at != found.at || own.times != found.times))
        return (Growth){more, PLACE_UNKNOWN, 1, false};
    }
  if (found.count && strcmp(node->node.op->name, "Slice") == 0 && found.at != PLACE_UNKNOWN)
    found.at -= slice_start(replay, node, axis);
  return found.count ? found : (Growth){more, PLACE_UNKNOWN, 1, false};
}

bool follow_growths(Replay *replay, const GraphNode *node) {
  static const char *const reshapes[] = {"Reshape", "Flatten", "Squeeze", "Unsqueeze", NULL};
  bool grown = inputs_grow(replay, node), reshapes_it = g_strv_contains(reshapes, node->node.op->name);
  for (int i = 0; i < node->n_outputs; i++) {
    ValueId value = node->outputs[i];
    const Shape *old = shape_before(replay, value), *new = &tensor_after(replay, replay->to[value])->shape;
    Growths *growths = &replay->growths[value];
    if (old->rank != new->rank)
      return splice_refuse(replay, node, "its output gets other axes");
    if (reshapes_it && grown &&
        !reshape_growths(shape_before(replay, node->inputs[0]), &replay->growths[node->inputs[0]], old,
                         growths, NULL))
      return splice_refuse(replay, node, "its sizes do not say which axis holds the tokens");
    for (int d = 0; d < old->rank; d++) {
      int64_t more = new->dim[d] - old->dim[d];
      if (more < 0)
        return splice_refuse(replay, node, "its output gets shorter");
      if (!reshapes_it && more > 0)
        growths->axis[d] = common_growth(replay, node, d, more);
      if (growths->axis[d].count * growths->axis[d].times != more)
        return splice_refuse(replay, node, "its output does not get longer with them");
    }
  }
  return true;
}

/* Along how many axes the longest of the values that carry the signal has grown. */
static int grown_axes(const Replay *replay, int n, const ValueId *values) {
  int most = 0;
  for (int i = 0; i < n; i++) {
    int count = 0;
    for (int d = 0; values[i] && replay->signal[values[i]] && d < TENSOR_MAX_RANK; d++)
      count += grows(replay, values[i], d);
    most = MAX(most, count);
  }
  return most;
}

/* A token meets others where an axis of them is summed up (a mean, a product), in attention that looks at it,
 * and under a window.  What chooses among them only leaves them out. */
void note_arrival(Replay *replay, const GraphNode *node) {
  static const char *const choosing[] = {"Gather", "GatherElements", "GatherND", "Shape",
                                         "Size",   "Slice",          NULL},
                           *const windows[] = {"AveragePool", "Conv",    "ConvTranspose", "CumSum", "GRU",
                                               "LSTM",        "MaxPool", "RNN",           NULL};
  const char *op = node->node.op->name;
  int before = grown_axes(replay, node->n_inputs, node->inputs),
      behind = grown_axes(replay, node->n_outputs, node->outputs);
  bool reaches = false;
  for (int i = 0; i < node->n_outputs; i++)
    reaches |= replay->signal[node->outputs[i]];
  if (before == 0 || !reaches)
    return;
  bool chooses = g_strv_contains(choosing, op), attends = strcmp(op, "Attention") == 0;
  int rank = attends ? shape_before(replay, node->inputs[1])->rank : 0;
  if (chooses && behind == 0)
    replay->left_out = node;
  else if (attends ? grows(replay, node->inputs[1], rank - 2)
                   : g_strv_contains(windows, op) || (!chooses && behind < before))
    replay->arrived = true;
}
