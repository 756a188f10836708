/* Texts: files of them, as tokens of a model, and the programs that tell what follows. */
#include "data/datasets.h"
#include "data/models.h"
#include "data/token-set.h"
#include "engine/program.h"
#include "engine/run.h"
#include "tests/support/safetensors.h"
#include "tests/temporary-folder.h"

#include <math.h>
#include <string.h>

#define MODEL     SOURCE_ROOT "/tests/references/characters.onnx"
#define REFERENCE SOURCE_ROOT "/tests/references/characters.safetensors"

/* (transfer full) */
static char *write_file(const char *folder, const char *name, const char *text) {
  char *path = g_build_filename(folder, name, NULL);
  g_assert_true(g_file_set_contents(path, text, -1, NULL));
  return path;
}

static void assert_text(const SamplePart *part, int i, int label, const char *wanted) {
  const Text *text = &g_array_index(part->texts, Text, i);
  g_autofree char *own = g_strndup(text->bytes, text->length);
  g_assert_cmpstr(own, ==, wanted);
  g_assert_cmpint(g_array_index(part->labels, int, i), ==, label);
}

static void test_labels(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *train =
      write_file(folder, "my.train.txt", "10 a cat\n\n9 the  dog \r\n10 the cat\n9 a dog\n");
  g_autofree char *test = write_file(folder, "my.test.txt", "9 a barn\n"),
                  *dev = write_file(folder, "my.dev.txt", "10 a tree\n9 the tree\n");
  g_autoptr(SampleSet) set = dataset_load(train, 1, &error);
  g_assert_no_error(error);
  g_assert_true(sample_set_has_texts(set));
  g_assert_cmpint(set->n_classes, ==, 2);
  g_assert_cmpstr(set->classes[0], ==, "9");
  g_assert_cmpstr(set->classes[1], ==, "10");
  g_assert_cmpint(sample_part_size(&set->train), ==, 4);
  g_assert_cmpint(sample_part_size(&set->validation), ==, 2);
  assert_text(&set->train, 0, 1, "a cat");
  assert_text(&set->train, 1, 0, "the  dog");
  assert_text(&set->test, 0, 0, "a barn");
}

