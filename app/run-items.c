#include "app/run-items.h"

#include "data/datasets.h"
#include "data/models.h"
#include "engine/alignment.h"
#include "engine/manipulation.h"

#include <string.h>

/* Titles by name, of the models that come along; read once for the program's life. */
static GHashTable *read_model_titles(void) {
  GHashTable *titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GPtrArray) listings = model_list();
  for (guint i = 0; i < listings->len; i++) {
    const ModelListing *listing = g_ptr_array_index(listings, i);
    const char *title = listing->model ? listing->model->card.title : NULL;
    if (title)
      g_hash_table_insert(titles, g_strdup(listing->row->name), g_strdup(title));
  }
  return titles;
}

/* What follows the last slash: people's own models and folders are named by their path. */
static const char *last_part(const char *path) {
  const char *slash = path ? strrchr(path, '/') : NULL;
  return slash && slash[1] ? slash + 1 : path;
}

static const char *model_title(const char *name) {
  static GHashTable *titles;
  if (g_once_init_enter(&titles))
    g_once_init_leave(&titles, read_model_titles());
  const char *title = name ? g_hash_table_lookup(titles, name) : NULL;
  return title ? title : last_part(name);
}

static const char *dataset_title(const char *name) {
  const DatasetKind *kind = name ? dataset_find(name) : NULL;
  return kind ? kind->title : last_part(name);
}

/* "a+b" as titles.  (transfer full) */
static char *method_titles(const char *names) {
  g_auto(GStrv) parts = g_strsplit(names ? names : "", "+", -1);
  for (char **part = parts; *part; part++) {
    const ManipulationKind *kind = manipulation_find(*part);
    if (kind) {
      g_free(*part);
      *part = g_strdup(kind->title);
    }
  }
  return g_strjoinv(" + ", parts);
}

static const char *alignment_title(const char *name) {
  const AlignmentKind *kind = name ? alignment_find(name) : NULL;
  return kind ? kind->title : name;
}

static const HfRunStatus statuses[N_STATUSES] = {[STATUS_RUNNING] = HF_RUN_RUNNING,
                                                 [STATUS_FINISHED] = HF_RUN_FINISHED,
                                                 [STATUS_STOPPED] = HF_RUN_STOPPED,
                                                 [STATUS_FAILED] = HF_RUN_FAILED,
                                                 [STATUS_INTERRUPTED] = HF_RUN_INTERRUPTED};

HfRunItem *run_item_from_row(const RunRow *row) {
  g_autofree char *methods = method_titles(row->method);
  const char *const names[] = {row->method, row->alignment, row->model, row->dataset};
  g_autoptr(GString) words = g_string_new(NULL);
  for (guint i = 0; i < G_N_ELEMENTS(names); i++)
    g_string_append_printf(words, "%s\n", names[i] ? names[i] : "");
  HfRunFacts facts = {.texts =
                          {
                              [HF_RUN_ID] = row->id,
                              [HF_RUN_NAME] = row->name,
                              [HF_RUN_METHOD] = methods,
                              [HF_RUN_ALIGNMENT] = alignment_title(row->alignment),
                              [HF_RUN_MODEL] = model_title(row->model),
                              [HF_RUN_TASK] = dataset_title(row->dataset),
                              [HF_RUN_TAGS] = row->tags,
                              [HF_RUN_NOTE] = row->note,
                              [HF_RUN_PRESET] = row->preset,
                              [HF_RUN_PROBLEM] = row->error,
                              [HF_RUN_WORDS] = words->str,
                              [HF_RUN_AXES + AXIS_FORMAT] = row->format,
                              [HF_RUN_AXES + AXIS_LOCATION] = row->location,
                              [HF_RUN_AXES + AXIS_OPERATOR] = row->operator,
                              [HF_RUN_AXES + AXIS_ALIGNMENT] = row->family },
                              .accuracy = row->result.best_test_accuracy,
                              .no_prompt = row->result.no_prompt_test_accuracy,
                              .no_prompt_full_size = row->result.no_prompt_full_size_test_accuracy,
                              .gain = row->gain,
                              .steps = row->result.steps,
                              .total_steps = row->total_steps,
                              .created = row->created,
                              .status = statuses[row->status],
                              .star = row->star,
  };
  return hf_run_item_new(&facts);
}
