#include "app/player.h"

#define MILLISECONDS 120

struct _Player {
  HfController *controller;
  void (*changed)(gpointer data);
  gpointer data;
  guint source; /* 0: does not play */
};

Player *player_new(HfController *controller, void (*changed)(gpointer data), gpointer data) {
  Player *self = g_new0(Player, 1);
  *self = (Player){.controller = controller, .changed = changed, .data = data};
  return self;
}

void player_free(Player *self) {
  g_clear_handle_id(&self->source, g_source_remove);
  g_free(self);
}

bool player_plays(const Player *self) {
  return self->source != 0;
}

void player_stop(Player *self) {
  if (!self->source)
    return;
  g_clear_handle_id(&self->source, g_source_remove);
  self->changed(self->data);
}

/* How many stored steps are at or before `step`. */
static int count_until(const GArray *steps, int step) {
  int n = 0;
  while (n < (int)steps->len && g_array_index(steps, int, n) <= step)
    n++;
  return n;
}

bool player_move(Player *self, int by) {
  const GArray *steps = hf_controller_stored_steps(self->controller);
  if (!steps || steps->len == 0 || by == 0)
    return false;
  int shown = hf_controller_shown_step(self->controller);
  int until = count_until(steps, shown);
  bool between = until == 0 || g_array_index(steps, int, until - 1) != shown;
  /* From between two stored steps one step back is the one before, which stands at until - 1. */
  int at = until - 1 + by + (between && by < 0);
  at = CLAMP(at, 0, (int)steps->len - 1);
  int step = g_array_index(steps, int, at);
  if (by > 0 ? step <= shown : step >= shown)
    return false;
  hf_controller_seek(self->controller, step);
  return true;
}

static gboolean on_time(gpointer data) {
  Player *self = data;
  if (player_move(self, 1))
    return G_SOURCE_CONTINUE;
  self->source = 0;
  self->changed(self->data);
  return G_SOURCE_REMOVE;
}

void player_start(Player *self) {
  const GArray *steps = hf_controller_stored_steps(self->controller);
  if (self->source || !steps || steps->len == 0)
    return;
  if (hf_controller_shown_step(self->controller) >= g_array_index(steps, int, steps->len - 1))
    hf_controller_seek(self->controller, g_array_index(steps, int, 0));
  self->source = g_timeout_add(MILLISECONDS, on_time, self);
  self->changed(self->data);
}
