/* The window's page Apply: a finished prompt answers pictures of the user's.
 *
 * Actions it adds, all win.*:
 *   apply-run (s)       state: the id of the run that is applied, "" before; pictures there are answered anew
 *   apply-shown         the run that is shown in Explore
 *   apply-files (as)    paths or file:// URIs of pictures and folders; shows the page
 *   apply-paste         what is on the clipboard
 *   apply-choose, apply-folder, apply-clear
 *   apply-save          asks where       save-predictions (s): the table to a path
 *   apply-answered      state (i) only: how many pictures are answered */
#pragma once

#include "app/controller.h"
#include "ui/window.h"

typedef struct _ApplyPage ApplyPage;

/* Both are borrowed and outlive the page. */
ApplyPage *apply_page_new(HfWindow *window, HfController *controller);
/* Stops what is under way and joins its thread. */
void apply_page_free(ApplyPage *page);
