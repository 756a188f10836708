/* Which samples train, validate and test: a permutation of the training file by the seed, its first samples
 * to train, the next to validate; test samples in the file's order. */
#include "engine/error.h"
#include "engine/run-internal.h"

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

PictureContext run_pictures(const Program *program, const RunPart *part) {
  PictureContext context = {.part = part->part};
  program_picture_size(program, &context.channels, &context.height, &context.width);
  return context;
}

void run_load_picture(void *data, int index, float *planes) {
  const PictureContext *context = data;
  picture_resize(&g_array_index(context->part->pictures, Picture, index), context->height, context->width,
                 context->channels, planes);
}
