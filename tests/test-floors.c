/* The floors: includes point down only, and each floor knows the libraries that it may know.
 *
 *     engine <- data, engine <- ui, app on top.  See ARCHITECTURE.md. */
#include <glib.h>
#include <string.h>

typedef struct {
  const char *folder;  /* the files it is about: all below this folder */
  const char *allowed; /* what an include may begin with, words; "" : anything that is not forbidden */
  const char *forbidden;
  const char *words; /* names that the code may not use */
} Floor;

#define LIBC_HEADERS                                                                                         \
  "assert.h ctype.h errno.h fcntl.h fenv.h float.h immintrin.h inttypes.h limits.h math.h poll.h pthread.h " \
  "sched.h "                                                                                                 \
  "setjmp.h signal.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h stdlib.h string.h " \
  "sys/ "                                                                                                    \
  "time.h unistd.h "

static const Floor floors[] = {
    {"engine", LIBC_HEADERS "glib.h cblas.h engine/", "",
     "GThread GMutex GCond GAsyncQueue g_thread_ g_mutex_ g_cond_ g_object_ GObject"},
    {"data",
     LIBC_HEADERS
     "glib.h glib/ glib-object.h gio/ sqlite3.h json-glib/ gdk-pixbuf/ cairo pango/ zlib.h archive "
     "fontconfig/ ft2build.h protobuf-c/ onnx.pb-c.h engine/ data/",
     "", ""},
    {"ui/draw", LIBC_HEADERS "glib.h glib/gi18n.h cairo pango/ engine/ ui/draw/", "", "g_thread_ GThread pthread_"},
    {"ui", "", "app/ data/ sqlite3 cblas pthread.h archive protobuf-c onnx", "g_thread_ GThread pthread_"},
    {"app", "", "onnx.pb-c.h sqlite3 protobuf-c", ""},
};

/* The rows whose folder is the whole start of the path. */
static gboolean floor_holds(const Floor *floor, const char *path) {
  size_t n = strlen(floor->folder);
  return g_str_has_prefix(path, floor->folder) && path[n] == '/';
}

static gboolean begins_with_one(const char *text, const char *words) {
  g_auto(GStrv) starts = g_strsplit(words, " ", -1);
  for (char **start = starts; *start; start++)
    if (**start && g_str_has_prefix(text, *start))
      return TRUE;
  return FALSE;
}

/* What is wrong with a line of a file; NULL when nothing is.  (transfer full) */
static char *fault(const char *path, const char *line) {
  const char *at = line + strspn(line, " \t");
  g_autofree char *included = NULL;
  if (*at == '#') {
    at += 1 + strspn(at + 1, " \t");
    if (g_str_has_prefix(at, "include")) {
      at += strcspn(at, "<\"");
      if (*at)
        included = g_strndup(at + 1, strcspn(at + 1, ">\""));
    }
  }
  /* onnx.pb-c.h is generated and stays behind the reader. */
  if (included && g_str_equal(included, "onnx.pb-c.h") && !g_str_has_prefix(path, "data/onnx"))
    return g_strdup_printf("%s includes %s", path, included);
  for (guint i = 0; i < G_N_ELEMENTS(floors); i++) {
    const Floor *floor = &floors[i];
    if (!floor_holds(floor, path))
      continue;
    if (included && ((*floor->allowed && !begins_with_one(included, floor->allowed)) ||
                     begins_with_one(included, floor->forbidden)))
      return g_strdup_printf("%s includes %s", path, included);
    g_auto(GStrv) words = g_strsplit(floor->words, " ", -1);
    for (char **word = words; *word; word++)
      if (**word && strstr(line, *word))
        return g_strdup_printf("%s uses %s", path, *word);
  }
  return NULL;
}

static int check_folder(const char *folder) {
  g_autofree char *path = g_build_filename(SOURCE_ROOT, folder, NULL);
  g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
  g_assert_nonnull(dir);
  int files = 0;
  for (const char *name; (name = g_dir_read_name(dir));) {
    g_autofree char *relative = g_build_filename(folder, name, NULL);
    g_autofree char *absolute = g_build_filename(SOURCE_ROOT, relative, NULL);
    if (g_file_test(absolute, G_FILE_TEST_IS_DIR)) {
      files += check_folder(relative);
      continue;
    }
    if (!g_str_has_suffix(name, ".c") && !g_str_has_suffix(name, ".h"))
      continue;
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(absolute, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
      g_autofree char *found = fault(relative, *line);
      if (found) {
        g_test_message("%s", found);
        g_test_fail();
      }
    }
    files++;
  }
  return files;
}

static void test_tree(void) {
  static const char *const folders[] = {"engine", "data", "ui", "app"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++)
    g_assert_cmpint(check_folder(folders[i]), >, 0);
}

/* The rules themselves: lines that must be found, and some that must not. */
static void test_rules(void) {
  static const struct {
    const char *path, *line;
    gboolean wrong;
  } cases[] = {
      {"engine/run.c", "#include \"data/run-store.h\"", TRUE},
      {"engine/run.c", "#include <gio/gio.h>", TRUE},
      {"engine/run.c", "# include <sqlite3.h>", TRUE},
      {"engine/run.c", "  g_mutex_lock(&lock);", TRUE},
      {"engine/ops/conv.c", "#include <cairo.h>", TRUE},
      {"engine/ops/conv.c", "#include <cblas.h>", FALSE},
      {"engine/ops/conv.c", "#include \"engine/op.h\"", FALSE},
      {"engine/pool.c", "#include <sys/resource.h>", FALSE},
      {"data/onnx.c", "#include \"onnx.pb-c.h\"", FALSE},
      {"data/models.c", "#include \"onnx.pb-c.h\"", TRUE},
      {"data/models.c", "#include \"app/session.h\"", TRUE},
      {"data/models.c", "#include <gtk/gtk.h>", TRUE},
      {"data/models.c", "#include <cblas.h>", TRUE},
      {"ui/draw/pattern-picture.c", "#include <gtk/gtk.h>", TRUE},
      {"ui/draw/pattern-picture.c", "#include <cairo.h>", FALSE},
      {"ui/window.c", "#include \"data/run-store.h\"", TRUE},
      {"ui/window.c", "#include <sqlite3.h>", TRUE},
      {"ui/window.c", "#include <gtk/gtk.h>", FALSE},
      {"app/main.c", "#include \"data/run-store.h\"", FALSE},
      {"app/main.c", "#include <sqlite3.h>", TRUE},
  };
  for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *found = fault(cases[i].path, cases[i].line);
    g_test_message("%s: %s", cases[i].path, cases[i].line);
    g_assert_cmpint(found != NULL, ==, cases[i].wrong);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/floors/rules", test_rules);
  g_test_add_func("/floors/tree", test_tree);
  return g_test_run();
}
