/* Runs ONNX's backend data (Debian's package libonnx-testdata) through the reader and the engine, with the
 * channels-last pass on and off.
 *
 *     test-conformance              all cases; the last line is "passed N of M"; status 1 when a case fails
 * that stands in conformance-passes.txt test-conformance WORD...      the cases whose names hold one of the
 * words, one line each test-conformance --write      writes conformance-passes.txt anew test-conformance
 * --tap        as one TAP case
 *
 * Where the data is not installed nothing is run, which the first line says, and the last is "passed 0 of 0".
 */
#include "tests/support/conformance.h"

#include <stdio.h>
#include <string.h>

#define DATA   "/usr/share/libonnx-testdata/data"
#define PASSES SOURCE_ROOT "/tests/conformance-passes.txt"

static const char *const groups[] = {"node", "pytorch-converted", "pytorch-operator", "simple"};

static int compare_names(gconstpointer a, gconstpointer b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

/* "node/test_add", ... sorted.  (transfer full) */
static GPtrArray *find_cases(char **words) {
  GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
  for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
    g_autofree char *folder = g_build_filename(DATA, groups[i], NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
      g_autofree char *name = g_build_filename(groups[i], entry, NULL),
                      *model = g_build_filename(DATA, name, "model.onnx", NULL);
      bool wanted = !*words;
      for (char **word = words; *word; word++)
        wanted |= strstr(name, *word) != NULL;
      if (wanted && g_file_test(model, G_FILE_TEST_EXISTS))
        g_ptr_array_add(names, g_steal_pointer(&name));
    }
  }
  g_ptr_array_sort(names, compare_names);
  return names;
}

/* Counts by a name. */
typedef struct {
  int cases, passed;
  const char *reason;
} Count;

static Count *count_of(GHashTable *counts, const char *name) {
  Count *count = g_hash_table_lookup(counts, name);
  if (!count) {
    count = g_new0(Count, 1);
    g_hash_table_insert(counts, g_strdup(name), count);
  }
  return count;
}

static GHashTable *counts_new(void) {
  return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

static void print_counts(GHashTable *counts, const char *prefix) {
  g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(counts), (GCompareFunc)strcmp);
  for (GList *name = names; name; name = name->next) {
    const Count *count = g_hash_table_lookup(counts, name->data);
    const char *why = scope_of_operator(name->data);
    printf("%s%-32s %4d / %4d%s%s\n", prefix, (char *)name->data, count->passed, count->cases,
           why ? "  outside: " : "", why ? why : "");
  }
}

static void print_tables(const GPtrArray *cases, const char *prefix) {
  g_autoptr(GHashTable) operators = counts_new(), reasons = counts_new();
  for (guint i = 0; i < cases->len; i++) {
    const Case *one = g_ptr_array_index(cases, i);
    for (char **name = one->operators; *name; name++) {
      count_of(operators, *name)->cases++;
      count_of(operators, *name)->passed += !one->failure;
    }
    const char *reason = one->outside ? one->outside : "inside";
    count_of(reasons, reason)->cases++;
    count_of(reasons, reason)->passed += !one->failure;
  }
  printf("%sOperator: cases with it that pass / all cases with it\n", prefix);
  print_counts(operators, prefix);
  printf("%sScope: cases that pass / all cases\n", prefix);
  print_counts(reasons, prefix);
  printf("%sInside the scope and not passed:\n", prefix);
  for (guint i = 0; i < cases->len; i++) {
    const Case *one = g_ptr_array_index(cases, i);
    if (one->failure && !one->outside)
      printf("%s  %s: %s\n", prefix, one->name, one->failure);
  }
}

/* Prints the cases that should pass and do not; returns how many. */
static int check_passes(const GPtrArray *cases, const char *prefix) {
  g_autofree char *text = NULL;
  if (!g_file_get_contents(PASSES, &text, NULL, NULL))
    g_error("cannot read %s", PASSES);
  g_auto(GStrv) names = g_strsplit(text, "\n", -1);
  int missing = 0;
  for (char **name = names; *name; name++) {
    const char *failure = "is gone";
    for (guint i = 0; i < cases->len; i++) {
      const Case *one = g_ptr_array_index(cases, i);
      if (strcmp(one->name, *name) == 0)
        failure = one->failure;
    }
    if (!**name || !failure)
      continue;
    if (missing++ == 0)
      printf("%sPassed once, and not now:\n", prefix);
    printf("%s  %s: %s\n", prefix, *name, failure);
  }
  return missing;
}

static void write_passes(const GPtrArray *cases) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (guint i = 0; i < cases->len; i++) {
    const Case *one = g_ptr_array_index(cases, i);
    if (!one->failure)
      g_string_append_printf(text, "%s\n", one->name);
  }
  g_autoptr(GError) error = NULL;
  if (!g_file_set_contents(PASSES, text->str, -1, &error))
    g_error("%s", error->message);
}

int main(int argc, char **argv) {
  gboolean tap = FALSE, write = FALSE;
  const GOptionEntry entries[] = {
      {"tap", 0, 0, G_OPTION_ARG_NONE, &tap, "One TAP case", NULL},
      {"write", 0, 0, G_OPTION_ARG_NONE, &write, "Write the list of passes", NULL},
      {NULL}};
  g_autoptr(GOptionContext) context = g_option_context_new("[WORD...]");
  g_option_context_add_main_entries(context, entries, NULL);
  g_autoptr(GError) error = NULL;
  if (!g_option_context_parse(context, &argc, &argv, &error)) {
    fprintf(stderr, "%s\n", error->message);
    return 2;
  }
  const char *prefix = tap ? "# " : "";
  bool some = argc > 1;
  g_autoptr(GPtrArray) names = find_cases(argv + 1),
                       cases = g_ptr_array_new_with_free_func((GDestroyNotify)case_free);
  int passed = 0, missing = 0;
  if (tap)
    printf("1..1\n");
  if (names->len == 0 && !some)
    printf("%s%s is not there: install libonnx-testdata\n", tap ? "ok 1 conformance # SKIP " : "", DATA);
  for (guint i = 0; i < names->len; i++) {
    Case *one = case_run(DATA, g_ptr_array_index(names, i));
    g_ptr_array_add(cases, one);
    passed += !one->failure;
    if (some)
      printf("%s%s: %s\n", prefix, one->name, one->failure ? one->failure : "passed");
  }
  if (names->len > 0 && !some) {
    print_tables(cases, prefix);
    if (write)
      write_passes(cases);
    missing = check_passes(cases, prefix);
  }
  if (tap && names->len > 0)
    printf("%sok 1 conformance\n", missing ? "not " : "");
  printf("%spassed %d of %u\n", prefix, passed, names->len);
  return missing > 0;
}
