#include "app/open-file.h"

#include "app/spec-file.h"
#include "data/bundle.h"
#include "data/input-file.h"

#include <string.h>
#include <unistd.h>

typedef struct {
  GActionGroup *actions;
  char *path, *store_path;
  RunSpec *spec; /* what was found: the one or the other */
  char *run_id;
  bool picture, model;
} Opening;

static void opening_free(gpointer data) {
  Opening *opening = data;
  g_object_unref(opening->actions);
  g_free(opening->path);
  g_free(opening->store_path);
  g_clear_pointer(&opening->spec, run_spec_free);
  g_free(opening->run_id);
  g_free(opening);
}

typedef enum { KIND_UNREADABLE, KIND_SPEC, KIND_BUNDLE, KIND_PICTURE, KIND_MODEL } Kind;

static const struct {
  const char *start;
  Kind kind;
} kinds[] = {{"PK\3\4", KIND_BUNDLE}, {"\x89PNG", KIND_PICTURE}, {"\xff\xd8\xff", KIND_PICTURE}};

/* ONNX has no mark: a model begins with its format's version, a small number, in field 1. */
static bool is_model(const char *path, const char *start) {
  g_autofree char *lower = g_ascii_strdown(path, -1);
  return g_str_has_suffix(lower, ".onnx") || (start[0] == 8 && start[1] > 0 && start[1] < 32);
}

/* By its first bytes; what is nothing else is taken for a spec. */
static Kind kind_of(const char *path, GError **error) {
  int file = input_file_open(path, error);
  if (file < 0)
    return KIND_UNREADABLE;
  char start[8] = "";
  bool some = read(file, start, sizeof start) > 0;
  close(file);
  for (guint i = 0; some && i < G_N_ELEMENTS(kinds); i++)
    if (memcmp(start, kinds[i].start, strlen(kinds[i].start)) == 0)
      return kinds[i].kind;
  return is_model(path, start) ? KIND_MODEL : KIND_SPEC;
}

static void read_it(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  Opening *opening = data;
  GError *error = NULL;
  Kind kind = kind_of(opening->path, &error);
  opening->picture = kind == KIND_PICTURE;
  opening->model = kind == KIND_MODEL;
  if (kind == KIND_SPEC)
    opening->spec = spec_from_arguments(opening->path, NULL, NULL, &error);
  else if (kind == KIND_BUNDLE) {
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
  else if (opening->model)
    g_action_group_activate_action(opening->actions, "add-model", g_variant_new_bytestring(opening->path));
  else if (opening->picture) {
    g_autofree char *uri = g_filename_to_uri(opening->path, NULL, NULL);
    const char *files[] = {uri ? uri : opening->path, NULL};
    g_action_group_activate_action(opening->actions, "apply-files", g_variant_new_strv(files, -1));
  } else if (opening->spec)
    hf_controller_take_spec(controller, opening->spec);
  else {
    g_signal_emit_by_name(controller, "runs-changed");
    hf_controller_open(controller, opening->run_id);
  }
}

void open_file(HfController *controller, GActionGroup *actions, const char *path) {
  Opening *opening = g_new0(Opening, 1);
  opening->actions = g_object_ref(actions);
  opening->path = g_strdup(path);
  opening->store_path = g_strdup(run_store_path(hf_controller_store(controller)));
  g_autoptr(GTask) task = g_task_new(controller, NULL, on_read, NULL);
  g_task_set_task_data(task, opening, opening_free);
  g_task_run_in_thread(task, read_it);
}
