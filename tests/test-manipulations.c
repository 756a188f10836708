/* Manipulations: numbers at the start, what is built, its gradient, bounds; one loop over all methods and
 * settings. */
#include "engine/error.h"
#include "engine/manipulation.h"
#include "engine/plan.h"

#include <math.h>
#include <string.h>

#define SIZE  9
#define BATCH 2

static const Random draw = {4, RANDOM_PATTERN, 0};
static const float mean[] = {0.4f, 0.5f, 0.3f}, std[] = {0.2f, 0.25f, 0.3f};

static uint8_t pixels[5 * 7 * 3];
static const Picture picture = {pixels, 7, 5, 3};

typedef struct {
  const char *key, *text;
} Choice;

static Manipulation *try_make(const char *method, Format format, int size, const Choice *choices,
                              GError **error) {
  const ManipulationKind *kind = manipulation_find(method);
  g_autoptr(Settings) settings = settings_new(manipulation_settings, kind->settings);
  for (const Choice *choice = choices; choice && choice->key; choice++)
    g_assert_true(settings_set(settings, choice->key, choice->text, NULL));
  ManipulationInput input = {.channels = 3, .height = size, .width = size, .user_picture = &picture};
  memcpy(input.mean, mean, sizeof mean);
  memcpy(input.std, std, sizeof std);
  return manipulation_new(kind, format, settings, &input, &draw, error);
}

static Manipulation *make(const char *method, Format format, int size, const Choice *choices) {
  g_autoptr(GError) error = NULL;
  Manipulation *manipulation = try_make(method, format, size, choices, &error);
  g_assert_no_error(error);
  return manipulation;
}

/* I(x) and the pattern as the graph computes them, and the gradient of sum_i w_i I(x)_i to the numbers. */
typedef struct {
  float prompted[BATCH * 3 * SIZE * SIZE], pattern[3 * SIZE * SIZE], gradient[3 * SIZE * SIZE];
} Computed;

static double weight(int64_t i) {
  return random_normal(&(Random){8, RANDOM_DRAWING, 0}, (uint64_t)i);
}

/* Pictures in the middle, zeros around, normalised where the pattern comes after that. */
static void fill_input(const Manipulation *self, float *x) {
  g_autoptr(Tensor) outside = manipulation_outside_mask(self);
  bool after = settings_is(self->settings, "add", "after");
  int64_t n = tensor_count(outside);
  for (int64_t i = 0; i < BATCH * n; i++) {
    int c = (int)(i % n / (SIZE * SIZE));
    float p = tensor_floats(outside)[i % n] != 0
                  ? 0
                  : (float)random_uniform(&(Random){9, RANDOM_DRAWING, 0}, (uint64_t)i);
    x[i] = after ? (p - mean[c]) / std[c] : p;
  }
}

static void compute(Manipulation *self, Computed *computed) {
  g_autoptr(Graph) graph = graph_new();
  ValueId x = graph_input(graph, "x", TENSOR_FLOAT32, &SHAPE(BATCH, 3, SIZE, SIZE));
  ValueId numbers = graph_parameter(graph, "numbers", self->parameters);
  ValueId prompted = self->kind->build(self, graph, x, numbers);
  ValueId pattern = self->pattern;
  ValueId outputs[] = {prompted, pattern, VALUE_NONE};
  PlanOptions options = {.batch = BATCH, .outputs = outputs, .target = prompted};
  g_autoptr(GError) error = NULL;
  g_autoptr(Plan) plan = plan_new(graph, &options, &error);
  g_assert_no_error(error);
  g_autoptr(Workspace) workspace = workspace_new(plan, &error);
  g_assert_no_error(error);
  fill_input(self, tensor_floats(workspace_input(workspace, x)));
  g_assert_true(workspace_forward(workspace, NULL));
  memcpy(computed->prompted, workspace_output(workspace, prompted)->data, sizeof computed->prompted);
  memcpy(computed->pattern, workspace_output(workspace, pattern)->data, sizeof computed->pattern);
  Tensor *seed = workspace_seed(workspace);
  for (int64_t i = 0; i < tensor_count(seed); i++)
    tensor_floats(seed)[i] = (float)weight(i);
  g_assert_true(workspace_backward(workspace, NULL));
  memcpy(computed->gradient, workspace_gradient(workspace, numbers)->data, sizeof computed->gradient);
}

