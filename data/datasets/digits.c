/* Digits in many fonts: 0 to 9 drawn with Cairo from the fonts of digit-fonts.c, with random font, size,
 * place, slant and colours.  The fonts of train, validation and test are different families, so that a prompt
 * that is good here has not learnt fonts by heart.  A picture is 32 pixels wide and high and in colour: that
 * is the usual size in the middle of f's input, which then needs no resizing. */
#include "data/datasets/digit-fonts.h"
#include "data/datasets/digit-glyphs.h"
#include "data/datasets/loading.h"
#include "engine/error.h"

#include <math.h>

#define SIDE      32
#define MARGIN    1.0 /* pixels that stay free on each side */
#define NUMBERS   64  /* random numbers that a sample may use */
#define LUMINANCE 0.4 /* least difference between digit and ground */
#define INK_TRIES 12  /* colours that are drawn for the digit until one differs so much */

/* What each of a sample's random numbers is for. */
enum {
  FAMILY,
  FILE_OF_FAMILY,
  HEIGHT,
  TURN,
  SHEAR,
  PLACE_X,
  PLACE_Y,
  MODE,
  SHADE,
  SHADE_ANGLE,
  GROUND,
  SECOND = GROUND + 3,
  INK = SECOND + 3, /* three for each try */
};

typedef struct {
  Random random;
  uint64_t index; /* of the sample's first number */
} Draw;

typedef struct {
  double red, green, blue;
} Colour;

/* Uniform in [from, to). */
static double draw_between(const Draw *draw, int purpose, double from, double to) {
  return from + (to - from) * random_uniform(&draw->random, draw->index + (uint64_t)purpose);
}

static guint draw_below(const Draw *draw, int purpose, guint n) {
  return random_below(&draw->random, draw->index + (uint64_t)purpose, n);
}

static double draw_normal(const Draw *draw, int purpose, double deviation, double most) {
  return CLAMP(deviation * random_normal(&draw->random, draw->index + (uint64_t)purpose), -most, most);
}

static Colour draw_colour(const Draw *draw, int purpose) {
  return (Colour){draw_between(draw, purpose, 0, 1), draw_between(draw, purpose + 1, 0, 1),
                  draw_between(draw, purpose + 2, 0, 1)};
}

static Colour mix(Colour a, Colour b, double share) {
  return (Colour){a.red + (b.red - a.red) * share, a.green + (b.green - a.green) * share,
                  a.blue + (b.blue - a.blue) * share};
}

/* ITU-R BT.601. */
static double luminance(Colour colour) {
  return 0.299 * colour.red + 0.587 * colour.green + 0.114 * colour.blue;
}

/* Ground (the colours of both ends of its shade) and ink.  A third is white on black as in MNIST, a tenth
 * black on white, and what remains in colours that differ enough in luminance from both ends. */
static void draw_colours(const Draw *draw, Colour ground[2], Colour *ink) {
  const Colour black = {0, 0, 0}, white = {1, 1, 1};
  double mode = draw_between(draw, MODE, 0, 1);
  if (mode < 0.45) {
    ground[0] = ground[1] = mode < 0.35 ? black : white;
    *ink = mode < 0.35 ? white : black;
    return;
  }
  ground[0] = draw_colour(draw, GROUND);
  ground[1] = mix(ground[0], draw_colour(draw, SECOND), draw_between(draw, SHADE, 0, 0.5));
  for (int i = 0; i < INK_TRIES; i++) {
    *ink = draw_colour(draw, INK + 3 * i);
    if (fabs(luminance(*ink) - luminance(ground[0])) > LUMINANCE &&
        fabs(luminance(*ink) - luminance(ground[1])) > LUMINANCE)
      return;
  }
  *ink = luminance(ground[0]) + luminance(ground[1]) < 1 ? white : black;
}

