/* The actions of a bound window: a table of names and what each asks of the controller. */
#pragma once

#include "app/controller.h"

typedef struct _WindowActions WindowActions;

/* Adds the actions to `map`.  `refused` is called with the verdict on an axis value that is impossible, or
 * NULL when a choice was taken.  Both objects are borrowed and must outlive the actions. */
typedef void (*RefusedFunction)(AxisId axis, int value, const Verdict *verdict, gpointer data);
WindowActions *window_actions_new(GActionMap *map, HfController *controller, RefusedFunction refused,
                                  gpointer data);
void window_actions_free(WindowActions *actions);
/* Sets states and sensitivity to what the controller says now. */
void window_actions_update(WindowActions *actions);
