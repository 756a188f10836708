/* Bundles: out of one store, into another, the same; and files that mean harm. */
#include "tests/store-fixture.h"

#include "data/bundle-metrics.h"
#include "data/bundle.h"
#include "data/npy.h"
#include "data/zip.h"

#include <archive.h>
#include <archive_entry.h>

static char *path_in(const char *folder, const char *name) {
  return g_build_filename(folder, name, NULL);
}

/* A run with everything: patterns, maps that change, a bias, evaluations at 0 and at the ends. */
static char *store_example(RunStore *store) {
  g_autoptr(RunRow) row = row_example();
  row->name = g_strdup("a \"run\" named \u00e4");
  RunWriter *writer = writer_new(store, row);
  char *id = g_strdup(run_writer_id(writer));
  RunEvaluation first = {0, 0.1, 2.5, 0.125, 0.5};
  run_writer_evaluation(writer, &first);
  for (int i = 0; i <= 12; i++) {
    RunStep step = step_at(MAX(i, 1));
    g_autoptr(Tensor) pattern = tensor_at(i, SHAPE(3, 9, 7)), omega = tensor_at(i, SHAPE(6, 4)),
                      bias = tensor_new(TENSOR_FLOAT32, &SHAPE(4), NULL);
    tensor_floats(bias)[2] = i == 12 ? 0.1f : 0;
    run_writer_step(writer, &step);
    run_writer_pattern(writer, i, pattern);
    run_writer_map(writer, i, omega, bias, i);
  }
  RunEvaluation last = {12, 1 / 3.0, NAN, 2 / 3.0, 9.75};
  g_autoptr(Tensor) own = tensor_at(20, SHAPE(6, 4)), own_bias = tensor_at(21, SHAPE(4)),
                    full = tensor_at(22, SHAPE(6, 4)), none = tensor_new(TENSOR_FLOAT32, &SHAPE(4), NULL);
  run_writer_baseline(writer, PROMPT_OFF, 0.125, 2.25, own, own_bias);
  run_writer_baseline(writer, PROMPT_FULL_SIZE, 0.25, 2.125, full, none);
  g_autoptr(RunState) state = state_at(12);
  char digest[] = "feed";
  RunResult result = {.steps = 12,
                      .seconds = 1 / 7.0,
                      .best_test_accuracy = 2 / 3.0,
                      .last_test_accuracy = NAN,
                      .frozen_parameters = (gint64)1 << 40,
                      .pattern_sha256 = digest};
  run_writer_evaluation(writer, &last);
  run_writer_checkpoint(writer, state);
  run_writer_warning(writer, "z: a first sentence");
  run_writer_warning(writer, "a: a second");
  run_writer_result(writer, &result);
  run_writer_status(writer, STATUS_FINISHED, NULL);
  writer_done(writer);
  g_assert_true(run_store_set_tags(store, id, "paper, b", NULL) &&
                run_store_set_note(store, id, "line\nline", NULL));
  return id;
}

static void assert_same_bytes(const char *a, const char *b, bool same) {
  g_autofree char *bytes_a = NULL, *bytes_b = NULL;
  gsize size_a, size_b;
  g_assert_true(g_file_get_contents(a, &bytes_a, &size_a, NULL) &&
                g_file_get_contents(b, &bytes_b, &size_b, NULL));
  g_assert_true((size_a == size_b && memcmp(bytes_a, bytes_b, size_a) == 0) == same);
}

static void assert_same_series(GArray *a, GArray *b) {
  g_assert_cmpuint(a->len, >, 0);
  assert_same_array(a, b);
}

static void assert_same_row(const RunRow *a, const RunRow *b) {
  g_assert_cmpstr(a->name, ==, b->name);
  g_assert_cmpstr(a->spec, ==, b->spec);
  g_assert_cmpstr(a->tags, ==, b->tags);
  g_assert_cmpstr(a->note, ==, b->note);
  g_assert_cmpstr(a->alignment, ==, b->alignment);
  g_assert_cmpstr(a->blas_core, ==, b->blas_core);
  g_assert_cmpstr(a->result.pattern_sha256, ==, b->result.pattern_sha256);
  g_assert_cmpint(a->created, ==, b->created);
  g_assert_cmpint(a->status, ==, b->status);
  g_assert_true(a->seed == b->seed);
  g_assert_cmpint(a->result.frozen_parameters, ==, b->result.frozen_parameters);
  assert_same_number(a->result.seconds, b->result.seconds);
  assert_same_number(a->result.last_test_accuracy, b->result.last_test_accuracy);
  assert_same_number(a->neutral, b->neutral);
}

