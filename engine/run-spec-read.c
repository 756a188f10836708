/* Reading a run spec: layers of text become plain values. */
#include "engine/error.h"
#include "engine/nearest-name.h"
#include "engine/preset.h"
#include "engine/spec-groups.h"

#include <string.h>

#define MOST_MANIPULATIONS 16

enum { LAYER_DEFAULT, LAYER_PRESET, LAYER_TEXT, LAYER_ASSIGNED };

/* The number N of "manipulation N", 1 for "manipulation", 0 for anything else. */
static int manipulation_number(const char *group) {
  if (strcmp(group, "manipulation") == 0)
    return 1;
  if (!g_str_has_prefix(group, "manipulation "))
    return 0;
  guint64 number = 0;
  return g_ascii_string_to_unsigned(group + strlen("manipulation "), 10, 2, MOST_MANIPULATIONS, &number, NULL)
             ? (int)number
             : 0;
}

/* Refuses unknown groups and gaps; counts the manipulations. */
static bool check_groups(const SpecLayers *layers, int *n_manipulations, GError **error) {
  static const char *const known[] = {
      "run", "manipulation", "alignment", "optimiser", "manipulation 2", "card", NULL};
  bool given[MOST_MANIPULATIONS + 1] = {false};
  const char *where = "";
  *n_manipulations = 1;
  for (guint i = 0; i < layers->len; i++) {
    const SpecEntry *entry = g_ptr_array_index(layers, i);
    int number = manipulation_number(entry->group);
    if (number > 0) {
      given[number] = true;
      *n_manipulations = MAX(*n_manipulations, number);
      where = number == *n_manipulations ? entry->where : where;
    } else if (!g_strv_contains(known, entry->group)) {
      const char *nearest = nearest_name(entry->group, known);
      return input_error(
          error, "%s: unknown group [%.200s]; %s%s", entry->where, entry->group,
          nearest ? "did you mean "
                  : "there are run, card, manipulation, manipulation 2 to 16, alignment, optimiser",
          nearest ? nearest : "");
    }
  }
  for (int k = 2; k < *n_manipulations; k++)
    if (!given[k])
      return input_error(
          error, "%s: there is a [manipulation %d] but no [manipulation %d]; number them without a gap",
          where, *n_manipulations, k);
  return true;
}

static bool read_every(RunSpec *spec, const char *text, const char *where, GError **error) {
  static const struct {
    const char *name;
    EveryUnit unit;
  } units[] = {{"epoch", EVERY_EPOCH}, {"epochs", EVERY_EPOCH}, {"step", EVERY_STEP}, {"steps", EVERY_STEP}};
  g_auto(GStrv) words = g_strsplit(text, " ", 2);
  guint64 number = 0;
  if (g_strv_length(words) == 2 && g_ascii_string_to_unsigned(words[0], 10, 1, 1000000000, &number, NULL))
    for (guint k = 0; k < G_N_ELEMENTS(units); k++)
      if (strcmp(g_strstrip(words[1]), units[k].name) == 0) {
        spec->evaluate_every = (int)number;
        spec->evaluate_unit = units[k].unit;
        return true;
      }
  return input_error(error,
                     "%s: run.evaluate_every = %.200s is not allowed: give \"N epoch\" or \"N step\", N from "
                     "1 to 1000000000",
                     where, text);
}

static bool require(const Settings *run, const char *key, const char *what, const char *where,
                    GError **error) {
  return *settings_text(run, key) || input_error(error, "%s: run.%s is missing; give %s", where, key, what);
}

static bool read_run(RunSpec *spec, const SpecLayers *layers, const char *where, GError **error) {
  g_auto(SpecGroup) group = {.layers = layers, .group = "run", .rows = run_settings};
  g_autoptr(Settings) none = settings_new(NULL, NULL);
  if (!spec_group_open(&group, error) || !spec_group_settings(&group, none, error))
    return false;
  const Settings *run = group.own;
  if (!require(run, "model", "a name from `hoarfrost models` or the path of an .onnx file", where, error) ||
      !require(run, "dataset", "a name from `hoarfrost datasets` or a path", where, error))
    return false;
  const SpecEntry *every = spec_layers_find(layers, "run", "evaluate_every"),
                  *epochs = spec_layers_find(layers, "run", "epochs"),
                  *steps = spec_layers_find(layers, "run", "steps");
  spec->preset = *settings_text(run, "preset") ? g_strdup(settings_text(run, "preset")) : NULL;
  spec->model = g_strdup(settings_text(run, "model"));
  spec->dataset = g_strdup(settings_text(run, "dataset"));
  spec->train = settings_integer(run, "train");
  spec->validation = settings_integer(run, "validation");
  spec->test = settings_integer(run, "test");
  spec->seed = g_ascii_strtoull(settings_text(run, "seed"), NULL, 10);
  spec->epochs = settings_integer(run, "epochs");
  spec->steps = epochs && steps && epochs->layer > steps->layer ? 0 : settings_integer(run, "steps");
  spec->batch = settings_integer(run, "batch");
  spec->tokens = settings_integer(run, "tokens");
  spec->threads = settings_integer(run, "threads");
  return read_every(spec, settings_text(run, "evaluate_every"), every ? every->where : where, error);
}

