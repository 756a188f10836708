/* Every op, by one loop over the table: chain rules against central finite differences, channels-last against
 * row-major, one worker against three, and shapes that must be refused. */
#include "engine/ops/support.h"
#include "tests/support/op-cases.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

static const Activation none = {ACTIVATION_NONE, 0, 0};
static const Activation fused[] = {{ACTIVATION_RELU, 0, INFINITY}, {ACTIVATION_CLIP, -3, 2}};

static OpHarness *start(const OpRow *row, Activation activation, TensorOrder order, Pool *pool) {
  OpCase c = {row->op, row->inputs,   row->attributes, activation, order, op_rule(row->op)->fill,
              pool,    row->n_outputs};
  GError *error = NULL;
  g_test_message("%s of %s, %s%s", row->op, row->inputs, row->attributes, order ? ", channels-last" : "");
  OpHarness *harness = op_harness_new(&c, &error);
  g_assert_no_error(error);
  return harness;
}

/* The gradients that backward starts from: element i, counted row-major, gets the same number in any order.
 */
static float seed(int output, int64_t i) {
  return (float)((i * 37 + output * 11) % 13 - 6) / 4;
}

static void fill_seeds(OpHarness *h) {
  for (int k = 0; k < h->n_outputs; k++) {
    int64_t n = h->dy[k] ? tensor_count(h->dy[k]) : 0;
    for (int64_t i = 0; i < n; i++)
      tensor_floats(h->dy[k])[op_harness_place(h->dy[k], i)] = seed(k, i);
  }
}

/* The sum of seeds times outputs. */
static double loss(OpHarness *h) {
  double sum = 0;
  op_harness_forward(h, false);
  for (int k = 0; k < h->n_outputs; k++) {
    int64_t n = h->dy[k] ? tensor_count(h->y[k]) : 0;
    for (int64_t i = 0; i < n; i++)
      sum += (double)tensor_floats(h->dy[k])[i] * tensor_floats(h->y[k])[i];
  }
  return sum;
}

static unsigned all_gradients(const OpHarness *h) {
  unsigned wanted = 0;
  for (int k = 0; k < h->n_inputs; k++)
    wanted |= h->dx[k] ? 1u << k : 0;
  return wanted;
}

/* Elements that are compared in a large input: every one up to this many, then a sample. */
#define MOST_ELEMENTS 60

static void check_differences(const OpRow *row, Activation activation, TensorOrder order) {
  g_autoptr(OpHarness) h = start(row, activation, order, NULL);
  const OpRule *rule = op_rule(row->op);
  fill_seeds(h);
  op_harness_forward(h, true);
  op_harness_backward(h, all_gradients(h), false);
  for (int k = 0; k < h->n_inputs; k++) {
    int64_t n = h->dx[k] ? tensor_count(h->dx[k]) : 0, step = MAX(1, n / MOST_ELEMENTS);
    for (int64_t i = 0; i < n; i += step) {
      float *x = tensor_floats(h->x[k]) + i, old = *x;
      *x = (float)(old + rule->h);
      double above = loss(h), right = *x;
      *x = (float)(old - rule->h);
      double below = loss(h), left = *x;
      *x = old;
      double expected = (above - below) / (right - left), found = tensor_floats(h->dx[k])[i];
      if (!(fabs(found - expected) <= rule->tolerance * (1 + fabs(expected))))
        g_error("%s of %s, %s, order %d, activation %d: dx%d[%d] is %g, differences say %g", row->op,
                row->inputs, row->attributes, order, activation.kind, k, (int)i, found, expected);
    }
  }
}

