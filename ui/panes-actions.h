/* What a user does to the panes, as actions of the window:
 *
 *     win.amplify (d)       the factor of pattern and difference; 0: the one that suits each picture
 *     win.amplify-lock      a toggle: keeps the present factor, or lets it follow
 *     win.pattern-map (s)   "colour" or "diverging"
 *     win.pattern-signed    a toggle: the other of the two
 *     win.pattern-part (i)  which site of a pattern inside f is shown
 *     win.zoom (d)          by a factor; 0: the whole picture
 *     win.zoom-to (d)       this magnification
 *     win.probe ((ii))      points at a pixel
 *     win.choose-sample     opens the list of samples
 *
 * They may outlive the panes; then they do nothing. */
#pragma once

#include "ui/panes.h"

typedef struct _PanesActions PanesActions;

/* The panes are borrowed and own it. (transfer full) */
PanesActions *panes_actions_new(HfPanes *panes);
void panes_actions_free(PanesActions *self);
void panes_actions_add(PanesActions *self, GActionMap *map);
/* The factor that pattern and difference are kept at; 0: none. */
double panes_actions_locked(PanesActions *self);