static void paint_ground(cairo_t *cairo, const Draw *draw, const Colour ground[2]) {
  double angle = draw_between(draw, SHADE_ANGLE, 0, 2 * G_PI), x = SIDE / 2.0 * cos(angle),
         y = SIDE / 2.0 * sin(angle);
  cairo_pattern_t *shade =
      cairo_pattern_create_linear(SIDE / 2.0 - x, SIDE / 2.0 - y, SIDE / 2.0 + x, SIDE / 2.0 + y);
  for (int i = 0; i < 2; i++)
    cairo_pattern_add_color_stop_rgb(shade, i, ground[i].red, ground[i].green, ground[i].blue);
  cairo_set_source(cairo, shade);
  cairo_paint(cairo);
  cairo_pattern_destroy(shade);
}

/* Puts the path on the surface with `matrix`; gives its extents there. */
static void place_path(cairo_t *cairo, const cairo_path_t *path, const cairo_matrix_t *matrix,
                       double extents[4]) {
  cairo_new_path(cairo);
  cairo_set_matrix(cairo, matrix);
  cairo_append_path(cairo, path);
  cairo_identity_matrix(cairo);
  cairo_path_extents(cairo, &extents[0], &extents[1], &extents[2], &extents[3]);
}

/* The digit, turned and slanted, as high as drawn or as the picture allows, at a drawn place inside the
 * picture. */
static void place_digit(cairo_t *cairo, const Draw *draw, const cairo_path_t *path) {
  double at[4], room = SIDE - 2 * MARGIN;
  cairo_matrix_t matrix;
  cairo_matrix_init_rotate(&matrix, draw_normal(draw, TURN, 0.1, 0.25));
  cairo_matrix_t shear = {1, 0, draw_normal(draw, SHEAR, 0.1, 0.25), 1, 0, 0};
  cairo_matrix_multiply(&matrix, &shear, &matrix);
  double height = draw_between(draw, HEIGHT, 0.5, 0.9) * SIDE;
  cairo_matrix_scale(&matrix, height, height);
  place_path(cairo, path, &matrix, at);
  double fits = MIN(1, MIN(room / (at[2] - at[0]), room / (at[3] - at[1])));
  double free_x = room - fits * (at[2] - at[0]), free_y = room - fits * (at[3] - at[1]);
  cairo_matrix_scale(&matrix, fits, fits);
  matrix.x0 = MARGIN - fits * at[0] + draw_between(draw, PLACE_X, 0, 1) * free_x;
  matrix.y0 = MARGIN - fits * at[1] + draw_between(draw, PLACE_Y, 0, 1) * free_y;
  place_path(cairo, path, &matrix, at);
}

static void draw_digit(cairo_surface_t *surface, const Draw *draw, const cairo_path_t *path,
                       uint8_t *pixels) {
  cairo_t *cairo = cairo_create(surface);
  Colour ground[2], ink;
  draw_colours(draw, ground, &ink);
  paint_ground(cairo, draw, ground);
  place_digit(cairo, draw, path);
  cairo_set_source_rgb(cairo, ink.red, ink.green, ink.blue);
  cairo_fill(cairo);
  cairo_destroy(cairo);
  cairo_surface_flush(surface);
  for (int y = 0; y < SIDE; y++) {
    const uint32_t *row =
        (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) +
                                         (gsize)y * (gsize)cairo_image_surface_get_stride(surface));
    for (int x = 0; x < SIDE; x++, pixels += 3) {
      pixels[0] = (uint8_t)(row[x] >> 16);
      pixels[1] = (uint8_t)(row[x] >> 8);
      pixels[2] = (uint8_t)row[x];
    }
  }
}

