#include "data/models.h"

#include "data/onnx.h"
#include "data/own-models.h"
#include "data/resources.h"
#include "data/tokeniser.h"
#include "engine/error.h"
#include "engine/language-model.h"

#include <glib/gstdio.h>
#include <string.h>

const NamedModel named_models[] = {
    {"objects-letters", "models/objects-letters.onnx", "models/objects-letters-classes.png"},
    {"objects-letters-vit", "models/objects-letters-vit.onnx", "models/objects-letters-classes.png"},
    {NULL, NULL, NULL},
};

static char *table_names(void) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (const NamedModel *row = named_models; row->name; row++)
    g_ptr_array_add(names, (char *)row->name);
  g_ptr_array_add(names, NULL);
  return g_strjoinv(", ", (char **)names->pdata);
}

char *model_path(const char *name_or_path, GError **error) {
  for (const NamedModel *row = named_models; row->name; row++) {
    if (strcmp(row->name, name_or_path) != 0)
      continue;
    char *path = resource_find(row->file);
    if (!path)
      input_error(error,
                  "the file %s of model %s is not where the program looks for it; set HOARFROST_DATA to the "
                  "folder that holds it",
                  row->file, row->name);
    return path;
  }
  if (g_file_test(name_or_path, G_FILE_TEST_EXISTS))
    return g_strdup(name_or_path);
  g_autofree char *names = table_names();
  input_error(
      error,
      "there is no model called '%s' and no file of that path; give the path of an ONNX file or one of: %s",
      name_or_path, names);
  return NULL;
}

/* The answers of a language model are its tokens: their names, where its tokeniser is at hand. */
static void name_tokens(FrozenModel *model) {
  if (model->card.classes || !model->card.tokenizer || !language_model(model))
    return;
  g_autoptr(Tokeniser) tokeniser = tokeniser_for_model(model, NULL);
  int n = tokeniser ? tokeniser_size(tokeniser) : 0;
  if (n == 0)
    return;
  model->card.classes = g_new0(char *, n + 1);
  model->card.n_classes = n;
  for (int i = 0; i < n; i++)
    model->card.classes[i] = tokeniser_name(tokeniser, i);
}

FrozenModel *model_load(const char *name_or_path, GError **error) {
  g_autofree char *path = model_path(name_or_path, error);
  FrozenModel *model = path ? onnx_load(path, error) : NULL;
  if (model) {
    g_free(model->name);
    model->name = g_strdup(name_or_path);
    own_models_apply(model);
    name_tokens(model);
  }
  return model;
}

static void listing_free(void *pointer) {
  ModelListing *listing = pointer;
  frozen_model_free(listing->model);
  g_free(listing->problem);
  g_free(listing);
}

GPtrArray *model_list(void) {
  GPtrArray *listings = g_ptr_array_new_with_free_func(listing_free);
  for (const NamedModel *row = named_models; row->name; row++) {
    ModelListing *listing = g_new0(ModelListing, 1);
    g_autoptr(GError) error = NULL;
    GStatBuf about;
    listing->row = row;
    listing->model = model_load(row->name, &error);
    if (listing->model && g_stat(listing->model->path, &about) == 0)
      listing->file_size = about.st_size;
    if (error)
      listing->problem = g_strdup(error->message);
    g_ptr_array_add(listings, listing);
  }
  return listings;
}
