#include "data/onnx.h"
#include "engine/plan.h"
#include "tests/support/conformance.h"
#include "tests/support/onnx-tensor-file.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SECONDS      30 /* of one case */
#define MEMORY_BYTES ((rlim_t)8 << 30)
#define RTOL         1e-3 /* those of ONNX's own runner */
#define ATOL         1e-7

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define MEMORY_LIMITED false /* they reserve terabytes */
#else
#define MEMORY_LIMITED true
#endif

void case_free(Case *one) {
  g_free(one->name);
  g_strfreev(one->operators);
  g_free(one->outside);
  g_free(one->failure);
  g_free(one);
}

static char *number_text(const Tensor *tensor, int64_t i) {
  if (tensor->type == TENSOR_FLOAT32)
    return g_strdup_printf("%.9g", (double)tensor_floats(tensor)[i]);
  return g_strdup_printf("%" G_GINT64_FORMAT, tensor->type == TENSOR_INT64 ? tensor_ints(tensor)[i]
                                                                           : ((uint8_t *)tensor->data)[i]);
}

static bool number_agrees(const Tensor *wanted, const Tensor *got, int64_t i) {
  if (wanted->type == TENSOR_INT64)
    return tensor_ints(wanted)[i] == tensor_ints(got)[i];
  if (wanted->type == TENSOR_BOOL)
    return ((uint8_t *)wanted->data)[i] == ((uint8_t *)got->data)[i];
  double a = tensor_floats(wanted)[i], b = tensor_floats(got)[i];
  if (!isfinite(a) || !isfinite(b))
    return a == b || (isnan(a) && isnan(b));
  return fabs(a - b) <= ATOL + RTOL * fabs(a);
}

/* NULL, or what differs.  (transfer full) */
static char *compare(const Tensor *wanted, Tensor *got, const char *element, const char *file) {
  if (wanted->type != got->type)
    return g_strdup_printf("%s is of type %s, and we compute %s", file, tensor_type_name(wanted->type),
                           tensor_type_name(got->type));
  if (!shape_equal(&wanted->shape, &got->shape)) {
    g_autofree char *a = shape_text(&wanted->shape), *b = shape_text(&got->shape);
    return g_strdup_printf("%s has shape %s, and ours %s", file, a, b);
  }
  onnx_round_to(got, element);
  for (int64_t i = 0; i < tensor_count(wanted); i++)
    if (!number_agrees(wanted, got, i)) {
      g_autofree char *a = number_text(wanted, i), *b = number_text(got, i);
      return g_strdup_printf("%s holds %s at %" G_GINT64_FORMAT ", and we compute %s", file, a, i, b);
    }
  return NULL;
}

static Tensor *copy(const Tensor *tensor) {
  Tensor *same = tensor_new(tensor->type, &tensor->shape, NULL);
  memcpy(same->data, tensor->data, tensor_bytes(tensor));
  return same;
}

static const char *port_type(const GPtrArray *ports, const char *name) {
  for (guint i = 0; i < ports->len; i++) {
    const OnnxPort *port = g_ptr_array_index(ports, i);
    if (strcmp(port->name, name) == 0)
      return port->type;
  }
  return "";
}

/* The bits of a bfloat16 are the upper half of a float's. */
static Tensor *from_bits(const Tensor *bits) {
  Tensor *tensor = tensor_new(TENSOR_FLOAT32, &bits->shape, NULL);
  for (int64_t i = 0; i < tensor_count(bits); i++) {
    uint32_t number = (uint32_t)tensor_ints(bits)[i] << 16;
    memcpy(&tensor_floats(tensor)[i], &number, sizeof number);
  }
  return tensor;
}

/* The data came through numpy, which has no bfloat16: what the model declares as such stands there as uint16.
 * NULL and an error.  (transfer full) */
static Tensor *read_data(const char *path, const char *declared, const char **element, GError **error) {
  g_autoptr(Tensor) tensor = onnx_read_tensor(path, element, error);
  if (tensor && strcmp(declared, "bfloat16") == 0 && strcmp(*element, "uint16") == 0) {
    *element = declared;
    return from_bits(tensor);
  }
  return g_steal_pointer(&tensor);
}

