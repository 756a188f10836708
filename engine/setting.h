/* Settings: the constants of a method as rows of a table.
 *
 * The spec's parser, the listings of the command line, the window's controls and the help all read these
 * rows; a method that wants another knob adds a row and asks for it by name. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
  SETTING_NUMBER,
  SETTING_INTEGER,
  SETTING_CHOICE,
  SETTING_TEXT,
  SETTING_NUMBERS,       /* "0.5, 0.72", may be empty */
  SETTING_NUMBER_OR_RUN, /* a number, or "run:ID" for a number that a stored run has; the owner of the store
                            puts it in */
} SettingType;

#define SETTING_MAX_NUMBERS 64 /* of one SETTING_NUMBERS */

typedef struct {
  const char *name;  /* key in the spec: never rename */
  const char *title; /* for people */
  SettingType type;
  const char *initial; /* as it would stand in a spec */
  double minimum, maximum;
  const char *choices; /* CHOICE: names separated by '|' */
  const char *help;    /* one sentence: meaning, unit, source */
  const char *counts;  /* "key=value|value": it counts only where that key of its group has one of the values;
                          NULL: always */
  const char *zero;    /* what 0 stands for where it is no number ("automatic", "all"); NULL: 0 is 0 */
} Setting;

/* Values for the rows of one or two tables (either may be NULL; a table ends with a NULL name).  */
typedef struct {
  const Setting *tables[2];
  GHashTable *texts; /* name -> text, only where it was set */
} Settings;

Settings *settings_new(const Setting *common, const Setting *own);
Settings *settings_copy(const Settings *settings);
void settings_free(Settings *settings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Settings, settings_free)

/* The key that decides whether the row counts, and true when it does with that key's `text`.  NULL: it always
 * counts.  (transfer full) */
char *setting_decider(const Setting *row);
bool setting_counts(const Setting *row, const char *text);
/* The text as people read it: 0 in the row's words for it.  Borrowed. */
const char *setting_words(const Setting *row, const char *text);
/* The row, or NULL. */
const Setting *settings_row(const Settings *settings, const char *name);
/* Checks type and range; the error names the key, the text and what is allowed.  Spaces around the text are
 * dropped. */
bool settings_set(Settings *settings, const char *name, const char *text, GError **error);
/* Whether all rows have the same texts; both have the same tables. */
bool settings_equal(const Settings *a, const Settings *b);
/* Values; asking for a name without a row, or for the number of "run:ID", is a programming error. */
double settings_number(const Settings *settings, const char *name);
int settings_integer(const Settings *settings, const char *name);
const char *settings_text(const Settings *settings, const char *name);
bool settings_is(const Settings *settings, const char *name, const char *choice);
/* True for a SETTING_NUMBER_OR_RUN that is "run:ID"; `id` (borrowed) is what follows the colon and may be
 * NULL. */
bool settings_names_run(const Settings *settings, const char *name, const char **id);
/* SETTING_NUMBERS ("100,144"): fills at most `most`, returns how many there are. */
int settings_numbers(const Settings *settings, const char *name, double *numbers, int most);