static void test_round_trip(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) from = store_new(folder, "from.db"), to = store_new(folder, "to.db");
  g_autofree char *id = store_example(from), *first = path_in(folder, "1.hoarfrost"),
                  *second = path_in(folder, "2.hoarfrost"), *third = path_in(folder, "3.hoarfrost");
  g_autoptr(GBytes) figure = g_bytes_new_static("%PDF", 4);
  BundleFile files[] = {{"figure.pdf", figure}};
  BundleOptions options = {files, 1, 0};
  g_assert_true(bundle_export(from, id, first, &options, &error));
  g_assert_true(bundle_export(from, id, second, &options, &error));
  assert_same_bytes(first, second, true);

  bool was_there = true;
  g_autofree char *imported = bundle_import(to, first, &was_there, &error);
  g_assert_no_error(error);
  g_assert_cmpstr(imported, ==, id);
  g_assert_false(was_there);
  g_assert_true(bundle_export(to, id, third, &options, &error));
  assert_same_bytes(first, third, true);

  g_autoptr(RunRow) row = run_store_get(from, id, NULL), copy = run_store_get(to, id, NULL);
  assert_same_row(row, copy);
  g_autoptr(GArray) steps = run_store_steps(from, id, -1, NULL),
                    steps_copy = run_store_steps(to, id, -1, NULL);
  assert_same_series(steps, steps_copy);
  g_autoptr(GArray) evaluations = run_store_evaluations(to, id, -1, NULL);
  g_assert_cmpuint(evaluations->len, ==, 2);
  g_assert_true(isnan(g_array_index(evaluations, RunEvaluation, 1).validation_loss));
  g_autoptr(GArray) changes = map_changes(from, id), changes_copy = map_changes(to, id);
  assert_same_series(changes, changes_copy);
  g_autoptr(Tensor) pattern = run_store_pattern(to, id, 5, NULL, NULL), wanted = tensor_at(5, SHAPE(3, 9, 7));
  assert_same_tensor(pattern, wanted);
  g_autoptr(Tensor) bias = NULL;
  g_assert_true(run_store_map(to, id, 12, NULL, &bias, NULL, NULL));
  g_assert_cmpfloat(tensor_floats(bias)[2], ==, 0.1f);
  g_autoptr(Tensor) own = NULL, own_bias = NULL, wanted_own = tensor_at(20, SHAPE(6, 4)),
                    wanted_bias = tensor_at(21, SHAPE(4));
  g_assert_true(run_store_baseline_map(to, id, PROMPT_OFF, &own, &own_bias, NULL));
  assert_same_tensor(own, wanted_own);
  assert_same_tensor(own_bias, wanted_bias);
  g_autoptr(GPtrArray) warnings = run_store_warnings(to, id, NULL);
  g_assert_cmpuint(warnings->len, ==, 2);
  g_assert_true(g_str_has_prefix(g_ptr_array_index(warnings, 0), "z:"));
  g_autoptr(GBytes) preview = run_store_preview(to, id, 5, NULL);
  g_assert_nonnull(preview);

  g_autoptr(RunState) state = NULL, expected = state_at(12);
  bool complete = true;
  g_assert_true(run_store_checkpoint(to, id, &state, &complete, NULL));
  g_assert_false(complete);
  assert_same_array(state->parameters, expected->parameters);
  g_assert_true(run_store_rename(to, id, "renamed", NULL));
  g_autofree char *again = bundle_import(to, first, &was_there, &error);
  g_assert_true(was_there);
  g_autoptr(RunRow) kept = run_store_get(to, id, NULL);
  g_assert_cmpstr(kept->name, ==, "renamed");
  folder_remove(folder);
}

static bool want_all(const char *name) {
  return true;
}

static const ZipLimits ample = {1000, 1 << 24, 1 << 24};

typedef struct {
  GPtrArray *names, *contents;
} Files;

