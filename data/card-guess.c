#include "data/card-guess.h"

#include "data/card-beside.h"
#include "data/card-graph.h"
#include "data/class-names.h"
#include "data/model-card.h"

#include <string.h>

const CardTask card_tasks[] = {
    {"image-classification", "Pictures"},
    {"audio-classification", "Sound, as a spectrogram"},
    {"series-classification", "Time series"},
    {"text-classification", "Text, one answer"},
    {"causal-lm", "Text, the next token"},
    {"other", "Something else"},
    {NULL, NULL},
};

/* What guessing goes by. */
typedef struct {
  const FrozenModel *model;
  GraphFacts graph;
  BesideFacts beside;
  int channels, height, width; /* of a picture, as far as they can be told */
} Clues;

typedef struct {
  const char *key, *task; /* NULL: of any task */
  bool required;
  void (*guess)(const Clues *clues, CardEntry *entry);
} Row;

static void say(CardEntry *entry, const char *value, const char *reason) {
  entry->value = g_strdup(value);
  entry->reason = g_strdup(reason);
}

static void guess_title(const Clues *clues, CardEntry *entry) {
  if (clues->beside.title) {
    say(entry, clues->beside.title, "config.json beside the file calls it so.");
    return;
  }
  g_autofree char *file = g_path_get_basename(clues->model->path ? clues->model->path : "model.onnx");
  char *dot = g_strrstr(file, ".");
  if (dot && dot > file)
    *dot = '\0';
  say(entry, file, "The file’s name.");
}

static const char *float_task(const Shape *input) {
  if (input->rank == 4)
    return input->dim[1] == 3 || input->dim[1] < 0 || input->dim[3] == 3 || input->dim[2] == input->dim[3]
               ? "image-classification"
               : "audio-classification";
  return input->rank == 3 ? "series-classification" : "other";
}

/* "batch × 3 × 32 × 32"  (transfer full) */
static char *shape_words(const Shape *shape) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < shape->rank; i++) {
    g_string_append(text, i ? " × " : "");
    if (shape->dim[i] >= 0)
      g_string_append_printf(text, "%" G_GINT64_FORMAT, shape->dim[i]);
    else
      g_string_append(text, i ? "open" : "batch");
  }
  return g_string_free(g_steal_pointer(&text), FALSE);
}

static void guess_task(const Clues *clues, CardEntry *entry) {
  const Shape *input = &clues->graph.input;
  g_autofree char *shape = shape_words(input);
  if (input->rank == 0) {
    say(entry, "other", "The graph has no input of a known shape.");
  } else if (clues->graph.type != TENSOR_FLOAT32 && input->rank == 4) {
    entry->value = g_strdup("image-classification");
    entry->reason = g_strdup_printf("Its input is a picture of whole numbers %s. Prompts for pictures need "
                                    "floats: export it without the conversion in front.",
                                    shape);
  } else if (clues->graph.type != TENSOR_FLOAT32) {
    bool next = clues->graph.output_rank == 3;
    entry->value = g_strdup(next ? "causal-lm" : "text-classification");
    entry->reason = g_strdup_printf("Its input is whole numbers %s: ids of tokens. Its answer %s.", shape,
                                    next ? "has a row for each token" : "is one row for all of them");
  } else if (input->rank == 4 && input->dim[1] > 4 && input->dim[3] >= 1 && input->dim[3] <= 4) {
    entry->value = g_strdup("image-classification");
    entry->reason = g_strdup_printf("Its input %s has the channels last. Prompts for pictures need them "
                                    "first: export it as batch, channels, height, width.",
                                    shape);
  } else {
    entry->value = g_strdup(float_task(input));
    entry->reason = g_strdup_printf("Its input is %s: %s.", shape,
                                    input->rank == 4   ? "batch, channels, height, width"
                                    : input->rank == 3 ? "batch, channels, time"
                                                       : "rows of numbers");
  }
}

static void guess_size(const Clues *clues, CardEntry *entry) {
  const Shape *input = &clues->graph.input;
  bool open = input->rank == 4 && (input->dim[1] < 0 || input->dim[2] < 0 || input->dim[3] < 0);
  if (!open) {
    entry->required = false;
    entry->value = input->rank == 4
                       ? g_strdup_printf("[%d, %d, %d]", clues->channels, clues->height, clues->width)
                       : g_strdup("");
    entry->reason = g_strdup("The graph fixes it.");
    entry->known = true;
  } else if (clues->beside.input_size) {
    entry->value = g_strdup(clues->beside.input_size);
    entry->reason =
        g_strdup_printf("The graph leaves it open; %s beside the file gives it.", clues->beside.numbers_file);
  } else {
    entry->value = g_strdup_printf("[%d, %d, %d]", clues->channels, clues->height, clues->width);
    entry->reason = g_strdup(clues->graph.position_edge
                                 ? "The graph leaves it open; its table of positions has this many patches."
                                 : "The graph leaves it open; most networks of ImageNet take this.");
  }
}