/* The families of a part: for each an array of its files' glyphs.  (element-type GPtrArray(DigitGlyphs)) */
static GPtrArray *load_families(DigitPart part, GError **error) {
  g_autoptr(GPtrArray) families = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
  for (guint k = 0; k < n_digit_families; k++) {
    const DigitFamily *row = &digit_families[k];
    if (row->part != part)
      continue;
    GPtrArray *files = g_ptr_array_new_with_free_func((GDestroyNotify)digit_glyphs_free);
    g_ptr_array_add(families, files);
    for (guint i = 0; i < FAMILY_MOST_FILES && row->files[i]; i++) {
      g_autofree char *path = g_strconcat(DIGIT_FONT_FOLDER, row->files[i], NULL);
      DigitGlyphs *glyphs = digit_glyphs_load(path, row->package, NULL, error);
      if (!glyphs)
        return NULL;
      g_ptr_array_add(files, glyphs);
    }
  }
  return g_steal_pointer(&families);
}

/* Labels take turns, so that any first samples are balanced. */
static bool draw_part(SampleSet *set, SamplePart *samples, DigitPart part, int n, uint64_t seed,
                      GError **error) {
  g_autoptr(GPtrArray) families = load_families(part, error);
  if (!families)
    return false;
  gsize each = SIDE * SIDE * 3;
  uint8_t *pixels = g_malloc((gsize)n * each);
  g_ptr_array_add(set->blocks, g_bytes_new_take(pixels, (gsize)n * each));
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, SIDE, SIDE);
  for (int i = 0; i < n; i++, pixels += each) {
    Draw draw = {{seed, RANDOM_DRAWING, part}, (uint64_t)i * NUMBERS};
    const GPtrArray *files = g_ptr_array_index(families, draw_below(&draw, FAMILY, families->len));
    const DigitGlyphs *glyphs = g_ptr_array_index(files, draw_below(&draw, FILE_OF_FAMILY, files->len));
    draw_digit(surface, &draw, glyphs->digits[i % 10], pixels);
    sample_part_append(samples, &(Picture){pixels, SIDE, SIDE, 3}, i % 10);
  }
  cairo_surface_destroy(surface);
  return true;
}

static SampleSet *digits_load(const DatasetKind *kind, uint64_t seed, GError **error) {
  g_autoptr(SampleSet) set = sample_set_new(kind->name, kind->title);
  if (!draw_part(set, &set->train, DIGITS_TRAIN, kind->train, seed, error) ||
      !draw_part(set, &set->validation, DIGITS_VALIDATION, kind->validation, seed, error) ||
      !draw_part(set, &set->test, DIGITS_TEST, kind->test, seed, error))
    return NULL;
  sample_set_number_classes(set, 10);
  set->drawn_sha256 = sample_set_digest(set);
  return g_steal_pointer(&set);
}

static GPtrArray *digits_packages(void) {
  GPtrArray *packages = g_ptr_array_new_with_free_func(g_free);
  for (guint k = 0; k < n_digit_families; k++)
    if (!g_ptr_array_find_with_equal_func(packages, digit_families[k].package, g_str_equal, NULL))
      g_ptr_array_add(packages, g_strdup(digit_families[k].package));
  return packages;
}

static bool digits_has_package(const char *package) {
  for (guint k = 0; k < n_digit_families; k++)
    for (guint i = 0; i < FAMILY_MOST_FILES && digit_families[k].files[i]; i++) {
      g_autofree char *path = g_strconcat(DIGIT_FONT_FOLDER, digit_families[k].files[i], NULL);
      if (g_str_equal(digit_families[k].package, package) && !g_file_test(path, G_FILE_TEST_EXISTS))
        return false;
    }
  return true;
}

const DatasetKind dataset_digits = {
    .name = "digits",
    .title = "Digits in many fonts",
    .summary = "The digits 0 to 9 in colour, in fonts that differ between training, validation and test.",
    .license = "drawn by the program",
    .source = "Cairo and the fonts of Debian packages (data/datasets/digit-fonts.c)",
    .n_classes = 10,
    .width = SIDE,
    .height = SIDE,
    .channels = 3,
    .train = 10000,
    .validation = 1000,
    .test = 2000,
    .load = digits_load,
    .packages = digits_packages,
    .has_package = digits_has_package,
};