/* The sum of several ops' gradients: dx[0] is added to. */
static void check_accumulate(const OpRow *row, Activation activation, TensorOrder order) {
  g_autoptr(OpHarness) h = start(row, activation, order, NULL);
  if (!h->node->op->adds_gradient || !h->dx[0])
    return;
  fill_seeds(h);
  op_harness_forward(h, true);
  op_harness_backward(h, 1, false);
  g_autoptr(Tensor) alone = tensor_from_floats(&h->dx[0]->shape, tensor_floats(h->dx[0]));
  int64_t n = tensor_count(alone);
  for (int64_t i = 0; i < n; i++)
    tensor_floats(h->dx[0])[i] = seed(1, i);
  op_harness_backward(h, 1, true);
  for (int64_t i = 0; i < n; i++)
    g_assert_cmpfloat(fabs(tensor_floats(h->dx[0])[i] - tensor_floats(alone)[i] - seed(1, i)), <, 1e-4);
}

static bool has_bias(const OpRow *row) {
  int inputs = 1;
  for (const char *p = row->inputs; *p; p++)
    inputs += *p == ' ';
  return inputs == 3;
}

static void test_gradients(void) {
  for (const OpRow *row = op_rows(); row->op; row++) {
    const Op *op = op_find(row->op);
    g_assert_nonnull(op);
    if (!op->backward)
      continue;
    check_differences(row, none, ORDER_ROW_MAJOR);
    check_accumulate(row, none, ORDER_ROW_MAJOR);
    for (size_t i = 0; op->fuses_activation && has_bias(row) && i < G_N_ELEMENTS(fused); i++) {
      check_differences(row, fused[i], ORDER_ROW_MAJOR);
      check_differences(row, fused[i], ORDER_CHANNELS_LAST);
      check_accumulate(row, fused[i], ORDER_CHANNELS_LAST);
    }
  }
}

static void test_every_op_has_cases(void) {
  for (const Op *const *op = op_table; *op; op++) {
    int cases = 0;
    for (const OpRow *row = op_rows(); row->op; row++)
      cases += strcmp(row->op, (*op)->name) == 0;
    if (cases < ((*op)->backward ? 3 : 2))
      g_error("%s has %d cases in tests/support/op-cases.c", (*op)->name, cases);
  }
}

static void assert_near(const Tensor *a, const Tensor *b, const char *what) {
  g_assert_true(shape_equal(&a->shape, &b->shape));
  int64_t n = tensor_count(a);
  for (int64_t i = 0; i < n; i++) {
    float p = tensor_floats(a)[op_harness_place(a, i)], q = tensor_floats(b)[op_harness_place(b, i)];
    if (!(fabsf(p - q) <= 1e-4f * (1 + fabsf(p))))
      g_error("%s differs at %d: %g and %g", what, (int)i, p, q);
  }
}

/* Whole numbers and truths. */
static void assert_same(const Tensor *a, const Tensor *b) {
  g_assert_true(shape_equal(&a->shape, &b->shape));
  size_t size = tensor_type_size(a->type);
  for (int64_t i = 0; i < tensor_count(a); i++)
    g_assert_cmpmem((char *)a->data + op_harness_place(a, i) * (int64_t)size, size,
                    (char *)b->data + op_harness_place(b, i) * (int64_t)size, size);
}

static void compare_orders(const OpRow *row, Activation activation) {
  g_autoptr(OpHarness) a = start(row, activation, ORDER_ROW_MAJOR, NULL);
  g_autoptr(OpHarness) b = start(row, activation, ORDER_CHANNELS_LAST, NULL);
  OpHarness *both[] = {a, b};
  for (int i = 0; i < 2; i++) {
    fill_seeds(both[i]);
    op_harness_forward(both[i], true);
    if (a->node->op->backward)
      op_harness_backward(both[i], all_gradients(both[i]), false);
  }
  for (int k = 0; k < a->n_outputs; k++)
    if (a->y[k]->type == TENSOR_FLOAT32)
      assert_near(a->y[k], b->y[k], "y");
    else
      assert_same(a->y[k], b->y[k]);
  for (int k = 0; k < a->n_inputs; k++)
    if (a->dx[k])
      assert_near(a->dx[k], b->dx[k], "dx");
}