/* The usual numbers of a kind of network: by channels, edge and number of classes; 0: any. */
typedef struct {
  int channels, least_edge, most_edge, n_classes;
  const char *mean, *std, *reason;
} Usual;

static const Usual usual[] = {
    {3, 32, 32, 10, "[0.4914, 0.4822, 0.4465]", "[0.247, 0.2435, 0.2616]",
     "3×32×32 and 10 classes: CIFAR-10’s mean and deviation. Some networks of it use ImageNet’s."},
    {3, 32, 32, 100, "[0.5071, 0.4865, 0.4409]", "[0.2673, 0.2564, 0.2762]",
     "3×32×32 and 100 classes: CIFAR-100’s mean and deviation."},
    {1, 28, 28, 10, "[0.1307]", "[0.3081]", "1×28×28 and 10 classes: MNIST’s mean and deviation."},
    {3, 64, G_MAXINT, 0, "[0.485, 0.456, 0.406]", "[0.229, 0.224, 0.225]",
     "ImageNet’s, as torchvision and most of timm. Google’s networks, most ViTs among them, use 0.5 for all "
     "six."},
    {3, 0, G_MAXINT, 0, "[0, 0, 0]", "[1, 1, 1]", "Nothing tells: pictures stay as they are."},
    {4, 0, G_MAXINT, 0, "[0, 0, 0, 0]", "[1, 1, 1, 1]", "Nothing tells: pictures stay as they are."},
    {2, 0, G_MAXINT, 0, "[0, 0]", "[1, 1]", "Nothing tells: pictures stay as they are."},
    {1, 0, G_MAXINT, 0, "[0]", "[1]", "Nothing tells: pictures stay as they are."},
};

static const Usual *usual_row(const Clues *clues) {
  int edge = MAX(clues->height, clues->width);
  for (guint i = 0; i < G_N_ELEMENTS(usual); i++) {
    const Usual *row = &usual[i];
    if (row->channels == clues->channels && edge >= row->least_edge && edge <= row->most_edge &&
        (row->n_classes == 0 || row->n_classes == clues->graph.n_classes))
      return row;
  }
  return &usual[G_N_ELEMENTS(usual) - 1];
}

static void guess_numbers(const Clues *clues, CardEntry *entry) {
  bool mean = strcmp(entry->key, "mean") == 0;
  const char *beside = mean ? clues->beside.mean : clues->beside.std;
  const Usual *row = usual_row(clues);
  if (beside) {
    entry->value = g_strdup(beside);
    entry->reason = g_strdup_printf("%s beside the file gives it.", clues->beside.numbers_file);
  } else if (clues->graph.normaliser) {
    static const char *const none[2][4] = {{"[1]", "[1, 1]", "[1, 1, 1]", "[1, 1, 1, 1]"},
                                           {"[0]", "[0, 0]", "[0, 0, 0]", "[0, 0, 0, 0]"}};
    entry->value = g_strdup(none[mean][CLAMP(clues->channels, 1, 4) - 1]);
    entry->reason =
        g_strdup_printf("The graph scales its input itself, in node ‘%s’.", clues->graph.normaliser);
  } else
    say(entry, mean ? row->mean : row->std, mean ? row->reason : "Goes with that mean.");
}

static void guess_range(const Clues *clues, CardEntry *entry) {
  if (clues->beside.input_range) {
    entry->value = g_strdup(clues->beside.input_range);
    entry->reason = g_strdup_printf("%s beside the file says so.", clues->beside.numbers_file);
  } else
    say(entry, "0..1", "Before the mean is taken away. Nearly all networks of PyTorch want 0 to 1.");
}

static void guess_order(const Clues *clues, CardEntry *entry) {
  say(entry, "RGB", "Only networks that come from Caffe or OpenCV want blue first.");
}

static const char cifar10[] =
    "[\"airplane\",\"automobile\",\"bird\",\"cat\",\"deer\",\"dog\",\"frog\",\"horse\","
    "\"ship\",\"truck\"]";
static const char digits[] = "[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\",\"8\",\"9\"]";

