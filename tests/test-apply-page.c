/* The page Apply in process: a trained run answers pictures by the window's actions, and a window that closes
 * in the middle.  Skips where no display can be had. */
#include "app/recorded-example.h"
#include "app/window-binding.h"
#include "tests/temporary-folder.h"
#include "ui/answer-tile.h"
#include "ui/apply-view.h"

#include <adwaita.h>
#include <cblas.h>
#include <stdlib.h>
#include <string.h>

#define MOST_WAIT 60000 /* milliseconds, before a test gives up */
#define MANY      40

static const char tiny[] = "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 64\nvalidation = 16\n"
                           "test = 16\nepochs = 1\nbatch = 16\nthreads = 2\n"
                           "[manipulation]\nmethod = border\nimage_size = 32\n[alignment]\nmethod = ilm\n";

static const char *folder;
static HfWindow *window;
static HfController *controller;

static void wait(int milliseconds) {
  gint64 end = g_get_monotonic_time() + milliseconds * 1000;
  while (g_get_monotonic_time() < end)
    if (!g_main_context_iteration(NULL, FALSE))
      g_usleep(2000);
}

#define WAIT_UNTIL(condition)                                                                                \
  G_STMT_START {                                                                                             \
    gint64 wait_end = g_get_monotonic_time() + MOST_WAIT * 1000;                                             \
    while (!(condition)) {                                                                                   \
      if (g_get_monotonic_time() > wait_end)                                                                 \
        g_error("waited in vain for " #condition);                                                           \
      wait(10);                                                                                              \
    }                                                                                                        \
  }                                                                                                          \
  G_STMT_END

static void open_window(const char *store_name) {
  g_autofree char *store = g_build_filename(folder, store_name, NULL);
  g_autoptr(GError) error = NULL;
  controller = hf_controller_new(store, &error);
  g_assert_no_error(error);
  window = hf_window_new(NULL, NULL);
  window_bind(window, controller, NULL);
  gtk_window_present(GTK_WINDOW(window));
}

static void close_window(void) {
  gtk_window_close(GTK_WINDOW(window));
  wait(100);
  window = NULL;
  g_clear_object(&controller);
}

static void act(const char *action, GVariant *parameter) {
  g_action_group_activate_action(G_ACTION_GROUP(window), action, parameter);
}

static void act_files(const char *path) {
  act("apply-files", g_variant_new_strv((const char *[]){path, NULL}, -1));
}

static bool is_enabled(const char *action) {
  return g_action_group_get_action_enabled(G_ACTION_GROUP(window), action);
}

static int answered(void) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), "apply-answered");
  return g_variant_get_int32(state);
}

static char *text_state(const char *action) {
  g_autoptr(GVariant) state = g_action_group_get_action_state(G_ACTION_GROUP(window), action);
  return g_variant_dup_string(state, NULL);
}

/* The first widget of a type at or below another, in the order of the tree. */
static GtkWidget *find_widget(GtkWidget *at, GType type) {
  if (G_TYPE_CHECK_INSTANCE_TYPE(at, type))
    return at;
  for (GtkWidget *child = gtk_widget_get_first_child(at); child; child = gtk_widget_get_next_sibling(child)) {
    GtkWidget *found = find_widget(child, type);
    if (found)
      return found;
  }
  return NULL;
}

static GdkTexture *texture(int edge) {
  gsize size = (gsize)edge * (gsize)edge * 3;
  g_autoptr(GBytes) pixels = g_bytes_new_take(g_malloc0(size), size);
  return gdk_memory_texture_new(edge, edge, GDK_MEMORY_R8G8B8, pixels, (gsize)edge * 3);
}

static void write_pictures(void) {
  for (int i = 0; i < MANY; i++) {
    g_autofree char *name = g_strdup_printf("pictures/%02d.png", i);
    g_autoptr(GdkTexture) picture = texture(28 + i);
    g_autoptr(GBytes) png = gdk_texture_save_to_png_bytes(picture);
    g_autofree char *path = folder_write(folder, name, g_bytes_get_data(png, NULL), g_bytes_get_size(png));
  }
}

/* Nothing was trained: the recorded run answers; where it cannot be shown there is only a sentence. */
static void test_no_run(void) {
  open_window("none.db");
  wait(200);
  g_assert_false(is_enabled("apply-shown"));
  g_assert_false(is_enabled("save-predictions"));
  g_autofree char *path = g_build_filename(folder, "pictures", NULL);
  bool possible = recorded_example_is_possible();
  act_files(path);
  wait(100);
  g_autofree char *page = text_state("page");
  g_assert_cmpstr(page, ==, "apply");
  if (possible)
    WAIT_UNTIL(answered() == MANY);
  g_autofree char *run = text_state("apply-run");
  g_assert_cmpint(answered(), ==, possible ? MANY : 0);
  g_assert_cmpint(*run != 0, ==, possible);
  close_window();
}