/* All numbers of input_N.pb in order.  NULL and an error.  (transfer full) */
static GPtrArray *read_inputs(const OnnxSummary *summary, const char *folder, GError **error) {
  const Graph *graph = summary->model->graph;
  g_autoptr(GPtrArray) inputs = g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref);
  for (guint i = 0; i < graph->inputs->len; i++) {
    g_autofree char *path = g_strdup_printf("%s/input_%u.pb", folder, i);
    const char *element, *name = graph_value(graph, g_array_index(graph->inputs, ValueId, i))->name;
    Tensor *tensor = read_data(path, port_type(summary->inputs, name), &element, error);
    if (!tensor)
      return NULL;
    g_ptr_array_add(inputs, tensor);
  }
  return g_steal_pointer(&inputs);
}

static char *check_outputs(const OnnxSummary *summary, Workspace *workspace, const char *folder) {
  const FrozenModel *model = summary->model;
  for (guint i = 0; i < model->graph->outputs->len; i++) {
    g_autofree char *file = g_strdup_printf("output_%u.pb", i), *path = g_build_filename(folder, file, NULL);
    if (i > 0 && !g_file_test(path, G_FILE_TEST_EXISTS))
      continue;
    g_autoptr(GError) error = NULL;
    const char *element;
    g_autoptr(Tensor) wanted =
        read_data(path, ((OnnxPort *)g_ptr_array_index(summary->outputs, i))->type, &element, &error);
    if (!wanted)
      return g_strdup(error->message);
    g_autoptr(Tensor) got =
        copy(workspace_output(workspace, g_array_index(model->graph->outputs, ValueId, i)));
    char *difference = compare(wanted, got, element, file);
    if (difference)
      return difference;
  }
  return NULL;
}

/* One data set, in one order of memory.  NULL, or why it fails.  (transfer full) */
static char *run_set(const OnnxSummary *summary, const char *folder, bool row_major) {
  const FrozenModel *model = summary->model;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) inputs = read_inputs(summary, folder, &error);
  if (!inputs)
    return g_strdup(error->message);
  g_autofree Shape *shapes = g_new0(Shape, inputs->len + 1);
  for (guint i = 0; i < inputs->len; i++) {
    const Tensor *tensor = g_ptr_array_index(inputs, i);
    const Value *value = graph_value(model->graph, g_array_index(model->graph->inputs, ValueId, i));
    shapes[i] = tensor->shape;
    if (value->type != tensor->type)
      return g_strdup_printf("input_%u.pb is of another type than the model declares", i);
  }
  PlanOptions options = {.input_shapes = shapes,
                         .batch = 1,
                         .input_tensors = (Tensor *const *)inputs->pdata,
                         .row_major = row_major};
  g_autoptr(Plan) plan = plan_new(model->graph, &options, &error);
  g_autoptr(Workspace) workspace = plan ? workspace_new(plan, &error) : NULL;
  if (!workspace)
    return g_strdup(error->message);
  for (guint i = 0; i < inputs->len; i++) {
    const Tensor *tensor = g_ptr_array_index(inputs, i);
    Tensor *input = workspace_input(workspace, g_array_index(model->graph->inputs, ValueId, i));
    if (input)
      memcpy(input->data, tensor->data, tensor_bytes(tensor));
  }
  workspace_forward(workspace, NULL);
  return check_outputs(summary, workspace, folder);
}

static char *run_sets(const OnnxSummary *summary, const char *folder) {
  for (int set = 0;; set++) {
    g_autofree char *path = g_strdup_printf("%s/test_data_set_%d", folder, set);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
      return set > 0 ? NULL : g_strdup("has no data");
    char *failure = run_set(summary, path, false);
    failure = failure ? failure : run_set(summary, path, true);
    if (failure)
      return failure;
  }
}

