#include "app/session.h"

#include "app/rule-file.h"
#include "data/datasets.h"
#include "data/model-card.h"
#include "data/models.h"
#include "data/onnx.h"
#include "data/own-models.h"
#include "data/picture-file.h"
#include "data/token-set.h"
#include "engine/error.h"
#include "engine/language-model.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

/* Replaces "run:ID" of the setting `norm` by the norm that the stored run's pattern has. */
static bool resolve_norm(Settings *settings, RunStore *store, GError **error) {
  const char *text;
  if (!settings_row(settings, "norm") || !settings_names_run(settings, "norm", &text))
    return true;
  if (!store)
    return input_error(error, "norm = run:%s needs the run store; give a number here", text);
  g_autofree char *id = run_store_find(store, text, error);
  g_autoptr(RunRow) row = id ? run_store_get(store, id, error) : NULL;
  if (!row)
    return false;
  if (!isfinite(row->result.pattern_norm))
    return input_error(
        error, "run %s has no pattern norm yet, which norm = run:%s asks for; let it end first", id, text);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  return settings_set(settings, "norm", g_ascii_dtostr(number, sizeof number, row->result.pattern_norm),
                      error);
}

bool session_needs_store(const RunSpec *spec) {
  const char *id;
  for (guint i = 0; i < spec->manipulations->len; i++) {
    const ManipulationSpec *manipulation = g_ptr_array_index(spec->manipulations, i);
    if (settings_row(manipulation->settings, "norm") &&
        settings_names_run(manipulation->settings, "norm", &id))
      return true;
  }
  return false;
}

static bool load_picture(Session *session, const Settings *settings, GError **error) {
  const char *path = settings_row(settings, "picture") ? settings_text(settings, "picture") : "";
  if (!*path || session->picture_memory)
    return true;
  session->picture_memory = picture_read(path, &session->user_picture, error);
  return session->picture_memory != NULL;
}

static bool complete_manipulations(Session *session, RunStore *store, GError **error) {
  for (guint i = 0; i < session->spec->manipulations->len; i++) {
    const ManipulationSpec *manipulation = g_ptr_array_index(session->spec->manipulations, i);
    if (!resolve_norm(manipulation->settings, store, error) ||
        !load_picture(session, manipulation->settings, error))
      return false;
  }
  return true;
}

/* What the spec says of the model goes into its card, over what was answered earlier (own-models.h); that
 * goes into the spec, so that the run is the same wherever it is repeated. */
static bool complete_card(FrozenModel *model, Settings *said, GError **error) {
  bool changed = false;
  for (const Setting *row = run_spec_card_rows; row->name; row++) {
    const char *text = settings_text(said, row->name);
    if (!*text)
      continue;
    g_autoptr(GError) reason = NULL;
    if (!own_models_check(model, (const char *const[]){row->name, text, NULL}, &reason))
      return input_error(error, "card.%s = %s cannot be used with %s: %s", row->name, text, model->name,
                         reason->message);
    model_card_set(&model->card, row->name, text);
    changed = true;
  }
  if (changed)
    onnx_take_card(model);
  return !model->sha256 || own_models_complete(model->sha256, said, error);
}

/* The session that loaded what this one has.  (transfer full) */
static Session *owner_of(Session *owner, Session *session) {
  return session_ref(owner ? owner : session);
}

/* Drawn sets, and the parts of folders, come from the seed; texts are the model's tokens. */
static bool has_same_set(const Session *session, const Session *like) {
  const RunSpec *a = session->spec, *b = like->spec;
  return like->set && g_str_equal(a->dataset, b->dataset) && a->seed == b->seed &&
         (!like->set->text.tokens || (session->model == like->model && a->tokens == b->tokens));
}

static void take_over(Session *session, Session *like) {
  if (g_str_equal(session->spec->model, like->spec->model) && settings_equal(session->card, like->card)) {
    session->model = like->model;
    session->model_owner = owner_of(like->model_owner, like);
    settings_free(session->spec->card);
    session->spec->card = settings_copy(like->spec->card);
  }
  if (has_same_set(session, like)) {
    session->set = like->set;
    session->set_owner = owner_of(like->set_owner, like);
  }
}

static Session *open_model(const RunSpec *spec, Session *like, RunStore *store, GError **error) {
  g_autoptr(Session) session = g_new0(Session, 1);
  session->references = 1;
  session->spec = run_spec_copy(spec);
  session->card = settings_copy(spec->card);
  if (!complete_manipulations(session, store, error))
    return NULL;
  if (like)
    take_over(session, like);
  if (!session->model && (!(session->model = model_load(spec->model, error)) ||
                          !complete_card(session->model, session->spec->card, error)))
    return NULL;
  return g_steal_pointer(&session);
}