static void train(void) {
  g_autofree char *spec = folder_write(folder, "tiny.ini", tiny, strlen(tiny));
  act("open-file", g_variant_new_bytestring(spec));
  WAIT_UNTIL(hf_controller_session(controller) && hf_controller_spec(controller)->train == 64);
  act("run", NULL);
  WAIT_UNTIL(hf_controller_state(controller) == HF_STATE_RUNNING);
  WAIT_UNTIL(hf_controller_state(controller) == HF_STATE_ENDED);
}

static void drop_again(GtkWidget *view) {
  g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(paths, g_build_filename(folder, "pictures", "00.png", NULL));
  g_signal_emit_by_name(view, "files", paths);
  g_autoptr(GdkTexture) dropped = texture(50);
  g_signal_emit_by_name(view, "texture", dropped);
}

/* A texture, then files. */
static void paste(void) {
  GdkClipboard *clipboard = gtk_widget_get_clipboard(GTK_WIDGET(window));
  int before = answered();
  g_autoptr(GdkTexture) copied = texture(40);
  gdk_clipboard_set_texture(clipboard, copied);
  act("apply-paste", NULL);
  WAIT_UNTIL(answered() == before + 1);
  g_autofree char *path = g_build_filename(folder, "pictures", "01.png", NULL);
  g_autoptr(GFile) file = g_file_new_for_path(path);
  g_autoptr(GSList) files = g_slist_prepend(NULL, file);
  GdkFileList *list = gdk_file_list_new_from_list(files);
  gdk_clipboard_set(clipboard, GDK_TYPE_FILE_LIST, list);
  g_boxed_free(GDK_TYPE_FILE_LIST, list);
  act("apply-paste", NULL);
  WAIT_UNTIL(answered() == before + 2);
}

static void check_first(GtkWidget *view) {
  g_autoptr(HfAnswer) first =
      g_list_model_get_item(G_LIST_MODEL(hf_apply_view_get_answers(HF_APPLY_VIEW(view))), 0);
  g_assert_null(first->error);
  g_assert_cmpint(first->received.width, ==, 64);
  g_assert_cmpint(first->picture.width, ==, 28);
  g_assert_nonnull(first->off);
  GtkWidget *tile = find_widget(view, HF_TYPE_ANSWER_TILE);
  g_assert_nonnull(tile);
  g_assert_true(g_str_has_prefix(hf_answer_tile_get_words(HF_ANSWER_TILE(tile)), "00.png: "));
  g_assert_nonnull(strstr(hf_answer_tile_get_words(HF_ANSWER_TILE(tile)), "without the prompt: "));
}

/* By actions, by drops, as a table; another run answers them anew; then nothing is left. */
static void test_answers(void) {
  open_window("runs.db");
  train();
  g_assert_true(is_enabled("apply-shown"));
  act("apply-shown", NULL);
  g_autofree char *run = text_state("apply-run"), *path = g_build_filename(folder, "pictures", NULL),
                  *table = g_build_filename(folder, "w\xc3\xa4hlen.csv", NULL);
  g_assert_cmpstr(run, ==, hf_controller_run_id(controller));
  act_files(path);
  WAIT_UNTIL(answered() == MANY);
  wait(200);
  GtkWidget *view = find_widget(GTK_WIDGET(window), HF_TYPE_APPLY_VIEW);
  check_first(view);
  drop_again(view);
  WAIT_UNTIL(answered() == MANY + 2);
  paste();
  act("save-predictions", g_variant_new_string(table));
  WAIT_UNTIL(g_file_test(table, G_FILE_TEST_EXISTS));
  g_autofree char *text = NULL;
  g_assert_true(g_file_get_contents(table, &text, NULL, NULL));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, MANY + 6);
  g_assert_true(g_str_has_prefix(lines[MANY + 2], "picture 1,"));
  g_assert_true(g_str_has_prefix(lines[MANY + 3], "picture 2,"));
  act("apply-run", g_variant_new_string("last"));
  g_assert_cmpint(answered(), ==, 0);
  WAIT_UNTIL(answered() == MANY + 4);
  act("apply-clear", NULL);
  g_assert_cmpint(answered(), ==, 0);
  g_assert_false(is_enabled("save-predictions"));
  act_files("/there/is/no/such.png");
  WAIT_UNTIL(answered() == 0 && !is_enabled("apply-clear"));
  /* Closing in the middle ends the work and joins its thread. */
  for (int i = 0; i < 5; i++)
    act_files(path);
  WAIT_UNTIL(answered() > 0);
  gint64 begun = g_get_monotonic_time();
  close_window();
  g_assert_cmpint(g_get_monotonic_time() - begun, <, 5 * G_USEC_PER_SEC);
}

