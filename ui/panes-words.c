#include "ui/panes-words.h"

#include "ui/draw/picture-words.h"

#include <glib/gi18n.h>

static void tell_sample(HfPictureView *view, const HfSnapshot *shown) {
  bool named = shown->names && shown->label >= 0 && shown->label < shown->names->n_target;
  const char *label = named ? shown->names->target[shown->label] : "";
  int number = shown->sample + 1, all = MAX(shown->n_samples, number);
  g_autofree char *tip =
      shown->text ? g_strdup_printf(_("%s: number %d of %d in the test part, never trained on.  %d tokens."),
                                    label, number, all, shown->tokens)
                  : g_strdup_printf(_("%s: number %d of %d in the test part, never trained on.  Shown "
                                      "as it enters f’s input: %d×%d pixels."),
                                    label, number, all, shown->width, shown->height);
  hf_picture_view_set_info(view, label);
  hf_picture_view_set_tip(view, tip);
}

static void tell_pattern(HfPictureView *view, const HfSnapshot *shown) {
  g_autofree char *step = g_strdup_printf(_("step %d"), shown->step);
  hf_picture_view_set_info(view, step);
  hf_picture_view_set_tip(
      view, _("δ, the numbers that are trained, amplified around their neutral value. The grey inside "
              "is where the picture goes: no pattern there."));
}

/* "10 + 64 tokens" */
static void tell_received_text(HfPictureView *view, const HfSnapshot *shown) {
  gulong n = (gulong)shown->tokens;
  g_autofree char *own = g_strdup_printf(ngettext("%d token", "%d tokens", n), shown->tokens);
  g_autofree char *info =
      shown->prompt_tokens > 0 ? g_strdup_printf("%d + %s", shown->prompt_tokens, own) : g_strdup(own);
  hf_picture_view_set_info(view, info);
  hf_picture_view_set_tip(view, shown->prompt_tokens > 0
                                    ? _("The rows δ of the pattern, then the text’s tokens: f takes all of "
                                        "them for a text.")
                                    : _("The text’s tokens, as f receives them."));
}

static void tell_received(HfPictureView *view, const HfSnapshot *shown) {
  if (shown->text) {
    tell_received_text(view, shown);
    return;
  }
  const int64_t *dim = shown->received->shape.dim;
  g_autofree char *size = g_strdup_printf("%d×%d", (int)dim[2], (int)dim[1]);
  hf_picture_view_set_info(view, size);
  hf_picture_view_set_tip(view,
                          _("I(x, c): sample and pattern together, exactly the numbers that f receives."));
}

static void tell_difference(HfPictureView *view, const HfSnapshot *shown) {
  hf_picture_view_set_title(view, shown->neutral > 0 ? _("f sees − x − ½") : _("f sees − x"),
                            _("Difference"));
  hf_picture_view_set_info(view, "±");
  hf_picture_view_set_tip(
      view, shown->neutral > 0
                ? _("What f sees, less the sample, less the grey of a pattern that says nothing. Blue: "
                    "darker than that, orange: lighter; the mean of the channels.")
                : _("What f sees, less the sample. Blue: the pattern makes it darker, orange: "
                    "lighter; the mean of the channels."));
}

void panes_tell_infos(HfPanes *panes, const HfSnapshot *shown) {
  tell_sample(hf_panes_get_picture(panes, PANE_SAMPLE), shown);
  tell_pattern(hf_panes_get_picture(panes, PANE_PATTERN), shown);
  if (shown->received || shown->text)
    tell_received(hf_panes_get_picture(panes, PANE_RECEIVED), shown);
  tell_difference(hf_panes_get_picture(panes, PANE_DIFFERENCE), shown);
}

/* "  x <b>.41</b>" for what there is of it. */
static void append_reading(GString *text, HfPictureView *view, const char *name, int x, int y, bool sign) {
  PatternNumbers numbers;
  if (!hf_picture_view_get_numbers(view, &numbers))
    return;
  bool inside = hf_picture_view_own_pixel(view, &x, &y);
  g_autofree char *reading = inside ? picture_probe(&numbers, x, y, sign) : g_strdup("–");
  g_autofree char *markup = g_markup_printf_escaped("  %s <b>%s</b>", name, reading);
  g_string_append(text, markup);
}

char *panes_reading(HfPanes *panes, int x, int y) {
  GString *text = g_string_new(NULL);
  g_string_append_printf(text, "<b>%d, %d</b>", x, y);
  append_reading(text, hf_panes_get_picture(panes, PANE_SAMPLE), "x", x, y, false);
  append_reading(text, hf_panes_get_picture(panes, PANE_PATTERN), "δ", x, y, true);
  append_reading(text, hf_panes_get_picture(panes, PANE_RECEIVED), _("f sees"), x, y, false);
  return g_string_free(text, FALSE);
}
