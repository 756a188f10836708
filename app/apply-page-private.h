/* The inside of the page Apply: apply-page.c holds its state, apply-actions.c the actions and dialogs,
 * apply-save.c writes the table, apply-runs.c what it says of runs. */
#pragma once

#include "app/apply-page.h"
#include "app/apply-worker.h"
#include "ui/apply-view.h"

struct _ApplyPage {
  HfWindow *window;
  HfController *controller;
  HfApplyView *view;
  ApplyWorker *worker;
  char *run_id;            /* that is applied; NULL: none is chosen */
  bool texts;              /* it reads texts, so no picture is taken */
  GPtrArray *inputs;       /* all that were given: for another run (element-type ApplyInput) */
  int total, orders;       /* pictures asked for; orders under way */
  int pasted;              /* pictures from the clipboard so far */
  GtkNativeDialog *dialog; /* the one that is open; NULL: none */
  GCancellable *cancellable;
};

/* Chooses a run; what is there is answered anew. */
void apply_page_set_run(ApplyPage *page, const char *run_id);
/* Answers more inputs and shows the page.  Without a run: by that which is shown, or the newest that has
 * ended, or the recorded one; else there is a sentence.  Takes over the array. */
void apply_page_add(ApplyPage *page, GPtrArray *inputs);
void apply_page_clear(ApplyPage *page);
/* Pictures that came as pixels. */
void apply_page_add_texture(ApplyPage *page, GdkTexture *texture);
/* Files of any kind: specs and bundles are opened, all else is answered. */
void apply_page_add_files(ApplyPage *page, char *const *paths, int n);
void apply_page_update(ApplyPage *page);

/* Writes the answers that are there as a table; a sentence tells how it went. */
void apply_save(ApplyPage *page, const char *path);

void apply_actions_add(ApplyPage *page);
void apply_actions_remove(ApplyPage *page);
void apply_actions_update(ApplyPage *page);

/* The run that is applied where none was chosen: the one that is shown, else the newest that has ended; NULL:
 * none.  (transfer full) */
char *apply_runs_usual(HfController *controller);
/* Title and line of a run; false when it is not there.  (transfer full) */
bool apply_runs_words(HfController *controller, const char *run_id, char **title, char **line);
/* Whether it is a run on texts, which answers no pictures. */
bool apply_runs_reads_texts(HfController *controller, const char *run_id);
/* The newest runs that answer pictures, as a menu of win.apply-run.  (transfer full) */
GMenuModel *apply_runs_menu(HfController *controller);