/* A colon or a tab makes a label too; without a test part one in ten of each class is held out. */
static void test_other_labels(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(GString) lines = g_string_new(NULL);
  for (int i = 0; i < 20; i++)
    g_string_append(lines, i % 2 ? "NUM:dist how far\n" : "LOC:city what town\n");
  g_autofree char *colons = write_file(folder, "questions", lines->str),
                  *tabs = write_file(folder, "tabs", "good one\tyes\nbad\tno\nbad\tnever\ngood one\tfine\n");
  g_autoptr(SampleSet) set = dataset_load(colons, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(set->classes[1], ==, "NUM");
  g_assert_cmpint(sample_part_size(&set->test), ==, 2);
  g_assert_cmpint(sample_part_size(&set->train), ==, 18);
  g_assert_cmpuint(set->train.texts->len, ==, 18);
  assert_text(&set->test, 0, 0, "what town");
  g_autoptr(SampleSet) other = dataset_load(tabs, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(other->classes[1], ==, "good one");
}

static void test_running(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *path = write_file(folder, "story.txt", "the cat sat on the mat.\nthe dog ran.\nso.\n");
  g_autoptr(SampleSet) set = dataset_load(path, 1, &error);
  g_assert_no_error(error);
  g_assert_cmpint(set->n_classes, ==, 0);
  assert_text(&set->train, 0, 0, "the cat sat on the mat.\nthe dog ran.\n");
  assert_text(&set->test, 0, 0, "so.\n");
  g_autofree char *binary = write_file(folder, "binary", "a\377");
  g_assert_null(dataset_load(binary, 1, &error));
  g_assert_nonnull(strstr(error->message, "byte 2"));
}

static const char *tokens_text(const SampleSet *set, const TokenRow *row, GString *text) {
  g_string_truncate(text, 0);
  for (int i = 0; i < row->n; i++)
    g_string_append(text, set->classes[row->ids[i]]);
  return text->str;
}

/* Every token is told once: rows follow each other, and the label begins the next. */
static void test_rows(void) {
  g_autoptr(TemporaryFolder) folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autofree char *train = write_file(folder, "train.txt", "thecatsatonthemat"),
                  *test = write_file(folder, "test.txt", "thedogran");
  g_autoptr(SampleSet) texts = dataset_load(train, 1, &error);
  g_autoptr(FrozenModel) model = model_load(MODEL, &error);
  g_autoptr(Tokeniser) tokeniser = tokeniser_for_model(model, &error);
  g_assert_no_error(error);
  g_autoptr(SampleSet) set = token_set_new(texts, tokeniser, 5, &error);
  g_assert_no_error(error);
  g_assert_cmpint(set->text.tokens, ==, 5);
  g_assert_true(set->text.next_token);
  g_assert_cmpint(set->n_classes, ==, 17);
  g_assert_cmpstr(set->classes[0], ==, "\342\220\243");
  g_assert_cmpint(sample_part_size(&set->train), ==, 3);
  g_assert_cmpint(sample_part_size(&set->test), ==, 1);
  static const char *const rows[] = {"theca", "tsato", "nthem"}, *const labels[] = {"t", "n", "a"};
  g_autoptr(GString) text = g_string_new(NULL);
  for (int i = 0; i < 3; i++) {
    g_assert_cmpstr(tokens_text(set, &g_array_index(set->train.rows, TokenRow, i), text), ==, rows[i]);
    g_assert_cmpstr(set->classes[g_array_index(set->train.labels, int, i)], ==, labels[i]);
  }
  g_assert_null(token_set_new(texts, tokeniser, 9, &error));
  g_assert_nonnull(strstr(error->message, "too few"));
}

typedef struct {
  const Tensor *ids; /* (samples, tokens) */
  int n;             /* of which are the text's */
} Source;

static void load(void *data, int index, void *numbers) {
  const Source *source = data;
  int tokens = (int)source->ids->shape.dim[1];
  memcpy(numbers, tensor_ints(source->ids) + index * tokens, sizeof(int64_t) * (size_t)tokens);
  ((int64_t *)numbers)[tokens] = source->n - 1;
}

static Alignment *identity(int n) {
  g_autoptr(GError) error = NULL;
  const AlignmentKind *kind = alignment_find("identity");
  g_autoptr(Settings) settings = settings_new(NULL, kind->settings);
  Alignment *alignment = alignment_new(kind, settings, n, n, NULL, &(Random){0}, &error);
  g_assert_no_error(error);
  return alignment;
}

/* -log softmax(row)[wanted] */
static double loss_of(const float *row, int n, int64_t wanted) {
  double sum = 0;
  for (int i = 0; i < n; i++)
    sum += exp(row[i]);
  return log(sum) - row[wanted];
}

/* Losses and answers of a program against PyTorch's logits, for both kinds of task. */
static void test_program(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(MODEL, &error);
  g_assert_no_error(error);
  g_autoptr(SafeTensors) reference = safetensors_open(REFERENCE);
  g_autoptr(Tensor) ids = safetensors_get(reference, "ids");
  g_autoptr(Tensor) logits = safetensors_get(reference, "logits");
  int tokens = (int)ids->shape.dim[1], n = (int)logits->shape.dim[2];
  g_autoptr(Alignment) alignment = identity(n);
  g_autoptr(GPtrArray) none = g_ptr_array_new();
  Pool *pool = pool_new(2);
  for (int next = 0; next < 2; next++) {
    TextForm form = {.tokens = tokens, .next_token = next};
    Program *program = program_new_text(model, &form, PROMPT_OFF, none, alignment, false, pool, &error);
    g_assert_no_error(error);
    Source source = {ids, next ? tokens : 7};
    const int indices[] = {0, 1}, labels[] = {3, 5};
    float losses[2], correct[2];
    g_autofree float *z = g_new(float, 2 * n);
    g_assert_true(program_evaluate(program, load, &source, indices, labels, 2, losses, correct, NULL));
    g_assert_true(program_answers(program, load, &source, indices, 2, z, NULL));
    for (int i = 0; i < 2; i++) {
      const float *rows = tensor_floats(logits) + i * tokens * n, *last = rows + (source.n - 1) * n;
      double wanted = 0;
      for (int t = next ? 0 : source.n - 1; t < source.n; t++)
        wanted +=
            loss_of(rows + t * n, n, t + 1 < source.n ? tensor_ints(ids)[i * tokens + t + 1] : labels[i]);
      g_assert_cmpfloat(fabs(losses[i] - wanted / (next ? tokens : 1)), <, 1e-4);
      for (int k = 0; k < n; k++)
        g_assert_cmpfloat(fabsf(z[i * n + k] - last[k]), <, 1e-3f);
      g_assert_cmpfloat(correct[i] * (next ? tokens : 1), ==, roundf(correct[i] * (next ? tokens : 1)));
    }
    program_free(program);
  }
  pool_free(pool);
}

/* A learnable method at its location with settings "key", "value", ..., NULL.  (transfer full) */
static GPtrArray *one_manipulation(const FrozenModel *model, const char *method, ...) {
  g_autoptr(GError) error = NULL;
  const ManipulationKind *kind = manipulation_find(method);
  g_autoptr(Settings) settings = manipulation_settings_new(kind);
  va_list pairs;
  va_start(pairs, method);
  for (const char *key; (key = va_arg(pairs, const char *));)
    g_assert_true(settings_set(settings, key, va_arg(pairs, const char *), NULL));
  va_end(pairs);
  bool hidden = kind->locations & 1u << LOCATION_HIDDEN;
  ManipulationInput input = {.model = model, .location = hidden ? LOCATION_HIDDEN : LOCATION_EMBEDDING};
  GPtrArray *manipulations = g_ptr_array_new_with_free_func((GDestroyNotify)manipulation_free);
  Manipulation *manipulation =
      manipulation_new(kind, FORMAT_LEARNABLE, settings, &input, &(Random){3, RANDOM_PATTERN, 0}, &error);
  g_assert_no_error(error);
  g_ptr_array_add(manipulations, manipulation);
  return manipulations;
}

/* The next-token task of the reference: all tokens but the last, which is the label. */
typedef struct {
  FrozenModel *model;
  SafeTensors *reference;
  Tensor *ids; /* without the last column */
  int labels[2];
  Alignment *alignment;
  Pool *pool;
} Task;

static Task task_open(void) {
  g_autoptr(GError) error = NULL;
  Task task = {
      .model = model_load(MODEL, &error), .reference = safetensors_open(REFERENCE), .pool = pool_new(2)};
  g_assert_no_error(error);
  g_autoptr(Tensor) all = safetensors_get(task.reference, "ids");
  int tokens = (int)all->shape.dim[1] - 1;
  task.ids = tensor_new(TENSOR_INT64, &SHAPE(2, tokens), NULL);
  for (int i = 0; i < 2; i++) {
    memcpy(tensor_ints(task.ids) + i * tokens, tensor_ints(all) + i * (tokens + 1),
           sizeof(int64_t) * (size_t)tokens);
    task.labels[i] = (int)tensor_ints(all)[i * (tokens + 1) + tokens];
  }
  task.alignment = identity(frozen_model_classes(task.model));
  return task;
}

static void task_close(Task *task) {
  frozen_model_free(task->model);
  safetensors_close(task->reference);
  tensor_unref(task->ids);
  alignment_free(task->alignment);
  pool_free(task->pool);
}

/* The mean loss; the gradient of the first parameter (may be NULL). */
static double task_loss(const Task *task, PromptMode mode, GPtrArray *manipulations, float *gradient) {
  g_autoptr(GError) error = NULL;
  TextForm form = {.tokens = (int)task->ids->shape.dim[1], .next_token = true};
  g_autoptr(Program) program = program_new_text(task->model, &form, mode, manipulations, task->alignment,
                                                gradient != NULL, task->pool, &error);
  g_assert_no_error(error);
  Source source = {task->ids, form.tokens};
  float losses[2];
  float *gradients[] = {gradient};
  const int indices[] = {0, 1};
  g_assert_true(
      gradient
          ? program_gradient(program, load, &source, indices, task->labels, 2, losses, NULL, gradients, NULL)
          : program_evaluate(program, load, &source, indices, task->labels, 2, losses, NULL, NULL));
  return (losses[0] + losses[1]) / 2;
}

/* Gradient and answers of a soft prompt as PyTorch has them. */
static void test_soft_prompt(void) {
  Task task = task_open();
  g_autoptr(Tensor) rows = safetensors_get(task.reference, "soft_prompt");
  g_autoptr(Tensor) wanted = safetensors_get(task.reference, "dsoft_prompt");
  g_autoptr(Tensor) logits = safetensors_get(task.reference, "soft_logits");
  g_autoptr(GPtrArray) one = one_manipulation(task.model, "soft-prompt", "tokens", "3", NULL);
  Manipulation *manipulation = g_ptr_array_index(one, 0);
  memcpy(manipulation->parameters->data, rows->data, tensor_bytes(rows));
  g_autoptr(Tensor) gradient = tensor_new(TENSOR_FLOAT32, &rows->shape, NULL);
  double loss = task_loss(&task, PROMPT_ON, one, tensor_floats(gradient)), mean = 0;
  g_assert_cmpfloat(relative_distance(gradient, wanted), <, 1e-3);
  int tokens = (int)task.ids->shape.dim[1], n = (int)logits->shape.dim[2];
  for (int i = 0; i < 2; i++)
    for (int t = 0; t < tokens; t++) {
      int64_t next = t + 1 < tokens ? tensor_ints(task.ids)[i * tokens + t + 1] : task.labels[i];
      mean += loss_of(tensor_floats(logits) + (i * (tokens + 1) + t) * n, n, next) / (2 * tokens);
    }
  g_assert_cmpfloat_with_epsilon(loss, mean, 1e-4);
  task_close(&task);
}

/* No rows change nothing; rows of zeros do, since they take their share of the attention. */
static void test_neutral(void) {
  Task task = task_open();
  static const char *const methods[] = {"soft-prompt", "prefix"};
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  double without = task_loss(&task, PROMPT_OFF, nothing, NULL);
  for (guint i = 0; i < G_N_ELEMENTS(methods); i++) {
    g_autoptr(GPtrArray) none = one_manipulation(task.model, methods[i], "tokens", "0", NULL);
    g_autoptr(GPtrArray) zeros =
        one_manipulation(task.model, methods[i], "tokens", "4", "init", "zeros", NULL);
    g_assert_cmpfloat_with_epsilon(task_loss(&task, PROMPT_ON, none, NULL), without, 1e-6 * without);
    g_assert_cmpfloat_with_epsilon(task_loss(&task, PROMPT_OFF, zeros, NULL), without, 1e-6 * without);
    g_assert_cmpfloat(fabs(task_loss(&task, PROMPT_ON, zeros, NULL) - without), >, 1e-3);
  }
  task_close(&task);
}

/* Rows of the embedding's table that are those of tokens are the tokens: text in front. */
static void test_ids_are_text(void) {
  Task task = task_open();
  int64_t tokens = task.ids->shape.dim[1];
  g_autofree char *ids =
      g_strdup_printf("%d, %d", (int)tensor_ints(task.ids)[0], (int)tensor_ints(task.ids)[1]);
  g_autoptr(GPtrArray) two =
      one_manipulation(task.model, "soft-prompt", "tokens", "2", "init", "ids", "ids", ids, NULL);
  g_autoptr(Tensor) rest = tensor_new(TENSOR_INT64, &SHAPE(2, tokens - 2), NULL);
  memcpy(rest->data, tensor_ints(task.ids) + 2, sizeof(int64_t) * (size_t)(tokens - 2));
  g_autoptr(GPtrArray) nothing = g_ptr_array_new();
  float z[2][17];
  const int index = 0;
  for (int prompted = 0; prompted < 2; prompted++) {
    g_autoptr(GError) error = NULL;
    Source source = prompted ? (Source){rest, (int)tokens - 2} : (Source){task.ids, (int)tokens};
    TextForm form = {.tokens = source.n};
    g_autoptr(Program) program = program_new_text(task.model, &form, PROMPT_ON, prompted ? two : nothing,
                                                  task.alignment, false, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(program_answers(program, load, &source, &index, 1, z[prompted], NULL));
  }
  for (int k = 0; k < 17; k++)
    g_assert_cmpfloat_with_epsilon(z[0][k], z[1][k], 1e-4);
  task_close(&task);
}

/* Keys before values, block after block; the gradient is that of finite differences. */
static void test_prefix(void) {
  Task task = task_open();
  g_autoptr(GPtrArray) one = one_manipulation(task.model, "prefix", "tokens", "2", "spread", "0.5", NULL);
  Manipulation *prefix = g_ptr_array_index(one, 0);
  static const char *const aliases[] = {"block1.keys", "block1.values", "block2.keys", "block2.values"};
  g_assert_cmpuint(prefix->parts->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const ManipulationPart *part = g_ptr_array_index(prefix->parts, i);
    g_assert_cmpstr(part->site->alias, ==, aliases[i]);
  }
  g_autoptr(Tensor) gradient = tensor_new(TENSOR_FLOAT32, &prefix->parameters->shape, NULL);
  task_loss(&task, PROMPT_ON, one, tensor_floats(gradient));
  double difference = 0, size = 0;
  int64_t n = tensor_count(prefix->parameters);
  for (int64_t i = 0; i < n; i += 3) {
    float *number = tensor_floats(prefix->parameters) + i, kept = *number, step = 1e-2f;
    *number = kept + step;
    double above = task_loss(&task, PROMPT_ON, one, NULL);
    *number = kept - step;
    double below = task_loss(&task, PROMPT_ON, one, NULL), slope = (above - below) / (2 * step);
    *number = kept;
    difference += pow(slope - tensor_floats(gradient)[i], 2);
    size += slope * slope;
  }
  g_assert_cmpfloat(sqrt(difference / size), <, 2e-2);
  task_close(&task);
}

/* A label map of all tokens by all tokens would not fit. */
static void test_many_tokens(void) {
  g_autoptr(GError) error = NULL;
  g_autoptr(FrozenModel) model = model_load(MODEL, &error);
  g_autoptr(RunSpec) spec = run_spec_parse("[run]\nmodel = m\ndataset = d\n[alignment]\nmethod = identity\n",
                                           "spec", false, &error);
  g_assert_no_error(error);
  const SampleSet set = {.n_classes = 50257, .text = {.tokens = 8, .next_token = true}};
  g_assert_null(run_first_alignment(spec, model, &set, NULL, &error));
  g_assert_nonnull(strstr(error->message, "50257 tokens"));
}

/* Text in another encoding is to be saved anew; what is no text at all lies in the folder that was meant. */
static void test_encodings(void) {
  static const struct {
    const char *bytes, *advice;
  } cases[] = {{"caf\351 au lait\n", "byte 4 fits no character; save it as UTF-8"},
               {"\377\376a", "save it as UTF-8"},
               {"\211PNG\r\n\032\n", "give the folder that it lies in"}};
  g_autoptr(TemporaryFolder) folder = folder_new();
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    g_autofree char *path = write_file(folder, "texts.txt", cases[i].bytes);
    g_assert_null(dataset_load(path, 1, &error));
    g_assert_nonnull(strstr(error->message, cases[i].advice));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/text/labels", test_labels);
  g_test_add_func("/text/other-labels", test_other_labels);
  g_test_add_func("/text/running", test_running);
  g_test_add_func("/text/encodings", test_encodings);
  g_test_add_func("/text/rows", test_rows);
  g_test_add_func("/text/program", test_program);
  g_test_add_func("/text/soft-prompt", test_soft_prompt);
  g_test_add_func("/text/neutral", test_neutral);
  g_test_add_func("/text/ids-are-text", test_ids_are_text);
  g_test_add_func("/text/prefix", test_prefix);
  g_test_add_func("/text/many-tokens", test_many_tokens);
  return g_test_run();
}
