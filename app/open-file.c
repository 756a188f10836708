#include "app/open-file.h"

#include "app/spec-file.h"
#include "data/bundle.h"
#include "data/input-file.h"

#include <string.h>
#include <unistd.h>

typedef struct {
  char *path, *store_path;
  RunSpec *spec; /* what was found: the one or the other */
  char *run_id;
} Opening;

static void opening_free(gpointer data) {
  Opening *opening = data;
  g_free(opening->path);
  g_free(opening->store_path);
  g_clear_pointer(&opening->spec, run_spec_free);
  g_free(opening->run_id);
  g_free(opening);
}

/* -1: it cannot be read. */
static int is_zip(const char *path, GError **error) {
  int file = input_file_open(path, error);
  if (file < 0)
    return -1;
  char start[4] = "";
  bool zip = read(file, start, sizeof start) == sizeof start && memcmp(start, "PK\3\4", sizeof start) == 0;
  close(file);
  return zip;
}

static void read_it(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Opening *opening = data;
  GError *error = NULL;
  int zip = is_zip(opening->path, &error);
  if (zip == 0)
    opening->spec = spec_from_arguments(opening->path, NULL, NULL, &error);
  else if (zip > 0) {
    g_autoptr(RunStore) store = run_store_open(opening->store_path, &error);
    opening->run_id = store ? bundle_import(store, opening->path, NULL, &error) : NULL;
  }
  if (error)
    g_task_return_error(task, error);
  else
    g_task_return_boolean(task, TRUE);
}

static void on_read(GObject *source, GAsyncResult *result, gpointer data) {
  HfController *controller = HF_CONTROLLER(source);
  const Opening *opening = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error))
    g_signal_emit_by_name(controller, "failed", error->message);
  else if (opening->spec)
    hf_controller_take_spec(controller, opening->spec);
  else
    hf_controller_open(controller, opening->run_id);
}

void open_file(HfController *controller, const char *path) {
  Opening *opening = g_new0(Opening, 1);
  opening->path = g_strdup(path);
  opening->store_path = g_strdup(run_store_path(hf_controller_store(controller)));
  g_autoptr(GTask) task = g_task_new(controller, NULL, on_read, NULL);
  g_task_set_task_data(task, opening, opening_free);
  g_task_run_in_thread(task, read_it);
}
