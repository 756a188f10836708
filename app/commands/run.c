#include "app/commands/commands.h"
#include "app/spec-file.h"
#include "app/train.h"
#include "data/card-guess.h"

/* How pictures go in is for the user to say where the model's card does not; the window asks. */
static void tell_of_silence(const Session *session) {
  static const char *const keys[] = {"mean", "std", "input_range"};
  if (session->set->text.tokens)
    return;
  g_autoptr(GPtrArray) entries = card_guess(session->model);
  g_autoptr(GString) guesses = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
    const CardEntry *entry = card_entry(entries, keys[i]);
    if (entry && !entry->known && *entry->value)
      g_string_append_printf(guesses, " --set 'card.%s=%s'", keys[i], entry->value);
  }
  if (guesses->len)
    g_printerr(
        "hoarfrost: the card of %s does not say how pictures go in; they go in as numbers from 0 to 1. "
        "To say it (this is a guess, see `hoarfrost inspect`):%s\n",
        session->model->name, guesses->str);
}

bool command_run(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *preset = NULL, *store_path = NULL, *png = NULL;
  g_auto(GStrv) sets = NULL;
  TrainOptions options = {0};
  const GOptionEntry entries[] = {
      {"preset", 0, 0, G_OPTION_ARG_FILENAME, &preset,
       "A method of the literature; hoarfrost presets lists them", "NAME"},
      {"set", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &sets, "Changes a key of the spec", "GROUP.KEY=VALUE"},
      {"store", 0, 0, G_OPTION_ARG_FILENAME, &store_path, "The run store; the user's own otherwise",
       "FILE.db"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.json, "An event a line", NULL},
      {"seconds", 0, 0, G_OPTION_ARG_DOUBLE, &options.seconds, "Stops cleanly after so long", "S"},
      {"png", 0, 0, G_OPTION_ARG_FILENAME, &png, "Where the pattern goes as a picture at the end",
       "FILE.png"},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 0, 1, error))
    return false;
  if ((argc > 1) == (preset != NULL))
    return command_usage_error(command, error,
                               argc > 1 ? "a spec and a preset are too much: give one of them"
                                        : "a spec file or --preset is missing");
  if (options.seconds < 0)
    return command_usage_error(command, error, "--seconds must not be negative");
  g_autoptr(RunSpec) spec = spec_from_arguments(argc > 1 ? argv[1] : NULL, preset, sets, error);
  g_autoptr(RunStore) store = spec ? run_store_open(store_path, error) : NULL;
  g_autoptr(Session) session = store ? session_open(spec, store, error) : NULL;
  options.png = png;
  if (session)
    tell_of_silence(session);
  return session && train(session, store, &options, error);
}