/* The methods of a table as specs know them.  (transfer full) */
#define SPEC_METHODS(kinds, axis_of, rows)                                                                   \
  ({                                                                                                         \
    GArray *list = g_array_new(TRUE, TRUE, sizeof(SpecMethod));                                              \
    for (guint i = 0; kinds[i]; i++)                                                                         \
      g_array_append_val(list, ((SpecMethod){kinds[i]->name, axis_of, kinds[i]->settings, rows}));           \
    list;                                                                                                    \
  })

/* The first method with the operator, one that fits format and location too before one that does not. */
static const ManipulationKind *kind_with(Operator op, Format format, Location location) {
  const ManipulationKind *found = NULL;
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++) {
    if ((*kind)->op != op)
      continue;
    if ((*kind)->formats & 1u << format && (*kind)->locations & 1u << location)
      return *kind;
    found = found ? found : *kind;
  }
  return found;
}

static ManipulationSpec *read_manipulation(const SpecLayers *layers, int number, GError **error) {
  g_autofree char *name = number > 1 ? g_strdup_printf("manipulation %d", number) : g_strdup("manipulation");
  g_autoptr(GArray) methods = SPEC_METHODS(manipulation_kinds, (int)manipulation_kinds[i]->op,
                                           manipulation_common(manipulation_kinds[i]));
  g_auto(SpecGroup) group = {layers, name, run_spec_manipulation_rows, (const SpecMethod *)methods->data};
  int index, op;
  if (!spec_group_open(&group, error) ||
      !spec_group_method(&group, "operator", AXIS_OPERATOR, &index, &op, error))
    return NULL;
  ManipulationSpec *spec = g_new0(ManipulationSpec, 1);
  spec->format = (Format)axis_value(AXIS_FORMAT, settings_text(group.own, "format"));
  spec->location = (Location)axis_value(AXIS_LOCATION, settings_text(group.own, "location"));
  spec->kind = index >= 0 ? manipulation_kinds[index]
               : op >= 0  ? kind_with((Operator)op, spec->format, spec->location)
                          : manipulation_kinds[0];
  spec->op = op >= 0 ? (Operator)op : spec->kind->op;
  spec->site = *settings_text(group.own, "site") ? g_strdup(settings_text(group.own, "site")) : NULL;
  spec->settings = manipulation_settings_new(spec->kind);
  const SpecEntry *site = spec_layers_find(layers, name, "site");
  bool placed = !spec->site || spec->location != LOCATION_INPUT;
  if (!placed)
    input_error(
        error,
        "%s: %s.site names a tensor inside the model, but the location is input; set location = hidden, or "
        "leave site out",
        site->where, name);
  if (placed && spec_group_settings(&group, spec->settings, error))
    return spec;
  manipulation_spec_free(spec);
  return NULL;
}

static bool read_alignment(RunSpec *spec, const SpecLayers *layers, GError **error) {
  g_autoptr(GArray) methods = SPEC_METHODS(alignment_kinds, (int)alignment_kinds[i]->family, NULL);
  g_auto(SpecGroup) group = {layers, "alignment", run_spec_alignment_rows, (const SpecMethod *)methods->data};
  int index, family;
  if (!spec_group_open(&group, error) ||
      !spec_group_method(&group, "family", AXIS_ALIGNMENT, &index, &family, error))
    return false;
  spec->alignment = index >= 0
                        ? alignment_kinds[index]
                        : alignment_of_family(family >= 0 ? (AlignmentFamily)family : FAMILY_STATISTICAL);
  spec->alignment_settings = settings_new(NULL, spec->alignment->settings);
  return spec_group_settings(&group, spec->alignment_settings, error);
}

