#include "ui/answer-tile.h"

#include "ui/draw/answer-card.h"
#include "ui/theme-palette.h"

#include <adwaita.h>

struct _HfAnswerTile {
  GtkWidget parent_instance;
  HfAnswer *answer;
  char *name;  /* the picture's last name, printable */
  char *words; /* the same and the answer */
};

G_DEFINE_FINAL_TYPE(HfAnswerTile, hf_answer_tile, GTK_TYPE_WIDGET)

static CardPicture picture_of(const HfThumbnail *thumbnail) {
  return (CardPicture){thumbnail->pixels ? g_bytes_get_data(thumbnail->pixels, NULL) : NULL, thumbnail->width,
                       thumbnail->height};
}

static AnswerCard card_of(const HfAnswerTile *self) {
  const HfAnswer *answer = self->answer;
  AnswerCard card = {.name = self->name, .error = answer->error};
  if (answer->error)
    return card;
  card.picture = picture_of(&answer->picture);
  card.received = picture_of(&answer->received);
  char *const *names = answer->names->target;
  for (int class;
       card.n_top < ANSWER_CARD_TOP && (class = hf_answer_class(answer, answer->on, card.n_top)) >= 0;
       card.n_top++)
    card.top[card.n_top] = (CardClass){names[class], (double)answer->on[class]};
  int plain = answer->off ? hf_answer_class(answer, answer->off, 0) : -1;
  if (plain >= 0)
    card.plain = (CardClass){names[plain], (double)answer->off[plain]};
  return card;
}

static void hf_answer_tile_snapshot(GtkWidget *widget, GtkSnapshot *snapshot) {
  HfAnswerTile *self = HF_ANSWER_TILE(widget);
  if (!self->answer)
    return;
  Palette palette = theme_palette(widget);
  AnswerCard card = card_of(self);
  cairo_t *cr = gtk_snapshot_append_cairo(
      snapshot, &GRAPHENE_RECT_INIT(0, 0, gtk_widget_get_width(widget), gtk_widget_get_height(widget)));
  cairo_translate(cr, MAX(0, (gtk_widget_get_width(widget) - ANSWER_CARD_WIDTH) / 2), 0);
  answer_card_draw(cr, &card, &palette);
  cairo_destroy(cr);
}

static void hf_answer_tile_measure(GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                                   int *natural, int *minimum_baseline, int *natural_baseline) {
  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL ? ANSWER_CARD_HEIGHT : ANSWER_CARD_WIDTH;
}

static void hf_answer_tile_finalize(GObject *object) {
  HfAnswerTile *self = HF_ANSWER_TILE(object);
  g_clear_object(&self->answer);
  g_free(self->name);
  g_free(self->words);
  G_OBJECT_CLASS(hf_answer_tile_parent_class)->finalize(object);
}

static void hf_answer_tile_class_init(HfAnswerTileClass *class) {
  GtkWidgetClass *widget = GTK_WIDGET_CLASS(class);
  G_OBJECT_CLASS(class)->finalize = hf_answer_tile_finalize;
  widget->snapshot = hf_answer_tile_snapshot;
  widget->measure = hf_answer_tile_measure;
  gtk_widget_class_set_accessible_role(widget, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name(widget, "answer");
}

static void hf_answer_tile_init(HfAnswerTile *self) {
  gtk_widget_add_css_class(GTK_WIDGET(self), "hf-pane");
  AdwStyleManager *style = adw_style_manager_get_default();
  g_signal_connect_object(style, "notify::dark", G_CALLBACK(gtk_widget_queue_draw), self, G_CONNECT_SWAPPED);
  g_signal_connect_object(style, "notify::high-contrast", G_CALLBACK(gtk_widget_queue_draw), self,
                          G_CONNECT_SWAPPED);
}

GtkWidget *hf_answer_tile_new(void) {
  return g_object_new(HF_TYPE_ANSWER_TILE, NULL);
}

void hf_answer_tile_set_answer(HfAnswerTile *self, HfAnswer *answer) {
  if (!g_set_object(&self->answer, answer))
    return;
  g_clear_pointer(&self->name, g_free);
  g_clear_pointer(&self->words, g_free);
  gtk_widget_queue_draw(GTK_WIDGET(self));
  if (!answer)
    return;
  g_autofree char *last = g_path_get_basename(answer->name);
  self->name = g_utf8_make_valid(last, -1);
  AnswerCard card = card_of(self);
  g_autofree char *words = answer_card_words(&card);
  self->words = g_strdup_printf("%s: %s", self->name, words);
  gtk_widget_set_tooltip_text(GTK_WIDGET(self), answer->error ? answer->error : NULL);
  gtk_accessible_update_property(GTK_ACCESSIBLE(self), GTK_ACCESSIBLE_PROPERTY_LABEL, self->name,
                                 GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

const char *hf_answer_tile_get_words(HfAnswerTile *self) {
  return self->words ? self->words : "";
}
