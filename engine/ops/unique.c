/* Unique: the different slices of x along an axis (without one: the different elements of x), in ascending
 * order or in the order of their first places.
 *
 * Outputs: the slices, their first places, for each slice of x its number in the result, how often each
 * occurs.  The size depends on the numbers of x, which must therefore be known before the run. */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <string.h>

/* x is outer x n x inner; slice i is x[:, i, :]. */
typedef struct {
  const Tensor *x;
  int axis; /* -1: x as one list */
  int64_t outer, n, inner;
} Slices;

static Slices slices_of(const Node *node, const Tensor *x) {
  const Shape *shape = &x->shape;
  if (!node_attribute(node, "axis"))
    return (Slices){x, -1, 1, shape_count(shape), 1};
  int axis = shape_axis(shape, node_int(node, "axis", 0));
  return (Slices){x, axis, axis < 0 ? 0 : shape_product(shape, 0, axis), axis < 0 ? 0 : shape->dim[axis],
                  axis < 0 ? 0 : shape_product(shape, axis + 1, shape->rank)};
}

static int compare_numbers(const Tensor *x, int64_t a, int64_t b) {
  if (x->type == TENSOR_FLOAT32)
    return (tensor_floats(x)[a] > tensor_floats(x)[b]) - (tensor_floats(x)[a] < tensor_floats(x)[b]);
  if (x->type == TENSOR_INT64)
    return (tensor_ints(x)[a] > tensor_ints(x)[b]) - (tensor_ints(x)[a] < tensor_ints(x)[b]);
  return ((const uint8_t *)x->data)[a] - ((const uint8_t *)x->data)[b];
}

static int compare_slices(const Slices *s, int64_t a, int64_t b) {
  for (int64_t o = 0; o < s->outer; o++)
    for (int64_t i = 0; i < s->inner; i++) {
      int order = compare_numbers(s->x, (o * s->n + a) * s->inner + i, (o * s->n + b) * s->inner + i);
      if (order)
        return order;
    }
  return 0;
}

/* Whether slice a comes before b; of equal ones the first place. */
static bool before(const Slices *s, int64_t a, int64_t b) {
  int order = compare_slices(s, a, b);
  return order ? order < 0 : a < b;
}

static void sink(const Slices *s, int64_t *heap, int64_t n, int64_t i) {
  for (int64_t child; (child = 2 * i + 1) < n; i = child) {
    if (child + 1 < n && before(s, heap[child], heap[child + 1]))
      child++;
    if (!before(s, heap[i], heap[child]))
      return;
    int64_t number = heap[i];
    heap[i] = heap[child];
    heap[child] = number;
  }
}

/* Heap sort: no memory but the list. */
static void sort_slices(const Slices *s, int64_t *order) {
  for (int64_t i = 0; i < s->n; i++)
    order[i] = i;
  for (int64_t i = s->n / 2; i-- > 0;)
    sink(s, order, s->n, i);
  for (int64_t n = s->n; n > 1;) {
    int64_t largest = order[0];
    order[0] = order[--n];
    order[n] = largest;
    sink(s, order, n, 0);
  }
}

static bool begins_group(const Slices *s, const int64_t *order, int64_t i) {
  return i == 0 || compare_slices(s, order[i - 1], order[i]) != 0;
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  Slices slices = slices_of(node, x[0]);
  if (!x[0]->data)
    return input_error(
        error, "the size of its result depends on the input's numbers; they must be known before the run");
  if (node_attribute(node, "axis") && check_axis(&x[0]->shape, node_int(node, "axis", 0), error) < 0)
    return false;
  if (n_outputs > 4)
    return input_error(error, "it has %d outputs; at most 4 are possible", n_outputs);
  g_autofree int64_t *order = g_try_new(int64_t, slices.n + 1);
  if (!order)
    return input_error(error, "its input is too large");
  sort_slices(&slices, order);
  int64_t groups = 0;
  for (int64_t i = 0; i < slices.n; i++)
    groups += begins_group(&slices, order, i);
  Shape shape = slices.axis < 0 ? SHAPE(0) : x[0]->shape, list = SHAPE(groups), all = SHAPE(slices.n);
  shape.dim[MAX(slices.axis, 0)] = groups;
  const Shape *const lists[] = {&shape, &list, &all, &list};
  for (int k = 0; k < n_outputs; k++)
    if (!output_set(y[k], k ? TENSOR_INT64 : x[0]->type, lists[k], error))
      return false;
  return true;
}

/* The slices in order; the first place of each group; the number in the result of each group. */
static size_t scratch(const OpCall *call) {
  return 3 * sizeof(int64_t) * (size_t)(slices_of(call->node, call->x[0]).n + 1);
}

static void copy_slice(const Slices *s, Tensor *y, int64_t groups, int64_t to, int64_t from) {
  size_t size = tensor_type_size(s->x->type);
  for (int64_t o = 0; o < s->outer; o++)
    memcpy((char *)y->data + (size_t)((o * groups + to) * s->inner) * size,
           (const char *)s->x->data + (size_t)((o * s->n + from) * s->inner) * size, (size_t)s->inner * size);
}

static void set_int(const OpCall *call, int output, int64_t at, int64_t number) {
  if (output < call->n_outputs)
    tensor_ints(call->y[output])[at] = number;
}

/* numbers[g]: the place of group g in the result, by the first places of the groups where they are not
 * sorted. */
static void number_groups(bool sorted, int64_t groups, const int64_t *first, int64_t n, int64_t *numbers,
                          int64_t *by_place) {
  for (int64_t g = 0; g < groups; g++)
    numbers[g] = g;
  if (sorted)
    return;
  for (int64_t i = 0; i < n; i++)
    by_place[i] = -1;
  for (int64_t g = 0; g < groups; g++)
    by_place[first[g]] = g;
  for (int64_t i = 0, next = 0; i < n; i++)
    if (by_place[i] >= 0)
      numbers[by_place[i]] = next++;
}

static void forward(const OpCall *call) {
  Slices s = slices_of(call->node, call->x[0]);
  int64_t *order = call_scratch(call, 0), *first = order + s.n + 1, *numbers = first + s.n + 1;
  int64_t groups = 0;
  if (s.n == 0)
    return;
  sort_slices(&s, order);
  for (int64_t i = 0; i < s.n; i++)
    if (begins_group(&s, order, i))
      first[groups++] = order[i];
  number_groups(node_int(call->node, "sorted", 1) != 0, groups, first, s.n, numbers, order);
  for (int64_t g = 0; g < groups; g++) {
    copy_slice(&s, call->y[0], groups, numbers[g], first[g]);
    set_int(call, 1, numbers[g], first[g]);
    set_int(call, 3, numbers[g], 0);
  }
  sort_slices(&s, order);
  for (int64_t i = 0, g = -1; i < s.n; i++) {
    g += begins_group(&s, order, i);
    set_int(call, 2, order[i], numbers[g]);
    if (call->n_outputs > 3)
      tensor_ints(call->y[3])[numbers[g]]++;
  }
}

const Op op_unique = {.name = "Unique",
                      .min_inputs = 1,
                      .max_inputs = 1,
                      .no_gradient = 1,
                      .infer = infer,
                      .scratch = scratch,
                      .forward = forward};