static void test_orders(void) {
  int compared = 0;
  for (const OpRow *row = op_rows(); row->op; row++) {
    const Op *op = op_find(row->op);
    if (op->layout == LAYOUT_ROW_MAJOR)
      continue;
    g_autoptr(OpHarness) h = start(row, none, ORDER_ROW_MAJOR, NULL);
    int rank = h->x[0]->shape.rank;
    if (rank < 3 || rank > 5)
      continue;
    compare_orders(row, none);
    if (op->fuses_activation)
      compare_orders(row, fused[0]);
    compared++;
  }
  g_assert_cmpint(compared, >, 50);
  for (const OpRow *row = op_large_rows(); row->op; row++)
    if (op_find(row->op)->layout != LAYOUT_ROW_MAJOR)
      compare_orders(row, none);
}

/* The results of a row with a pool of so many workers; 0: no pool. */
static void compare_pools(const OpRow *row, Activation activation, TensorOrder order, Pool *const pools[],
                          int n_pools) {
  g_autoptr(OpHarness) first = start(row, activation, order, NULL);
  for (int i = -1; i < n_pools; i++) {
    g_autoptr(OpHarness) other = i < 0 ? NULL : start(row, activation, order, pools[i]);
    OpHarness *h = other ? other : first;
    fill_seeds(h);
    op_harness_forward(h, true);
    if (h->node->op->backward)
      op_harness_backward(h, all_gradients(h), false);
    for (int k = 0; other && k < h->n_outputs; k++)
      g_assert_cmpmem(h->y[k]->data, tensor_bytes(h->y[k]), first->y[k]->data, tensor_bytes(first->y[k]));
    for (int k = 0; other && k < h->n_inputs; k++)
      if (h->dx[k])
        g_assert_cmpmem(h->dx[k]->data, tensor_bytes(h->dx[k]), first->dx[k]->data,
                        tensor_bytes(first->dx[k]));
  }
}

static void test_pools(void) {
  Pool *pools[] = {pool_new(1), pool_new(3)};
  for (const OpRow *row = op_large_rows(); row->op; row++) {
    const Op *op = op_find(row->op);
    bool both = op->layout != LAYOUT_ROW_MAJOR;
    for (TensorOrder order = ORDER_ROW_MAJOR; order <= (both ? ORDER_CHANNELS_LAST : ORDER_ROW_MAJOR);
         order++) {
      compare_pools(row, none, order, pools, 2);
      if (op->fuses_activation)
        compare_pools(row, fused[0], order, pools, 2);
    }
  }
  pool_free(pools[0]);
  pool_free(pools[1]);
}

static void test_refusals(void) {
  for (const OpRow *row = op_bad_rows(); row->op; row++) {
    OpCase c = {row->op, row->inputs,   row->attributes, none, ORDER_ROW_MAJOR, op_rule(row->op)->fill,
                NULL,    row->n_outputs};
    g_autoptr(GError) error = NULL;
    OpHarness *h = op_harness_new(&c, &error);
    if (h)
      g_error("%s accepts %s, %s", row->op, row->inputs, row->attributes);
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    g_test_message("%s of %s, %s: %s", row->op, row->inputs, row->attributes, error->message);
  }
}

