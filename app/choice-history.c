#include "app/choice-history.h"

#define JOINED (500 * G_TIME_SPAN_MILLISECOND)
#define MOST   200

struct _ChoiceHistory {
  GPtrArray *specs;
  guint now;
  char *keys; /* of the last change; NULL: it is not joined with another */
  gint64 changed;
};

ChoiceHistory *choice_history_new(RunSpec *spec) {
  ChoiceHistory *self = g_new0(ChoiceHistory, 1);
  self->specs = g_ptr_array_new_with_free_func((GDestroyNotify)run_spec_free);
  g_ptr_array_add(self->specs, spec);
  return self;
}

void choice_history_free(ChoiceHistory *self) {
  if (!self)
    return;
  g_ptr_array_unref(self->specs);
  g_free(self->keys);
  g_free(self);
}

const RunSpec *choice_history_now(const ChoiceHistory *self) {
  return g_ptr_array_index(self->specs, self->now);
}

void choice_history_add(ChoiceHistory *self, RunSpec *spec, const char *keys, gint64 now) {
  bool joins = keys && g_strcmp0(keys, self->keys) == 0 && now - self->changed < JOINED;
  if (!joins)
    self->now++;
  g_ptr_array_set_size(self->specs, (int)self->now);
  g_ptr_array_add(self->specs, spec);
  if (self->specs->len > MOST) {
    g_ptr_array_remove_index(self->specs, 0);
    self->now--;
  }
  g_free(self->keys);
  self->keys = g_strdup(keys);
  self->changed = now;
}

static bool go_to(ChoiceHistory *self, guint index) {
  g_clear_pointer(&self->keys, g_free);
  self->now = index;
  return true;
}

bool choice_history_undo(ChoiceHistory *self) {
  return choice_history_can_undo(self) && go_to(self, self->now - 1);
}

bool choice_history_redo(ChoiceHistory *self) {
  return choice_history_can_redo(self) && go_to(self, self->now + 1);
}

bool choice_history_can_undo(const ChoiceHistory *self) {
  return self->now > 0;
}

bool choice_history_can_redo(const ChoiceHistory *self) {
  return self->now + 1 < self->specs->len;
}