static bool read_optimiser(RunSpec *spec, const SpecLayers *layers, GError **error) {
  g_autoptr(GArray) methods = SPEC_METHODS(optimiser_kinds, -1, NULL);
  g_auto(SpecGroup) group = {layers, "optimiser", run_spec_optimiser_rows, (const SpecMethod *)methods->data};
  int index, none;
  if (!spec_group_open(&group, error) || !spec_group_method(&group, NULL, N_AXES, &index, &none, error))
    return false;
  spec->optimiser = optimiser_kinds[MAX(index, 0)];
  spec->optimiser_settings = settings_new(optimiser_settings, spec->optimiser->settings);
  return spec_group_settings(&group, spec->optimiser_settings, error);
}

/* What layers below the one that names the model say is of another model. */
static bool read_card(RunSpec *spec, const SpecLayers *layers, GError **error) {
  const SpecEntry *model = spec_layers_find(layers, "run", "model");
  g_autoptr(SpecLayers) said = spec_layers_new();
  for (guint i = 0; i < layers->len; i++) {
    const SpecEntry *entry = g_ptr_array_index(layers, i);
    if (strcmp(entry->group, "card") == 0 && (!model || entry->layer >= model->layer))
      spec_layers_take(said, layers, "card", entry->key);
  }
  g_auto(SpecGroup) group = {.layers = said, .group = "card", .rows = run_spec_card_rows};
  g_autoptr(Settings) none = settings_new(NULL, NULL);
  if (!spec_group_open(&group, error) || !spec_group_settings(&group, none, error))
    return false;
  spec->card = g_steal_pointer(&group.own);
  return true;
}

/* Puts the preset that the layers name under them, and under it the default experiment: all of it, or for a
 * partial spec without a preset its model and data set only. */
static bool add_lower_layers(SpecLayers *layers, bool partial, GError **error) {
  const SpecEntry *named = spec_layers_find(layers, "run", "preset");
  g_autofree char *name = named ? g_strstrip(g_strdup(named->text)) : g_strdup("");
  g_autoptr(SpecLayers) standard = spec_layers_new();
  if (!*name) {
    if (!partial)
      return true;
    if (!spec_layers_read(standard, presets[0].text, "the default experiment", LAYER_DEFAULT, error))
      return false;
    spec_layers_take(layers, standard, "run", "model");
    spec_layers_take(layers, standard, "run", "dataset");
    return true;
  }
  const Preset *preset = preset_find(name);
  if (!preset) {
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const Preset *row = presets; row->name; row++)
      g_ptr_array_add(names, (char *)row->name);
    g_ptr_array_add(names, NULL);
    const char *nearest = nearest_name(name, (const char *const *)names->pdata);
    return input_error(error, "%s: there is no preset %.200s; %s%s", named->where, name,
                       nearest ? "did you mean " : "see `hoarfrost presets`", nearest ? nearest : "");
  }
  return spec_layers_read(layers, preset->text, preset->name, LAYER_PRESET, error) &&
         spec_layers_read(layers, presets[0].text, "the default experiment", LAYER_DEFAULT, error);
}

static RunSpec *read_layers(const SpecLayers *layers, const char *where, GError **error) {
  g_autoptr(RunSpec) spec = g_new0(RunSpec, 1);
  spec->manipulations = g_ptr_array_new_with_free_func((GDestroyNotify)manipulation_spec_free);
  int n_manipulations;
  if (!check_groups(layers, &n_manipulations, error) || !read_run(spec, layers, where, error))
    return NULL;
  for (int i = 1; i <= n_manipulations; i++) {
    ManipulationSpec *manipulation = read_manipulation(layers, i, error);
    if (!manipulation)
      return NULL;
    g_ptr_array_add(spec->manipulations, manipulation);
  }
  if (!read_alignment(spec, layers, error) || !read_optimiser(spec, layers, error) ||
      !read_card(spec, layers, error))
    return NULL;
  return g_steal_pointer(&spec);
}

RunSpec *run_spec_parse_with(const char *text, const char *where, char *const *assignments, bool partial,
                             GError **error) {
  g_autoptr(SpecLayers) layers = spec_layers_new();
  if (!spec_layers_read(layers, text, where, LAYER_TEXT, error))
    return NULL;
  for (char *const *assignment = assignments; assignment && *assignment; assignment++)
    if (!spec_layers_assign(layers, *assignment, LAYER_ASSIGNED, error))
      return NULL;
  return add_lower_layers(layers, partial, error) ? read_layers(layers, where, error) : NULL;
}

RunSpec *run_spec_parse(const char *text, const char *where, bool partial, GError **error) {
  return run_spec_parse_with(text, where, NULL, partial, error);
}