static bool collect_files(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  Files *files = data;
  g_ptr_array_add(files->names, g_strdup(name));
  g_ptr_array_add(files->contents, g_bytes_new(bytes, size));
  return true;
}

static bool add_backwards(ZipFile *zip, void *data, GError **error) {
  Files *files = data;
  for (guint i = files->names->len; i-- > 0;) {
    gsize size;
    const void *bytes = g_bytes_get_data(g_ptr_array_index(files->contents, i), &size);
    if (!zip_add(zip, g_ptr_array_index(files->names, i), bytes, size, error))
      return false;
  }
  return true;
}

/* Somebody packed the files anew, in another order. */
static void test_order(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) from = store_new(folder, "from.db"), to = store_new(folder, "to.db");
  g_autofree char *id = store_example(from), *path = path_in(folder, "run.hoarfrost");
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free),
                       contents = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
  Files files = {names, contents};
  g_assert_true(bundle_export(from, id, path, NULL, &error));
  g_assert_true(zip_read(path, &ample, want_all, collect_files, &files, &error));
  g_assert_true(zip_write(path, add_backwards, &files, &error));
  g_autofree char *imported = bundle_import(to, path, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) changes = map_changes(from, id), copy = map_changes(to, id);
  assert_same_series(changes, copy);
  g_autoptr(GArray) maps = run_store_map_steps(to, id, NULL);
  int switches = 0;
  for (guint i = 0; i < maps->len; i++)
    switches += g_array_index(maps, RunMapStep, i).switches;
  g_assert_cmpint(switches, ==, changes->len);
  folder_remove(folder);
}

/* The first and the last of thirteen patterns stay, and the same bundle is written again. */
static void test_thinned(void) {
  static const int wanted[] = {0, 3, 6, 9, 12};
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) from = store_new(folder, "from.db"), to = store_new(folder, "to.db");
  g_autofree char *id = store_example(from), *path = path_in(folder, "few.hoarfrost");
  g_assert_true(bundle_export(from, id, path, &(BundleOptions){.most_patterns = 5}, &error));
  g_autofree char *imported = bundle_import(to, path, NULL, &error);
  g_assert_no_error(error);
  g_autoptr(GArray) steps = run_store_pattern_steps(to, id, NULL);
  g_assert_cmpmem(steps->data, steps->len * sizeof(int), wanted, sizeof wanted);
  g_autoptr(GArray) metrics = run_store_steps(to, id, -1, NULL);
  g_assert_cmpuint(metrics->len, ==, 12);
  folder_remove(folder);
}

/* A run that had not ended is stopped after import, and cannot go on. */
static void test_unfinished(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) from = store_new(folder, "from.db"), to = store_new(folder, "to.db");
  g_autofree char *path = path_in(folder, "run.hoarfrost");
  g_autoptr(RunRow) row = row_example();
  g_autoptr(RunState) state = state_at(3), resumed = NULL;
  RunWriter *writer = writer_new(from, row);
  run_writer_checkpoint(writer, state);
  g_usleep(400000);
  g_assert_true(bundle_export(from, run_writer_id(writer), path, NULL, &error));
  g_autofree char *id = bundle_import(to, path, NULL, &error);
  g_assert_no_error(error);
  writer_done(writer);
  g_autoptr(RunRow) read = run_store_get(to, id, NULL);
  g_assert_cmpint(read->status, ==, STATUS_STOPPED);
  g_assert_null(run_writer_resume(to, id, &resumed, NULL, NULL, &error));
  g_assert_nonnull(strstr(error->message, "came with a bundle"));
  folder_remove(folder);
}

static bool collect_names(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  g_string_append_printf(data, "%s ", name);
  if (strcmp(name, "pattern.npy") == 0) {
    g_autoptr(Tensor) tensor = npy_from_bytes(bytes, size, name, error),
                      wanted = tensor_at(12, SHAPE(3, 9, 7));
    assert_same_tensor(tensor, wanted);
  }
  if (strcmp(name, "metrics.csv") == 0)
    g_assert_true(g_str_has_prefix(
        bytes, "step,epoch,loss,train_accuracy,seconds,validation_accuracy,validation_loss,"
               "test_accuracy,evaluation_seconds,gradient_norm\n0,,,,,0.1,2.5,0.125,0.5,\n1,0,1,"));
  return true;
}

