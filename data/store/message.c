#include "data/store/message.h"

#include "data/store/checkpoint.h"
#include "data/store/preview.h"
#include "data/store/row.h"
#include "data/store/series.h"

typedef bool (*WriteMessage)(Database *db, const MessageTarget *target, const Message *message,
                             GError **error);

static bool write_step(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  const RunStep *step = &message->metrics;
  return series_insert(db, &series_metrics, target->run, step, error) &&
         database_do(db, error, "UPDATE runs SET steps = max(steps, ?2), seconds = ?3 WHERE number = ?1",
                     "lid", target->run, step->step, step->seconds);
}

/* What is known so far, as the result will say it: best by validation (the earliest on ties), the state
 * before training being no candidate. */
static bool write_evaluation(Database *db, const MessageTarget *target, const Message *message,
                             GError **error) {
  return series_insert(db, &series_evaluations, target->run, &message->evaluation, error) &&
         database_do(
             db, error,
             "UPDATE runs SET (best_validation_accuracy, best_test_accuracy) = "
             "(SELECT validation_accuracy, test_accuracy FROM evaluations WHERE run = ?1 AND step > 0 "
             "ORDER BY validation_accuracy DESC, step LIMIT 1), "
             "max_test_accuracy = (SELECT max(test_accuracy) FROM evaluations WHERE run = ?1 AND step > 0), "
             "last_test_accuracy = (SELECT test_accuracy FROM evaluations WHERE run = ?1 AND step > 0 "
             "ORDER BY step DESC LIMIT 1) WHERE number = ?1",
             "l", target->run);
}

static bool write_pattern(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  g_autoptr(GBytes) preview = preview_new(message->pattern, target->neutral, target->bgr);
  return pattern_insert(db, target->run, message->step, message->pattern, preview, error);
}

static bool write_map(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  return map_insert(db, target->run, message->step, message->omega, message->bias, message->switches, error);
}

static bool write_baseline(Database *db, const MessageTarget *target, const Message *message,
                           GError **error) {
  const char *sql = message->mode == PROMPT_OFF
                        ? "UPDATE runs SET no_prompt_test_accuracy = ?2, no_prompt_test_loss = ?3 "
                          "WHERE number = ?1"
                        : "UPDATE runs SET no_prompt_full_size_test_accuracy = ?2, "
                          "no_prompt_full_size_test_loss = ?3 WHERE number = ?1";
  return database_do(db, error, sql, "ldd", target->run, message->accuracy, message->loss) &&
         baseline_map_insert(db, target->run, message->mode, message->omega, message->bias, error);
}

static bool write_checkpoint(Database *db, const MessageTarget *target, const Message *message,
                             GError **error) {
  return checkpoint_write(db, target->run, message->state, true, error);
}

static bool write_warning(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  return warning_insert(db, target->run, message->sentence, error);
}

static bool write_result(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  g_autofree char *values = columns_join(run_columns, ROW_RESULT, 0, "%s = ?", ", ");
  g_autofree char *sql = g_strdup_printf("UPDATE runs SET %s WHERE number = ?", values);
  sqlite3_stmt *statement = database_ask(db, error, sql, "");
  if (!statement)
    return false;
  columns_bind(statement, 1, run_columns, ROW_RESULT, 0, message->row);
  sqlite3_bind_int64(statement, sqlite3_bind_parameter_count(statement), target->run);
  return database_row(db, statement, error) == 0;
}

static bool write_status(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  return database_do(db, error,
                     "UPDATE runs SET state = ?2, error = ?3, boot_id = NULL, pid = NULL, process_start = "
                     "NULL WHERE number = ?1",
                     "lss", target->run, run_status_name(message->status), message->error_text);
}

static void free_tensors(Message *message) {
  tensor_unref(message->omega);
  tensor_unref(message->bias);
}

static void free_pattern(Message *message) {
  tensor_unref(message->pattern);
}

static void free_state(Message *message) {
  run_state_free(message->state);
}

static void free_sentence(Message *message) {
  g_free(message->sentence);
}

static void free_row(Message *message) {
  run_row_free(message->row);
}

static void free_error_text(Message *message) {
  g_free(message->error_text);
}

static const struct {
  WriteMessage write;
  void (*release)(Message *message);
} kinds[] = {
    [MESSAGE_STEP] = {write_step},
    [MESSAGE_EVALUATION] = {write_evaluation},
    [MESSAGE_PATTERN] = {write_pattern, free_pattern},
    [MESSAGE_MAP] = {write_map, free_tensors},
    [MESSAGE_BASELINE] = {write_baseline, free_tensors},
    [MESSAGE_CHECKPOINT] = {write_checkpoint, free_state},
    [MESSAGE_WARNING] = {write_warning, free_sentence},
    [MESSAGE_RESULT] = {write_result, free_row},
    [MESSAGE_STATUS] = {write_status, free_error_text},
    [MESSAGE_END] = {NULL},
};

Message *message_new(MessageKind kind, int step) {
  Message *message = g_new0(Message, 1);
  message->kind = kind;
  message->step = step;
  message->bytes = sizeof *message;
  return message;
}

void message_free(Message *message) {
  if (kinds[message->kind].release)
    kinds[message->kind].release(message);
  g_free(message);
}

bool message_write(Database *db, const MessageTarget *target, const Message *message, GError **error) {
  return kinds[message->kind].write(db, target, message, error);
}
