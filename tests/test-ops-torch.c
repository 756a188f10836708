/* Ops against PyTorch: outputs and gradients of references/ops.txt, which references/ops.py has written. */
#include "tests/support/op-cases.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

static OpFill fill_of(const char *name) {
  return strcmp(name, "positive") == 0 ? op_fill_positive
         : strcmp(name, "kinks") == 0  ? op_fill_kinks
                                       : op_fill_smooth;
}

/* One line "label numbers...": the tensor's elements, row-major. */
static void compare(const char *label, char **words, const Tensor *tensor) {
  int64_t n = tensor_count(tensor);
  double scale = 1;
  g_assert_cmpint(g_strv_length(words) - 1, ==, n);
  for (int64_t i = 0; i < n; i++)
    scale = MAX(scale, fabs(g_ascii_strtod(words[i + 1], NULL)));
  for (int64_t i = 0; i < n; i++) {
    double expected = g_ascii_strtod(words[i + 1], NULL);
    double found = tensor_floats(tensor)[op_harness_place(tensor, i)];
    if (!(fabs(found - expected) <= 1e-5 * scale))
      g_error("%s: %s[%d] is %g, PyTorch has %g", label, words[0], (int)i, found, expected);
  }
}

static void check_case(const char *text, char **lines, TensorOrder order) {
  static const Activation activations[] = {
      {ACTIVATION_NONE, 0, 0}, {ACTIVATION_RELU, 0, INFINITY}, {ACTIVATION_CLIP, -0.5, 1}};
  g_auto(GStrv) parts = g_strsplit(text + strlen("case "), "|", -1);
  OpCase c = {parts[0], parts[1], parts[2], activations[atoi(parts[3])], order, fill_of(parts[4]), NULL, 1};
  g_autoptr(GError) error = NULL;
  g_autoptr(OpHarness) h = op_harness_new(&c, &error);
  g_assert_no_error(error);
  unsigned wanted = 0;
  for (int k = 0; k < h->n_inputs; k++)
    wanted |= h->dx[k] ? 1u << k : 0;
  int64_t n = tensor_count(h->y[0]);
  for (int64_t i = 0; i < n; i++)
    tensor_floats(h->dy[0])[op_harness_place(h->dy[0], i)] = (float)(i * 37 % 13 - 6) / 4;
  op_harness_forward(h, true);
  op_harness_backward(h, wanted, false);
  for (char **line = lines; *line && !g_str_has_prefix(*line, "case ") && **line; line++) {
    g_auto(GStrv) words = g_strsplit(*line, " ", -1);
    compare(text, words, words[0][0] == 'y' ? h->y[0] : h->dx[atoi(words[0] + strlen("dx"))]);
  }
}

static void test_torch(void) {
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  g_file_get_contents(SOURCE_ROOT "/tests/references/ops.txt", &text, NULL, &error);
  g_assert_no_error(error);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  int cases = 0;
  for (char **line = lines; *line; line++) {
    if (!g_str_has_prefix(*line, "case "))
      continue;
    g_autofree char *name = g_strndup(*line + strlen("case "), strcspn(*line + strlen("case "), "|"));
    check_case(*line, line + 1, ORDER_ROW_MAJOR);
    if (op_find(name)->layout != LAYOUT_ROW_MAJOR)
      check_case(*line, line + 1, ORDER_CHANNELS_LAST);
    cases++;
  }
  g_assert_cmpint(cases, >=, 50);
}

int main(int argc, char **argv) {
  openblas_set_num_threads(1);
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ops/torch", test_torch);
  return g_test_run();
}
