/* One small window that asks what a model file does not say of itself.  Each question comes with a guess
 * filled in and the reason for it below.
 *
 * Signals: "answered" (GStrv): key and value by turns, those that are asked for the chosen task only, ""
 * where nothing was given; the owner closes the window, or says what is wrong with hf_model_dialog_refuse().
 * "names" (const char * path): a file of names was chosen; the owner reads it and calls
 * hf_model_dialog_set_value().  Main thread. */
#pragma once

#include <adwaita.h>

#define HF_TYPE_MODEL_DIALOG (hf_model_dialog_get_type())
G_DECLARE_FINAL_TYPE(HfModelDialog, hf_model_dialog, HF, MODEL_DIALOG, AdwWindow)

typedef struct {
  const char *value, *title;
} HfModelChoice;

typedef struct {
  const char *key, *title;
  const char *value;            /* the guess */
  const char *reason;           /* what it rests on */
  const char *only;             /* asked where the question "task" is answered with this; NULL: always */
  const HfModelChoice *choices; /* ends with a NULL value; NULL: free text */
  gboolean from_file;           /* the text comes from a file of names */
  const char *hint;             /* how the text is written; NULL: none */
} HfModelQuestion;

/* Everything is copied.  file: the model's, for the heading. */
GtkWidget *hf_model_dialog_new(GtkWindow *parent, const char *file, const HfModelQuestion *questions, int n);
/* What a question is answered with now.  Borrowed; NULL: there is no such question. */
const char *hf_model_dialog_get_value(HfModelDialog *self, const char *key);
/* Answers a question; reason NULL: it stays. */
void hf_model_dialog_set_value(HfModelDialog *self, const char *key, const char *value, const char *reason);
/* A sentence above the questions on why the answers cannot be taken. */
void hf_model_dialog_refuse(HfModelDialog *self, const char *sentence);
/* As if its button had been pressed. */
void hf_model_dialog_accept(HfModelDialog *self);
