/* The user's own models: the ONNX files that were opened, and what the user said of them where their cards
 * are silent.  Kept by the SHA-256 of the file's bytes, so that a file that was moved or copied is known
 * again and a changed one is not.
 *
 * One key file, $XDG_DATA_HOME/hoarfrost/models.ini: a group a model, its answers under the card's own keys
 * behind "card.".  It is replaced as a whole.  Any thread; two writers at once: the later one wins. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/setting.h"

typedef struct {
  char *sha256, *path;
  char *title, *task, *license;
  char **classes; /* NULL: no names */
  int n_classes;
  int channels, height, width; /* 0: it takes no picture */
  int64_t parameters, bytes;
} OwnModel;

/* Those on the list, the one opened last first.  What the file lacks is left out.  (transfer full)
 * (element-type OwnModel) */
GPtrArray *own_models_list(void);

/* Takes the answers for the model's file into its card (onnx_take_card).  Nothing where there are none. */
void own_models_apply(FrozenModel *model);
/* Puts what was answered for this file into the rows of `said` that are empty; rows are named after the
 * card's keys. */
bool own_models_complete(const char *sha256, Settings *said, GError **error);
/* Whether a card of this model can hold the answers: key and value by turns, NULL-terminated, as the card
 * writes them.  The error names the first that it cannot. */
bool own_models_check(const FrozenModel *model, const char *const *answers, GError **error);
/* Puts the model on the list, with `answers` as above; a value "" takes the answer back, NULL as a whole
 * leaves them.  When one cannot be held nothing is kept. */
bool own_models_keep(const FrozenModel *model, const char *const *answers, GError **error);
/* Whether there are answers for this file. */
bool own_models_knows(const char *sha256);
/* Off the list; the answers stay.  False when it is not on it. */
bool own_models_forget(const char *path, GError **error);
