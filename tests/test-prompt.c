/* What a language model says next: the program's command, and the engine behind it against PyTorch. */
#include "data/models.h"
#include "data/tokeniser.h"
#include "engine/language-model.h"
#include "engine/next-token.h"
#include "tests/support/program.h"
#include "tests/support/safetensors.h"
#include "tests/temporary-folder.h"

#include <json-glib/json-glib.h>
#include <math.h>
#include <string.h>

#define MODEL     SOURCE_ROOT "/tests/references/characters.onnx"
#define REFERENCE SOURCE_ROOT "/tests/references/characters.safetensors"

static void test_logits(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(MODEL, &error);
  g_assert_no_error(error);
  g_assert_true(language_model(model));
  g_autoptr(SafeTensors) reference = safetensors_open(REFERENCE);
  g_autoptr(Tensor) ids = safetensors_get(reference, "ids");
  g_autoptr(Tensor) logits = safetensors_get(reference, "logits");
  int rows = (int)ids->shape.dim[0], tokens = (int)ids->shape.dim[1];
  Pool *pool = pool_new(1);
  g_autoptr(NextToken) next = next_token_new(model, pool, &error);
  g_assert_no_error(error);
  int n = next_token_vocabulary(next);
  for (int r = 0; r < rows; r++)
    for (int t = 1; t <= tokens; t++) {
      const float *row = next_token_logits(next, tensor_ints(ids) + r * tokens, t, NULL, &error);
      g_assert_no_error(error);
      g_autoptr(Tensor) mine = tensor_from_floats(&SHAPE(n), row);
      g_autoptr(Tensor) theirs =
          tensor_from_floats(&SHAPE(n), tensor_floats(logits) + (r * tokens + t - 1) * n);
      g_assert_cmpfloat(relative_distance(mine, theirs), <, 1e-4);
    }
  g_assert_true(next_token_fits(next, 96));
  g_assert_false(next_token_fits(next, 97));
  g_clear_pointer(&next, next_token_free);
  pool_free(pool);
}

static void test_draw(void) {
  const float logits[] = {1, 3, 3, -INFINITY, 2};
  g_assert_cmpint(token_draw(logits, 5, 0, 0.99), ==, 1);
  int counts[5] = {0};
  for (int i = 0; i < 1000; i++)
    counts[token_draw(logits, 5, 1, (i + 0.5) / 1000)]++;
  double sum = exp(1) + 2 * exp(3) + exp(2);
  for (int i = 0; i < 5; i++)
    g_assert_cmpfloat(fabs(counts[i] - 1000 * exp(logits[i]) / sum), <=, 1);
}

/* The model has three sentences by heart; PyTorch continued one of them. */
static void test_greedy(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(MODEL, &error);
  g_assert_no_error(error);
  g_autoptr(Tokeniser) tokeniser = tokeniser_for_model(model, &error);
  g_assert_no_error(error);
  g_autoptr(SafeTensors) reference = safetensors_open(REFERENCE);
  g_autoptr(Tensor) wanted = safetensors_get(reference, "greedy");
  Pool *pool = pool_new(2);
  g_autoptr(NextToken) next = next_token_new(model, pool, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) ids = tokeniser_encode(tokeniser, "the cat ", &error);
  while (ids->len < tensor_count(wanted)) {
    const float *logits =
        next_token_logits(next, (const int64_t *)(const void *)ids->data, (int)ids->len, NULL, &error);
    g_assert_no_error(error);
    int64_t id = token_draw(logits, next_token_vocabulary(next), 0, 0);
    g_array_append_val(ids, id);
  }
  g_assert_cmpmem(ids->data, ids->len * sizeof(int64_t), wanted->data, tensor_bytes(wanted));
  g_clear_pointer(&next, next_token_free);
  pool_free(pool);
  g_autoptr(Outcome) text = program_run("prompt %s --max 60 --text the", MODEL);
  outcome_assert(text, 0, "prompt");
  g_assert_true(g_str_has_prefix(text->out, "the dog ran to the red barn. a bird sang in the old "));
}