/* What exported models compute shapes with. */
static void test_integers(void) {
  static const struct {
    OpRow row;
    const char *expected;
  } rows[] = {
      {{"Add", "[1,2,3] =10", ""}, "11 12 13"},
      {{"Sub", "[1,2,3] [3]", ""}, "-2 -1 0"},
      {{"Mul", "[4,-2] [9223372036854775807,3]", ""}, "-4 -6"},
      {{"Div", "[7,-7,5] [2,2,0]", ""}, "3 -3 0"},
      {{"Div", "=-9223372036854775808 =-1", ""}, "0"},
      {{"Mod", "[7,-7,7,-7,5] [3,3,-3,-3,0]", ""}, "1 2 -2 -1 0"},
      {{"Mod", "[7,-7,7,-7,5] [3,3,-3,-3,0]", "fmod=1"}, "1 -1 1 -1 0"},
      {{"Mod", "=-9223372036854775808 =-1", ""}, "0"},
      {{"Pow", "[2,-3,5,2,-1,0] [10,3,0,-1,-3,2]", ""}, "1024 -27 1 0 -1 0"},
      {{"Pow", "[9,2] =0.5", ""}, "3 1"},
      {{"Abs", "[-3,3,-9223372036854775808]", ""}, "3 3 -9223372036854775808"},
      {{"Neg", "[-3,3]", ""}, "3 -3"},
      {{"Sign", "[-3,0,9]", ""}, "-1 0 1"},
      {{"Relu", "[-3,0,9]", ""}, "0 0 9"},
      {{"Clip", "[-3,0,9] =-2 =5", ""}, "-2 0 5"},
      {{"Clip", "[-3,0,9] - =5", ""}, "-3 0 5"},
      {{"PRelu", "[-3,0,9] =4", ""}, "-12 0 9"},
      {{"Max", "[1,5,2] [3] [0,9,0]", ""}, "3 9 3"},
      {{"Min", "[1,5,2] [3] [0,9,0]", ""}, "0 3 0"},
      {{"Sum", "[1,5,2] [3] [0,9,0]", ""}, "4 17 5"},
      {{"Where", "?[1,0,1] [1,2,3] =9", ""}, "1 9 3"},
      {{"BitShift", "[1,3,8] [4,64,1]", "direction=LEFT"}, "16 0 16"},
      {{"BitShift", "[16,3,-1] [4,64,63]", "direction=RIGHT"}, "1 0 1"},
      {{"BitwiseAnd", "[12,-1] [10,3]", ""}, "8 3"},
      {{"BitwiseOr", "[12,-1] [10,3]", ""}, "14 -1"},
      {{"BitwiseXor", "[12,-1] [10,3]", ""}, "6 -4"},
      {{"BitwiseNot", "[0,5]", ""}, "-1 -6"},
      {{"QuantizeLinear", "=-300.0 =1.0 =3", "output_dtype=3"}, "-128"},
      {{"QuantizeLinear", "=3.5 =1.0 =3", "output_dtype=3"}, "7"},
      {{"QuantizeLinear", "=-2.5 =1.0 =3", ""}, "1"},
      {{"QuantizeLinear", "=70000.0 =1.0", "output_dtype=4"}, "65535"},
      {{"QuantizeLinear", "=1.0 =0.0", ""}, "255"},
      {{"QuantizeLinear", "=0.0 =0.0", "output_dtype=3"}, "-128"},
      {{"Shape", "2x3x4", ""}, "2 3 4"},
      {{"Shape", "2x3x4", "start=-2 end=2"}, "3"},
      {{"Shape", "2x3x4", "start=2 end=1"}, ""},
      {{"Concat", "[1,2] [] [3]", "axis=0"}, "1 2 3"},
      {{"Slice", "[0,1,2,3,4] [-2] [-9223372036854775808] [0] [-2]", ""}, "3 1"},
      {{"Slice", "[0,1,2,3,4] [1] [9223372036854775807] [-1] [3]", ""}, "1 4"},
      {{"Slice", "[0,1,2,3,4] [9] [-9] [0] [-1]", ""}, "4 3 2 1 0"},
      {{"Gather", "[7,8,9] [-1,0]", ""}, "9 7"},
      {{"Gather", "[7,8,9] {3,1}", ""}, "0 8"},
      {{"Pad", "[1,2] [1,2] =5", ""}, "5 1 2 5 5"},
      {{"Pad", "[1,2,3] [2,1]", "mode=reflect"}, "3 2 1 2 3 2"},
      {{"Expand", "[5] [3]", ""}, "5 5 5"},
      {{"Unsqueeze", "=4 [0]", ""}, "4"},
      {{"Transpose", "[1,2]", ""}, "1 2"},
      {{"Cast", "[3,0]", "to=6"}, "3 0"},
      {{"ReduceSum", "[3,-5,9] [0]", ""}, "7"},
      {{"ReduceMean", "[3,-5,9] [0]", ""}, "2"},
      {{"ReduceProd", "[3,-5,9]", "keepdims=0"}, "-135"},
      {{"ReduceMax", "[3,-5,9223372036854775807]", ""}, "9223372036854775807"},
      {{"ReduceMin", "[3,-5,9]", ""}, "-5"},
      {{"ReduceL1", "[3,-5,9]", ""}, "17"},
      {{"ReduceSumSquare", "[3,-5,9]", ""}, "115"},
      {{"ReduceSum", "[] [0]", ""}, "0"},
      {{"ArgMax", "[1,5,5,2]", ""}, "1"},
      {{"ArgMax", "[1,5,5,2]", "select_last_index=1"}, "2"},
      {{"ArgMin", "[4,1,1,2]", "keepdims=0"}, "1"},
      {{"CumSum", "[1,2,3] =0", "exclusive=1"}, "0 1 3"},
      {{"CumSum", "[1,2,3] =0", "reverse=1"}, "6 5 3"},
      {{"TopK", "[4,1,4,2,9] [3]", "", 2}, "9 4 4"},
      {{"TopK", "[4,1,4,2,9] [2]", "largest=0", 2}, "1 2"},
      {{"Einsum", "[1,2,3] [4,5,6]", "equation=i,i"}, "32"},
      {{"MatMul", "[1,2,3] [4,5,6]", ""}, "32"},
      {{"MatMul", "[9223372036854775807] [2]", ""}, "-2"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    g_autoptr(OpHarness) h = start(&rows[i].row, none, ORDER_ROW_MAJOR, NULL);
    op_harness_forward(h, false);
    g_autoptr(GString) text = g_string_new(NULL);
    g_assert_cmpint(h->y[0]->type, ==, TENSOR_INT64);
    for (int64_t k = 0; k < tensor_count(h->y[0]); k++)
      g_string_append_printf(text, "%s%" G_GINT64_FORMAT, k ? " " : "", tensor_ints(h->y[0])[k]);
    g_assert_cmpstr(text->str, ==, rows[i].expected);
  }
}

/* Types that meet. */
static void test_casts(void) {
  g_autoptr(OpHarness) whole = start(&(OpRow){"Cast", "7", "to=7"}, none, ORDER_ROW_MAJOR, NULL);
  const float numbers[] = {NAN, INFINITY, -INFINITY, 1e30f, -2.9f, 2.9f, -0.0f};
  const int64_t expected[] = {0, G_MAXINT64, G_MININT64, G_MAXINT64, -2, 2, 0};
  memcpy(whole->x[0]->data, numbers, sizeof numbers);
  op_harness_forward(whole, false);
  g_assert_cmpmem(whole->y[0]->data, tensor_bytes(whole->y[0]), expected, sizeof expected);
  g_autoptr(OpHarness) truth = start(&(OpRow){"Cast", "[-3,0]", "to=9"}, none, ORDER_ROW_MAJOR, NULL);
  op_harness_forward(truth, false);
  g_assert_cmpmem(truth->y[0]->data, 2, "\1\0", 2);
  g_autoptr(OpHarness) real = start(&(OpRow){"Cast", "[-3,4]", "to=1"}, none, ORDER_ROW_MAJOR, NULL);
  op_harness_forward(real, false);
  g_assert_cmpfloat(tensor_floats(real->y[0])[0], ==, -3);
  g_assert_cmpfloat(tensor_floats(real->y[0])[1], ==, 4);
}

int main(int argc, char **argv) {
  openblas_set_num_threads(1);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ops/every-op-has-cases", test_every_op_has_cases);
  g_test_add_func("/ops/gradients", test_gradients);
  g_test_add_func("/ops/orders", test_orders);
  g_test_add_func("/ops/pools", test_pools);
  g_test_add_func("/ops/integers", test_integers);
  g_test_add_func("/ops/casts", test_casts);
  g_test_add_func("/ops/refusals", test_refusals);
  return g_test_run();
}