static void tell(FILE *to, char kind, const char *text) {
  g_autofree char *line = g_strdelimit(g_strdup(text), "\n", ' ');
  fprintf(to, "%c%s\n", kind, line);
  fflush(to);
}

/* In the process of the case: a line "o" for each operator, "s" where the case is outside the scope, and at
 * the end "p" (passed) or "f" and the reason. */
static void tell_case(FILE *to, const char *folder) {
  g_autofree char *path = g_build_filename(folder, "model.onnx", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(OnnxSummary) summary = onnx_inspect(path, &error);
  const char *outside = scope_of_case(folder);
  for (guint i = 0; summary && i < summary->operators->len; i++) {
    const OnnxOperator *row = g_ptr_array_index(summary->operators, i);
    tell(to, 'o', row->name);
    outside = outside ? outside : scope_of_operator(row->name);
  }
  const GPtrArray *ports[] = {summary ? summary->inputs : NULL, summary ? summary->outputs : NULL};
  for (int side = 0; side < 2; side++)
    for (guint i = 0; ports[side] && i < ports[side]->len; i++)
      outside = outside ? outside : scope_of_type(((OnnxPort *)g_ptr_array_index(ports[side], i))->type);
  if (outside)
    tell(to, 's', outside);
  g_autofree char *failure = !summary          ? g_strdup(error->message)
                             : !summary->model ? g_strdup(summary->refusal)
                                               : run_sets(summary, folder);
  const char *reason = failure;
  if (failure && g_str_has_prefix(failure, path)) /* it stands beside the name of the case */
    reason += strlen(path) + strspn(failure + strlen(path), ": ");
  tell(to, failure ? 'f' : 'p', failure ? reason : "");
}

static G_GNUC_NORETURN void be_case(int to, const char *folder) {
  const struct rlimit memory = {MEMORY_BYTES, MEMORY_BYTES}, seconds = {SECONDS, SECONDS}, none = {0, 0};
  if (MEMORY_LIMITED)
    setrlimit(RLIMIT_AS, &memory);
  setrlimit(RLIMIT_CPU, &seconds);
  setrlimit(RLIMIT_CORE, &none);
  alarm(4 * SECONDS);
  FILE *stream = fdopen(to, "w");
  tell_case(stream, folder);
  fclose(stream);
  _exit(0);
}

static char *read_all(int from) {
  g_autoptr(GString) text = g_string_new(NULL);
  char part[4096];
  for (ssize_t n; (n = read(from, part, sizeof part)) > 0 || (n < 0 && errno == EINTR);)
    g_string_append_len(text, part, MAX(n, 0));
  return g_string_free(g_steal_pointer(&text), FALSE);
}

Case *case_run(const char *root, const char *name) {
  g_autofree char *folder = g_build_filename(root, name, NULL);
  Case *one = g_new0(Case, 1);
  one->name = g_strdup(name);
  int ends[2], status = 0;
  if (pipe(ends) != 0)
    g_error("no pipe: %s", g_strerror(errno));
  fflush(NULL);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    be_case(ends[1], folder);
  }
  close(ends[1]);
  g_autofree char *text = read_all(ends[0]);
  close(ends[0]);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  GPtrArray *operators = g_ptr_array_new();
  bool ended = false;
  for (char **line = lines; *line; line++) {
    if (**line == 'o')
      g_ptr_array_add(operators, g_strdup(*line + 1));
    else if (**line == 's')
      one->outside = g_strdup(*line + 1);
    else if (**line == 'f')
      one->failure = g_strdup(*line + 1);
    ended |= **line == 'p' || **line == 'f';
  }
  g_ptr_array_add(operators, NULL);
  one->operators = (char **)g_ptr_array_free(operators, FALSE);
  if (WIFSIGNALED(status) || !ended) {
    g_free(one->failure);
    one->failure = WIFSIGNALED(status) ? g_strdup_printf("ended by signal %d", WTERMSIG(status))
                                       : g_strdup("ended badly");
  }
  return one;
}
