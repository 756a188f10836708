#include "app/commands/commands.h"
#include "app/interrupt.h"
#include "app/json-line.h"
#include "app/output.h"
#include "data/models.h"
#include "data/tokeniser.h"
#include "data/utf8-stream.h"
#include "engine/error.h"
#include "engine/next-token.h"
#include "engine/random.h"

#include <math.h>

typedef struct {
  int most;
  double temperature;
  gint64 seed;
  gboolean as_json;
} Options;

/* A text that grows. */
typedef struct {
  const Options *options;
  const Tokeniser *tokeniser;
  GArray *ids;        /* int64_t */
  guint n_given;      /* of them the user's */
  GString *bytes;     /* decoded, not yet whole characters */
  GString *continued; /* what the model said */
  const char *ended;  /* why it ends: "token", "max", "positions", "stopped" */
} Growth;

/* Characters that would move the cursor or ring a bell are shown as U+FFFD. */
static void make_visible(GString *text) {
  g_autoptr(GString) visible = g_string_sized_new(text->len);
  for (const char *at = text->str; *at; at = g_utf8_next_char(at)) {
    gunichar character = g_utf8_get_char(at);
    bool moves = g_unichar_iscntrl(character) && character != '\n' && character != '\t';
    g_string_append_unichar(visible, moves ? 0xFFFD : character);
  }
  g_string_assign(text, visible->str);
}

static void tell(Growth *self, int previous, int id, bool end) {
  g_autoptr(GString) text = g_string_new(NULL);
  if (id != TOKEN_NONE)
    tokeniser_decode(self->tokeniser, previous, id, self->bytes);
  utf8_stream(self->bytes, end, text);
  make_visible(text);
  g_string_append(self->continued, text->str);
  if (!self->options->as_json) {
    output_text(text->str);
    output_flush();
    return;
  }
  if (id == TOKEN_NONE && !text->len)
    return;
  JsonLine *json = json_line_new();
  json_text(json, "event", "token");
  if (id != TOKEN_NONE)
    json_integer(json, "id", id);
  json_text(json, "text", text->str);
  json_print(json);
}

static bool grow(Growth *self, NextToken *model, GError **error) {
  const StopFlag *stop = interrupt_flag();
  Random random = {(uint64_t)self->options->seed, RANDOM_TEXT, 0};
  self->ended = "max";
  for (int k = 0; k < self->options->most; k++) {
    guint n = self->ids->len;
    const int64_t *ids = (const int64_t *)(const void *)self->ids->data;
    g_autoptr(GError) problem = NULL;
    const float *logits = next_token_logits(model, ids, (int)n, stop, &problem);
    if (g_error_matches(problem, HOARFROST_ERROR, HOARFROST_ERROR_STOPPED))
      self->ended = "stopped";
    else if (problem && k > 0 && !next_token_fits(model, (int)n))
      self->ended = "positions";
    else if (problem) {
      g_propagate_error(error, g_steal_pointer(&problem));
      return false;
    }
    if (!logits)
      break;
    int64_t id = token_draw(logits, next_token_vocabulary(model), self->options->temperature,
                            random_uniform(&random, n));
    if (id == tokeniser_end(self->tokeniser) || id == tokeniser_begin(self->tokeniser)) {
      self->ended = "token";
      break;
    }
    int previous = (int)ids[n - 1];
    g_array_append_val(self->ids, id);
    tell(self, previous, (int)id, false);
  }
  tell(self, TOKEN_NONE, TOKEN_NONE, true);
  return true;
}

static void print_result(const Growth *self, const char *model, const char *text, double seconds) {
  JsonLine *json = json_line_new();
  json_text(json, "event", "result");
  json_text(json, "model", model);
  json_text(json, "text", text);
  json_text(json, "continuation", self->continued->str);
  json_open(json, "ids", '[');
  for (guint i = 0; i < self->ids->len; i++)
    json_integer(json, NULL, g_array_index(self->ids, int64_t, i));
  json_close(json, ']');
  json_integer(json, "given_tokens", self->n_given);
  json_integer(json, "new_tokens", self->ids->len - self->n_given);
  json_text(json, "ended", self->ended);
  json_number(json, "seconds", seconds);
  json_print(json);
}

static bool prompt(const FrozenModel *model, const char *text, const Options *options, Pool *pool,
                   GError **error) {
  g_autoptr(NextToken) next = next_token_new(model, pool, error);
  g_autoptr(Tokeniser) tokeniser = next ? tokeniser_for_model(model, error) : NULL;
  g_autoptr(GArray) ids = tokeniser ? tokeniser_encode(tokeniser, text, error) : NULL;
  if (!ids)
    return false;
  if (ids->len == 0)
    return input_error(error, "the text is empty and the tokeniser has no token that begins a text: give one "
                              "with --text");
  /* A text that is too long is refused before anything is printed. */
  if (!next_token_logits(next, (const int64_t *)(const void *)ids->data, (int)ids->len, NULL, error))
    return false;
  g_autoptr(GString) bytes = g_string_new(NULL);
  g_autoptr(GString) continued = g_string_new(NULL);
  Growth growth = {.options = options,
                   .tokeniser = tokeniser,
                   .ids = ids,
                   .n_given = ids->len,
                   .bytes = bytes,
                   .continued = continued};
  if (!options->as_json) {
    g_autoptr(GString) given = g_string_new(text);
    make_visible(given);
    output_text(given->str);
    output_flush();
  }
  gint64 begin = g_get_monotonic_time();
  bool done = grow(&growth, next, error);
  if (!options->as_json)
    output_text("\n");
  else if (done)
    print_result(&growth, model->name, text, (double)(g_get_monotonic_time() - begin) / 1e6);
  return done;
}

bool command_prompt(const Command *command, int argc, char **argv, GError **error) {
  g_autofree char *text = NULL;
  Options options = {.most = 128, .seed = 1};
  const GOptionEntry entries[] = {
      {"text", 0, 0, G_OPTION_ARG_FILENAME, &text, "The text to go on with; may be empty", "TEXT"},
      {"max", 0, 0, G_OPTION_ARG_INT, &options.most, "At most so many new tokens (128)", "N"},
      {"temperature", 0, 0, G_OPTION_ARG_DOUBLE, &options.temperature,
       "0: the most likely token; above: drawn, the flatter the higher (0)", "T"},
      {"seed", 0, 0, G_OPTION_ARG_INT64, &options.seed, "What drawing begins with (1)", "S"},
      {"json", 0, 0, G_OPTION_ARG_NONE, &options.as_json, "A JSON object a line for each token, and a result",
       NULL},
      {NULL}};
  if (!command_options(command, entries, &argc, &argv, 1, 1, error))
    return false;
  if (!text)
    return command_usage_error(command, error, "--text is missing: the text to go on with");
  if (options.most < 0)
    return command_usage_error(command, error, "--max must not be negative");
  if (!isfinite(options.temperature) || options.temperature < 0)
    return command_usage_error(command, error, "--temperature must be 0 or a positive number");
  g_autoptr(FrozenModel) model = model_load(argv[1], error);
  if (!model)
    return false;
  Pool *pool = pool_new(0);
  bool done = prompt(model, text, &options, pool, error);
  pool_free(pool);
  return done;
}
