/* Pointwise ops where numbers are unusual: infinite, none, at kinks, ties; and the gradients there. */
#include "tests/support/op-cases.h"

#include <math.h>
#include <string.h>

#define MOST 8

/* x holds the numbers of the first input, which is n long; other inputs stand behind it. */
typedef struct {
  const char *op, *others, *attributes;
  int n;
  float x[MOST], y[MOST], dx[MOST]; /* dx: the gradient by x where dy is 1 */
} Values;

static const Values values[] = {
    {"Round", "", "", 6, {0.5f, 1.5f, 2.5f, -0.5f, -1.5f, INFINITY}, {0, 2, 2, 0, -2, INFINITY}, {0}},
    {"Sign", "", "", 5, {-3, 0, 2, INFINITY, NAN}, {-1, 0, 1, 1, NAN}, {0}},
    {"Ceil", "", "", 3, {-0.5f, 1.25f, -INFINITY}, {0, 2, -INFINITY}, {0}},
    {"Floor", "", "", 3, {-0.5f, 1.25f, NAN}, {-1, 1, NAN}, {0}},
    {"Softplus", "", "", 4, {-200, 0, 200, INFINITY}, {0, 0.6931472f, 200, INFINITY}, {0, 0.5f, 1, 1}},
    {"Softsign", "", "", 3, {-1, 0, 3}, {-0.5f, 0, 0.75f}, {0.25f, 1, 0.0625f}},
    {"Elu", "", "", 3, {-200, 0, 200}, {-1, 0, 200}, {0, 1, 1}},
    {"HardSwish", "", "", 5, {-4, -3, 0, 3, 4}, {0, 0, 0, 3, 4}, {0, 0, 0.5f, 1, 1}},
    {"HardSigmoid", "", "", 4, {-9, 0, 9, NAN}, {0, 0.5f, 1, NAN}, {0, 0.2f, 0, 0}},
    {"LeakyRelu", "", "", 4, {-2, 0, 2, NAN}, {-0.02f, 0, 2, NAN}, {0.01f, 0.01f, 1, 0.01f}},
    {"ThresholdedRelu", "", "", 3, {0.5f, 1, 1.5f}, {0, 0, 1.5f}, {0, 0, 1}},
    {"Shrink", "", "bias=0.25", 3, {-1, 0.5f, 1}, {-0.75f, 0, 0.75f}, {1, 0, 1}},
    {"Mish", "", "", 3, {-200, 0, 200}, {0, 0, 200}, {0, 0.6f, 1}},
    {"Sigmoid", "", "", 3, {-200, 0, 200}, {0, 0.5f, 1}, {0, 0.25f, 0}},
    {"Max", " 3", "", 3, {2, 7, NAN}, {3, 7, NAN}, {0, 1, 1}},
    {"Min", " 3", "", 3, {2, 7, NAN}, {2, 3, NAN}, {1, 0, 1}},
    {"Max", " 3", "", 2, {3, -INFINITY}, {3, 3}, {1, 0}}, /* the first of equals has the gradient */
    {"Min", " 3", "", 2, {3, INFINITY}, {3, 3}, {1, 0}},
    {"Pow", " 2", "", 4, {-3, 0, 2, INFINITY}, {9, 0, 4, INFINITY}, {-6, 0, 4, INFINITY}},
    {"Pow", " 0", "", 3, {-3, 0, 2}, {1, 1, 1}, {0, 0, 0}},
    {"Pow", " 1", "", 3, {-3, 0, 2}, {-3, 0, 2}, {1, 1, 1}},
    {"Pow", " 0.5", "", 2, {4, 9}, {2, 3}, {0.25f, 1 / 6.0f}},
    {"Mod", " 3", "", 4, {4, -4, 3, -1}, {1, 2, 0, 2}, {1, 1, 1, 1}},
    {"Mod", " 3", "fmod=1", 4, {4, -4, 3, -1}, {1, -1, 0, -1}, {1, 1, 1, 1}},
    {"PRelu", " 0.5", "", 4, {-4, 0, 4, NAN}, {-2, 0, 4, NAN}, {0.5f, 1, 1, 1}},
    {"Sum", " 1", "", 2, {1, INFINITY}, {2, INFINITY}, {1, 1}},
    {"Mean", " 1", "", 2, {1, INFINITY}, {1, INFINITY}, {0.5f, 0.5f}},
};

