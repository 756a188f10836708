/* The choice: frozen model, task and preset, the four axes, and every setting of method, alignment, optimiser
 * and run.
 *
 * It shows the spec that it is given and changes nothing itself:
 *   "assign" (GStrv assignments)   "group.key=value"
 *   "model" (const char *name), "dataset" (const char *name), "preset" (const char *name)
 *   "describe-model" (const char *name), "forget-model" (const char *name)  the user's own
 *   "datasets-opened" ()  the tasks' cards are looked at
 *   "repair" (const Repair *repair)  valid during the signal only
 * The axes are the actions win.format, win.location, win.operator and win.alignment.  Main thread. */
#pragma once

#include "engine/run-spec.h"
#include "ui/choice-facts.h"
#include "ui/picker.h"

#define HF_TYPE_CHOICE_PANEL (hf_choice_panel_get_type())
G_DECLARE_FINAL_TYPE(HfChoicePanel, hf_choice_panel, HF, CHOICE_PANEL, GtkBox)

GtkWidget *hf_choice_panel_new(void);
/* The spec and the facts are copied. */
void hf_choice_panel_set_spec(HfChoicePanel *self, const RunSpec *spec, const ChoiceFacts *facts);
void hf_choice_panel_set_models(HfChoicePanel *self, const HfCard *cards, int n);
void hf_choice_panel_set_datasets(HfChoicePanel *self, const HfCard *cards, int n);
/* The title of the spec's model, where no card has its name, and its sites for the location of the spec;
 * NULL: it is not loaded.  Call it after the spec.  Borrowed during the call. */
void hf_choice_panel_set_model(HfChoicePanel *self, const FrozenModel *model);
/* By cell_index(); NULL: not judged.  Borrowed: the owner sets others, or NULL, before it frees them. */
void hf_choice_panel_set_verdicts(HfChoicePanel *self, const Verdict *const *verdicts);
/* Shows why a value of an axis is impossible, with its repairs; a verdict of NULL closes it.  Borrowed
 * likewise. */
void hf_choice_panel_show_reason(HfChoicePanel *self, AxisId axis, int value, const Verdict *verdict);
/* The verdict on the choice as it stands: where that is impossible, why, with its repairs, below the pickers.
 * NULL: not judged.  Call it after the spec.  Borrowed likewise. */
void hf_choice_panel_set_present(HfChoicePanel *self, const Verdict *verdict);
/* Brings that into sight, the keyboard to its first repair. */
void hf_choice_panel_focus_present(HfChoicePanel *self);
/* Moves the keyboard to the axis. */
void hf_choice_panel_focus_axis(HfChoicePanel *self, AxisId axis);
/* Opens the cards of "model", "dataset" or "preset". */
void hf_choice_panel_open_picker(HfChoicePanel *self, const char *name);