static void check_sum(const Manipulation *self, const Computed *computed) {
  float x[BATCH * 3 * SIZE * SIZE];
  fill_input(self, x);
  bool after = settings_is(self->settings, "add", "after"),
       clamp = settings_is(self->settings, "clamp", "yes");
  for (int i = 0; i < BATCH * 3 * SIZE * SIZE; i++) {
    int place = i % (3 * SIZE * SIZE), c = place / (SIZE * SIZE);
    double pixel = (after ? x[i] * std[c] + mean[c] : x[i]) + computed->pattern[place];
    pixel = clamp ? CLAMP(pixel, 0, 1) : pixel;
    g_assert_cmpfloat(fabs(computed->prompted[i] - (after ? (pixel - mean[c]) / std[c] : pixel)), <, 1e-4);
  }
}

static double weighted_sum(Manipulation *self) {
  Computed computed;
  compute(self, &computed);
  double sum = 0;
  for (int i = 0; i < BATCH * 3 * SIZE * SIZE; i++)
    sum += weight(i) * computed.prompted[i];
  return sum;
}

static void check_gradient(Manipulation *self, const Computed *computed) {
  for (int k = 0; k < 12; k++) {
    int i = (int)random_below(&(Random){10, RANDOM_DRAWING, 0}, (uint64_t)k, 3 * SIZE * SIZE);
    float *number = tensor_floats(self->parameters) + i, here = *number, h = 0.01f;
    *number = here + h;
    double above = weighted_sum(self);
    *number = here - h;
    double below = weighted_sum(self);
    *number = here;
    g_assert_cmpfloat(fabs((above - below) / (2 * h) - computed->gradient[i]), <, 0.02);
  }
}

/* Concatenative: every pixel of the picture comes through untouched, and the pattern is elsewhere. */
static void check_untouched(const Manipulation *self, const Computed *computed) {
  g_autoptr(Tensor) outside = manipulation_outside_mask(self);
  for (int i = 0; i < 3 * SIZE * SIZE; i++)
    if (tensor_floats(outside)[i] == 0)
      g_assert_cmpfloat(computed->pattern[i], ==, 0);
}

/* All methods, formats and common settings. */
static void test_table(void) {
  static const char *const starts[] = {"zeros", "random", "picture"}, *const norms[] = {"0", "0.7"};
  for (const ManipulationKind *const *row = manipulation_kinds; *row; row++) {
    const ManipulationKind *kind = *row;
    if (manipulation_is_inside(kind)) /* tests/test-inside.c */
      continue;
    g_assert_true(manipulation_find(kind->name) == kind && *kind->title && *kind->paper && *kind->summary);
    for (int k = 0; k < 48; k++) {
      Format format = k & 1 ? FORMAT_LEARNABLE : FORMAT_FIXED;
      if (!(kind->formats & 1u << format))
        continue;
      Choice choices[] = {{"add", k & 2 ? "after" : "before"},
                          {"clamp", k & 4 ? "yes" : "no"},
                          {"norm", norms[k >> 3 & 1]},
                          {"start", starts[k >> 4]},
                          {NULL}};
      g_autoptr(Manipulation) self = make(kind->name, format, SIZE, choices);
      Computed computed;
      compute(self, &computed);
      check_sum(self, &computed);
      if (format == FORMAT_LEARNABLE && !(k & 4))
        check_gradient(self, &computed);
      if (kind->op == OPERATOR_CONCATENATIVE)
        check_untouched(self, &computed);
      int trained = 0;
      for (int i = 0; i < 3 * SIZE * SIZE; i++)
        trained += computed.gradient[i] != 0;
      if (format == FORMAT_LEARNABLE && !(k & 4))
        g_assert_cmpint(trained, ==, self->trainable);
    }
  }
  g_assert_null(manipulation_find("warp"));
}

static void test_counts(void) {
  g_autoptr(Manipulation) small = make("border", FORMAT_LEARNABLE, 64, NULL);
  g_assert_true(small->picture_height == 32 && small->picture_width == 32);
  g_assert_cmpint(small->trainable, ==, 9216);
  g_autoptr(Manipulation) frame =
      make("border", FORMAT_LEARNABLE, 224, (const Choice[]){{"image_size", "164"}, {NULL}});
  g_assert_cmpint(frame->trainable, ==, 69840);
  g_autoptr(Manipulation) added =
      make("overlay", FORMAT_LEARNABLE, 224, (const Choice[]){{"frame", "30"}, {NULL}});
  g_assert_cmpint(added->trainable, ==, 69840);
  g_assert_cmpint(added->picture_height, ==, 224);
  g_autoptr(Manipulation) full = make("overlay", FORMAT_LEARNABLE, 224, NULL);
  g_assert_cmpint(full->trainable, ==, 150528);
}

