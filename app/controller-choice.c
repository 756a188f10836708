/* What is chosen: changes of the spec with undo, and axis values with the methods that go with them. */
#include "app/choice-file.h"
#include "app/controller-private.h"
#include "engine/error.h"
#include "engine/preset.h"

#include <string.h>

#define SAVED_AFTER 1000 /* milliseconds without a change */

const RunSpec *hf_controller_spec(HfController *self) {
  return choice_history_now(self->history);
}

Cell hf_controller_cell(HfController *self) {
  return run_spec_cell(hf_controller_spec(self), 0);
}

void controller_save_choice(HfController *self) {
  choice_file_write(hf_controller_spec(self));
}

static gboolean save(gpointer data) {
  HfController *self = data;
  self->save_source = 0;
  controller_save_choice(self);
  return G_SOURCE_REMOVE;
}

static void changed(HfController *self) {
  self->choice_serial++;
  controller_forget_verdict(self);
  g_clear_handle_id(&self->save_source, g_source_remove);
  self->save_source = g_timeout_add(SAVED_AFTER, save, self);
  const RunSpec *spec = hf_controller_spec(self);
  const RunSpec *loaded = self->session ? self->session->spec : NULL;
  if (loaded && (!g_str_equal(loaded->model, spec->model) || !g_str_equal(loaded->dataset, spec->dataset))) {
    g_clear_pointer(&self->session, session_unref);
    g_clear_pointer(&self->verdicts, g_ptr_array_unref);
  }
  controller_tell(self, SIGNAL_CHOICE);
  controller_load(self);
}

void controller_take_choice(HfController *self, RunSpec *spec, const char *keys) {
  choice_history_add(self->history, spec, keys, g_get_monotonic_time());
  changed(self);
}

void hf_controller_reload(HfController *self) {
  self->model_serial++;
  g_clear_pointer(&self->last_session, session_unref);
  g_clear_pointer(&self->session, session_unref);
  g_clear_pointer(&self->verdicts, g_ptr_array_unref);
  changed(self);
}

void hf_controller_take_spec(HfController *self, const RunSpec *spec) {
  controller_take_choice(self, run_spec_copy(spec), NULL);
}

/* "run.batch run.train": what a list of assignments changes.  (transfer full) */
static char *keys_of(char *const *assignments) {
  g_autoptr(GString) keys = g_string_new(NULL);
  for (char *const *next = assignments; *next; next++) {
    const char *equals = strchr(*next, '=');
    g_string_append_len(keys, *next, equals ? equals - *next : -1);
    g_string_append_c(keys, ' ');
  }
  return g_string_free(g_steal_pointer(&keys), FALSE);
}

/* A window has no options: the message without the command line's. */
static bool refuse(GError **error, GError *refused) {
  static const char option[] = "--set: ";
  bool has = g_str_has_prefix(refused->message, option);
  input_error(error, "%s", refused->message + (has ? strlen(option) : 0));
  g_error_free(refused);
  return false;
}

static bool names_another_model(const RunSpec *spec, char *const *assignments) {
  g_autofree char *same = g_strconcat("run.model=", spec->model, NULL);
  for (char *const *next = assignments; *next; next++)
    if (g_str_has_prefix(*next, "run.model=") && !g_str_equal(*next, same))
      return true;
  return false;
}

/* The assignments; in front of them, with another model, what fitted the present one only.  (transfer
 * container) */
static GPtrArray *with_resets(const RunSpec *spec, char *const *assignments) {
  GPtrArray *all = g_ptr_array_new();
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  bool another = names_another_model(spec, assignments);
  if (another && settings_row(first->settings, "image_size"))
    g_ptr_array_add(all, (char *)"manipulation.image_size=0");
  if (another && first->site)
    g_ptr_array_add(all, (char *)"manipulation.site=");
  for (char *const *next = assignments; *next; next++)
    g_ptr_array_add(all, *next);
  g_ptr_array_add(all, NULL);
  return all;
}

bool hf_controller_assign(HfController *self, char *const *assignments, GError **error) {
  const RunSpec *now = hf_controller_spec(self);
  g_autofree char *text = run_spec_text(now), *keys = keys_of(assignments);
  g_autoptr(GPtrArray) all = with_resets(now, assignments);
  GError *refused = NULL;
  RunSpec *spec = run_spec_parse_with(text, "the choice", (char *const *)all->pdata, false, &refused);
  if (!spec)
    return refuse(error, refused);
  g_autofree char *after = run_spec_text(spec);
  if (g_str_equal(text, after))
    run_spec_free(spec);
  else
    controller_take_choice(self, spec, keys);
  return true;
}

/* An assignment list that grows. */
static void add(GPtrArray *list, const char *key, const char *value) {
  g_ptr_array_add(list, g_strconcat(key, "=", value, NULL));
}

static bool assign(HfController *self, GPtrArray *list, GError **error) {
  g_ptr_array_add(list, NULL);
  return hf_controller_assign(self, (char *const *)list->pdata, error);
}

static const char *const axis_keys[N_AXES] = {
    [AXIS_FORMAT] = "manipulation.format",
    [AXIS_LOCATION] = "manipulation.location",
    [AXIS_OPERATOR] = "manipulation.operator",
    [AXIS_ALIGNMENT] = "alignment.family",
};

