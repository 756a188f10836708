#include "app/compare-export.h"

#include "app/compare-load.h"
#include "app/export-dialog.h"
#include "data/file.h"
#include "engine/error.h"
#include "ui/compare-figure.h"
#include "ui/draw/export.h"

#include <glib/gi18n.h>

#define WIDTH 960.0

/* What the thread draws: read anew from the store, so that nothing is shared. */
typedef struct {
  char *store_path, *path;
  char *ids[N_SIDES];
  double share, lock;
  PatternMap map;
} Wish;

static void wish_free(gpointer data) {
  Wish *wish = data;
  g_free(wish->store_path);
  g_free(wish->path);
  for (int side = 0; side < N_SIDES; side++)
    g_free(wish->ids[side]);
  g_free(wish);
}

static GBytes *draw(const CompareLoad *load, const Wish *wish, ExportForm form, GError **error) {
  Palette palette = palette_builtin(false, false);
  CompareFigure figure = {.palette = &palette,
                          .runs = {load->runs[SIDE_A], load->runs[SIDE_B]},
                          .moments = {load->moments[SIDE_A], load->moments[SIDE_B]},
                          .lock = wish->lock,
                          .map = wish->map,
                          .rows = (const HfCompareRow *)(const void *)load->words->rows->data,
                          .n_rows = (int)load->words->rows->len};
  g_autofree char *title =
      g_strdup_printf(_("%s and %s"), load->runs[SIDE_A]->name, load->runs[SIDE_B]->name);
  g_autofree char *spec =
      g_strdup_printf("# A: %s\n%s\n# B: %s\n%s", wish->ids[SIDE_A], load->rows[SIDE_A]->spec,
                      wish->ids[SIDE_B], load->rows[SIDE_B]->spec);
  g_autoptr(GDateTime) now = g_date_time_new_now_utc();
  g_autofree char *date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%S");
  Drawing drawing = {.draw = compare_figure_draw,
                     .plot = &figure,
                     .palette = &palette,
                     .width = WIDTH,
                     .height = compare_figure_height(WIDTH, &figure),
                     .title = title,
                     .caption = load->words->sentence,
                     .spec = spec,
                     .date = date};
  return drawing_export(&drawing, form, error);
}

static void write_file(GTask *task, gpointer source, gpointer data, GCancellable *cancellable) {
  const Wish *wish = data;
  GError *error = NULL;
  ExportForm form = export_form_of(wish->path);
  if (form == N_EXPORT_FORMS)
    input_error(&error, "the name of %s ends in none of .png, .svg and .pdf: which form is wanted?",
                wish->path);
  g_autoptr(CompareLoad) load =
      error ? NULL : compare_load(wish->store_path, (const char *const *)wish->ids, wish->share, &error);
  g_autoptr(GBytes) bytes = load ? draw(load, wish, form, &error) : NULL;
  if (bytes && file_replace(wish->path, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), &error))
    g_task_return_boolean(task, TRUE);
  else
    g_task_return_error(task, error);
}

static void on_written(GObject *window, GAsyncResult *result, gpointer data) {
  const Wish *wish = g_task_get_task_data(G_TASK(result));
  g_autoptr(GError) error = NULL;
  if (!g_task_propagate_boolean(G_TASK(result), &error)) {
    hf_window_tell(HF_WINDOW(window), error->message, true);
    return;
  }
  g_autofree char *name = g_path_get_basename(wish->path);
  g_autofree char *words = g_strdup_printf(_("Saved as %s"), name);
  hf_window_tell(HF_WINDOW(window), words, false);
}

static void begin(HfWindow *window, Wish *wish) {
  g_autoptr(GTask) task = g_task_new(window, NULL, on_written, NULL);
  g_task_set_task_data(task, wish, wish_free);
  g_task_run_in_thread(task, write_file);
}

/* Where the user wants it. */
typedef struct {
  HfWindow *window; /* borrowed: the dialog goes with it */
  Wish *wish;
} Ask;

static void ask_free(gpointer data) {
  Ask *ask = data;
  if (ask->wish)
    wish_free(ask->wish);
  g_free(ask);
}

static void on_answered(const char *path, gpointer data) {
  Ask *ask = data;
  if (!path)
    return;
  ask->wish->path = g_strdup(path);
  begin(ask->window, g_steal_pointer(&ask->wish));
}

static void ask_where(HfWindow *window, Wish *wish) {
  static const char *const suffixes[] = {".png", ".svg", ".pdf", NULL};
  ExportQuestion question = {_("Save the Comparison"), _("comparison.png"), suffixes};
  Ask *ask = g_new0(Ask, 1);
  *ask = (Ask){window, wish};
  export_dialog_ask(GTK_WINDOW(window), &question, on_answered, ask, ask_free);
}

void compare_export(HfWindow *window, HfComparison *page, const RunStore *store, double share,
                    const char *path) {
  if (hf_comparison_is_empty(page)) {
    hf_window_tell(window, _("Choose two runs first; then there is a figure to save."), false);
    return;
  }
  HfComparePictures *pictures = hf_comparison_get_pictures(page);
  Wish *wish = g_new0(Wish, 1);
  *wish = (Wish){.store_path = g_strdup(run_store_path(store)),
                 .share = share,
                 .lock = hf_compare_pictures_get_lock(pictures),
                 .map = hf_compare_pictures_get_map(pictures)};
  for (int side = 0; side < N_SIDES; side++)
    wish->ids[side] = g_strdup(hf_comparison_get_run(page, side)->id);
  if (path && *path) {
    wish->path = g_strdup(path);
    begin(window, wish);
  } else
    ask_where(window, wish);
}
