#include "data/models.h"
#include "app/commands/commands.h"
#include "app/json-line.h"
#include "app/output.h"
#include "app/table.h"
#include "data/own-models.h"

/* Answers of a model with this card and output. */
static void print_as_json(const ModelListing *listing) {
  JsonLine *json = json_line_new();
  json_text(json, "name", listing->row->name);
  if (listing->model) {
    const FrozenModel *model = listing->model;
    const ModelCard *card = &model->card;
    int channels, height, width;
    json_text(json, "title", card->title ? card->title : listing->row->name);
    json_text(json, "task", card->task);
    json_text(json, "path", model->path);
    json_text(json, "sha256", model->sha256);
    json_integer(json, "bytes", listing->file_size);
    json_integer(json, "parameters", frozen_model_parameters(model));
    json_integer(json, "n_classes", frozen_model_classes(model));
    json_texts(json, "classes", card->classes);
    if (frozen_model_picture(model, &channels, &height, &width)) {
      json_integer(json, "channels", channels);
      json_integer(json, "height", height);
      json_integer(json, "width", width);
    }
    json_text(json, "license", card->license);
    json_text(json, "source", card->source);
    json_text(json, "measured_accuracy", card->measured_accuracy);
  }
  json_text(json, "problem", listing->problem);
  json_print(json);
}

static void add_row(Table *table, const ModelListing *listing) {
  const FrozenModel *model = listing->model;
  table_add(table, listing->row->name);
  if (!model) {
    for (int i = 0; i < 4; i++)
      table_add(table, NULL);
    table_add(table, listing->problem);
    return;
  }
  int channels, height, width;
  bool picture = frozen_model_picture(model, &channels, &height, &width);
  table_add(table, model->card.task);
  table_add_format(table, "%d", frozen_model_classes(model));
  if (picture)
    table_add_format(table, "%d x %d x %d", channels, height, width);
  else
    table_add(table, NULL);
  table_add_format(table, "%" G_GINT64_FORMAT, frozen_model_parameters(model));
  table_add(table, model->card.title);
}

/* The user's own, by path. */
static void print_own_as_json(const OwnModel *own) {
  JsonLine *json = json_line_new();
  json_text(json, "name", own->path);
  json_text(json, "title", own->title);
  json_text(json, "task", own->task);
  json_text(json, "path", own->path);
  json_text(json, "sha256", own->sha256);
  json_integer(json, "bytes", own->bytes);
  json_integer(json, "parameters", own->parameters);
  json_integer(json, "n_classes", own->n_classes);
  json_texts(json, "classes", own->classes);
  if (own->channels) {
    json_integer(json, "channels", own->channels);
    json_integer(json, "height", own->height);
    json_integer(json, "width", own->width);
  }
  json_text(json, "license", own->license);
  json_print(json);
}

static void add_own(Table *table, const OwnModel *own) {
  table_add(table, own->path);
  table_add(table, own->task);
  table_add_format(table, "%d", own->n_classes);
  if (own->channels)
    table_add_format(table, "%d x %d x %d", own->channels, own->height, own->width);
  else
    table_add(table, NULL);
  table_add_format(table, "%" G_GINT64_FORMAT, own->parameters);
  table_add(table, own->title);
}

bool command_models(const Command *command, int argc, char **argv, GError **error) {
  static const Column columns[] = {
      {"name"}, {"task"}, {"classes", TRUE}, {"input"}, {"frozen numbers", TRUE}, {"what it is"}, {NULL}};
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {{"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "An object a line", NULL},
                                  {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, 0, error))
    return false;
  g_autoptr(GPtrArray) listings = model_list();
  g_autoptr(Table) table = table_new(columns);
  for (guint i = 0; i < listings->len; i++)
    if (as_json)
      print_as_json(g_ptr_array_index(listings, i));
    else
      add_row(table, g_ptr_array_index(listings, i));
  g_autoptr(GPtrArray) own = own_models_list();
  for (guint i = 0; i < own->len; i++)
    if (as_json)
      print_own_as_json(g_ptr_array_index(own, i));
    else
      add_own(table, g_ptr_array_index(own, i));
  if (as_json)
    return true;
  table_print(table);
  output_line("and any ONNX file by its path; hoarfrost inspect tells more of one");
  return true;
}