/* The methods to try: of alignment those of the value; else those of the cell's operator, the present one
 * first where it has that. */
static void add_methods(GPtrArray *names, AxisId axis, Cell cell, const char *present) {
  const ManipulationKind *kept = present && axis != AXIS_ALIGNMENT ? manipulation_find(present) : NULL;
  int op = cell.value[AXIS_OPERATOR];
  if (kept && (int)kept->op == op)
    g_ptr_array_add(names, (char *)kept->name);
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind && axis != AXIS_ALIGNMENT; kind++)
    if ((int)(*kind)->op == op && *kind != kept)
      g_ptr_array_add(names, (char *)(*kind)->name);
  for (const AlignmentKind *const *kind = alignment_kinds; *kind && axis == AXIS_ALIGNMENT; kind++)
    if ((int)(*kind)->family == cell.value[AXIS_ALIGNMENT])
      g_ptr_array_add(names, (char *)(*kind)->name);
  if (names->len == 0)
    g_ptr_array_add(names, NULL);
}

static const char *present_method(HfController *self) {
  const ManipulationSpec *first = g_ptr_array_index(hf_controller_spec(self)->manipulations, 0);
  return first->kind ? first->kind->name : NULL;
}

/* Judges the cell with that method in place of the present one.  (transfer full) */
static Verdict *judge(HfController *self, Cell cell, AxisId axis, const char *method) {
  const char *alignment = hf_controller_spec(self)->alignment->name;
  TaxonomyContext context = session_context(self->session);
  return taxonomy_judge(cell, axis == AXIS_ALIGNMENT ? present_method(self) : method,
                        axis == AXIS_ALIGNMENT ? method : alignment, &context);
}

/* A site belongs to its location. */
static void add_location(GPtrArray *list, int value) {
  add(list, axis_keys[AXIS_LOCATION], taxonomy_axes[AXIS_LOCATION].values[value].name);
  add(list, "manipulation.site", "");
}

static void add_value(GPtrArray *list, int axis, int value) {
  if (axis == AXIS_LOCATION)
    add_location(list, value);
  else
    add(list, axis_keys[axis], taxonomy_axes[axis].values[value].name);
}

Verdict *hf_controller_choose(HfController *self, AxisId axis, int value) {
  g_return_val_if_fail(value >= 0 && value < taxonomy_axes[axis].n_values, NULL);
  Cell cell = hf_controller_cell(self);
  if (cell.value[axis] == value)
    return NULL;
  cell.value[axis] = value;
  g_autoptr(GPtrArray) methods = g_ptr_array_new(), list = g_ptr_array_new_with_free_func(g_free);
  add_methods(methods, axis, cell, present_method(self));
  const char *method = g_ptr_array_index(methods, 0);
  Verdict *impossible = NULL;
  for (guint i = 0; self->session && i < methods->len; i++) {
    method = g_ptr_array_index(methods, i);
    Verdict *verdict = judge(self, cell, axis, method);
    if (verdict->kind != VERDICT_IMPOSSIBLE) {
      verdict_free(verdict);
      g_clear_pointer(&impossible, verdict_free);
      break;
    }
    if (impossible)
      verdict_free(verdict);
    else
      impossible = verdict; /* of the first, which speaks for the value */
  }
  if (impossible)
    return impossible;
  add_value(list, (int)axis, value);
  if (method &&
      (axis == AXIS_ALIGNMENT || axis == AXIS_OPERATOR || g_strcmp0(method, present_method(self)) != 0))
    add(list, axis == AXIS_ALIGNMENT ? "alignment.method" : "manipulation.method", method);
  g_autoptr(GError) error = NULL;
  if (!assign(self, list, &error))
    controller_say(self, SIGNAL_FAILED, error->message);
  return NULL;
}

bool hf_controller_repair(HfController *self, const Repair *repair, GError **error) {
  Cell cell = hf_controller_cell(self);
  g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
  for (int axis = 0; axis < N_AXES; axis++)
    if (cell.value[axis] != repair->cell.value[axis])
      add_value(list, axis, repair->cell.value[axis]);
  if (repair->method)
    add(list, "manipulation.method", repair->method);
  if (repair->alignment)
    add(list, "alignment.method", repair->alignment);
  if (list->len == 0)
    return input_error(error, "%s", repair->text);
  return assign(self, list, error);
}

bool hf_controller_take_preset(HfController *self, const char *name, GError **error) {
  const Preset *preset = preset_find(name);
  RunSpec *spec = preset ? preset_spec_beside(preset, hf_controller_spec(self), error) : NULL;
  if (!preset)
    return input_error(error, "there is no preset '%s'", name);
  if (spec)
    controller_take_choice(self, spec, NULL);
  return spec != NULL;
}

void hf_controller_undo(HfController *self) {
  if (choice_history_undo(self->history))
    changed(self);
}

void hf_controller_redo(HfController *self) {
  if (choice_history_redo(self->history))
    changed(self);
}

bool hf_controller_can_undo(HfController *self) {
  return choice_history_can_undo(self->history);
}

bool hf_controller_can_redo(HfController *self) {
  return choice_history_can_redo(self->history);
}