static void open_spec(const char *spec) {
  HfController *of = controller;
  hf_controller_reset(of);
  g_autofree char *path = folder_write(folder, "own.ini", spec, (gssize)strlen(spec));
  act("open-file", g_variant_new_bytestring(path));
  WAIT_UNTIL(hf_controller_state(of) == HF_STATE_IDLE);
  act("run", NULL);
  WAIT_UNTIL(hf_controller_run_id(of));
}

/* How many runs the page offers beside the one that is shown. */
static int offered(void) {
  GtkWidget *view = find_widget(GTK_WIDGET(window), HF_TYPE_APPLY_VIEW);
  GtkMenuButton *button = GTK_MENU_BUTTON(find_widget(view, GTK_TYPE_MENU_BUTTON));
  g_signal_emit_by_name(view, "runs-wanted");
  GMenuModel *menu = gtk_menu_button_get_menu_model(button);
  int last = g_menu_model_get_n_items(menu) - 1;
  g_autoptr(GMenuModel) section = g_menu_model_get_item_link(menu, last, G_MENU_LINK_SECTION);
  return g_menu_model_get_n_items(section);
}

/* A run that was stopped while it counts its first label map is neither chosen nor offered. */
static void test_not_counted(void) {
  static const char slow[] =
      "[run]\nmodel = objects-letters\ndataset = squares\ntrain = 8000\nvalidation = 16\n"
      "test = 16\nbatch = 16\n[manipulation]\nmethod = border\nimage_size = 32\n";
  open_window("early.db");
  open_spec(slow);
  act("stop", NULL);
  WAIT_UNTIL(hf_controller_state(controller) == HF_STATE_ENDED);
  act("page", g_variant_new_string("apply"));
  wait(200);
  g_autofree char *run = text_state("apply-run");
  g_assert_cmpstr(run, ==, "");
  g_assert_cmpint(offered(), ==, 0);
  close_window();
}

/* A run on texts says so in place, takes no pictures, and is not offered. */
static void test_texts(void) {
  GString *text = g_string_new(NULL);
  for (int i = 0; i < 60; i++)
    g_string_append(text, "the red cat sat in a barn. ");
  g_autofree char *path = folder_write(folder, "text.txt", text->str, (gssize)text->len);
  g_string_free(text, TRUE);
  g_autofree char *spec = g_strdup_printf(
      "[run]\nmodel = %s/tests/references/characters.onnx\ndataset = %s\ntokens = 8\ntrain = 8\n"
      "validation = 4\ntest = 4\nbatch = 4\nepochs = 1\n"
      "[manipulation]\nlocation = embedding\nmethod = soft-prompt\ntokens = 2\n"
      "[alignment]\nfamily = identity\nmethod = identity\n",
      SOURCE_ROOT, path);
  open_window("texts.db");
  open_spec(spec);
  WAIT_UNTIL(hf_controller_state(controller) == HF_STATE_ENDED);
  act("page", g_variant_new_string("apply"));
  wait(200);
  g_autofree char *run = text_state("apply-run"), *pictures = g_build_filename(folder, "pictures", NULL);
  g_assert_cmpstr(run, ==, hf_controller_run_id(controller));
  GtkWidget *view = find_widget(GTK_WIDGET(window), HF_TYPE_APPLY_VIEW);
  GtkWidget *status = find_widget(view, ADW_TYPE_STATUS_PAGE);
  g_assert_cmpstr(adw_status_page_get_title(ADW_STATUS_PAGE(status)), ==, "This Run Reads Texts");
  g_assert_false(is_enabled("apply-choose"));
  g_assert_cmpint(offered(), ==, 0);
  act_files(pictures);
  wait(100);
  g_assert_cmpint(answered(), ==, 0);
  g_assert_false(is_enabled("apply-clear"));
  close_window();
}

int main(int argc, char **argv) {
  openblas_set_num_threads(1);
  g_setenv("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv("GTK_A11Y", "test", FALSE);
  (g_test_init)(&argc, &argv, NULL);
  g_autoptr(TemporaryFolder) own = folder_new();
  folder = own;
  g_setenv("XDG_CONFIG_HOME", own, TRUE);
  g_setenv("XDG_DATA_HOME", own, TRUE);
  if (!gtk_init_check()) {
    g_print("1..0 # SKIP no display\n");
    return 0;
  }
  adw_init();
  write_pictures();
  g_test_add_func("/apply-page/no-run", test_no_run);
  g_test_add_func("/apply-page/answers", test_answers);
  g_test_add_func("/apply-page/not-counted", test_not_counted);
  g_test_add_func("/apply-page/texts", test_texts);
  return g_test_run();
}
