/* The main window: header bar, pages, and the places of the Explore page that other widgets are put into.
 *
 *     +------------------- header: run, step, stop, reset | title | pages, sidebars, menu
 * --------------------+ |                                         pipeline |
 *     +----------+----------------------------------------------------------------------------+---------------+
 *     | choices  |                               panes                                        |     card |
 *     +----------+----------------------------------------------------------------------------+---------------+
 *     |                                         time bar |
 *     +-------------------------------------------------------------------------------------------------------+
 *
 * Its own actions are those of the view: win.show-choices, win.show-card, win.page, win.fullscreen, win.tour.
 * What runs and what is chosen are actions that its owner adds (win.run-or-pause, win.step, win.stop,
 * win.reset, ...).  Main thread only; all widgets are handed over as floating references. */
#pragma once

#include "ui/tour.h"
#include <adwaita.h>
#include <stdbool.h>

#define HF_TYPE_WINDOW (hf_window_get_type())
G_DECLARE_FINAL_TYPE(HfWindow, hf_window, HF, WINDOW, AdwApplicationWindow)

typedef struct {
  const char *label;  /* with a mnemonic */
  const char *action; /* detailed: "win.pick::model" */
} HfWindowButton;

/* `settings` remembers size, sidebars and that the tour was seen; NULL: nothing is remembered. */
HfWindow *hf_window_new(GtkApplication *application, GSettings *settings);

void hf_window_set_pipeline(HfWindow *self, GtkWidget *child);
void hf_window_set_choice_panel(HfWindow *self, GtkWidget *child);
void hf_window_set_panes(HfWindow *self, GtkWidget *child);
void hf_window_set_card(HfWindow *self, GtkWidget *child);
void hf_window_set_time_bar(HfWindow *self, GtkWidget *child);
/* A page behind Explore.  `name` is the target of win.page. */
void hf_window_add_page(HfWindow *self, const char *name, const char *title, const char *icon,
                        GtkWidget *child);
void hf_window_show_page(HfWindow *self, const char *name);
bool hf_window_has_page(HfWindow *self, const char *name);

/* Explore, with the choices beside it, however narrow the window is. */
void hf_window_reveal_choices(HfWindow *self);

/* The experiment in words, and how it stands. */
void hf_window_set_title(HfWindow *self, const char *title, const char *subtitle);
/* A sentence below the choices that says in what they differ from the run that is shown, with a button for
 * win.take-run-settings; NULL: they do not. */
void hf_window_set_difference(HfWindow *self, const char *sentence);
/* Whether the first button says Pause rather than Run. */
void hf_window_set_running(HfWindow *self, bool running);
/* A sentence at the bottom that goes away by itself; one that tells of a failure stays longer. */
void hf_window_tell(HfWindow *self, const char *sentence, bool failure);
/* A sentence that stays for 20 seconds, with a button for an action ("win.resume-run"); target NULL: none
 * (floating). */
void hf_window_offer(HfWindow *self, const char *sentence, const char *button, const char *action,
                     GVariant *target);
/* A sentence below the header that stays, with what can be done about it; NULL: there is nothing to say.
 * `buttons` end with a NULL label; labels are translated here. */
void hf_window_set_banner(HfWindow *self, const char *sentence, const HfWindowButton *buttons);
/* What was offered has been done in another way, or makes no sense any more. */
void hf_window_withdraw_offer(HfWindow *self);
/* A sentence with Undo, which activates the action; it goes away by itself. */
void hf_window_offer_undo(HfWindow *self, const char *sentence, const char *action, GVariant *target);

/* What a stop of the tour points at: the widget is borrowed and may be destroyed at any time. */
void hf_window_set_tour_anchor(HfWindow *self, HfTourStop stop, GtkWidget *anchor);
/* Starts the tour where it has not been seen. */
void hf_window_offer_tour(HfWindow *self);
