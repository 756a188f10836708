/* What stands in the window's places: the pipeline, the choice, the card, the panes and the time bar, and how
 * they show what the controller knows.  What people do in them becomes the window's actions. */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _WindowContent WindowContent;

/* Both are borrowed and outlive the content. */
WindowContent *window_content_new(HfWindow *window, HfController *controller);
void window_content_free(WindowContent *content);

/* The choice, what it names, and the verdicts on it. */
void window_content_show_choice(WindowContent *content);
void window_content_show_state(WindowContent *content);
void window_content_show_snapshot(WindowContent *content);
void window_content_show_series(WindowContent *content);
/* The list of models and tasks has changed. */
void window_content_read_cards(WindowContent *content);
/* The store has other runs. */
void window_content_show_runs(WindowContent *content);
/* Why an axis value is impossible; NULL: that is settled. */
void window_content_show_reason(WindowContent *content, AxisId axis, int value, const Verdict *verdict);
