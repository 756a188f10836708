#include "app/commands/commands.h"
#include "app/json-line.h"
#include "app/output.h"
#include "app/table.h"
#include "data/card-guess.h"
#include "data/models.h"
#include "data/onnx.h"
#include "data/own-models.h"
#include "engine/error.h"

static const char *location_name(const Site *site) {
  return taxonomy_axes[AXIS_LOCATION].values[site->location].name;
}

static void write_shape(JsonLine *json, const Shape *shape) {
  json_open(json, "shape", '[');
  for (int i = 0; i < shape->rank; i++)
    if (shape->dim[i] < 0)
      json_text(json, NULL, NULL);
    else
      json_integer(json, NULL, shape->dim[i]);
  json_close(json, ']');
}

static void write_card(JsonLine *json, const ModelCard *card) {
  const struct {
    const char *name, *text;
  } texts[] = {
      {"title", card->title},
      {"task", card->task},
      {"resize", card->resize},
      {"features", card->features},
      {"tokenizer", card->tokenizer},
      {"license", card->license},
      {"source", card->source},
      {"published_accuracy", card->published_accuracy},
      {"measured_accuracy", card->measured_accuracy},
  };
  json_open(json, "card", '{');
  for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
    if (texts[i].text)
      json_text(json, texts[i].name, texts[i].text);
  if (card->classes)
    json_texts(json, "classes", card->classes);
  json_open(json, "mean", '[');
  for (int c = 0; c < card->n_channels; c++)
    json_number(json, NULL, card->mean[c]);
  json_close(json, ']');
  json_open(json, "std", '[');
  for (int c = 0; c < card->n_channels; c++)
    json_number(json, NULL, card->std[c]);
  json_close(json, ']');
  json_text(json, "input_range", card->range_255 ? "0..255" : "0..1");
  json_text(json, "channel_order", card->bgr ? "BGR" : "RGB");
  json_close(json, '}');
}

static void write_ports(JsonLine *json, const char *name, const GPtrArray *ports) {
  json_open(json, name, '[');
  for (guint i = 0; i < ports->len; i++) {
    const OnnxPort *port = g_ptr_array_index(ports, i);
    json_open(json, NULL, '{');
    json_text(json, "name", port->name);
    json_text(json, "type", port->type);
    if (port->has_shape) {
      write_shape(json, &port->shape);
      json_texts(json, "axes", port->axis_names);
    }
    json_close(json, '}');
  }
  json_close(json, ']');
}

/* -1: there is none. */
static void write_axis(JsonLine *json, const char *name, int axis) {
  if (axis >= 0)
    json_integer(json, name, axis);
  else
    json_text(json, name, NULL);
}

static void write_sites(JsonLine *json, const FrozenModel *model) {
  json_open(json, "sites", '[');
  for (guint i = 0; model && i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    json_open(json, NULL, '{');
    json_text(json, "name", site->name);
    json_text(json, "alias", site->alias);
    json_text(json, "location", location_name(site));
    write_shape(json, &site->shape);
    write_axis(json, "token_axis", site->token_axis);
    write_axis(json, "channel_axis", site->channel_axis);
    write_axis(json, "block", site->block ? site->block : -1);
    json_close(json, '}');
  }
  json_close(json, ']');
}

static void write_operators(JsonLine *json, const GPtrArray *operators) {
  json_open(json, "operators", '[');
  for (guint i = 0; i < operators->len; i++) {
    const OnnxOperator *operator= g_ptr_array_index(operators, i);
    json_open(json, NULL, '{');
    json_text(json, "name", operator->name);
    json_integer(json, "count", operator->count);
    json_bool(json, "supported", operator->supported);
    json_text(json, "first_node", operator->first_node);
    json_close(json, '}');
  }
  json_close(json, ']');
}

/* What the window would ask, with its guesses. */
static void write_guesses(JsonLine *json, const GPtrArray *entries) {
  json_open(json, "guesses", '[');
  for (guint i = 0; entries && i < entries->len; i++) {
    const CardEntry *entry = g_ptr_array_index(entries, i);
    if (!card_entry_is_asked(entries, entry))
      continue;
    json_open(json, NULL, '{');
    json_text(json, "name", entry->key);
    json_text(json, "value", entry->value);
    json_text(json, "reason", entry->reason);
    json_close(json, '}');
  }
  json_close(json, ']');
}

static void write_structures(JsonLine *json, const FrozenModel *model) {
  json_open(json, "structures", '{');
  for (int i = 0; model && i < STRUCTURES; i++)
    if (model->structures[i] > 0)
      json_integer(json, structure_table[i]->name, model->structures[i]);
  json_close(json, '}');
}

static void print_as_json(const char *name, const OnnxSummary *summary) {
  JsonLine *json = json_line_new();
  json_text(json, "model", name);
  json_text(json, "sha256", summary->model ? summary->model->sha256 : NULL);
  json_integer(json, "opset", summary->opset);
  json_text(json, "producer", summary->producer);
  write_card(json, summary->model ? &summary->model->card : &summary->card);
  write_ports(json, "inputs", summary->inputs);
  write_ports(json, "outputs", summary->outputs);
  write_sites(json, summary->model);
  if (summary->model)
    json_integer(json, "parameters", frozen_model_parameters(summary->model));
  else
    json_text(json, "parameters", NULL);
  g_autoptr(GPtrArray) entries = summary->model ? card_guess(summary->model) : NULL;
  write_guesses(json, entries);
  write_operators(json, summary->operators);
  write_structures(json, summary->model);
  json_bool(json, "supported", summary->model != NULL);
  json_text(json, "refusal", summary->refusal);
  json_print(json);
}

