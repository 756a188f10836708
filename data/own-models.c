#include "data/own-models.h"

#include "data/file.h"
#include "data/model-card.h"
#include "data/onnx.h"
#include "engine/error.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#define PRIVATE_FOLDER 0700
#define CARD           "card."

static char *file_path(void) {
  return g_build_filename(g_get_user_data_dir(), "hoarfrost", "models.ini", NULL);
}

/* Empty where there is none or it is damaged.  (transfer full) */
static GKeyFile *read_file(void) {
  g_autofree char *path = file_path();
  GKeyFile *file = g_key_file_new();
  g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

static bool write_file(GKeyFile *file, GError **error) {
  g_autofree char *path = file_path(), *folder = g_path_get_dirname(path);
  gsize size;
  g_autofree char *text = g_key_file_to_data(file, &size, NULL);
  if (g_mkdir_with_parents(folder, PRIVATE_FOLDER) != 0)
    return input_error(error, "the folder %s cannot be made: %s", folder, g_strerror(errno));
  return file_replace(path, text, size, error);
}

static void own_model_free(void *data) {
  OwnModel *model = data;
  char *texts[] = {model->sha256, model->path, model->title, model->task, model->license};
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    g_free(texts[i]);
  g_strfreev(model->classes);
  g_free(model);
}

static OwnModel *read_model(GKeyFile *file, const char *group) {
  OwnModel *model = g_new0(OwnModel, 1);
  model->sha256 = g_strdup(group);
  model->path = g_key_file_get_string(file, group, "path", NULL);
  model->title = g_key_file_get_string(file, group, "title", NULL);
  model->task = g_key_file_get_string(file, group, "task", NULL);
  model->license = g_key_file_get_string(file, group, "license", NULL);
  model->n_classes = g_key_file_get_integer(file, group, "n_classes", NULL);
  model->channels = g_key_file_get_integer(file, group, "channels", NULL);
  model->height = g_key_file_get_integer(file, group, "height", NULL);
  model->width = g_key_file_get_integer(file, group, "width", NULL);
  model->parameters = g_key_file_get_int64(file, group, "parameters", NULL);
  model->bytes = g_key_file_get_int64(file, group, "bytes", NULL);
  g_autofree char *classes = g_key_file_get_string(file, group, "classes", NULL);
  ModelCard card;
  model_card_init(&card);
  if (classes)
    model_card_set(&card, "classes", classes);
  model->classes = g_steal_pointer(&card.classes);
  model_card_clear(&card);
  return model;
}

typedef struct {
  gint64 opened;
  OwnModel *model;
} Dated;

static int compare_dates(gconstpointer a, gconstpointer b) {
  gint64 first = ((const Dated *)a)->opened, second = ((const Dated *)b)->opened;
  return first > second ? -1 : first < second;
}

GPtrArray *own_models_list(void) {
  g_autoptr(GKeyFile) file = read_file();
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  g_autoptr(GArray) dated = g_array_new(FALSE, FALSE, sizeof(Dated));
  for (char **group = groups; *group; group++)
    if (g_key_file_has_key(file, *group, "path", NULL)) {
      Dated row = {g_key_file_get_int64(file, *group, "opened", NULL), read_model(file, *group)};
      g_array_append_val(dated, row);
    }
  g_array_sort(dated, compare_dates);
  GPtrArray *models = g_ptr_array_new_with_free_func(own_model_free);
  for (guint i = 0; i < dated->len; i++)
    g_ptr_array_add(models, g_array_index(dated, Dated, i).model);
  return models;
}

void own_models_apply(FrozenModel *model) {
  if (!model->sha256)
    return;
  g_autoptr(GKeyFile) file = read_file();
  g_auto(GStrv) keys = g_key_file_get_keys(file, model->sha256, NULL, NULL);
  bool some = false;
  for (char **key = keys; key && *key; key++) {
    if (!g_str_has_prefix(*key, CARD))
      continue;
    g_autofree char *value = g_key_file_get_string(file, model->sha256, *key, NULL);
    if (value)
      model_card_set(&model->card, *key + strlen(CARD), value);
    some = true;
  }
  if (some)
    onnx_take_card(model);
}

bool own_models_complete(const char *sha256, Settings *said, GError **error) {
  g_autoptr(GKeyFile) file = read_file();
  for (guint k = 0; k < G_N_ELEMENTS(said->tables); k++)
    for (const Setting *row = said->tables[k]; row && row->name; row++) {
      g_autofree char *key = g_strconcat(CARD, row->name, NULL);
      g_autofree char *answer = g_key_file_get_string(file, sha256, key, NULL);
      if (answer && !*settings_text(said, row->name) && !settings_set(said, row->name, answer, error))
        return false;
    }
  return true;
}

/* Each answer is tried on a card of its own. */
bool own_models_check(const FrozenModel *model, const char *const *answers, GError **error) {
  for (; *answers; answers += 2) {
    if (!*answers[1])
      continue;
    ModelCard card;
    model_card_init(&card);
    model_card_set(&card, answers[0], answers[1]);
    int channels = card.n_channels, classes = card.n_classes, n = frozen_model_classes(model);
    bool held = model_card_says(&card, answers[0]);
    model_card_clear(&card);
    const Site *input = model->sites->len ? g_ptr_array_index(model->sites, 0) : NULL;
    int64_t wanted = input && input->shape.rank == 4 ? input->shape.dim[1] : -1;
    if (!held)
      return input_error(error, "%s should be %s", answers[0], model_card_wanted(answers[0]));
    if (channels && wanted > 0 && channels != wanted && wanted <= 4)
      return input_error(error, "%s has %d numbers, and the network takes %d channels", answers[0], channels,
                         (int)wanted);
    if (classes && n > 0 && classes != n)
      return input_error(error, "there are %d names of classes, and the network has %d classes", classes, n);
  }
  return true;
}

static void keep_answers(GKeyFile *file, const char *group, const char *const *answers) {
  for (; *answers; answers += 2) {
    g_autofree char *key = g_strconcat(CARD, answers[0], NULL);
    if (*answers[1])
      g_key_file_set_string(file, group, key, answers[1]);
    else
      g_key_file_remove_key(file, group, key, NULL);
  }
}

static void set_text(GKeyFile *file, const char *group, const char *key, const char *text) {
  if (text)
    g_key_file_set_string(file, group, key, text);
  else
    g_key_file_remove_key(file, group, key, NULL);
}

/* An answer that was just given, else what the card says. */
static char *entry_now(GKeyFile *file, const FrozenModel *model, const char *key) {
  g_autofree char *name = g_strconcat(CARD, key, NULL);
  char *answer = g_key_file_get_string(file, model->sha256, name, NULL);
  return answer ? answer : model_card_text(&model->card, key);
}

/* An answer about what the graph leaves open. */
static void read_size(GKeyFile *file, const FrozenModel *model, int size[3]) {
  g_autofree char *answer = entry_now(file, model, "input_size");
  ModelCard card;
  model_card_init(&card);
  if (answer)
    model_card_set(&card, "input_size", answer);
  memcpy(size, card.input_size, sizeof card.input_size);
  model_card_clear(&card);
}

/* What the list shows without opening the file. */
static void keep_facts(GKeyFile *file, const FrozenModel *model) {
  static const char *const texts[] = {"title", "task", "license", "classes"};
  const char *group = model->sha256;
  GStatBuf about;
  g_autofree char *path = g_canonicalize_filename(model->path, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *text = entry_now(file, model, texts[i]);
    set_text(file, group, texts[i], text);
  }
  int size[3] = {0};
  if (!frozen_model_picture(model, &size[0], &size[1], &size[2]))
    read_size(file, model, size);
  g_key_file_set_string(file, group, "path", path);
  g_key_file_set_int64(file, group, "opened", g_get_real_time());
  g_key_file_set_integer(file, group, "n_classes", frozen_model_classes(model));
  g_key_file_set_integer(file, group, "channels", size[0]);
  g_key_file_set_integer(file, group, "height", size[1]);
  g_key_file_set_integer(file, group, "width", size[2]);
  g_key_file_set_int64(file, group, "parameters", frozen_model_parameters(model));
  g_key_file_set_int64(file, group, "bytes", g_stat(path, &about) == 0 ? about.st_size : 0);
}

bool own_models_keep(const FrozenModel *model, const char *const *answers, GError **error) {
  if (answers && !own_models_check(model, answers, error))
    return false;
  g_autoptr(GKeyFile) file = read_file();
  if (answers)
    keep_answers(file, model->sha256, answers);
  keep_facts(file, model);
  return write_file(file, error);
}

bool own_models_knows(const char *sha256) {
  g_autoptr(GKeyFile) file = read_file();
  g_auto(GStrv) keys = g_key_file_get_keys(file, sha256, NULL, NULL);
  for (char **key = keys; key && *key; key++)
    if (g_str_has_prefix(*key, CARD))
      return true;
  return false;
}

/* The answers are what is left of it. */
static void drop_facts(GKeyFile *file, const char *group) {
  g_auto(GStrv) keys = g_key_file_get_keys(file, group, NULL, NULL);
  bool some = false;
  for (char **key = keys; *key; key++)
    if (g_str_has_prefix(*key, CARD))
      some = true;
    else
      g_key_file_remove_key(file, group, *key, NULL);
  if (!some)
    g_key_file_remove_group(file, group, NULL);
}

bool own_models_forget(const char *path, GError **error) {
  g_autoptr(GKeyFile) file = read_file();
  g_auto(GStrv) groups = g_key_file_get_groups(file, NULL);
  bool found = false;
  for (char **group = groups; *group; group++) {
    g_autofree char *own = g_key_file_get_string(file, *group, "path", NULL);
    if (g_strcmp0(own, path) != 0)
      continue;
    drop_facts(file, *group);
    found = true;
  }
  return found ? write_file(file, error) : input_error(error, "%s is not among your models", path);
}
