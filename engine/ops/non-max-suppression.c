/* NonMaxSuppression: of boxes that overlap, only those with the best scores.
 *
 * Inputs: boxes (batch, n, 4), scores (batch, classes, n), the most boxes of a class (0), the overlap
 * (intersection over union) above which the lower score goes (0), the score that a box must exceed.  y
 * (chosen, 3): batch, class, box.  A box is y1, x1, y2, x2 of two opposite corners, or with center_point_box
 * its x and y centre, width and height.  The size depends on the numbers, which must be known before the run.
 */
#include "engine/ops/ops.h"
#include "engine/ops/support.h"

#include <math.h>
#include <string.h>

#define MOST_COMPARISONS ((int64_t)1 << 30)

typedef struct {
  const float *boxes, *scores;
  int64_t batch, classes, n, most;
  float overlap, score;
  bool centred;
} Boxes;

static const Tensor *optional(int n_inputs, const Tensor *const *x, int k) {
  return k < n_inputs ? x[k] : NULL;
}

static Boxes boxes_of(const Node *node, int n_inputs, const Tensor *const *x) {
  const Tensor *most = optional(n_inputs, x, 2), *overlap = optional(n_inputs, x, 3),
               *score = optional(n_inputs, x, 4);
  bool none = shape_count(&x[1]->shape) == 0;
  return (Boxes){.boxes = tensor_floats(x[0]),
                 .scores = tensor_floats(x[1]),
                 .batch = none ? 0 : x[1]->shape.dim[0],
                 .classes = x[1]->shape.dim[1],
                 .n = x[1]->shape.dim[2],
                 .most = most ? *tensor_ints(most) : 0,
                 .overlap = overlap ? *tensor_floats(overlap) : 0,
                 .score = score ? *tensor_floats(score) : -INFINITY,
                 .centred = node_int(node, "center_point_box", 0) != 0};
}

/* low and high along both axes */
static void corners(const Boxes *self, const float *box, float low[2], float high[2]) {
  for (int k = 0; k < 2; k++) {
    float a = self->centred ? box[k] - box[k + 2] / 2 : box[k];
    float b = self->centred ? box[k] + box[k + 2] / 2 : box[k + 2];
    low[k] = MIN(a, b);
    high[k] = MAX(a, b);
  }
}

static float overlap(const Boxes *self, const float *a, const float *b) {
  float low[2][2], high[2][2], area[2], common = 1;
  corners(self, a, low[0], high[0]);
  corners(self, b, low[1], high[1]);
  for (int k = 0; k < 2; k++) {
    area[k] = (high[k][0] - low[k][0]) * (high[k][1] - low[k][1]);
    common *= MAX(0, MIN(high[0][k], high[1][k]) - MAX(low[0][k], low[1][k]));
  }
  return common > 0 ? common / (area[0] + area[1] - common) : 0;
}

/* Chooses among the boxes of one class; `gone` has a flag a box.  y NULL: only counts. */
static int64_t choose(const Boxes *self, int64_t batch, int64_t class, uint8_t *gone, int64_t *y) {
  const float *boxes = self->boxes + batch * self->n * 4;
  const float *scores = self->scores + (batch * self->classes + class) * self->n;
  int64_t chosen = 0;
  for (int64_t i = 0; i < self->n; i++)
    gone[i] = !(scores[i] > self->score);
  for (; chosen < self->most; chosen++) {
    int64_t best = -1;
    for (int64_t i = 0; i < self->n; i++)
      if (!gone[i] && (best < 0 || scores[i] > scores[best]))
        best = i;
    if (best < 0)
      break;
    if (y)
      memcpy(y + 3 * chosen, (int64_t[]){batch, class, best}, 3 * sizeof *y);
    gone[best] = 1;
    for (int64_t i = 0; i < self->n; i++)
      gone[i] |= overlap(self, boxes + 4 * best, boxes + 4 * i) > self->overlap;
  }
  return chosen;
}

static bool check(int n_inputs, const Tensor *const *x, GError **error) {
  static const TensorType types[] = {TENSOR_FLOAT32, TENSOR_FLOAT32, TENSOR_INT64, TENSOR_FLOAT32,
                                     TENSOR_FLOAT32};
  for (int k = 0; k < n_inputs; k++) {
    if (x[k] && !check_type(x[k], types[k], "one of its inputs", error))
      return false;
    if (x[k] && !x[k]->data)
      return input_error(
          error, "the size of its result depends on the input's numbers; they must be known before the run");
    if (x[k] && k >= 2 && shape_count(&x[k]->shape) != 1)
      return input_error(error, "its limits must be one number each");
  }
  const Shape *boxes = &x[0]->shape, *scores = &x[1]->shape;
  return (boxes->rank == 3 && scores->rank == 3 && boxes->dim[2] == 4 && boxes->dim[0] == scores->dim[0] &&
          boxes->dim[1] == scores->dim[2]) ||
         input_error(error, "its boxes and scores do not go together");
}

static bool infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                  GError **error) {
  if (!check_one_output(n_outputs, error) || !check(n_inputs, x, error))
    return false;
  Boxes self = boxes_of(node, n_inputs, x);
  double rounds = (double)self.batch * (double)self.classes * (double)CLAMP(self.most, 0, self.n);
  if (rounds * (double)self.n > MOST_COMPARISONS)
    return input_error(error, "it has too many boxes to compare");
  g_autofree uint8_t *gone = g_malloc((gsize)self.n + 1);
  int64_t chosen = 0;
  for (int64_t i = 0; i < self.batch * self.classes; i++)
    chosen += choose(&self, i / self.classes, i % self.classes, gone, NULL);
  return output_set(y[0], TENSOR_INT64, &SHAPE(chosen, 3), error);
}

static size_t scratch(const OpCall *call) {
  return (size_t)call->x[1]->shape.dim[2] + 1;
}

static void forward(const OpCall *call) {
  Boxes self = boxes_of(call->node, call->n_inputs, call->x);
  int64_t *y = tensor_ints(call->y[0]);
  for (int64_t i = 0; i < self.batch * self.classes; i++)
    y += 3 * choose(&self, i / self.classes, i % self.classes, call_scratch(call, 0), y);
}

const Op op_non_max_suppression = {.name = "NonMaxSuppression",
                                   .min_inputs = 2,
                                   .max_inputs = 5,
                                   .no_gradient = ~0u,
                                   .infer = infer,
                                   .scratch = scratch,
                                   .forward = forward};
