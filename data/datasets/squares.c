/* Counting squares, the task of Elsayed, Goodfellow, Sohl-Dickstein 2019 (Adversarial Reprogramming of Neural
 * Networks, ICLR, section 4.1): pictures of 36 x 36 pixels with 1 to 10 squares of 9 x 9 on some of the 4 x 4
 * places of a grid, each square white within a black frame.  The class is how many there are. */
#include "data/datasets/loading.h"

#define PLACES  4 /* along each side of the grid */
#define SQUARE  9 /* with the frame */
#define FRAME   1
#define SIDE    (PLACES * SQUARE)
#define CLASSES 10

static const char *const classes[CLASSES] = {"1 square",  "2 squares", "3 squares", "4 squares", "5 squares",
                                             "6 squares", "7 squares", "8 squares", "9 squares", "10 squares"};

/* `squares` places of the grid, drawn without repeats; sample `index` uses the numbers from index * 16 on. */
static void draw_picture(const Random *random, uint64_t index, int squares, uint8_t *pixels) {
  int place[PLACES * PLACES];
  for (int i = 0; i < PLACES * PLACES; i++)
    place[i] = i;
  for (int i = 0; i < squares; i++) {
    int j =
        i + (int)random_below(random, index * PLACES * PLACES + (uint64_t)i, (uint32_t)(PLACES * PLACES - i));
    int drawn = place[j], top = drawn / PLACES * SQUARE, left = drawn % PLACES * SQUARE;
    place[j] = place[i];
    for (int y = FRAME; y < SQUARE - FRAME; y++)
      for (int x = FRAME; x < SQUARE - FRAME; x++)
        pixels[(top + y) * SIDE + left + x] = 255;
  }
}

/* Labels take turns, so that any first samples are balanced. */
static void draw_part(SampleSet *set, SamplePart *part, int n, uint64_t seed, uint32_t step) {
  Random random = {seed, RANDOM_DRAWING, step};
  uint8_t *pixels = g_malloc0((gsize)n * SIDE * SIDE);
  g_ptr_array_add(set->blocks, g_bytes_new_take(pixels, (gsize)n * SIDE * SIDE));
  for (int i = 0; i < n; i++, pixels += SIDE * SIDE) {
    draw_picture(&random, (uint64_t)i, 1 + i % CLASSES, pixels);
    sample_part_append(part, &(Picture){pixels, SIDE, SIDE, 1}, i % CLASSES);
  }
}

static SampleSet *squares_load(const DatasetKind *kind, uint64_t seed, GError **error) {
  SampleSet *set = sample_set_new(kind->name, kind->title);
  draw_part(set, &set->train, kind->train, seed, 0);
  draw_part(set, &set->validation, kind->validation, seed, 1);
  draw_part(set, &set->test, kind->test, seed, 2);
  set->n_classes = CLASSES;
  set->classes = g_new0(char *, CLASSES + 1);
  for (int i = 0; i < CLASSES; i++)
    set->classes[i] = g_strdup(classes[i]);
  set->drawn_sha256 = sample_set_digest(set);
  return set;
}

const DatasetKind dataset_squares = {
    .name = "squares",
    .title = "Count the squares",
    .summary = "One to ten white squares on the places of a grid: how many are there?",
    .license = "drawn by the program",
    .source = "Elsayed, Goodfellow and Sohl-Dickstein 2019, Adversarial Reprogramming of Neural Networks, "
              "arXiv 1806.11146",
    .n_classes = CLASSES,
    .classes = classes,
    .width = SIDE,
    .height = SIDE,
    .channels = 1,
    .train = 10000,
    .validation = 1000,
    .test = 2000,
    .load = squares_load,
};
