#include "app/sample-source.h"

#include "ui/picture-texture.h"

#define EDGE   96 /* of a small picture, in pixels: twice what it is drawn with */
#define TOKENS 40 /* whose text is read */

char *sample_row_text(const FrozenModel *model, const TokenRow *row, int most) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < MIN(row->n, most); i++)
    g_string_append(text, frozen_model_class_name(model, row->ids[i]));
  g_string_replace(text, "\342\220\243", " ", 0);
  g_string_replace(text, "\342\220\212", "\n", 0);
  return g_string_free(text, FALSE);
}

static GdkTexture *small_picture(gpointer data, int sample) {
  const Session *session = data;
  return picture_texture(&g_array_index(session->set->test.pictures, Picture, sample), EDGE);
}

/* In one line. */
static char *first_words(gpointer data, int sample) {
  const Session *session = data;
  char *text =
      sample_row_text(session->model, &g_array_index(session->set->test.rows, TokenRow, sample), TOKENS);
  return g_strstrip(g_strdelimit(text, "\n\r\t", ' '));
}

void sample_source_show(HfSamplePicker *picker, HfController *controller) {
  Session *session = hf_controller_shown_session(controller);
  const HfSnapshot *shown = hf_controller_snapshot(controller);
  if (!session)
    return;
  const SampleSet *set = session->set;
  HfSamples samples = {.n = session_test_samples(session),
                       .labels = (const int *)(gpointer)set->test.labels->data,
                       .classes = set->classes,
                       .sorted_out = !set->text.next_token && set->n_classes > 1,
                       .texts = set->text.tokens > 0,
                       .picture = small_picture,
                       .words = first_words,
                       .data = session_ref(session),
                       .done = (GDestroyNotify)session_unref};
  hf_sample_picker_show_samples(picker, &samples, shown ? shown->sample : 0);
}
