/* What a run posts to the writing thread: a finished copy with one owner. */
#pragma once

#include "data/run-store.h"
#include "data/store/database.h"

typedef enum {
  MESSAGE_STEP,
  MESSAGE_EVALUATION,
  MESSAGE_PATTERN,
  MESSAGE_MAP,
  MESSAGE_BASELINE,
  MESSAGE_CHECKPOINT,
  MESSAGE_WARNING,
  MESSAGE_RESULT,
  MESSAGE_STATUS,
  MESSAGE_END, /* written by nobody: the thread's signal to finish */
} MessageKind;

typedef struct {
  MessageKind kind;
  int step;
  gsize bytes; /* about what it takes in memory */
  union {
    RunStep metrics;
    RunEvaluation evaluation;
    struct {
      Tensor *pattern;
    };
    struct {
      Tensor *omega, *bias; /* of a map, and of a baseline's */
      int switches;
      PromptMode mode;
      double accuracy, loss;
    };
    RunState *state;
    char *sentence;
    RunRow *row; /* result: only its result */
    struct {
      RunStatus status;
      char *error_text;
    };
  };
} Message;

Message *message_new(MessageKind kind, int step);
void message_free(Message *message);

/* What a message is written to. */
typedef struct {
  gint64 run;
  double neutral;
  bool bgr;
} MessageTarget;

bool message_write(Database *db, const MessageTarget *target, const Message *message, GError **error);