/* Bundles from before gradients were kept. */
static void test_older_metrics(void) {
  static const char text[] =
      "step,epoch,loss,train_accuracy,seconds,validation_accuracy,validation_loss,"
      "test_accuracy,evaluation_seconds\n0,,,,,0.1,2.5,0.125,0.5\n1,0,1.5,0.25,2,,,,\n";
  g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(RunStep)),
                    evaluations = g_array_new(FALSE, FALSE, sizeof(RunEvaluation));
  g_autoptr(GError) error = NULL;
  g_assert_true(bundle_metrics_parse(text, "old", steps, evaluations, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(steps->len, ==, 1);
  g_assert_cmpuint(evaluations->len, ==, 1);
  const RunStep *step = &g_array_index(steps, RunStep, 0);
  g_assert_true(step->loss == 1.5 && step->seconds == 2 && isnan(step->gradient_norm));
}

static void test_files(void) {
  char *folder = folder_new();
  g_autoptr(GError) error = NULL;
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autofree char *id = store_example(store), *path = path_in(folder, "run.hoarfrost");
  g_assert_true(bundle_export(store, id, path, NULL, &error));
  g_autoptr(GString) names = g_string_new(" ");
  g_assert_true(zip_read(path, &ample, want_all, collect_names, names, &error));
  g_assert_no_error(error);
  static const char *const expected[] = {"spec.ini",
                                         "result.json",
                                         "versions.json",
                                         "metrics.csv",
                                         "parameters.npy",
                                         "pattern.npy",
                                         "map.npy",
                                         "map.bias.npy",
                                         "patterns/0.npy",
                                         "maps/11.npy",
                                         "maps/12.bias.npy",
                                         "baselines/no_prompt.npy",
                                         "baselines/no_prompt.bias.npy",
                                         "baselines/no_prompt_full_size.npy"};
  for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
    g_autofree char *name = g_strdup_printf(" %s ", expected[i]);
    g_assert_nonnull(strstr(names->str, name));
  }
  g_assert_null(strstr(names->str, "maps/11.bias.npy"));
  g_autofree char *nowhere = path_in(folder, "no/such/folder.hoarfrost");
  g_assert_false(bundle_export(store, id, nowhere, NULL, &error));
  g_assert_nonnull(strstr(error->message, nowhere));
  folder_remove(folder);
}

typedef struct {
  const char *name, *text;
  gsize zeros; /* in place of text */
  bool is_link;
} Entry;

static char *write_zip(const char *folder, const Entry *entries, int n) {
  char *path = path_in(folder, "evil.hoarfrost");
  struct archive *archive = archive_write_new();
  archive_write_set_format_zip(archive);
  g_assert_cmpint(archive_write_open_filename(archive, path), ==, ARCHIVE_OK);
  g_autofree char *zeros = g_malloc0(1 << 20);
  for (int i = 0; i < n; i++) {
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, entries[i].name);
    archive_entry_set_filetype(entry, entries[i].is_link ? AE_IFLNK : AE_IFREG);
    if (entries[i].is_link)
      archive_entry_set_symlink(entry, "/etc/passwd");
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)(entries[i].text ? strlen(entries[i].text) : entries[i].zeros));
    archive_write_header(archive, entry);
    if (entries[i].text)
      archive_write_data(archive, entries[i].text, strlen(entries[i].text));
    for (gsize left = entries[i].zeros; left > 0; left -= MIN(left, 1 << 20))
      archive_write_data(archive, zeros, MIN(left, 1 << 20));
    archive_entry_free(entry);
  }
  archive_write_close(archive);
  archive_write_free(archive);
  return path;
}

static void assert_refused(RunStore *store, const char *path, const char *sentence) {
  g_autoptr(GError) error = NULL;
  g_assert_null(bundle_import(store, path, NULL, &error));
  g_test_message("%s", error->message);
  g_assert_nonnull(strstr(error->message, sentence));
  g_assert_nonnull(strstr(error->message, path));
  g_assert_cmpint(run_store_count(store, NULL, NULL), ==, 0);
}

#define ROW_MEMBERS                                                                                          \
  "\"id\":\"0f0e0d0c-0000-4000-8000-000000000001\",\"name\":\"x\",\"format\":\"f\",\"location\":\"l\","      \
  "\"operator\":\"o\",\"method\":\"m\",\"family\":\"f\",\"alignment\":\"a\",\"model\":\"m\",\"dataset\":"    \
  "\"d\"}"
