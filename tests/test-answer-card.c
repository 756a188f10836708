/* Cards of answered pictures on image surfaces: what is drawn and where, and their words. */
#include "ui/answer.h"
#include "ui/draw/answer-card.h"

#include <string.h>

static guint32 pixel_at(cairo_surface_t *surface, int x, int y) {
  guint32 pixel;
  memcpy(&pixel, cairo_image_surface_get_data(surface) + y * cairo_image_surface_get_stride(surface) + 4 * x,
         4);
  return pixel & 0xffffff;
}

static cairo_surface_t *draw(const AnswerCard *card, bool dark) {
  Palette palette = palette_builtin(dark, false);
  cairo_surface_t *surface =
      cairo_image_surface_create(CAIRO_FORMAT_RGB24, ANSWER_CARD_WIDTH, ANSWER_CARD_HEIGHT);
  cairo_t *cr = cairo_create(surface);
  ink_set(cr, palette.background);
  cairo_paint(cr);
  answer_card_draw(cr, card, &palette);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  return surface;
}

/* Pixels of a row that differ from the ground. */
static int inked(cairo_surface_t *surface, int y) {
  int n = 0;
  for (int x = 0; x < ANSWER_CARD_WIDTH; x++)
    n += pixel_at(surface, x, y) != pixel_at(surface, 0, 0);
  return n;
}

static const unsigned char two[] = {255, 0, 0, 0, 0, 255};

static AnswerCard sneaker(void) {
  return (AnswerCard){.name = "0.png",
                      .picture = {two, 2, 1},
                      .received = {two, 1, 1},
                      .top = {{"Sneaker", 0.75}, {"Sandal", 0.25}},
                      .n_top = 2,
                      .plain = {"Coat", 0.5}};
}

/* A picture of two pixels: magnified to squares, its proportions kept, red left of blue. */
static void test_pictures(void) {
  for (int dark = 0; dark < 2; dark++) {
    AnswerCard card = sneaker();
    cairo_surface_t *surface = draw(&card, dark);
    g_assert_cmphex(pixel_at(surface, 37, 63), ==, 0xff0000);
    g_assert_cmphex(pixel_at(surface, 60, 63), ==, 0xff0000);
    g_assert_cmphex(pixel_at(surface, 65, 63), ==, 0x0000ff);
    g_assert_cmphex(pixel_at(surface, 40, 25), !=, 0xff0000); /* above it: the place's ground */
    g_assert_cmphex(pixel_at(surface, 173, 63), ==, 0xff0000);
    cairo_surface_destroy(surface);
  }
}

/* The bar of 0.75 is three times as long as that of 0.25. */
static void test_bars(void) {
  AnswerCard card = sneaker();
  cairo_surface_t *surface = draw(&card, false);
  Palette palette = palette_builtin(false, false);
  guint32 accent = (guint32)(palette.accent.red * 255 + 0.5) << 16 |
                   (guint32)(palette.accent.green * 255 + 0.5) << 8 |
                   (guint32)(palette.accent.blue * 255 + 0.5);
  int length[2] = {0, 0};
  for (int bar = 0; bar < 2; bar++)
    for (int x = 0; x < ANSWER_CARD_WIDTH; x++)
      length[bar] += pixel_at(surface, x, 145 + 18 * bar) == accent;
  g_assert_cmpint(length[1], >, 5);
  g_assert_cmpint(ABS(length[0] - 3 * length[1]), <=, 4);
  cairo_surface_destroy(surface);
}

/* A long sentence is broken into lines and stays inside. */
static void test_error(void) {
  g_autofree char *sentence =
      g_strjoin(" ", "the PNG picture", "/a/very/long/path/that/has/no/blank/anywhere",
                "ends early; fetch it again or take it away", NULL);
  AnswerCard card = {.name = "broken.png", .error = sentence};
  cairo_surface_t *surface = draw(&card, false);
  int lines = 0;
  for (int y = 1; y < ANSWER_CARD_HEIGHT; y++) {
    lines += inked(surface, y) > 0 && inked(surface, y - 1) == 0;
    for (int x = 0; x < 10; x++)
      g_assert_cmphex(pixel_at(surface, ANSWER_CARD_WIDTH - 1 - x, y), ==, pixel_at(surface, 0, 0));
  }
  g_assert_cmpint(lines, >=, 5);
  cairo_surface_destroy(surface);
}

static void test_words(void) {
  AnswerCard card = sneaker();
  g_autofree char *words = answer_card_words(&card);
  g_assert_cmpstr(words, ==, "Sneaker 75.0 %, Sandal 25.0 %; without the prompt: Coat 50.0 %");
  AnswerCard broken = {.name = "x", .error = "it ends early"};
  g_autofree char *why = answer_card_words(&broken);
  g_assert_cmpstr(why, ==, "not answered: it ends early");
}

/* The lower class on ties, and none beyond the last. */
static void test_ranks(void) {
  char *names[] = {"a", "b", "c", NULL}, *none[] = {NULL};
  g_autoptr(HfAnswer) answer = hf_answer_new("x");
  answer->names = hf_names_new(none, 0, names, 3);
  const float probabilities[] = {0.25f, 0.5f, 0.25f};
  static const int wanted[] = {1, 0, 2, -1};
  for (int rank = 0; rank < 4; rank++)
    g_assert_cmpint(hf_answer_class(answer, probabilities, rank), ==, wanted[rank]);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/answer-card/pictures", test_pictures);
  g_test_add_func("/answer-card/bars", test_bars);
  g_test_add_func("/answer-card/error", test_error);
  g_test_add_func("/answer-card/words", test_words);
  g_test_add_func("/answer-card/ranks", test_ranks);
  return g_test_run();
}
