/* What the desktop and the widgets read: desktop file, metainfo, schema, icons and templates are valid,
 * without a warning.  Cases skip where the tool that judges is not installed. */
#include <glib.h>
#include <string.h>

#define RESOURCES SOURCE_ROOT "/resources"

/* Asserts that the command ends well and says nothing of a warning. */
static void judge(const char *const *command) {
  g_autofree char *out = NULL, *err = NULL;
  g_autoptr(GError) error = NULL;
  int status = 0;
  g_spawn_sync(NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err, &status, &error);
  g_assert_no_error(error);
  g_autofree char *said = g_strconcat(out, err, NULL);
  g_autofree char *lower = g_ascii_strdown(said, -1);
  if (!g_spawn_check_wait_status(status, NULL) || strstr(lower, "warning") || strstr(lower, "hint"))
    g_error("%s: %s", command[0], said);
}

static gboolean skips_without(const char *tool) {
  g_autofree char *path = g_find_program_in_path(tool);
  if (!path)
    g_test_skip(tool);
  return !path;
}

static void test_desktop(void) {
  if (skips_without("desktop-file-validate"))
    return;
  judge((const char *[]){"desktop-file-validate", RESOURCES "/org.hoarfrost.Hoarfrost.desktop", NULL});
}

static void test_metainfo(void) {
  if (skips_without("appstreamcli"))
    return;
  judge((const char *[]){"appstreamcli", "validate", "--no-net",
                         RESOURCES "/org.hoarfrost.Hoarfrost.metainfo.xml", NULL});
}

static void test_schema(void) {
  if (skips_without("glib-compile-schemas"))
    return;
  judge((const char *[]){"glib-compile-schemas", "--strict", "--dry-run", RESOURCES, NULL});
}

/* gtk4-builder-tool opens a display to read a template, and knows libadwaita's classes only when they are
 * there. */
static void validate_template(const char *path) {
  g_autofree char *quoted = g_shell_quote(path);
  g_autofree char *line =
      g_strdup_printf("LD_PRELOAD=libadwaita-1.so.0 GTK_A11Y=none gtk4-builder-tool validate %s", quoted);
  judge((const char *[]){"xvfb-run", "-a", "sh", "-c", line, NULL});
}

static void test_templates(void) {
  if (skips_without("gtk4-builder-tool") || skips_without("xvfb-run"))
    return;
  static const char *const folders[] = {RESOURCES "/ui", RESOURCES "/gtk"};
  int n = 0;
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autoptr(GDir) folder = g_dir_open(folders[i], 0, NULL);
    g_assert_nonnull(folder);
    for (const char *name; (name = g_dir_read_name(folder));)
      if (g_str_has_suffix(name, ".ui")) {
        g_autofree char *path = g_build_filename(folders[i], name, NULL);
        validate_template(path);
        n++;
      }
  }
  g_assert_cmpint(n, >, 0);
}

/* Every file of resources/ that a widget may ask for is in the list that is compiled in. */
static void test_list(void) {
  g_autofree char *list = NULL;
  g_assert_true(g_file_get_contents(RESOURCES "/hoarfrost.gresource.xml", &list, NULL, NULL));
  g_autoptr(GDir) folder = g_dir_open(RESOURCES "/ui", 0, NULL);
  g_assert_nonnull(folder);
  for (const char *name; (name = g_dir_read_name(folder));) {
    g_autofree char *entry = g_strdup_printf(">ui/%s<", name);
    if (!strstr(list, entry))
      g_error("ui/%s is not in hoarfrost.gresource.xml", name);
  }
}

/* Every file with words for people is among those that translators are given. */
static void test_translatable(void) {
  g_autofree char *list = NULL;
  g_assert_true(g_file_get_contents(SOURCE_ROOT "/po/POTFILES", &list, NULL, NULL));
  static const char *const folders[] = {"app", "ui", "ui/draw", "resources/ui", "resources/gtk"};
  for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
    g_autofree char *path = g_build_filename(SOURCE_ROOT, folders[i], NULL);
    g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
    g_assert_nonnull(folder);
    for (const char *name; (name = g_dir_read_name(folder));) {
      g_autofree char *file = g_build_filename(path, name, NULL);
      g_autofree char *text = NULL;
      if (!g_file_get_contents(file, &text, NULL, NULL) ||
          !(strstr(text, "glib/gi18n.h") || strstr(text, "translatable=\"yes\"")))
        continue;
      g_autofree char *line = g_strdup_printf("%s/%s\n", folders[i], name);
      if (!strstr(list, line))
        g_error("%s is not in po/POTFILES", line);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/resources/desktop", test_desktop);
  g_test_add_func("/resources/metainfo", test_metainfo);
  g_test_add_func("/resources/schema", test_schema);
  g_test_add_func("/resources/templates", test_templates);
  g_test_add_func("/resources/list", test_list);
  g_test_add_func("/resources/translatable", test_translatable);
  return g_test_run();
}
