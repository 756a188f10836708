/* Posting: the side of the run's thread. */
#include "data/store/writer.h"

#include <string.h>

/* More than this never waits in memory: about a hundred patterns for a network of 224 x 224 pictures. */
#define MOST_WAITING ((gsize)64 << 20)
/* What is larger than this waits for the writing thread where there is no room, rather than to be lost. */
#define LARGE      ((gsize)8 << 20)
#define LOOK_AGAIN (5 * G_TIME_SPAN_MILLISECOND)

RunWriter *run_writer_start(Database *db, const char *id, const MessageTarget *target, RunWriterTold told,
                            void *data) {
  RunWriter *writer = g_new0(RunWriter, 1);
  writer->db = db;
  writer->id = g_strdup(id);
  writer->target = *target;
  writer->told = told;
  writer->told_data = data;
  writer->queue = g_async_queue_new_full((GDestroyNotify)message_free);
  writer->batch = g_ptr_array_new_with_free_func((GDestroyNotify)message_free);
  atomic_init(&writer->waiting, 0);
  atomic_init(&writer->lost_from, -1);
  atomic_init(&writer->in_trouble, false);
  writer->thread = g_thread_new("store", run_writer_work, writer);
  return writer;
}

const char *run_writer_id(const RunWriter *writer) {
  return writer->id;
}

/* A message of any size, where nothing else waits. */
static bool has_room(RunWriter *writer, gsize bytes) {
  gsize waiting = atomic_load(&writer->waiting);
  return waiting == 0 || waiting + bytes <= MOST_WAITING;
}

/* A pattern and the checkpoint behind it can be more than may wait, and nothing is wrong with the disk. */
static void wait_for_room(RunWriter *writer, gsize bytes) {
  while (bytes > LARGE && !has_room(writer, bytes) && !atomic_load(&writer->in_trouble))
    g_usleep(LOOK_AGAIN);
}

static void post(RunWriter *writer, Message *message) {
  bool small = message->kind >= MESSAGE_RESULT;
  bool lost = atomic_load(&writer->lost_from) >= 0;
  if (!small && !lost)
    wait_for_room(writer, message->bytes);
  if (!small && (lost || !has_room(writer, message->bytes))) {
    if (!lost)
      atomic_store(&writer->lost_from, message->step);
    message_free(message);
    return;
  }
  atomic_fetch_add(&writer->waiting, message->bytes);
  g_async_queue_push(writer->queue, message);
}

void run_writer_step(RunWriter *writer, const RunStep *step) {
  Message *message = message_new(MESSAGE_STEP, step->step);
  message->metrics = *step;
  post(writer, message);
}

void run_writer_evaluation(RunWriter *writer, const RunEvaluation *evaluation) {
  Message *message = message_new(MESSAGE_EVALUATION, evaluation->step);
  message->evaluation = *evaluation;
  post(writer, message);
}

static Tensor *copy_floats(Message *message, const Tensor *tensor) {
  message->bytes += tensor_bytes(tensor);
  return tensor_from_floats(&tensor->shape, tensor_floats(tensor));
}

void run_writer_pattern(RunWriter *writer, int step, const Tensor *pattern) {
  Message *message = message_new(MESSAGE_PATTERN, step);
  message->pattern = copy_floats(message, pattern);
  post(writer, message);
}

void run_writer_map(RunWriter *writer, int step, const Tensor *omega, const Tensor *bias, int switches) {
  Message *message = message_new(MESSAGE_MAP, step);
  message->omega = copy_floats(message, omega);
  message->bias = copy_floats(message, bias);
  message->switches = switches;
  post(writer, message);
}

void run_writer_baseline(RunWriter *writer, PromptMode mode, double test_accuracy, double test_loss,
                         const Tensor *omega, const Tensor *bias) {
  Message *message = message_new(MESSAGE_BASELINE, 0);
  message->mode = mode;
  message->accuracy = test_accuracy;
  message->loss = test_loss;
  message->omega = copy_floats(message, omega);
  message->bias = copy_floats(message, bias);
  post(writer, message);
}

