/* The environment may not choose OpenBLAS's kernels; HOARFROST_BLAS_CORE may. */
#include <cblas.h>
#include <glib.h>
#include <string.h>

/* The core that a child with this variable reports.  (transfer full) */
static char *core_with(const char *name, const char *value) {
  g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), name, value, TRUE);
  g_autofree char *self = g_file_read_link("/proc/self/exe", NULL), *out = NULL;
  char *program[] = {self, "--core", NULL};
  g_autoptr(GError) error = NULL;
  int status = 0;
  g_spawn_sync(NULL, program, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
  g_assert_no_error(error);
  g_assert_cmpint(status, ==, 0);
  return g_strstrip(g_steal_pointer(&out));
}

static void test_core(void) {
  /* A processor whose own core is one of the two is forced to the other. */
  const char *other = strcmp(openblas_get_corename(), "Haswell") == 0 ? "Nehalem" : "Haswell";
  g_autofree char *ignored = core_with("OPENBLAS_CORETYPE", other);
  g_assert_cmpstr(ignored, ==, openblas_get_corename());
  g_autofree char *meant = core_with("HOARFROST_BLAS_CORE", other);
  g_assert_cmpstr(meant, ==, other);
}

/* All OPENBLAS_ variables go, and nothing else. */
static void test_variables(void) {
  g_autofree char *left = core_with("OPENBLAS_NUM_THREADS", "7");
  g_assert_cmpstr(left, ==, openblas_get_corename());
  g_assert_null(g_getenv("OPENBLAS_CORETYPE"));
  g_assert_nonnull(g_getenv("PATH"));
}

int main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--core") == 0) {
    if (g_getenv("OPENBLAS_NUM_THREADS"))
      return 1;
    g_print("%s\n", openblas_get_corename());
    return 0;
  }
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/blas-environment/core", test_core);
  g_test_add_func("/blas-environment/variables", test_variables);
  return g_test_run();
}