Session *session_open_model(const RunSpec *spec, RunStore *store, GError **error) {
  return open_model(spec, NULL, store, error);
}

/* Texts become tokens of the model. */
static SampleSet *load_set(const Session *session, GError **error) {
  SampleSet *loaded = dataset_load(session->spec->dataset, session->spec->seed, error);
  if (!loaded || !sample_set_has_texts(loaded))
    return loaded;
  g_autoptr(SampleSet) texts = loaded;
  g_autoptr(GError) reason = NULL;
  if (!language_model_check(session->model, &reason)) {
    input_error(error, "the data set %s is text: %s", texts->title, reason->message);
    return NULL;
  }
  g_autoptr(Tokeniser) tokeniser = tokeniser_for_model(session->model, error);
  return tokeniser ? token_set_new(texts, tokeniser, session->spec->tokens, error) : NULL;
}

Session *session_open_like(const RunSpec *spec, Session *like, RunStore *store, GError **error) {
  g_autoptr(Session) session = open_model(spec, like, store, error);
  if (!session)
    return NULL;
  if (!session->set && !(session->set = load_set(session, error)))
    return NULL;
  int n_source = frozen_model_classes(session->model);
  /* Tokens that are digits would be taken for numbers of other tokens. */
  char *const *source_names = session->set->text.tokens ? NULL : session->model->card.classes;
  if (!rule_file_read(session->spec->alignment_settings, n_source, source_names, session->set->n_classes,
                      session->set->classes, &session->rule, error))
    return NULL;
  return g_steal_pointer(&session);
}

Session *session_open(const RunSpec *spec, RunStore *store, GError **error) {
  return session_open_like(spec, NULL, store, error);
}

Session *session_ref(Session *session) {
  __atomic_add_fetch(&session->references, 1, __ATOMIC_RELAXED);
  return session;
}

void session_unref(Session *session) {
  if (!session || __atomic_sub_fetch(&session->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  run_spec_free(session->spec);
  settings_free(session->card);
  if (!session->model_owner)
    g_clear_pointer(&session->model, frozen_model_free);
  if (!session->set_owner)
    g_clear_pointer(&session->set, sample_set_free);
  session_unref(session->model_owner);
  session_unref(session->set_owner);
  g_clear_pointer(&session->picture_memory, g_bytes_unref);
  g_free(session->rule);
  g_free(session);
}

int session_test_samples(const Session *session) {
  return session->spec->test ? session->spec->test : sample_part_size(&session->set->test);
}

static bool same_names(const Session *session) {
  const ModelCard *card = &session->model->card;
  return card->classes &&
         g_strv_equal((const char *const *)card->classes, (const char *const *)session->set->classes);
}

/* What keeps the model from taking a picture only. */
static void note_input(const FrozenModel *model, TaxonomyContext *context) {
  const GArray *inputs = model->graph->inputs;
  if (inputs->len == 0)
    return;
  const Value *input = graph_value(model->graph, g_array_index(inputs, ValueId, 0));
  const int64_t *dim = input->shape.dim;
  bool picture = input->shape.rank == 4, first = dim[1] >= 1 && dim[1] <= 4,
       last = dim[3] >= 1 && dim[3] <= 4;
  context->channels_last = picture && input->type == TENSOR_FLOAT32 && !first && last;
  context->whole_numbers = picture && input->type != TENSOR_FLOAT32 && (first || last);
  if (inputs->len > 1)
    context->other_input = graph_value(model->graph, g_array_index(inputs, ValueId, 1))->name;
}

TaxonomyContext session_context(const Session *session) {
  int channels, height, width;
  const FrozenModel *model = session->model;
  TaxonomyContext context = {
      .model_title = model->card.title ? model->card.title : model->name,
      .task_title = session->set->title,
      .takes_pictures = frozen_model_picture(model, &channels, &height, &width),
      .n_source = frozen_model_classes(model),
      .n_target = session->set->n_classes,
      .takes_texts = language_model(model),
      .texts = session->set->text.tokens > 0,
      .next_token = session->set->text.next_token,
      .same_labels = session->set->text.next_token || same_names(session),
      .n_train = session->spec->train ? session->spec->train : sample_part_size(&session->set->train),
      .averaged = 1,
  };
  if (settings_row(session->spec->alignment_settings, "averaged") && !session->rule)
    context.averaged = settings_integer(session->spec->alignment_settings, "averaged");
  note_input(model, &context);
  for (guint i = 0; i < model->sites->len; i++) {
    const Site *site = g_ptr_array_index(model->sites, i);
    bool tokens = site->token_axis >= 0;
    context.has_embedding |= site->location == LOCATION_EMBEDDING;
    context.has_hidden |= site->location == LOCATION_HIDDEN && site->alias;
    context.embedding_tokens |= site->location == LOCATION_EMBEDDING && tokens;
    context.hidden_tokens |= site->location == LOCATION_HIDDEN && tokens;
  }
  return context;
}

Verdict *session_judge(const Session *session, guint i) {
  const ManipulationSpec *manipulation = g_ptr_array_index(session->spec->manipulations, i);
  TaxonomyContext context = session_context(session);
  const Site *site = manipulation->site ? frozen_model_site(session->model, manipulation->site) : NULL;
  if (site && site->location == LOCATION_HIDDEN) {
    context.has_hidden = true;
    context.hidden_tokens = site->token_axis >= 0;
  }
  const char *method = manipulation->kind ? manipulation->kind->name : NULL;
  return taxonomy_judge(run_spec_cell(session->spec, (int)i), method, session->spec->alignment->name,
                        &context);
}

bool session_check(const Session *session, GError **error) {
  for (guint i = 0; i < session->spec->manipulations->len; i++) {
    g_autoptr(Verdict) verdict = session_judge(session, i);
    if (verdict->kind != VERDICT_IMPOSSIBLE)
      continue;
    const Repair *repair = verdict->repairs->len ? &g_array_index(verdict->repairs, Repair, 0) : NULL;
    return input_error(error, "impossible: %s%s%s", verdict->reason, repair ? " Nearest repair: " : "",
                       repair ? repair->text : "");
  }
  return true;
}

/* Names of all manipulations' methods, joined by '+'.  (transfer full) */
static char *method_names(const RunSpec *spec) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < spec->manipulations->len; i++) {
    const ManipulationSpec *manipulation = g_ptr_array_index(spec->manipulations, i);
    g_string_append_printf(names, "%s%s", i ? "+" : "", manipulation->kind->name);
  }
  return g_string_free(g_steal_pointer(&names), FALSE);
}

