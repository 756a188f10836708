#include "app/run-counts.h"

typedef struct {
  char *path;
  void (*told)(const int *counts, gpointer data);
  gpointer data;
} Question;

static void question_free(gpointer data) {
  Question *question = data;
  g_free(question->path);
  g_free(question);
}

static const char *value_name(Cell cell, AxisId axis) {
  return taxonomy_axes[axis].values[cell.value[axis]].name;
}

static void count(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Question *question = data;
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = run_store_open(question->path, &error);
  g_autofree int *counts = g_new0(int, N_CELLS);
  for (int i = 0; store && i < N_CELLS && !error; i++) {
    Cell cell = cell_at(i);
    RunQuery query = {.format = value_name(cell, AXIS_FORMAT),
                      .location = value_name(cell, AXIS_LOCATION),
                      .operator= value_name(cell, AXIS_OPERATOR),
                      .family = value_name(cell, AXIS_ALIGNMENT)};
    counts[i] = run_store_count(store, &query, &error);
  }
  if (error)
    g_task_return_error(task, g_steal_pointer(&error));
  else
    g_task_return_pointer(task, g_steal_pointer(&counts), g_free);
}

static void on_counted(GObject *source, GAsyncResult *result, gpointer data) {
  const Question *question = g_task_get_task_data(G_TASK(result));
  g_autofree int *counts = g_task_propagate_pointer(G_TASK(result), NULL);
  if (counts)
    question->told(counts, question->data);
}

void run_counts_ask(const RunStore *store, GCancellable *cancellable,
                    void (*told)(const int *counts, gpointer data), gpointer data) {
  Question *question = g_new0(Question, 1);
  *question = (Question){g_strdup(run_store_path(store)), told, data};
  g_autoptr(GTask) task = g_task_new(NULL, cancellable, on_counted, NULL);
  g_task_set_task_data(task, question, question_free);
  g_task_run_in_thread(task, count);
}