#define ROW_TEXT "{" ROW_MEMBERS

static void test_refused(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  g_autofree char *deep = g_strnfill(100000, '[');
  static const Entry spec = {"spec.ini", "[run]\n", 0, false}, row = {"result.json", ROW_TEXT, 0, false};
  const struct {
    const char *sentence;
    Entry entries[3];
  } cases[] = {
      {"leads elsewhere", {spec, row, {"../../x", "x"}}},
      {"leads elsewhere", {spec, row, {"patterns/../../1.npy", "x"}}},
      {"leads elsewhere", {spec, row, {"/etc/x", "x"}}},
      {"is a link", {spec, row, {"pattern.npy", NULL, 0, true}}},
      {"lacks spec.ini", {row}},
      {"lacks result.json", {spec}},
      {"lacks \"location\"", {spec, {"result.json", "{\"id\":\"x\",\"name\":\"x\",\"format\":\"f\"}"}}},
      {"not a JSON object", {spec, {"result.json", "[1]"}}},
      {"not a JSON object", {spec, {"result.json", ""}}},
      {"not a JSON object", {spec, {"result.json", "{\"id\":\"\xff\"}"}}},
      {"not a JSON object", {spec, {"result.json", deep}}},
      {"newer Hoarfrost", {spec, row, {"versions.json", "{\"bundle\":3}"}}},
      {"line 2 of metrics.csv",
       {spec,
        row,
        {"metrics.csv", "step,epoch,loss,train_accuracy,seconds,validation_accuracy,"
                        "validation_loss,test_accuracy,evaluation_seconds\n1,x,,,,,,,\n"}}},
      {"line 1 of metrics.csv", {spec, row, {"metrics.csv", "a,b\n"}}},
      {"patterns/1.npy", {spec, row, {"patterns/1.npy", "not an array"}}},
      {"larger than", {{"spec.ini", NULL, (gsize)257 << 20}}},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    int n = 0;
    while (n < 3 && cases[i].entries[n].name)
      n++;
    g_autofree char *path = write_zip(folder, cases[i].entries, n);
    assert_refused(store, path, cases[i].sentence);
  }
  g_autofree char *text = path_in(folder, "text.hoarfrost"), *missing = path_in(folder, "missing");
  g_assert_true(g_file_set_contents(text, "not a ZIP file at all", -1, NULL));
  assert_refused(store, text, "text.hoarfrost");
  assert_refused(store, missing, "missing");
  assert_refused(store, folder, "there is no file");
  assert_refused(store, "/dev/zero", "there is no file");
  const Entry good[] = {spec, row};
  g_autofree char *path = write_zip(folder, good, 2), *id = bundle_import(store, path, NULL, NULL);
  g_assert_nonnull(id);
  folder_remove(folder);
}

/* Patterns of one run that differ in shape, and a map of f alone that is none of the run's. */
static void test_odd_shapes(void) {
  char *folder = folder_new();
  const struct {
    Shape pattern, own;
    const char *sentence;
  } cases[] = {{SHAPE(3, 9, 7), SHAPE(6, 4), NULL},
               {SHAPE(3, 9, 8), SHAPE(6, 4), "patterns/2.npy"},
               {SHAPE(3, 9, 7), SHAPE(7, 4), "baselines/no_prompt.npy"}};
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *from_name = g_strdup_printf("from-%zu.db", i),
                    *to_name = g_strdup_printf("to-%zu.db", i);
    g_autoptr(RunStore) from = store_new(folder, from_name), to = store_new(folder, to_name);
    g_autofree char *path = path_in(folder, "run.hoarfrost");
    g_autoptr(RunRow) row = row_example();
    RunWriter *writer = writer_new(from, row);
    g_autofree char *id = g_strdup(run_writer_id(writer));
    g_autoptr(Tensor) first = tensor_at(1, SHAPE(3, 9, 7)), second = tensor_at(2, cases[i].pattern),
                      omega = tensor_at(3, SHAPE(6, 4)), own = tensor_at(4, cases[i].own),
                      bias = tensor_at(5, SHAPE(4));
    run_writer_pattern(writer, 1, first);
    run_writer_pattern(writer, 2, second);
    run_writer_map(writer, 1, omega, bias, 0);
    run_writer_baseline(writer, PROMPT_OFF, 0.5, 2, own, bias);
    run_writer_status(writer, STATUS_STOPPED, NULL);
    writer_done(writer);
    g_assert_true(bundle_export(from, id, path, NULL, NULL));
    if (cases[i].sentence)
      assert_refused(to, path, cases[i].sentence);
    else {
      g_autofree char *imported = bundle_import(to, path, NULL, NULL);
      g_assert_nonnull(imported);
    }
  }
  folder_remove(folder);
}

