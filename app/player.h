/* Plays the stored moments of the shown run one after the other, and steps through them. */
#pragma once

#include "app/controller.h"

typedef struct _Player Player;

/* `changed` is called when playing starts or stops.  The controller is borrowed. */
Player *player_new(HfController *controller, void (*changed)(gpointer data), gpointer data);
void player_free(Player *player);
/* From the shown moment on; from the first one where the last is shown.  Stops at the last. */
void player_start(Player *player);
void player_stop(Player *player);
bool player_plays(const Player *player);
/* Shows the moment that is `by` stored steps on (back where it is negative), as far as there are any.  False:
 * the shown one was the last on this side. */
bool player_move(Player *player, int by);
