#include "app/arrays.h"

#include "data/npy.h"
#include "engine/error.h"
#include "engine/nearest-name.h"

#include <string.h>

static const char *value_name(const Graph *graph, const GArray *values, guint i) {
  return graph_value(graph, g_array_index(values, ValueId, i))->name;
}

/* The value whose name stands before an equals sign of the argument. */
static ValueId named_value(const Graph *graph, const GArray *values, const char *argument,
                           const char **path) {
  for (guint i = 0; i < values->len; i++) {
    const char *name = value_name(graph, values, i);
    size_t length = strlen(name);
    if (length && strncmp(argument, name, length) == 0 && argument[length] == '=') {
      *path = argument + length + 1;
      return g_array_index(values, ValueId, i);
    }
  }
  return VALUE_NONE;
}

static bool is_taken(const GArray *found, ValueId value) {
  for (guint i = 0; i < found->len; i++)
    if (g_array_index(found, ArrayArgument, i).value == value)
      return true;
  return false;
}

static char *all_names(const Graph *graph, const GArray *values) {
  g_autoptr(GString) names = g_string_new(NULL);
  for (guint i = 0; i < values->len; i++)
    g_string_append_printf(names, "%s'%s'", i ? ", " : "", value_name(graph, values, i));
  return g_string_free(g_steal_pointer(&names), FALSE);
}

/* Gives the arguments without a name the values that are left. */
static bool give_rest(const Graph *graph, const GArray *values, const char *what, GArray *found,
                      GError **error) {
  guint next = 0;
  for (guint i = 0; i < found->len; i++) {
    ArrayArgument *argument = &g_array_index(found, ArrayArgument, i);
    if (argument->value)
      continue;
    while (next < values->len && is_taken(found, g_array_index(values, ValueId, next)))
      next++;
    if (next == values->len) {
      g_autofree char *names = all_names(graph, values);
      return input_error(error, "no %s is left for '%s': the model's are %s", what, argument->path, names);
    }
    argument->value = g_array_index(values, ValueId, next);
  }
  return true;
}

GArray *array_arguments(const Graph *graph, const GArray *values, const char *what, char *const *arguments,
                        GError **error) {
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(ArrayArgument));
  for (; arguments && *arguments; arguments++) {
    ArrayArgument argument = {VALUE_NONE, *arguments};
    argument.value = named_value(graph, values, *arguments, &argument.path);
    if (argument.value && is_taken(found, argument.value)) {
      input_error(error, "%s '%s' is given twice", what, graph_value(graph, argument.value)->name);
      return NULL;
    }
    g_array_append_val(found, argument);
  }
  return give_rest(graph, values, what, found, error) ? g_steal_pointer(&found) : NULL;
}

static bool shape_fits(const Shape *wanted, const Shape *shape) {
  bool fits = wanted->rank == shape->rank;
  for (int i = 0; fits && i < wanted->rank; i++)
    fits = wanted->dim[i] < 0 || wanted->dim[i] == shape->dim[i];
  return fits;
}

/* The array as the input wants it; NULL and one sentence when it does not fit.  (transfer full) */
static Tensor *fit_array(const Value *input, const Tensor *array, const char *path, GError **error) {
  g_autofree char *wanted = shape_text(&input->shape), *shape = shape_text(&array->shape);
  if (!shape_fits(&input->shape, &array->shape)) {
    input_error(error, "input '%s' has shape %s, but %s has shape %s", input->name, wanted, path, shape);
    return NULL;
  }
  if ((input->type == TENSOR_FLOAT32) != (array->type == TENSOR_FLOAT32)) {
    input_error(error, "input '%s' is of type %s, but %s holds %s", input->name,
                tensor_type_name(input->type), path, tensor_type_name(array->type));
    return NULL;
  }
  if (input->type != TENSOR_BOOL)
    return tensor_ref(array);
  Tensor *truths = tensor_new(TENSOR_BOOL, &array->shape, error);
  for (int64_t i = 0; truths && i < tensor_count(array); i++)
    ((uint8_t *)truths->data)[i] = tensor_ints(array)[i] != 0;
  return truths;
}

static Tensor *read_input(const Graph *graph, ValueId input, const GArray *arguments, GError **error) {
  const Value *value = graph_value(graph, input);
  for (guint i = 0; i < arguments->len; i++) {
    const ArrayArgument *argument = &g_array_index(arguments, ArrayArgument, i);
    if (argument->value != input)
      continue;
    g_autoptr(Tensor) array = npy_read(argument->path, error);
    return array ? fit_array(value, array, argument->path, error) : NULL;
  }
  g_autofree char *shape = shape_text(&value->shape);
  input_error(error, "input '%s' (%s, %s) is missing: give it with --input %s=FILE.npy", value->name,
              tensor_type_name(value->type), shape, value->name);
  return NULL;
}

GPtrArray *arrays_read(const Graph *graph, char *const *arguments, GError **error) {
  g_autoptr(GArray) found = array_arguments(graph, graph->inputs, "input", arguments, error);
  g_autoptr(GPtrArray) tensors = g_ptr_array_new_with_free_func((GDestroyNotify)tensor_unref);
  for (guint i = 0; found && i < graph->inputs->len; i++) {
    Tensor *tensor = read_input(graph, g_array_index(graph->inputs, ValueId, i), found, error);
    if (!tensor)
      return NULL;
    g_ptr_array_add(tensors, tensor);
  }
  return found ? g_steal_pointer(&tensors) : NULL;
}

Shape *arrays_shapes(const GPtrArray *tensors) {
  Shape *shapes = g_new0(Shape, MAX(tensors->len, 1));
  for (guint i = 0; i < tensors->len; i++)
    shapes[i] = ((const Tensor *)g_ptr_array_index(tensors, i))->shape;
  return shapes;
}

void arrays_bind(Workspace *workspace, const Graph *graph, const GPtrArray *tensors) {
  for (guint i = 0; i < tensors->len; i++) {
    const Tensor *tensor = g_ptr_array_index(tensors, i);
    Tensor *input = workspace_input(workspace, g_array_index(graph->inputs, ValueId, i));
    if (input)
      memcpy(input->data, tensor->data, tensor_bytes(tensor));
  }
}

ValueId array_site(const FrozenModel *model, const char *name, GError **error) {
  const Site *site = frozen_model_site(model, name);
  ValueId value = site ? site->value : graph_find(model->graph, name);
  if (value)
    return value;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (guint i = 0; i < model->sites->len; i++) {
    site = g_ptr_array_index(model->sites, i);
    g_ptr_array_add(names, site->alias ? site->alias : site->name);
  }
  g_ptr_array_add(names, NULL);
  const char *nearest = nearest_name(name, (const char *const *)names->pdata);
  g_autofree char *hint = nearest ? g_strdup_printf(" (did you mean '%s'?)", nearest) : g_strdup("");
  input_error(error, "the model has no site or tensor '%s'%s; hoarfrost inspect lists its sites", name, hint);
  return VALUE_NONE;
}