/* A date that no calendar has becomes the date of the import. */
static void test_odd_date(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) store = store_new(folder, "runs.db");
  const Entry entries[] = {{"spec.ini", "[run]\n"},
                           {"result.json", "{\"created\":9000000000000000000," ROW_MEMBERS}};
  g_autofree char *path = write_zip(folder, entries, 2), *id = bundle_import(store, path, NULL, NULL);
  g_autoptr(RunRow) row = run_store_get(store, id, NULL);
  g_assert_nonnull(row);
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc(row->created / 1000);
  g_assert_nonnull(date);
  folder_remove(folder);
}

static bool pass(const char *name, const void *bytes, gsize size, void *data, GError **error) {
  return true;
}

static void test_limits(void) {
  char *folder = folder_new();
  static const Entry entries[] = {{"a", "1234"}, {"b", "1234"}, {"c", "1234"}};
  g_autofree char *path = write_zip(folder, entries, 3);
  static const struct {
    ZipLimits limits;
    const char *sentence;
  } cases[] = {
      {{3, 4, 12}, NULL},
      {{2, 4, 12}, "more than 2 files"},
      {{3, 3, 12}, "a in"},
      {{3, 4, 11}, "c in"},
  };
  for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GError) error = NULL;
    bool done = zip_read(path, &cases[i].limits, want_all, pass, NULL, &error);
    g_assert_cmpint(done, ==, cases[i].sentence == NULL);
    if (!done)
      g_assert_nonnull(strstr(error->message, cases[i].sentence));
  }
  folder_remove(folder);
}

/* Cut short and bit-flipped bundles: a sentence or a run, never a crash. */
static void test_damaged(void) {
  char *folder = folder_new();
  g_autoptr(RunStore) from = store_new(folder, "from.db"), to = store_new(folder, "to.db");
  g_autofree char *id = store_example(from), *path = path_in(folder, "run.hoarfrost"), *bytes = NULL;
  gsize size;
  g_assert_true(bundle_export(from, id, path, NULL, NULL) && g_file_get_contents(path, &bytes, &size, NULL));
  int refused = 0;
  for (int i = 0; i < 200; i++) {
    gsize at = size * (gsize)i / 200;
    g_autofree char *damaged = g_memdup2(bytes, size);
    g_autoptr(GError) error = NULL;
    damaged[at] = (char)(damaged[at] ^ (1 << i % 8));
    g_assert_true(g_file_set_contents(path, damaged, (gssize)(i % 4 ? size : at), NULL));
    g_autofree char *imported = bundle_import(to, path, NULL, &error);
    g_assert_true((imported == NULL) == (error != NULL));
    refused += imported == NULL;
    if (imported)
      g_assert_true(run_store_delete(to, imported, NULL) && run_store_purge(to, 0, NULL, NULL));
  }
  g_test_message("%d of 200 refused", refused);
  g_assert_cmpint(refused, >, 100);
  folder_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/bundle/round-trip", test_round_trip);
  g_test_add_func("/bundle/order", test_order);
  g_test_add_func("/bundle/unfinished", test_unfinished);
  g_test_add_func("/bundle/thinned", test_thinned);
  g_test_add_func("/bundle/files", test_files);
  g_test_add_func("/bundle/refused", test_refused);
  g_test_add_func("/bundle/odd-shapes", test_odd_shapes);
  g_test_add_func("/bundle/odd-date", test_odd_date);
  g_test_add_func("/bundle/limits", test_limits);
  g_test_add_func("/bundle/damaged", test_damaged);
  g_test_add_func("/bundle/older-metrics", test_older_metrics);
  return g_test_run();
}