/* An odd rest goes left and top: 4 in 9 leaves 3 before and 2 after. */
static void test_placement(void) {
  g_autoptr(Manipulation) self = make("border", FORMAT_LEARNABLE, SIZE, NULL);
  g_autoptr(Tensor) outside = manipulation_outside_mask(self);
  g_assert_cmpint(self->picture_width, ==, 4);
  for (int i = 0; i < 3 * SIZE * SIZE; i++) {
    int y = i / SIZE % SIZE, x = i % SIZE;
    bool inside = y >= 3 && y < 7 && x >= 3 && x < 7;
    g_assert_true(tensor_floats(outside)[i] == (inside ? 0 : 1));
  }
}

static double distance(const Manipulation *self, const Computed *computed) {
  g_autoptr(Tensor) outside = manipulation_outside_mask(self);
  double sum = 0;
  for (int i = 0; i < 3 * SIZE * SIZE; i++) {
    double d = computed->pattern[i] -
               self->kind->neutral * (self->kind->op == OPERATOR_ADDITIVE || tensor_floats(outside)[i]);
    sum += d * d;
  }
  return sqrt(sum);
}

/* Zeros: a learnable border is grey, a fixed one black.  Random: fixed and learnable begin with the same
 * pattern. */
static void test_starts(void) {
  static const char *const forms[] = {"sigmoid", "tanh"};
  for (int k = 0; k < 2; k++) {
    Choice zeros[] = {{"form", forms[k]}, {NULL}},
           random[] = {{"form", forms[k]}, {"start", "random"}, {"norm", "1.5"}, {NULL}};
    g_autoptr(Manipulation) grey = make("border", FORMAT_LEARNABLE, SIZE, zeros),
                            black = make("border", FORMAT_FIXED, SIZE, zeros);
    g_autoptr(Manipulation) learnt = make("border", FORMAT_LEARNABLE, SIZE, random),
                            fixed = make("border", FORMAT_FIXED, SIZE, random);
    Computed a, b, c, d;
    compute(grey, &a);
    compute(black, &b);
    compute(learnt, &c);
    compute(fixed, &d);
    g_assert_cmpfloat(a.pattern[0], ==, 0.5f);
    g_assert_cmpfloat(b.pattern[0], ==, 0);
    for (int i = 0; i < 3 * SIZE * SIZE; i++)
      g_assert_cmpfloat_with_epsilon(c.pattern[i], d.pattern[i], 1e-5);
    g_assert_cmpfloat_with_epsilon(distance(fixed, &d), 1.5, 1e-3);
  }
  g_autoptr(Manipulation) added =
      make("overlay", FORMAT_FIXED, SIZE, (const Choice[]){{"start", "random"}, {"norm", "2"}, {NULL}});
  Computed e;
  compute(added, &e);
  g_assert_cmpfloat_with_epsilon(distance(added, &e), 2, 1e-3);
}

/* Fixed and learnable begin with the same pattern, wherever it is added and whatever it is drawn from. */
static void test_same_start(void) {
  static const char *const starts[] = {"random", "picture"}, *const norms[] = {"0", "0.7"};
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++)
    for (int k = 0; k < 8 && !manipulation_is_inside(*kind); k++) {
      Choice choices[] = {{"add", k & 1 ? "after" : "before"},
                          {"start", starts[k >> 1 & 1]},
                          {"norm", norms[k >> 2]},
                          {NULL}};
      g_autoptr(Manipulation) fixed = make((*kind)->name, FORMAT_FIXED, SIZE, choices);
      g_autoptr(Manipulation) learnt = make((*kind)->name, FORMAT_LEARNABLE, SIZE, choices);
      Computed a, b;
      compute(fixed, &a);
      compute(learnt, &b);
      for (int i = 0; i < 3 * SIZE * SIZE; i++)
        g_assert_cmpfloat(fabs(a.pattern[i] - b.pattern[i]), <,
                          0.003); /* the picture's black and white in a border */
    }
}

static void test_picture(void) {
  float expected[3 * SIZE * SIZE];
  picture_resize(&picture, SIZE, SIZE, 3, expected);
  g_autoptr(Manipulation) self =
      make("border", FORMAT_LEARNABLE, SIZE, (const Choice[]){{"start", "picture"}, {NULL}});
  g_autoptr(Tensor) outside = manipulation_outside_mask(self);
  Computed computed;
  compute(self, &computed);
  for (int i = 0; i < 3 * SIZE * SIZE; i++)
    g_assert_cmpfloat_with_epsilon(computed.pattern[i], expected[i] * tensor_floats(outside)[i], 1.0 / 400);
}

