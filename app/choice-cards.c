#include "app/choice-cards.h"

#include "data/datasets.h"
#include "data/own-models.h"
#include "ui/choice-facts.h"

#include <glib/gi18n.h>

/* What a card borrows. */
typedef struct {
  char *summary, *facts, *problem;
  char **classes;
  GPtrArray *pictures; /* GdkTexture */
} Words;

struct _ChoiceCards {
  GPtrArray *listings;       /* ModelListing: the models' cards borrow from them */
  GPtrArray *own;            /* OwnModel: likewise */
  GArray *models, *datasets; /* HfCard */
  GPtrArray *words;          /* Words */
};

static void words_free(gpointer data) {
  Words *words = data;
  g_free(words->summary);
  g_free(words->facts);
  g_free(words->problem);
  g_strfreev(words->classes);
  g_clear_pointer(&words->pictures, g_ptr_array_unref);
  g_free(words);
}

static char *input_words(const FrozenModel *model) {
  int channels, height, width;
  if (!frozen_model_picture(model, &channels, &height, &width))
    return g_strdup(_("no picture"));
  return g_strdup_printf("%d×%d", width, height);
}

static void add_model(ChoiceCards *cards, const ModelListing *listing) {
  Words *words = g_new0(Words, 1);
  g_ptr_array_add(cards->words, words);
  words->problem = g_strdup(listing->problem);
  HfCard card = {.name = listing->row->name, .title = listing->row->name, .problem = words->problem};
  if (listing->model) {
    const ModelCard *said = &listing->model->card;
    g_autofree char *input = input_words(listing->model);
    g_autofree char *numbers = grouped_number(frozen_model_parameters(listing->model));
    g_autofree char *size = g_format_size((guint64)listing->file_size);
    words->facts = g_strdup_printf(_("%d classes · %s · %s frozen numbers · %s"),
                                   frozen_model_classes(listing->model), input, numbers, size);
    card.title = said->title ? said->title : card.name;
    card.summary = said->task;
    card.facts = words->facts;
    card.license = said->license;
    card.classes = (const char *const *)said->classes;
    words->pictures = class_examples_of_model(listing->row->name, said->n_classes);
    card.pictures = words->pictures ? (GdkTexture *const *)words->pictures->pdata : NULL;
  }
  g_array_append_val(cards->models, card);
}

static char *own_facts(const OwnModel *own) {
  g_autofree char *numbers = grouped_number(own->parameters), *size = g_format_size((guint64)own->bytes);
  g_autofree char *input =
      own->channels ? g_strdup_printf("%d×%d", own->width, own->height) : g_strdup(_("no picture"));
  return own->n_classes > 0 ? g_strdup_printf(_("%d classes · %s · %s frozen numbers · %s"), own->n_classes,
                                              input, numbers, size)
                            : g_strdup_printf(_("%s · %s frozen numbers · %s"), input, numbers, size);
}

static void add_own(ChoiceCards *cards, const OwnModel *own) {
  Words *words = g_new0(Words, 1);
  g_ptr_array_add(cards->words, words);
  words->facts = own_facts(own);
  words->summary = own->task ? g_strdup_printf("%s · %s", own->task, own->path) : g_strdup(own->path);
  if (!g_file_test(own->path, G_FILE_TEST_IS_REGULAR))
    words->problem = g_strdup(_("The file is not there any more"));
  HfCard card = {.name = own->path,
                 .title = own->title ? own->title : own->path,
                 .summary = words->summary,
                 .facts = words->facts,
                 .license = own->license,
                 .problem = words->problem,
                 .classes = (const char *const *)own->classes,
                 .own = true};
  g_array_append_val(cards->models, card);
}

static void add_dataset(ChoiceCards *cards, const DatasetKind *kind) {
  Words *words = g_new0(Words, 1);
  g_ptr_array_add(cards->words, words);
  g_autofree char *train = grouped_number(kind->train);
  g_autofree char *test = grouped_number(kind->test);
  words->facts = g_strdup_printf(_("%d classes · %d×%d · %s to learn from, %s to test"), kind->n_classes,
                                 kind->width, kind->height, train, test);
  words->classes = dataset_classes(kind->name, 0, NULL);
  g_autoptr(GPtrArray) missing = dataset_missing(kind);
  if (missing->len > 0) {
    g_ptr_array_add(missing, NULL);
    g_autofree char *packages = g_strjoinv(" ", (char **)missing->pdata);
    words->problem = g_strdup_printf(_("Not installed: %s"), packages);
  }
  HfCard card = {.name = kind->name,
                 .title = kind->title,
                 .summary = kind->summary,
                 .facts = words->facts,
                 .license = kind->license,
                 .problem = words->problem,
                 .classes = (const char *const *)words->classes};
  g_array_append_val(cards->datasets, card);
}

ChoiceCards *choice_cards_new(void) {
  ChoiceCards *cards = g_new0(ChoiceCards, 1);
  cards->models = g_array_new(FALSE, FALSE, sizeof(HfCard));
  cards->datasets = g_array_new(FALSE, FALSE, sizeof(HfCard));
  cards->words = g_ptr_array_new_with_free_func(words_free);
  cards->listings = model_list();
  for (guint i = 0; i < cards->listings->len; i++)
    add_model(cards, g_ptr_array_index(cards->listings, i));
  cards->own = own_models_list();
  for (guint i = 0; i < cards->own->len; i++)
    add_own(cards, g_ptr_array_index(cards->own, i));
  for (const DatasetKind *const *kind = dataset_kinds; *kind; kind++)
    add_dataset(cards, *kind);
  return cards;
}

void choice_cards_free(ChoiceCards *cards) {
  g_array_unref(cards->models);
  g_array_unref(cards->datasets);
  g_ptr_array_unref(cards->words);
  g_ptr_array_unref(cards->listings);
  g_ptr_array_unref(cards->own);
  g_free(cards);
}

void choice_cards_show(const ChoiceCards *cards, HfChoicePanel *panel, const SampleSet *set,
                       const ClassExamples *examples) {
  hf_choice_panel_set_models(panel, (const HfCard *)cards->models->data, (int)cards->models->len);
  g_autoptr(GPtrArray) own = set ? class_examples_of(set) : NULL;
  for (guint i = 0; i < cards->datasets->len; i++) {
    HfCard *card = &g_array_index(cards->datasets, HfCard, i);
    bool loaded = set && g_strcmp0(card->name, set->name) == 0;
    GPtrArray *pictures = loaded ? own : examples ? class_examples_find(examples, card->name) : NULL;
    card->pictures = pictures ? (GdkTexture *const *)pictures->pdata : NULL;
  }
  hf_choice_panel_set_datasets(panel, (const HfCard *)cards->datasets->data, (int)cards->datasets->len);
  for (guint i = 0; i < cards->datasets->len; i++)
    g_array_index(cards->datasets, HfCard, i).pictures = NULL; /* the panel has its own references */
}
