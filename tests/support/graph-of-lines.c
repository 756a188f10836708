#include "tests/support/graph-of-lines.h"

#include "engine/random.h"

#include <math.h>
#include <string.h>

typedef struct {
  Graph *graph;
  GHashTable *names; /* -> ValueId */
} Builder;

static Shape read_shape(const char *text) {
  Shape shape = {0};
  g_auto(GStrv) dims = g_strsplit(text, "x", -1);
  for (int i = 0; dims[i] && *dims[i]; i++)
    shape.dim[shape.rank++] = *dims[i] == '?' ? -1 : g_ascii_strtoll(dims[i], NULL, 10);
  return shape;
}

/* "[1,2]", "[2x2:1,2,3,4]" or "1" */
static Tensor *read_ints(const char *text) {
  int64_t numbers[256];
  Shape shape = {0};
  if (*text == '[') {
    const char *colon = strchr(text, ':');
    g_autofree char *head = colon ? g_strndup(text + 1, (gsize)(colon - text - 1)) : NULL;
    int n = 0;
    for (const char *p = colon ? colon + 1 : text + 1; *p != ']' && n < 256; n++) {
      char *end;
      numbers[n] = g_ascii_strtoll(p, &end, 10);
      g_assert_true(end > p);
      p = *end == ',' ? end + 1 : end;
    }
    shape = head ? read_shape(head) : SHAPE(n);
    g_assert_cmpint(shape_count(&shape), ==, n);
  } else
    numbers[0] = g_ascii_strtoll(text, NULL, 10);
  return tensor_from_ints(&shape, numbers);
}

static Tensor *read_truths(const char *text) {
  g_autoptr(Tensor) ints = read_ints(text);
  Tensor *truths = tensor_new(TENSOR_BOOL, &ints->shape, NULL);
  for (int64_t i = 0; i < tensor_count(ints); i++)
    ((bool *)truths->data)[i] = tensor_ints(ints)[i] != 0;
  return truths;
}

static ValueId read_value(Builder *builder, const char *text) {
  g_autoptr(Tensor) tensor = NULL;
  float number = strtof(text + 1, NULL);
  if (strcmp(text, "-") == 0)
    return VALUE_NONE;
  if (*text == '#')
    tensor = tensor_from_floats(&(Shape){0}, &number);
  else if (*text == '%')
    tensor = read_ints(text + 1);
  else if (*text == '?')
    tensor = read_truths(text + 1);
  else {
    ValueId id = GPOINTER_TO_INT(g_hash_table_lookup(builder->names, text));
    if (!id)
      g_error("nothing is called '%s'", text);
    return id;
  }
  return graph_constant(builder->graph, text, tensor);
}

static void set_attribute(Node *node, const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, "=", 2);
  const char *value = parts[1];
  if (*value == '[') {
    g_autoptr(Tensor) ints = read_ints(value);
    node_set_ints(node, parts[0], (int)tensor_count(ints), tensor_ints(ints));
  } else if (*value == '<') {
    float number = strtof(value + 1, NULL);
    g_autoptr(Tensor) tensor = tensor_from_floats(&SHAPE(1), &number);
    node_set_tensor(node, parts[0], tensor);
  } else if (g_ascii_isalpha(*value))
    node_set_text(node, parts[0], value);
  else if (strchr(value, '.'))
    node_set_float(node, parts[0], strtof(value, NULL));
  else
    node_set_int(node, parts[0], g_ascii_strtoll(value, NULL, 10));
}

static ValueId add_frozen(Builder *builder, const char *name, const char *shape_text) {
  Shape shape = read_shape(shape_text);
  g_autoptr(Tensor) tensor = tensor_new(TENSOR_FLOAT32, &shape, NULL);
  Random random = {g_str_hash(name), RANDOM_PATTERN, 0};
  for (int64_t i = 0; i < tensor_count(tensor); i++)
    tensor_floats(tensor)[i] = (float)random_normal(&random, (uint64_t)i);
  return graph_constant(builder->graph, name, tensor);
}

static ValueId add_node(Builder *builder, char **words) {
  ValueId inputs[OP_MAX_INPUTS];
  int n = 0, w = 3;
  for (; words[w] && !strchr(words[w], '='); w++)
    inputs[n++] = read_value(builder, words[w]);
  ValueId value = graph_add(builder->graph, words[2], words[0], n, inputs);
  g_assert_no_error(builder->graph->error);
  for (; words[w]; w++)
    set_attribute(graph_last(builder->graph), words[w]);
  return value;
}

Graph *graph_of_lines(const char *text) {
  Builder builder = {graph_new(), g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  ValueId last = VALUE_NONE;
  for (int i = 0; lines[i]; i++) {
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    g_auto(GStrv) parts = g_strsplit(lines[i], " ", -1);
    for (int k = 0; parts[k]; k++)
      if (*parts[k])
        g_ptr_array_add(words, parts[k]);
    if (words->len == 0)
      continue;
    g_assert_cmpint(words->len, >=, 3);
    g_ptr_array_add(words, NULL);
    char **word = (char **)words->pdata;
    Shape shape = *word[1] == ':' ? read_shape(word[2]) : (Shape){0};
    last = *word[1] == ':'   ? graph_input(builder.graph, word[0], TENSOR_FLOAT32, &shape)
           : *word[2] == '!' ? add_frozen(&builder, word[0], word[3])
                             : add_node(&builder, word);
    if (g_str_has_prefix(word[0], "out"))
      graph_set_output(builder.graph, last);
    g_hash_table_insert(builder.names, g_strdup(word[0]), GINT_TO_POINTER(last));
  }
  bool there = false;
  for (guint i = 0; i < builder.graph->outputs->len; i++)
    there |= g_array_index(builder.graph->outputs, ValueId, i) == last;
  if (!there)
    g_array_prepend_val(builder.graph->outputs, last);
  g_hash_table_unref(builder.names);
  return builder.graph;
}

bool tiny_has_attributes(const Node *node, const char *attributes) {
  g_auto(GStrv) parts = g_strsplit(attributes, " ", -1);
  for (int i = 0; parts[i]; i++) {
    g_auto(GStrv) pair = g_strsplit(parts[i], "=", 2);
    const Attribute *found = node_attribute(node, pair[0]);
    if (strcmp(pair[1], "none") == 0 ? found != NULL : !found)
      return false;
    if (!found)
      continue;
    double number = g_ascii_strtod(pair[1], NULL);
    if (found->type == ATTRIBUTE_TEXT ? strcmp(found->text, pair[1]) != 0
        : found->type == ATTRIBUTE_FLOAT
            ? !(fabs(found->f - number) <= 1e-6 * fabs(number) || (double)found->f == number)
            : found->i != (int64_t)number)
      return false;
  }
  return true;
}