static void check_numbers(const Values *v, const char *what, const float *found, const float *expected) {
  for (int i = 0; i < v->n; i++) {
    bool same = found[i] == expected[i] || (isnan(found[i]) && isnan(expected[i])) ||
                fabsf(found[i] - expected[i]) <= 1e-6f * (1 + fabsf(expected[i]));
    if (!same)
      g_error("%s of %g, others%s, %s: %s is %g, not %g", v->op, v->x[i], v->others, v->attributes, what,
              found[i], expected[i]);
  }
}

static void test_values(void) {
  for (guint k = 0; k < G_N_ELEMENTS(values); k++) {
    const Values *v = &values[k];
    g_autofree char *second =
        *v->others ? g_strdup_printf(" =%s%s", v->others + 1, strchr(v->others, '.') ? "" : ".0")
                   : g_strdup("");
    g_autofree char *inputs = g_strdup_printf("%d%s", v->n, second);
    OpCase c = {.op = v->op, .inputs = inputs, .attributes = v->attributes, .fill = op_fill_smooth};
    g_autoptr(GError) error = NULL;
    g_autoptr(OpHarness) h = op_harness_new(&c, &error);
    g_assert_no_error(error);
    memcpy(h->x[0]->data, v->x, sizeof(float) * (size_t)v->n);
    for (int i = 0; i < v->n; i++)
      tensor_floats(h->dy[0])[i] = 1;
    op_harness_forward(h, true);
    check_numbers(v, "y", tensor_floats(h->y[0]), v->y);
    op_harness_backward(h, 1, false);
    check_numbers(v, "dx", tensor_floats(h->dx[0]), v->dx);
  }
}

/* What is true, as "101". */
static void test_truths(void) {
  static const struct {
    const char *op, *inputs, *attributes, *expected;
    int n; /* of the numbers below, in the first input; 0: it has its own */
  } rows[] = {
      {"IsInf", "4", "", "1100", 4},
      {"IsInf", "4", "detect_negative=0", "1000", 4},
      {"IsInf", "4", "detect_positive=0", "0100", 4},
      {"IsNaN", "4", "", "0010", 4},
      {"Equal", "4 =1.0", "", "0001", 4},
      {"Greater", "4 =1.0", "", "1000", 4},
      {"GreaterOrEqual", "4 =1.0", "", "1001", 4},
      {"Less", "4 =1.0", "", "0100", 4},
      {"LessOrEqual", "4 =1.0", "", "0101", 4},
      {"Equal", "[1,2] [1,3]", "", "10", 0},
      {"LessOrEqual", "[2x1:1,2] [1,3]", "", "1101", 0},
      {"Equal", "?[1,0] ?[1]", "", "10", 0},
      {"And", "?[1,0,1,0] ?[1,1,0,0]", "", "1000", 0},
      {"Or", "?[1,0,1,0] ?[1,1,0,0]", "", "1110", 0},
      {"Xor", "?[1,0,1,0] ?[1,1,0,0]", "", "0110", 0},
      {"Not", "?[1,0,1,0]", "", "0101", 0},
  };
  const float numbers[] = {INFINITY, -INFINITY, NAN, 1};
  for (guint k = 0; k < G_N_ELEMENTS(rows); k++) {
    OpCase c = {
        .op = rows[k].op, .inputs = rows[k].inputs, .attributes = rows[k].attributes, .fill = op_fill_smooth};
    g_autoptr(GError) error = NULL;
    g_autoptr(OpHarness) h = op_harness_new(&c, &error);
    g_assert_no_error(error);
    if (rows[k].n)
      memcpy(h->x[0]->data, numbers, sizeof numbers);
    op_harness_forward(h, false);
    g_assert_cmpint(h->y[0]->type, ==, TENSOR_BOOL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (int64_t i = 0; i < tensor_count(h->y[0]); i++)
      g_string_append_printf(text, "%d", ((uint8_t *)h->y[0]->data)[i]);
    g_test_message("%s of %s", rows[k].op, rows[k].inputs);
    g_assert_cmpstr(text->str, ==, rows[k].expected);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ops-values/numbers", test_values);
  g_test_add_func("/ops-values/truths", test_truths);
  return g_test_run();
}