static void print_fact(const char *name, const char *text) {
  g_autofree char *line = text_one_line(text ? text : "");
  if (*line)
    output_line("%-12s %s", name, line);
}

static void print_guesses(const GPtrArray *entries) {
  for (guint i = 0; i < entries->len; i++) {
    const CardEntry *entry = g_ptr_array_index(entries, i);
    if (!card_entry_is_asked(entries, entry) || !*entry->value)
      continue;
    g_autofree char *text = g_strdup_printf("%s %s: %s", entry->key, entry->value, entry->reason);
    print_fact("guessed", text);
  }
}

static void print_ports(const char *name, const GPtrArray *ports) {
  for (guint i = 0; i < ports->len; i++) {
    const OnnxPort *port = g_ptr_array_index(ports, i);
    g_autofree char *axes =
        port->has_shape && port->shape.rank ? g_strjoinv(" x ", port->axis_names) : g_strdup("");
    g_autofree char *text = g_strdup_printf("%s: %s %s", port->name, port->type, axes);
    print_fact(i ? "" : name, text);
  }
}

static void add_axis(Table *table, int axis) {
  if (axis >= 0)
    table_add_format(table, "%d", axis);
  else
    table_add(table, "");
}

/* Sites that have a name people use; the others are counted. */
static void print_sites(const FrozenModel *model) {
  static const Column columns[] = {
      {"site"}, {"location"}, {"shape"}, {"token axis", TRUE}, {"channel axis", TRUE}, {"tensor"}, {NULL}};
  g_autoptr(Table) table = table_new(columns);
  guint others = 0;
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    if (!site->alias) {
      others++;
      continue;
    }
    g_autofree char *shape = shape_text(&site->shape);
    table_add(table, site->alias);
    table_add(table, location_name(site));
    table_add(table, shape);
    add_axis(table, site->token_axis);
    add_axis(table, site->channel_axis);
    table_add(table, site->name);
  }
  output_text("\n");
  table_print(table);
  if (others)
    output_line("and %u hidden tensors by name (--json lists them)", others);
}

static void print_structures(const FrozenModel *model) {
  g_autoptr(GString) list = g_string_new(NULL);
  for (int i = 0; i < STRUCTURES; i++)
    if (model->structures[i] > 0)
      g_string_append_printf(list, "%s%s %d", list->len ? ", " : "", structure_table[i]->name,
                             model->structures[i]);
  print_fact("recognised", list->str);
}

#define MOST_CLASSES 12 /* that are named; --json names all */

static void print_classes(const ModelCard *card) {
  if (!card->classes)
    return;
  g_autoptr(GString) list = g_string_new(NULL);
  for (int i = 0; i < MIN(card->n_classes, MOST_CLASSES); i++)
    g_string_append_printf(list, "%s%s", i ? ", " : "", card->classes[i]);
  if (card->n_classes > MOST_CLASSES)
    g_string_append_printf(list, " and %d more", card->n_classes - MOST_CLASSES);
  print_fact("classes", list->str);
}

static void print_as_text(const char *name, const OnnxSummary *summary) {
  const ModelCard *card = summary->model ? &summary->model->card : &summary->card;
  g_autofree char *opset = g_strdup_printf("%d", summary->opset);
  g_autoptr(GString) known = g_string_new(NULL), unknown = g_string_new(NULL);
  for (guint i = 0; i < summary->operators->len; i++) {
    const OnnxOperator *operator= g_ptr_array_index(summary->operators, i);
    GString *list = operator->supported ? known : unknown;
    g_string_append_printf(list, "%s%s %d", list->len ? ", " : "", operator->name, operator->count);
  }
  print_fact("model", name);
  print_fact("title", card->title);
  print_fact("task", card->task);
  print_fact("opset", opset);
  print_fact("producer", summary->producer);
  print_fact("licence", card->license);
  print_fact("source", card->source);
  print_fact("published", card->published_accuracy);
  print_fact("measured", card->measured_accuracy);
  print_classes(card);
  print_ports("inputs", summary->inputs);
  print_ports("outputs", summary->outputs);
  print_fact("operators", known->str);
  print_fact("unsupported", unknown->str);
  print_fact("refused", summary->refusal);
  for (guint i = 0; card->warnings && i < card->warnings->len; i++)
    print_fact("warning", g_ptr_array_index(card->warnings, i));
  if (!summary->model)
    return;
  g_autoptr(GPtrArray) entries = card_guess(summary->model);
  print_guesses(entries);
  print_structures(summary->model);
  output_line("%-12s %" G_GINT64_FORMAT " frozen numbers", "parameters",
              frozen_model_parameters(summary->model));
  print_sites(summary->model);
}

bool command_inspect(const Command *command, int argc, char **argv, GError **error) {
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
      {"json", 0, 0, G_OPTION_ARG_NONE, &as_json, "One object, with all sites", NULL}, {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  g_autofree char *path = model_path(argv[1], error);
  g_autoptr(OnnxSummary) summary = path ? onnx_inspect(path, error) : NULL;
  if (!summary)
    return false;
  if (summary->model)
    own_models_apply(summary->model);
  if (as_json)
    print_as_json(argv[1], summary);
  else
    print_as_text(argv[1], summary);
  return true;
}
