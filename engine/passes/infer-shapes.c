/* Types and shapes of all values from those of the leaves; and what is known before the run is computed once,
 * here.
 *
 * Folding comes with inference, node by node, because shape arithmetic (Shape, Gather, Concat, Reshape) needs
 * the numbers of the nodes before it. */
#include "engine/error.h"
#include "engine/op-once.h"
#include "engine/passes/passes.h"

/* Bytes of folded numbers of one plan.  What does not fit is computed in each run, unless it is a bomb: a
 * result far larger than the frozen numbers it comes from (Expand, Tile, ConstantOfShape, Range of a hostile
 * file). Small results, the arithmetic of shapes, have an account of their own, so that they are always
 * known, and so have those that grow out of less.
 */
#define FOLDED_LIMIT ((size_t)256 << 20)
#define GROWN_LIMIT  ((size_t)32 << 20)
#define SMALL_LIMIT  ((size_t)64 << 20)
#define SMALL_RESULT ((size_t)64 << 10)
#define GROWN_FACTOR 64
#define BOMB_FACTOR  4
/* Numbers read, written and multiplied in the folding of one plan: these, and so many for each frozen number.
 * What does not fit is computed in each run. */
#define WORK_LIMIT  1e8
#define WORK_FACTOR 8
/* A result of this many bytes and times the inputs' is refused also where the inputs come with the run. */
#define BOMB_BYTES   ((size_t)1 << 30)
#define BOMB_GROWTH  4096
#define TENSOR_LIMIT ((int64_t)1 << 33) /* elements of one computed value */

static bool foldable(const Plan *plan, const PlanNode *node) {
  if (!node->node.op->forward)
    return false;
  for (int i = 0; i < node->n_inputs; i++)
    if (node->inputs[i] != VALUE_NONE && !plan_at(plan, node->inputs[i])->known && !node->node.op->shape_only)
      return false;
  return true;
}

/* What is left of the limits. */
typedef struct {
  size_t small, grown, large;
  double work;
} Room;

static Room room_new(const Plan *plan) {
  Room room = {SMALL_LIMIT, GROWN_LIMIT, FOLDED_LIMIT, WORK_LIMIT};
  for (guint i = 1; i < plan->values->len; i++)
    if (plan_at(plan, (ValueId)i)->known)
      room.work += WORK_FACTOR * (double)tensor_count(&plan_at(plan, (ValueId)i)->tensor);
  return room;
}

/* Whether the node's results fit; an error when they are a bomb. */
static bool make_room(const PlanNode *node, const Tensor *const *x, Tensor *const *y, Room *room, bool *fits,
                      GError **error) {
  size_t from = 0, to = 0;
  for (int i = 0; i < node->n_inputs; i++)
    from += x[i] && !node->node.op->shape_only ? tensor_bytes(x[i]) : 0;
  for (int i = 0; i < node->n_outputs; i++)
    to += tensor_bytes(y[i]);
  if (to > FOLDED_LIMIT && to / BOMB_FACTOR > from)
    return input_error(error,
                       "node '%s' (%s): %zu MiB of frozen numbers would come from %zu bytes; the file is "
                       "damaged or not to be trusted",
                       node->node.name, node->node.op->name, to >> 20, from);
  size_t *account = to <= SMALL_RESULT         ? &room->small
                    : to / GROWN_FACTOR > from ? &room->grown
                                               : &room->large;
  double work = plan_work(node, x, y);
  *fits = to <= *account && work <= room->work;
  if (*fits) {
    *account -= to;
    room->work -= work;
  }
  return true;
}

/* Refuses what would burst at the run. */
static bool check_growth(const PlanNode *node, const Tensor *const *x, const Tensor *y, GError **error) {
  int64_t count = shape_count(&y->shape);
  g_autofree char *text = shape_text(&y->shape);
  if (count < 0 || count > TENSOR_LIMIT)
    return input_error(error,
                       "node '%s' (%s): its output of shape %s is too large; use a smaller input or batch",
                       node->node.name, node->node.op->name, text);
  size_t from = 1, to = tensor_bytes(y);
  for (int i = 0; i < node->n_inputs; i++)
    from += x[i] ? tensor_bytes(x[i]) : 0;
  return to < BOMB_BYTES || to / BOMB_GROWTH < from ||
         input_error(
             error,
             "node '%s' (%s): its output of shape %s would come from %zu bytes; the file is damaged or "
             "not to be trusted",
             node->node.name, node->node.op->name, text, from - 1);
}

static bool fold(Plan *plan, PlanNode *node, Room *room, GError **error) {
  const Tensor *x[OP_MAX_INPUTS];
  Tensor *y[OP_MAX_OUTPUTS];
  bool fits = false;
  plan_tensors(plan, node, x, y);
  if (!make_room(node, x, y, room, &fits, error))
    return false;
  if (!fits)
    return true;
  for (int i = 0; i < node->n_outputs; i++) {
    PlanValue *value = plan_at(plan, node->outputs[i]);
    value->owned = tensor_new(y[i]->type, &y[i]->shape, error);
    if (!value->owned)
      return false;
    value->tensor.data = value->owned->data;
    value->known = true;
    value->producer = -1; /* the node goes */
  }
  op_forward_once(&node->node, node->n_inputs, x, node->n_outputs, y);
  node->removed = true;
  return true;
}

bool pass_infer_shapes(Plan *plan, GError **error) {
  Room room = room_new(plan);
  for (guint k = 0; k < plan->nodes->len; k++) {
    PlanNode *node = plan_node(plan, k);
    const Tensor *x[OP_MAX_INPUTS];
    Tensor *y[OP_MAX_OUTPUTS];
    plan_tensors(plan, node, x, y);
    g_autoptr(GError) reason = NULL;
    if (!node->node.op->infer(&node->node, node->n_inputs, x, node->n_outputs, y, &reason)) {
      plan->failed = (int)k;
      return input_error(error, "node '%s' (%s): %s", node->node.name, node->node.op->name, reason->message);
    }
    for (int i = 0; i < node->n_outputs; i++)
      if (!check_growth(node, x, y[i], error))
        return false;
    if (foldable(plan, node) && !fold(plan, node, &room, error))
      return false;
  }
  plan_drop_removed(plan);
  return true;
}