static gsize array_bytes(GArray *array) {
  return (gsize)array->len * g_array_get_element_size(array);
}

void run_writer_checkpoint(RunWriter *writer, const RunState *state) {
  Message *message = message_new(MESSAGE_CHECKPOINT, state->step);
  message->state = run_state_copy(state);
  message->bytes += sizeof *state + array_bytes(state->parameters) + array_bytes(state->omega) +
                    array_bytes(state->bias) + array_bytes(state->counts);
  for (int i = 0; i < OPTIMISER_MAX_MOMENTS; i++)
    message->bytes += array_bytes(state->moments[i]);
  post(writer, message);
}

void run_writer_warning(RunWriter *writer, const char *sentence) {
  Message *message = message_new(MESSAGE_WARNING, 0);
  message->sentence = g_utf8_make_valid(sentence, -1);
  message->bytes += strlen(sentence);
  post(writer, message);
}

void run_writer_result(RunWriter *writer, const RunResult *result) {
  Message *message = message_new(MESSAGE_RESULT, result->steps);
  message->row = run_row_new();
  RunResult *copy = &message->row->result;
  *copy = *result;
  copy->model_sha256 = g_strdup(result->model_sha256);
  copy->weights_digest_before = g_strdup(result->weights_digest_before);
  copy->weights_digest_after = g_strdup(result->weights_digest_after);
  copy->pattern_sha256 = g_strdup(result->pattern_sha256);
  post(writer, message);
}

void run_writer_status(RunWriter *writer, RunStatus status, const char *error_text) {
  writer->has_status = true;
  Message *message = message_new(MESSAGE_STATUS, 0);
  message->status = status;
  message->error_text = error_text ? g_utf8_make_valid(error_text, -1) : NULL;
  post(writer, message);
}

void run_writer_give_back(RunWriter *writer) {
  run_writer_status(writer, writer->status_before, writer->error_before);
}

bool run_writer_finish(RunWriter *writer, GError **error) {
  if (writer->thread) {
    if (!writer->has_status)
      run_writer_status(writer, STATUS_STOPPED, NULL);
    g_async_queue_push(writer->queue, message_new(MESSAGE_END, 0));
    g_thread_join(g_steal_pointer(&writer->thread));
    g_clear_pointer(&writer->db, database_close);
  }
  if (writer->error && error)
    *error = g_error_copy(writer->error);
  return writer->error == NULL;
}

void run_writer_free(RunWriter *writer) {
  if (!writer)
    return;
  run_writer_finish(writer, NULL);
  g_async_queue_unref(writer->queue);
  g_ptr_array_unref(writer->batch);
  g_clear_error(&writer->late);
  g_clear_error(&writer->error);
  g_free(writer->id);
  g_free(writer->error_before);
  g_free(writer);
}

static void observe_step(void *data, const RunStep *step) {
  run_writer_step(data, step);
}

static void observe_evaluation(void *data, const RunEvaluation *evaluation) {
  run_writer_evaluation(data, evaluation);
}

static void observe_pattern(void *data, int step, const Tensor *pattern) {
  run_writer_pattern(data, step, pattern);
}

static void observe_map(void *data, int step, const Tensor *omega, const Tensor *bias, int switches) {
  run_writer_map(data, step, omega, bias, switches);
}

static void observe_baseline(void *data, PromptMode mode, double test_accuracy, double test_loss,
                             const Tensor *omega, const Tensor *bias) {
  run_writer_baseline(data, mode, test_accuracy, test_loss, omega, bias);
}

static void observe_checkpoint(void *data, const RunState *state) {
  run_writer_checkpoint(data, state);
}

static void observe_warning(void *data, const char *sentence) {
  run_writer_warning(data, sentence);
}

RunObserver run_writer_observer(RunWriter *writer) {
  return (RunObserver){.data = writer,
                       .step = observe_step,
                       .evaluation = observe_evaluation,
                       .pattern = observe_pattern,
                       .map = observe_map,
                       .baseline = observe_baseline,
                       .checkpoint = observe_checkpoint,
                       .warning = observe_warning};
}