static void guess_classes(const Clues *clues, CardEntry *entry) {
  int n = clues->graph.n_classes;
  if (clues->beside.classes) {
    entry->value = g_strdup(clues->beside.classes);
    entry->reason = g_strdup_printf("%s beside the file names all %d.", clues->beside.classes_file,
                                    clues->beside.n_classes);
  } else if (n == 10 && clues->channels == 3 && clues->height == 32 && clues->width == 32)
    say(entry, cifar10,
        "10 classes of 3×32×32: CIFAR-10’s names, in its order. Clear them if it is another set.");
  else if (n == 10 && clues->channels == 1 && clues->height == 28 && clues->width == 28)
    say(entry, digits, "10 classes of 1×28×28: the digits, as MNIST’s. Clear them if it is another set.");
  else {
    entry->value = g_strdup("");
    entry->reason = g_strdup_printf(
        n == 1000 ? "%d classes, ImageNet-1k’s by their number. A file of names makes them readable."
                  : "%d classes without names. A file of names makes them readable.",
        n);
  }
}

static void guess_tokenizer(const Clues *clues, CardEntry *entry) {
  static const char *const usual_names[] = {"tokenizer.bin", "tokenizer.model"};
  g_autofree char *folder = g_path_get_dirname(clues->model->path ? clues->model->path : ".");
  for (guint i = 0; i < G_N_ELEMENTS(usual_names); i++) {
    g_autofree char *path = g_build_filename(folder, usual_names[i], NULL);
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR)) {
      say(entry, usual_names[i], "It lies beside the file.");
      return;
    }
  }
  say(entry, "", "A file beside the model: llama2.c’s tokenizer.bin. Without it text cannot be read.");
}

static void guess_license(const Clues *clues, CardEntry *entry) {
  say(entry, "", "Nothing in the file tells. What you write here is shown with the model.");
}

static const Row rows[] = {
    {"title", NULL, false, guess_title},
    {"task", NULL, true, guess_task},
    {"input_size", "image-classification", true, guess_size},
    {"mean", "image-classification", true, guess_numbers},
    {"std", "image-classification", true, guess_numbers},
    {"input_range", "image-classification", false, guess_range},
    {"channel_order", "image-classification", false, guess_order},
    {"classes", NULL, false, guess_classes},
    {"tokenizer", "causal-lm", false, guess_tokenizer},
    {"license", NULL, false, guess_license},
};

static void entry_free(void *data) {
  CardEntry *entry = data;
  g_free(entry->value);
  g_free(entry->reason);
  g_free(entry);
}

static int number_or(int64_t number, int otherwise) {
  return number > 0 && number <= G_MAXINT16 ? (int)number : otherwise;
}

static void find_clues(Clues *clues, const FrozenModel *model) {
  *clues = (Clues){.model = model, .graph = graph_facts(model)};
  const Shape *input = &clues->graph.input;
  int edge = clues->graph.position_edge ? clues->graph.position_edge : 224;
  bool picture = input->rank == 4;
  clues->channels = CLAMP(picture ? number_or(input->dim[1], clues->graph.channels) : 3, 0, 4);
  clues->channels = clues->channels ? clues->channels : 3;
  clues->height = picture ? number_or(input->dim[2], edge) : 0;
  clues->width = picture ? number_or(input->dim[3], edge) : 0;
  if (model->path)
    beside_read(&clues->beside, model->path, clues->channels, clues->graph.n_classes);
}

GPtrArray *card_guess(const FrozenModel *model) {
  Clues clues;
  find_clues(&clues, model);
  GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
    CardEntry *entry = g_new0(CardEntry, 1);
    entry->key = rows[i].key;
    entry->required = rows[i].required;
    char *said = model_card_text(&model->card, entry->key);
    entry->known = said != NULL;
    if (said) {
      entry->value = said;
      entry->reason = g_strdup("Its card says so.");
    } else
      rows[i].guess(&clues, entry);
    g_ptr_array_add(entries, entry);
  }
  beside_clear(&clues.beside);
  return entries;
}

const CardEntry *card_entry(const GPtrArray *entries, const char *key) {
  for (guint i = 0; i < entries->len; i++) {
    const CardEntry *entry = g_ptr_array_index(entries, i);
    if (strcmp(entry->key, key) == 0)
      return entry;
  }
  return NULL;
}

const char *card_entry_task(const char *key) {
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strcmp(rows[i].key, key) == 0)
      return rows[i].task;
  return NULL;
}

bool card_entry_is_asked(const GPtrArray *entries, const CardEntry *entry) {
  const char *only = card_entry_task(entry->key);
  return !entry->known && (!only || strcmp(only, card_entry(entries, "task")->value) == 0);
}

bool card_is_open(const GPtrArray *entries) {
  for (guint i = 0; i < entries->len; i++) {
    const CardEntry *entry = g_ptr_array_index(entries, i);
    if (entry->required && card_entry_is_asked(entries, entry))
      return true;
  }
  return false;
}