RunRow *session_row(const Session *session, int total_steps) {
  const RunSpec *spec = session->spec;
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  RunRow *row = run_row_new();
  row->preset = g_strdup(spec->preset);
  row->spec = run_spec_text(spec);
  row->format = g_strdup(taxonomy_axes[AXIS_FORMAT].values[first->format].name);
  row->location = g_strdup(taxonomy_axes[AXIS_LOCATION].values[first->location].name);
  row->operator= g_strdup(taxonomy_axes[AXIS_OPERATOR].values[first->kind->op].name);
  row->method = method_names(spec);
  row->family = g_strdup(taxonomy_axes[AXIS_ALIGNMENT].values[spec->alignment->family].name);
  row->alignment = g_strdup(spec->alignment->name);
  row->optimiser = g_strdup(spec->optimiser->name);
  row->model = g_strdup(spec->model);
  row->result.model_sha256 = g_strdup(session->model->sha256);
  row->channel_order = g_strdup(session->model->card.bgr ? "BGR" : "RGB");
  row->dataset = g_strdup(spec->dataset);
  row->drawn_sha256 = g_strdup(session->set->drawn_sha256);
  row->neutral = first->kind->neutral;
  row->seed = spec->seed;
  row->total_steps = total_steps;
  row->program_version = g_strdup(HOARFROST_VERSION);
  row->blas_core = g_strdup(openblas_get_corename());
  row->threads = spec->threads;
  return row;
}

bool session_same_model(const Session *session, const RunRow *row, GError **error) {
  if (row->result.model_sha256 && g_strcmp0(row->result.model_sha256, session->model->sha256) != 0)
    return input_error(error, "the model %s has changed since run %.8s began; start a new run", row->model,
                       row->id);
  return true;
}

bool session_same_inputs(const Session *session, const RunRow *row, GError **error) {
  if (!session_same_model(session, row, error))
    return false;
  if (!row->drawn_sha256 || g_strcmp0(row->drawn_sha256, session->set->drawn_sha256) == 0)
    return true;
  if (dataset_find(row->dataset))
    return input_error(
        error, "the data set %s is drawn differently since run %.8s began (other fonts?); start a new run",
        row->dataset, row->id);
  return input_error(error,
                     "the files of %s have changed since run %.8s began; put them back, or start a new run",
                     row->dataset, row->id);
}

Run *session_run(const Session *session, const RunState *resume, RunObserver observer, const StopFlag *stop,
                 int nice, GError **error) {
  RunOptions options = {
      .spec = session->spec,
      .model = session->model,
      .set = session->set,
      .user_picture = session->picture_memory ? &session->user_picture : NULL,
      .rule = session->rule,
      .resume = resume,
      .observer = observer,
      .stop = stop,
      .nice = nice,
  };
  return run_new(&options, error);
}
