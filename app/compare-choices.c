#include "app/compare-choices.h"

#include "app/compare-words.h"

#include <gio/gio.h>

#define MOST 60 /* runs that are offered */

struct _CompareChoices {
  HfComparison *page; /* borrowed */
  char *store_path;
  GCancellable *cancellable;
  guint serial; /* of the newest question */
  bool outdated;
};

typedef struct {
  CompareChoices *asker; /* gone once its cancellable is cancelled */
  guint serial;
  char *store_path, *text; /* text NULL: the newest runs */
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  g_free(question->store_path);
  g_free(question->text);
  g_free(question);
}

typedef struct {
  GStringChunk *texts;
  GArray *rows; /* HfRunChoice */
} Answer;

static void answer_free(gpointer data) {
  Answer *answer = data;
  g_string_chunk_free(answer->texts);
  g_array_unref(answer->rows);
  g_free(answer);
}

static void read_runs(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Question *question = data;
  GError *error = NULL;
  g_autoptr(RunStore) store = run_store_open(question->store_path, &error);
  RunQuery query = {.limit = MOST, .text = question->text};
  g_autoptr(GPtrArray) runs = store ? run_store_list(store, &query, &error) : NULL;
  if (!runs) {
    g_task_return_error(task, error);
    return;
  }
  Answer *answer = g_new0(Answer, 1);
  answer->texts = g_string_chunk_new(4096);
  answer->rows = g_array_new(FALSE, FALSE, sizeof(HfRunChoice));
  for (guint i = 0; i < runs->len; i++) {
    HfRunChoice choice = compare_choice(g_ptr_array_index(runs, i), answer->texts);
    g_array_append_val(answer->rows, choice);
  }
  g_task_return_pointer(task, answer, answer_free);
}

static void show(CompareChoices *self, const Answer *answer, bool newest) {
  const HfRunChoice *rows = (const HfRunChoice *)(const void *)answer->rows->data;
  int n = (int)answer->rows->len;
  hf_comparison_set_choices(self->page, rows, n);
  if (newest)
    hf_comparison_set_latest(self->page, n > 1 ? rows[1].id : NULL, n > 1 ? rows[0].id : NULL);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  const Question *question = g_task_get_task_data(G_TASK(result));
  Answer *answer = g_task_propagate_pointer(G_TASK(result), NULL);
  if (!answer)
    return; /* the asker is gone, or the store cannot be read: whoever opens a run is told */
  if (question->serial == question->asker->serial)
    show(question->asker, answer, !question->text);
  answer_free(answer);
}

static void ask(CompareChoices *self, const char *text) {
  Question *question = g_new0(Question, 1);
  *question = (Question){self, ++self->serial, g_strdup(self->store_path), *text ? g_strdup(text) : NULL};
  self->outdated = false;
  g_autoptr(GTask) task = g_task_new(NULL, self->cancellable, on_read, NULL);
  g_task_set_task_data(task, question, question_free);
  g_task_run_in_thread(task, read_runs);
}

CompareChoices *compare_choices_new(HfComparison *page, const RunStore *store) {
  CompareChoices *self = g_new0(CompareChoices, 1);
  *self = (CompareChoices){.page = page,
                           .store_path = g_strdup(run_store_path(store)),
                           .cancellable = g_cancellable_new(),
                           .outdated = true};
  g_signal_connect_swapped(page, "search", G_CALLBACK(ask), self);
  return self;
}

void compare_choices_free(CompareChoices *self) {
  g_cancellable_cancel(self->cancellable);
  g_object_unref(self->cancellable);
  g_signal_handlers_disconnect_by_data(self->page, self);
  g_free(self->store_path);
  g_free(self);
}

void compare_choices_outdate(CompareChoices *self) {
  self->outdated = true;
}

void compare_choices_refresh(CompareChoices *self) {
  if (self->outdated)
    ask(self, "");
}
