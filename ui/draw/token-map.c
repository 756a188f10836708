#include "ui/draw/token-map.h"

#include "ui/draw/signed-map.h"

#include <glib/gi18n.h>
#include <math.h>

#define TEXT      10.5
#define LEAST     7.5  /* size of letters where rows are low */
#define LETTERS   0.84 /* their size for a row's height */
#define MOST_ROW  34.0
#define HEAD      (TEXT * 1.7)
#define FOOT      (TEXT * 1.7)
#define MAP_SHARE 0.42 /* of the width, at least */
#define NAMES     84.0 /* width of the column of names: the same for all of them, so that nothing moves */
#define COSINE    30.0 /* width of a column of cosines */
#define GAP       6.0
#define MOST_SAID 12

/* Where everything stands. */
typedef struct {
  double left, top, width, row; /* of the map */
  double names;                 /* where the names begin; 0: there are none */
  double text;                  /* size of the letters in rows */
  int every;                    /* rows that are named */
} Frame;

static Frame frame_of(double width, double height, const TokenMapPlot *plot) {
  Frame frame = {.left = 22, .top = plot->title || plot->looks ? HEAD : 0};
  double room = height - frame.top - FOOT;
  frame.row = MIN(room / MAX(plot->n_tokens, 1), MOST_ROW);
  frame.text = CLAMP(frame.row * LETTERS, LEAST, TEXT);
  frame.every = MAX(1, (int)ceil(LEAST / LETTERS / frame.row));
  bool named = plot->looks && width >= 190;
  double all = width - frame.left, rest = all - GAP - NAMES - 2 * COSINE;
  frame.width = named ? floor(MAX(all * MAP_SHARE, rest)) : all;
  frame.names = named ? frame.left + frame.width + GAP : 0;
  return frame;
}

static char *cosine_text(double cosine) {
  if (!isfinite(cosine))
    return g_strdup("–");
  g_autofree char *number = g_strdup_printf("%.2f", cosine);
  /* ".41" and "−.05" as elsewhere in the panes */
  const char *digits = number[0] == '-' ? number + 1 : number;
  return g_strconcat(number[0] == '-' ? "−" : "", digits[0] == '0' ? digits + 1 : digits, NULL);
}

static void draw_look(cairo_t *cr, double width, double y, const Frame *frame, const TokenMapPlot *plot,
                      int token) {
  const TokenLook *look = &plot->looks[token];
  TextStyle name = {frame->text, plot->palette->text},
            number = {frame->text, plot->palette->dim, .right = true};
  g_autofree char *cosine = cosine_text(look->cosine), *turned = cosine_text(look->turned);
  double numbers = width - 2 * COSINE;
  draw_text(cr, frame->names, y, numbers - frame->names, look->nearest ? look->nearest : "–", &name);
  draw_text(cr, numbers, y, COSINE, cosine, &number);
  draw_text(cr, numbers + COSINE, y, COSINE, turned, &number);
}

static void draw_heads(cairo_t *cr, double width, const Frame *frame, const TokenMapPlot *plot) {
  TextStyle style = {TEXT, plot->palette->dim}, right = {TEXT, plot->palette->dim, .right = true};
  if (plot->title)
    draw_text(cr, 0, 0, frame->names > 0 ? frame->names - GAP : width, plot->title, &style);
  if (frame->names == 0)
    return;
  double numbers = width - 2 * COSINE;
  draw_text(cr, frame->names, 0, numbers - frame->names, _("nearest"), &style);
  draw_text(cr, numbers, 0, COSINE, _("cos"), &right);
  draw_text(cr, numbers + COSINE, 0, COSINE, _("start"), &right);
}

void token_map_draw(cairo_t *cr, double width, double height, const TokenMapPlot *plot) {
  if (!plot->numbers || plot->n_channels < 1 || width < 60 || height < 40)
    return;
  if (plot->n_tokens < 1) {
    TextStyle style = {TEXT, plot->palette->dim, .centre = true};
    draw_text(cr, 0, height / 2 - TEXT, width, _("no tokens: nothing is put in"), &style);
    return;
  }
  Frame frame = frame_of(width, height, plot);
  double range = signed_range(plot->numbers, (size_t)plot->n_tokens * (size_t)plot->n_channels);
  signed_map_draw(cr, frame.left, frame.top, frame.width, frame.row * plot->n_tokens, plot->numbers,
                  plot->n_tokens, plot->n_channels, plot->n_channels, 1, range);
  draw_heads(cr, width, &frame, plot);
  TextStyle index = {frame.text, plot->palette->dim, .right = true};
  for (int t = 0; t < plot->n_tokens; t += frame.every) {
    double middle = frame.top + (t + 0.5) * frame.row, y = middle - frame.text * 0.68;
    char number[16];
    g_snprintf(number, sizeof number, "%d", t + 1);
    draw_text(cr, 0, y, frame.left - 5, number, &index);
    if (frame.names > 0)
      draw_look(cr, width, y, &frame, plot, t);
  }
  ink_set(cr, plot->palette->line);
  cairo_set_line_width(cr, 1);
  for (int t = 1; t < plot->n_tokens && frame.row >= 6; t++) {
    cairo_move_to(cr, frame.left, frame.top + t * frame.row);
    cairo_rel_line_to(cr, frame.width, 0);
    cairo_stroke(cr);
  }
  signed_scale_draw(cr, frame.left, height - TEXT * 1.4, width - frame.left, range, plot->palette);
}

void draw_token_map(cairo_t *cr, double width, double height, const void *plot) {
  token_map_draw(cr, width, height, plot);
}

bool token_map_at(double width, double height, const TokenMapPlot *plot, double x, double y, int *token,
                  int *channel) {
  if (!plot->numbers || plot->n_tokens < 1 || plot->n_channels < 1 || width < 60 || height < 40)
    return false;
  Frame frame = frame_of(width, height, plot);
  int row = (int)floor((y - frame.top) / frame.row);
  int column = (int)floor((x - frame.left) / frame.width * plot->n_channels);
  if (row < 0 || row >= plot->n_tokens || column < 0 || column >= plot->n_channels)
    return false;
  *token = row;
  *channel = column;
  return true;
}

char *token_map_words(const TokenMapPlot *plot) {
  GString *text = g_string_new(NULL);
  g_string_append_printf(
      text, ngettext("%d token of %d channels", "%d tokens of %d channels", (gulong)plot->n_tokens),
      plot->n_tokens, plot->n_channels);
  for (int t = 0; plot->looks && t < MIN(plot->n_tokens, MOST_SAID); t++) {
    const TokenLook *look = &plot->looks[t];
    if (look->nearest)
      g_string_append_printf(text, _("; token %d is nearest to %s, cosine %.2f"), t + 1, look->nearest,
                             look->cosine);
    else
      g_string_append_printf(text, _("; token %d"), t + 1);
    if (isfinite(look->turned))
      g_string_append_printf(text, _(", to its start %.2f"), look->turned);
  }
  return g_string_free(text, FALSE);
}
