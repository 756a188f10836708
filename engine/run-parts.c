/* What a run is made of: its manipulations, its alignment, and which samples train, validate and test: a
 * permutation of the training file by the seed, its first samples to train, the next to validate; test
 * samples in the file's order. */
#include "engine/error.h"
#include "engine/run-internal.h"

static bool all_inside(const RunSpec *spec) {
  for (guint i = 0; i < spec->manipulations->len; i++)
    if (!manipulation_is_inside(((const ManipulationSpec *)g_ptr_array_index(spec->manipulations, i))->kind))
      return false;
  return true;
}

GPtrArray *run_first_manipulations(const RunSpec *spec, const FrozenModel *model, const Picture *user_picture,
                                   GError **error) {
  ManipulationInput input = {.user_picture = user_picture, .model = model};
  if (!frozen_model_picture(model, &input.channels, &input.height, &input.width) && !all_inside(spec)) {
    input_error(error,
                "model '%s' takes neither pictures (batch, channels, height, width) nor texts (batch, tokens); "
                "choose another model",
                model->name);
    return NULL;
  }
  input.bgr = model->card.bgr;
  float range = model->card.range_255 ? 255 : 1;
  for (int c = 0; c < 4; c++) {
    input.mean[c] = model->card.mean[c] / range;
    input.std[c] = model->card.std[c] / range;
  }
  g_autoptr(GPtrArray) manipulations = g_ptr_array_new_with_free_func((GDestroyNotify)manipulation_free);
  for (guint i = 0; i < spec->manipulations->len; i++) {
    const ManipulationSpec *row = g_ptr_array_index(spec->manipulations, i);
    Random random = {spec->seed, RANDOM_PATTERN, i};
    input.location = row->location;
    input.site = row->site;
    Manipulation *manipulation =
        manipulation_new(row->kind, row->format, row->settings, &input, &random, error);
    if (!manipulation)
      return NULL;
    g_ptr_array_add(manipulations, manipulation);
  }
  return g_steal_pointer(&manipulations);
}

Alignment *run_first_alignment(const RunSpec *spec, const FrozenModel *model, const SampleSet *set,
                               const int *rule, GError **error) {
  return alignment_new(spec->alignment, spec->alignment_settings, frozen_model_classes(model), set->n_classes,
                       rule, &(Random){spec->seed, RANDOM_ALIGNMENT, 0}, error);
}

Alignment *run_new_alignment(const Run *run, GError **error) {
  return run_first_alignment(run->spec, run->model, run->set, run->rule, error);
}

static void take(RunPart *to, const SamplePart *part, const uint32_t *order, int first, int n) {
  to->part = part;
  to->n = n;
  to->indices = g_new(int, MAX(n, 1));
  to->labels = g_new(int, MAX(n, 1));
  for (int i = 0; i < n; i++) {
    to->indices[i] = order ? (int)order[first + i] : first + i;
    to->labels[i] = g_array_index(part->labels, int, to->indices[i]);
  }
}

static bool too_many(const Run *run, const char *key, int wanted, int there, GError **error) {
  return input_error(
      error, "[run] %s = %d, but data set '%s' has %d such samples%s; use a smaller number or 0 for all", key,
      wanted, run->set->title, there,
      g_str_equal(key, "test") ? "" : " beside those that the other part takes");
}

bool run_split(Run *run, GError **error) {
  const RunSpec *spec = run->spec;
  const SampleSet *set = run->set;
  int file = sample_part_size(&set->train), apart = sample_part_size(&set->validation);
  bool own = apart > 0; /* the set has a validation part of its own */
  int validation = spec->validation ? spec->validation : own ? apart : MAX(1, file / 10);
  int train = spec->train ? spec->train : file - (own ? 0 : validation);
  int test = spec->test ? spec->test : sample_part_size(&set->test);
  int validation_most = own ? apart : file - 1, train_most = file - (own ? 0 : validation);
  if (validation > validation_most)
    return too_many(run, "validation", validation, validation_most, error);
  if (train > train_most || train < 1)
    return too_many(run, "train", train, train_most, error);
  if (test > sample_part_size(&set->test) || test < 1)
    return too_many(run, "test", test, sample_part_size(&set->test), error);
  g_autofree uint32_t *order = g_new(uint32_t, file);
  random_permutation(&(Random){spec->seed, RANDOM_SPLIT, 0}, order, (size_t)file);
  take(&run->train, &set->train, order, 0, train);
  if (own)
    take(&run->validation, &set->validation, NULL, 0, validation);
  else
    take(&run->validation, &set->train, order, train, validation);
  take(&run->test, &set->test, NULL, 0, test);
  return true;
}

void run_part_clear(RunPart *part) {
  g_clear_pointer(&part->indices, g_free);
  g_clear_pointer(&part->labels, g_free);
}

SampleContext run_samples(const Program *program, const RunPart *part) {
  SampleContext context = {.part = part->part, .tokens = program_tokens(program)};
  if (context.tokens == 0)
    program_picture_size(program, &context.channels, &context.height, &context.width);
  return context;
}

static void load_row(const SampleContext *context, int index, int64_t *numbers) {
  const TokenRow *row = &g_array_index(context->part->rows, TokenRow, index);
  for (int i = 0; i < context->tokens; i++)
    numbers[i] = i < row->n ? row->ids[i] : 0;
  numbers[context->tokens] = row->n - 1;
}

void run_load_sample(void *data, int index, void *numbers) {
  const SampleContext *context = data;
  if (context->tokens)
    load_row(context, index, numbers);
  else
    picture_resize(&g_array_index(context->part->pictures, Picture, index), context->height, context->width,
                   context->channels, numbers);
}

Program *run_new_program(const Run *run, PromptMode mode, Alignment *alignment, bool trains, GError **error) {
  const TextForm *text = &run->set->text;
  return text->tokens
             ? program_new_text(run->model, text, mode, run->manipulations, alignment, trains, run->pool,
                                error)
             : program_new(run->model, mode, run->manipulations, alignment, trains, run->pool, error);
}