/* A step too far comes back to the bound, in pixel units, whichever units W has. */
static void test_bounds(void) {
  for (int k = 0; k < 4; k++) {
    const char *bound = k & 1 ? "linf" : "l2", *add = k & 2 ? "after" : "before";
    g_autoptr(Manipulation) self =
        make("overlay", FORMAT_LEARNABLE, SIZE,
             (const Choice[]){{"bound", bound}, {"radius", "0.25"}, {"add", add}, {NULL}});
    Computed computed;
    for (int far = 0; far < 2; far++) {
      for (int64_t i = 0; i < tensor_count(self->parameters); i++)
        tensor_floats(self->parameters)[i] = (float)weight(i) * (far ? 1 : 1e-3f);
      g_autofree float *before = g_memdup2(tensor_floats(self->parameters), tensor_bytes(self->parameters));
      self->kind->project(self);
      compute(self, &computed);
      double largest = 0, sum = 0;
      for (int i = 0; i < 3 * SIZE * SIZE; i++) {
        largest = MAX(largest, fabs(computed.pattern[i]));
        sum += (double)computed.pattern[i] * computed.pattern[i];
      }
      if (far)
        g_assert_cmpfloat_with_epsilon(k & 1 ? largest : sqrt(sum), 0.25, 1e-5);
      else
        g_assert_cmpmem(before, tensor_bytes(self->parameters), tensor_floats(self->parameters),
                        tensor_bytes(self->parameters));
    }
  }
  g_autoptr(Manipulation) start =
      make("overlay", FORMAT_FIXED, SIZE,
           (const Choice[]){{"bound", "linf"}, {"radius", "0.1"}, {"start", "random"}, {NULL}});
  for (int64_t i = 0; i < tensor_count(start->parameters); i++)
    g_assert_cmpfloat(fabsf(tensor_floats(start->parameters)[i]), <=, 0.1f);
}

static void test_refused(void) {
  static const struct {
    const char *method;
    Choice choice;
    int size;
    const char *message;
  } cases[] = {
      {"border", {"image_size", "9"}, SIZE, "leaves no room for a border"},
      {"border", {"image_size", "10"}, SIZE, "larger than the model's input of 9 x 9"},
      {"overlay", {"image_size", "65536"}, SIZE, "make it smaller"},
      {"border", {"norm", "run:12"}, SIZE, "run:12 was not looked up"},
      {"border", {"picture", "a.png"}, SIZE, "manipulation.start = picture"},
      {"border", {NULL}, 1, "leaves no room"},
      {"overlay", {NULL}, 0, "choose another model"},
      {"overlay", {NULL}, 40000, "choose another model"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    Choice choices[] = {cases[i].choice, {NULL}};
    g_autoptr(GError) error = NULL;
    g_assert_null(try_make(cases[i].method, FORMAT_LEARNABLE, cases[i].size, choices, &error));
    g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
    g_assert_nonnull(strstr(error->message, cases[i].message));
  }
  g_autoptr(Settings) settings = settings_new(manipulation_settings, manipulation_find("border")->settings);
  g_autoptr(GError) error = NULL;
  g_assert_true(settings_set(settings, "start", "picture", NULL));
  ManipulationInput blind = {.channels = 3, .height = SIZE, .width = SIZE, .std = {1, 1, 1}};
  g_assert_null(manipulation_new(manipulation_find("border"), FORMAT_FIXED, settings, &blind, &draw, &error));
  g_assert_nonnull(strstr(error->message, "manipulation.picture"));
  g_clear_error(&error);
  g_assert_null(manipulation_new(NULL, FORMAT_FIXED, settings, &blind, &draw, &error));
  g_assert_nonnull(strstr(error->message, "no method"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(pixels); i++)
    pixels[i] = (uint8_t)(i * 37);
  g_test_add_func("/manipulations/table", test_table);
  g_test_add_func("/manipulations/counts", test_counts);
  g_test_add_func("/manipulations/placement", test_placement);
  g_test_add_func("/manipulations/starts", test_starts);
  g_test_add_func("/manipulations/same-start", test_same_start);
  g_test_add_func("/manipulations/picture", test_picture);
  g_test_add_func("/manipulations/bounds", test_bounds);
  g_test_add_func("/manipulations/refused", test_refused);
  return g_test_run();
}