static void test_json(void) {
  g_autoptr(Outcome) outcome = program_run("prompt %s --max 9 --json --text thecat", MODEL);
  outcome_assert(outcome, 0, "prompt --json");
  g_assert_cmpuint(outcome->n_lines, ==, 10);
  g_autoptr(GString) streamed = g_string_new(NULL);
  for (guint i = 0; i < outcome->n_lines; i++) {
    g_autoptr(JsonParser) parser = json_parser_new();
    g_assert_true(json_parser_load_from_data(parser, outcome->lines[i], -1, NULL));
    JsonObject *object = json_node_get_object(json_parser_get_root(parser));
    bool last = i + 1 == outcome->n_lines;
    g_assert_cmpstr(json_object_get_string_member(object, "event"), ==, last ? "result" : "token");
    if (!last) {
      g_string_append(streamed, json_object_get_string_member(object, "text"));
      continue;
    }
    g_assert_cmpstr(json_object_get_string_member(object, "continuation"), ==, streamed->str);
    g_assert_cmpstr(json_object_get_string_member(object, "ended"), ==, "max");
    g_assert_cmpint(json_object_get_int_member(object, "given_tokens"), ==, 6);
    g_assert_cmpint(json_object_get_int_member(object, "new_tokens"), ==, 9);
    g_assert_cmpuint(json_array_get_length(json_object_get_array_member(object, "ids")), ==, 15);
  }
}

static void test_seeds(void) {
  g_autoptr(Outcome) a = program_run("prompt %s --max 40 --temperature 3 --seed 1 --text a", MODEL);
  g_autoptr(Outcome) b = program_run("prompt %s --max 40 --temperature 3 --seed 1 --text a", MODEL);
  g_autoptr(Outcome) c = program_run("prompt %s --max 40 --temperature 3 --seed 2 --text a", MODEL);
  g_assert_cmpstr(a->out, ==, b->out);
  g_assert_cmpstr(a->out, !=, c->out);
}

/* The model has 96 positions: a text ends there, and one that is longer is refused before anything is said.
 */
static void test_positions(void) {
  g_autoptr(Outcome) outcome = program_run("prompt %s --max 1000 --text a", MODEL);
  outcome_assert(outcome, 0, "prompt");
  g_assert_cmpuint(strlen(outcome->out), ==, 97 + 1);
  g_autofree char *longer = g_strnfill(100, 'a');
  g_autoptr(Outcome) refused = program_run("prompt %s --text %s", MODEL, longer);
  outcome_assert(refused, 1, "too long");
  g_assert_cmpstr(refused->out, ==, "");
  g_assert_nonnull(strstr(refused->err, "at most 96"));
}

static void test_refused(void) {
  static const struct {
    const char *line;
    int status;
    const char *word;
  } cases[] = {
      {"prompt " MODEL, 2, "--text"},
      {"prompt", 2, ""},
      {"prompt " MODEL " --text a --max -1", 2, "--max"},
      {"prompt " MODEL " --text a --temperature -1", 2, "--temperature"},
      {"prompt " MODEL " --text a --temperature nan", 2, "--temperature"},
      {"prompt " MODEL " --text A", 1, "U+0041"},
      {"prompt " MODEL " --text \377", 1, "UTF-8"},
      {"prompt objects-letters --text a", 1, "no language model"},
      {"prompt absent.onnx --text a", 1, "absent.onnx"},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(Outcome) outcome = program_run("%s", cases[i].line);
    outcome_assert(outcome, cases[i].status, cases[i].line);
    g_assert_nonnull(strstr(outcome->err, cases[i].word));
    g_assert_cmpstr(outcome->out, ==, "");
  }
}

/* The first tokens of the story that llama2.c's own program prints for this model at temperature 0. */
static void test_story(void) {
  const char *shared = g_getenv("HOARFROST_SHARED");
  g_autofree char *path =
      g_build_filename(shared ? shared : SOURCE_ROOT "/../shared", "models", "stories260k.onnx", NULL);
  if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
    g_test_skip("shared/models/stories260k.onnx is absent");
    return;
  }
  g_autoptr(Outcome) outcome = program_run("prompt %s --max 60 --text Once", path);
  outcome_assert(outcome, 0, "prompt stories260k");
  g_assert_true(g_str_has_prefix(outcome->out,
                                 "Once upon a time, there was a little girl named Lily. She loved to "
                                 "play outside in the park. One day, she saw a big, red ball."));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) folder = folder_new();
  program_set_up(HOARFROST_PROGRAM, folder);
  g_test_add_func("/prompt/logits", test_logits);
  g_test_add_func("/prompt/draw", test_draw);
  g_test_add_func("/prompt/greedy", test_greedy);
  g_test_add_func("/prompt/json", test_json);
  g_test_add_func("/prompt/seeds", test_seeds);
  g_test_add_func("/prompt/positions", test_positions);
  g_test_add_func("/prompt/refused", test_refused);
  g_test_add_func("/prompt/story", test_story);
  return g_test_run();
}
