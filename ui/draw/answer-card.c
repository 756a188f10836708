#include "ui/draw/answer-card.h"

#include <glib/gi18n.h>
#include <string.h>

#define MARGIN  12.0
#define GAP     8.0
#define EDGE    102.0 /* of a picture */
#define TEXT    12.0
#define SMALL   11.0
#define NAME    84.0 /* column of class names */
#define VALUE   46.0 /* column of numbers */
#define ROW     18.0
#define BAR     9.0
#define CAPTION (MARGIN + EDGE + 3)
#define ROWS    (CAPTION + 19)
#define PLAIN   (ROWS + ANSWER_CARD_TOP * ROW + 3)
#define INSIDE  (ANSWER_CARD_WIDTH - 2 * MARGIN)

char *answer_share_text(double share) {
  char text[G_ASCII_DTOSTR_BUF_SIZE];
  return g_strdup_printf("%s %%", g_ascii_formatd(text, sizeof text, "%.1f", 100 * share));
}

/* As Cairo keeps pixels.  (transfer full) */
static cairo_surface_t *surface_of(const CardPicture *picture) {
  cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, picture->width, picture->height);
  unsigned char *rows = cairo_image_surface_get_data(surface);
  int stride = cairo_image_surface_get_stride(surface);
  for (int y = 0; y < picture->height; y++)
    for (int x = 0; x < picture->width; x++) {
      const unsigned char *from = picture->pixels + 3 * (y * picture->width + x);
      guint32 pixel = 0xff000000u | (guint32)from[0] << 16 | (guint32)from[1] << 8 | from[2];
      memcpy(rows + y * stride + 4 * x, &pixel, 4);
    }
  cairo_surface_mark_dirty(surface);
  return surface;
}

/* In the middle of its place, its proportions kept; magnified pixels stay squares. */
static void draw_picture(cairo_t *cr, double x, double y, const CardPicture *picture,
                         const Palette *palette) {
  cairo_save(cr);
  path_rounded(cr, x, y, EDGE, EDGE, 6);
  cairo_clip(cr);
  ink_set(cr, (Ink){0.5, 0.5, 0.5});
  cairo_paint_with_alpha(cr, 0.25);
  if (picture->pixels) {
    double scale = EDGE / MAX(picture->width, picture->height);
    cairo_surface_t *surface = surface_of(picture);
    cairo_translate(cr, x + (EDGE - picture->width * scale) / 2, y + (EDGE - picture->height * scale) / 2);
    cairo_scale(cr, scale, scale);
    cairo_set_source_surface(cr, surface, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), scale > 1 ? CAIRO_FILTER_NEAREST : CAIRO_FILTER_GOOD);
    cairo_paint(cr);
    cairo_surface_destroy(surface);
  }
  cairo_restore(cr);
}

static void draw_class(cairo_t *cr, double y, const CardClass *class, bool first, const Palette *palette) {
  TextStyle name = {TEXT, first ? palette->text : palette->dim, .bold = first};
  TextStyle value = name;
  value.right = true;
  g_autofree char *share = answer_share_text(class->share);
  double left = MARGIN + NAME + 6, width = INSIDE - NAME - VALUE - 12, top = y + (ROW - BAR) / 2;
  draw_text(cr, MARGIN, y, NAME, class->name, &name);
  draw_text(cr, MARGIN + INSIDE - VALUE, y, VALUE, share, &value);
  ink_set(cr, palette->line);
  path_rounded(cr, left, top, width, BAR, 2);
  cairo_fill(cr);
  ink_set(cr, palette->accent);
  path_rounded(cr, left, top, MAX(width * class->share, 1), BAR, 2);
  cairo_fill(cr);
}

static void draw_answer(cairo_t *cr, const AnswerCard *card, const Palette *palette) {
  TextStyle caption = {SMALL, palette->dim, .centre = true}, plain = {SMALL, palette->dim};
  draw_picture(cr, MARGIN, MARGIN, &card->picture, palette);
  draw_picture(cr, MARGIN + EDGE + GAP, MARGIN, &card->received, palette);
  draw_text(cr, MARGIN, CAPTION, EDGE, card->name, &caption);
  draw_text(cr, MARGIN + EDGE + GAP, CAPTION, EDGE, _("what f sees"), &caption);
  for (int i = 0; i < card->n_top; i++)
    draw_class(cr, ROWS + i * ROW, &card->top[i], i == 0, palette);
  if (!card->plain.name)
    return;
  g_autofree char *share = answer_share_text(card->plain.share),
                  *text = g_strdup_printf(_("without the prompt: %s %s"), card->plain.name, share);
  draw_text(cr, MARGIN, PLAIN, INSIDE, text, &plain);
}

/* The sentence, broken into lines. */
static void draw_error(cairo_t *cr, const AnswerCard *card, const Palette *palette) {
  TextStyle name = {TEXT, palette->text, .bold = true}, mark = {TEXT, palette->wrong, .bold = true},
            words = {TEXT, palette->dim};
  draw_text(cr, MARGIN, MARGIN, INSIDE, card->name, &name);
  draw_text(cr, MARGIN, MARGIN + 24, INSIDE, _("✕ Not answered"), &mark);
  g_auto(GStrv) parts = g_strsplit(card->error, " ", -1);
  g_autoptr(GString) line = g_string_new(NULL);
  double y = MARGIN + 48;
  for (int i = 0; y + ROW <= ANSWER_CARD_HEIGHT && (parts[i] || line->len); i++) {
    g_autofree char *longer =
        g_strdup_printf("%s%s%s", line->str, line->len ? " " : "", parts[i] ? parts[i] : "");
    if (parts[i] && (line->len == 0 || measure_text(cr, longer, &words, NULL) <= INSIDE)) {
      g_string_assign(line, longer);
      continue;
    }
    draw_text(cr, MARGIN, y, INSIDE, line->str, &words);
    y += ROW;
    g_string_assign(line, parts[i] ? parts[i] : "");
    if (!parts[i])
      break;
  }
}

void answer_card_draw(cairo_t *cr, const AnswerCard *card, const Palette *palette) {
  if (card->error)
    draw_error(cr, card, palette);
  else
    draw_answer(cr, card, palette);
}

char *answer_card_words(const AnswerCard *card) {
  if (card->error)
    return g_strdup_printf(_("not answered: %s"), card->error);
  GString *words = g_string_new(NULL);
  for (int i = 0; i < card->n_top; i++) {
    g_autofree char *share = answer_share_text(card->top[i].share);
    g_string_append_printf(words, "%s%s %s", i ? ", " : "", card->top[i].name, share);
  }
  if (card->plain.name) {
    g_autofree char *share = answer_share_text(card->plain.share);
    g_string_append_printf(words, _("; without the prompt: %s %s"), card->plain.name, share);
  }
  return g_string_free(words, FALSE);
}
