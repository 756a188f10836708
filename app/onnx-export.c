#include "app/onnx-export.h"

#include "app/learnt.h"
#include "data/onnx-write.h"
#include "engine/error.h"

#include <json-glib/json-glib.h>

#define OPSET 13 /* the oldest whose operators the engine's own nodes are written in */

/* A JSON array of the class names.  (transfer full) */
static char *class_names(const SampleSet *set) {
  g_autoptr(JsonArray) array = json_array_new();
  for (int i = 0; i < set->n_classes; i++)
    json_array_add_string_element(array, set->classes[i]);
  g_autoptr(JsonNode) node = json_node_new(JSON_NODE_ARRAY);
  json_node_set_array(node, array);
  return json_to_string(node, FALSE);
}

static bool write_program(const Session *session, const RunRow *row, const Program *program, const char *path,
                          GError **error) {
  const ModelCard *card = &session->model->card;
  g_autofree char *classes = class_names(session->set);
  g_autofree char *title = g_strdup_printf(
      "%s, reprogrammed for %s", card->title ? card->title : session->model->name, session->set->title);
  const OnnxEntry metadata[] = {{"title", title},
                                {"task", "image-classification"},
                                {"classes", classes},
                                {"input_range", "0..1"},
                                {"channel_order", card->bgr ? "BGR" : "RGB"},
                                {"license", card->license ? card->license : ""},
                                {"source", card->source ? card->source : ""},
                                {"hoarfrost_run", row->id},
                                {"hoarfrost_spec", row->spec},
                                {NULL}};
  OnnxWriteOptions options = {MAX(OPSET, session->model->opset), "reprogrammed", metadata};
  return onnx_write(path, program_graph(program), &options, error);
}

/* Only what was learnt matters: not where the run stood, which another number of samples would contradict.  A
 * run that came with a bundle has no moments; the program does not need them, but they must be there. */
static void keep_learnt(const RunSpec *spec, RunState *state) {
  for (int k = 0; k < spec->optimiser->n_moments; k++)
    g_array_set_size(state->moments[k], state->parameters->len);
  state->step = state->epoch = state->batch_in_epoch = 0;
  state->fitted_epoch = state->evaluated_step = state->best_step = -1;
}

/* Estimated patterns are no parameters of the checkpoint. */
static bool take_estimates(RunStore *store, const RunRow *row, const Run *run, GError **error) {
  if (!manipulation_any_estimated(run_manipulations(run)))
    return true;
  g_autoptr(Tensor) pattern = run_store_pattern(store, row->id, G_MAXINT, NULL, error);
  return pattern &&
         (manipulation_take_estimates(run_manipulations(run), pattern) ||
          input_error(error, "the stored pattern of run %s does not fit its spec; start the run again",
                      row->id));
}

bool onnx_export(RunStore *store, const RunRow *row, const char *path, GError **error) {
  g_autoptr(RunState) state = NULL;
  if (!run_store_checkpoint(store, row->id, &state, NULL, error))
    return false;
  if (!state || state->bias->len == 0)
    return input_error(error, "run %s has no checkpoint yet; let it train first", row->id);
  g_auto(Learnt) learnt = {0};
  if (!learnt_read(store, row->id, &learnt, error))
    return false;
  g_autoptr(RunSpec) spec = run_spec_parse(row->spec, row->id, false, error);
  g_autoptr(Session) session = spec ? session_open(spec, store, error) : NULL;
  if (!session || !session_same_model(session, row, error))
    return false;
  if (session->set->text.tokens)
    return input_error(
        error,
        "run %s works on texts, and only runs on pictures can be written as a model; export its "
        "pattern",
        row->id);
  keep_learnt(session->spec, state);
  g_autoptr(Run) run = session_run(session, state, (RunObserver){0}, NULL, 0, error);
  return run && take_estimates(store, row, run, error) &&
         write_program(session, row, run_program(run), path, error);
}
