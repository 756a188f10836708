#include "tests/support/toy.h"

#include <math.h>
#include <string.h>

static ValueId weights(Graph *graph, const char *name, const Shape *shape, uint64_t seed, uint32_t step) {
  g_autoptr(Tensor) tensor = tensor_new(TENSOR_FLOAT32, shape, NULL);
  Random random = {seed, RANDOM_DRAWING, step};
  int64_t n = tensor_count(tensor);
  double scale = sqrt(2.0 * (double)shape->dim[0] / (double)MAX(n, 1));
  for (int64_t i = 0; i < n; i++)
    tensor_floats(tensor)[i] = (float)(scale * random_normal(&random, (uint64_t)i));
  return graph_constant(graph, name, tensor);
}

static ValueId convolution(Graph *graph, const char *name, ValueId x, int64_t from, int64_t to,
                           int64_t stride, uint64_t seed, uint32_t step) {
  ValueId w = weights(graph, "w", &SHAPE(to, from, 3, 3), seed, step);
  ValueId b = weights(graph, "b", &SHAPE(to), seed, step + 100);
  ValueId y = GRAPH_ADD(graph, "Conv", name, x, w, b);
  node_set_ints(graph_last(graph), "pads", 4, (int64_t[]){1, 1, 1, 1});
  node_set_ints(graph_last(graph), "strides", 2, (int64_t[]){stride, stride});
  return y;
}

FrozenModel *toy_model(uint64_t seed) {
  FrozenModel *model = frozen_model_new();
  model->name = g_strdup("toy");
  model->sha256 = g_strdup("0");
  model_card_clear(&model->card);
  model_card_init(&model->card);
  for (int c = 0; c < 3; c++) {
    model->card.mean[c] = 0.4f + 0.1f * (float)c;
    model->card.std[c] = 0.3f;
  }
  model->card.n_channels = 3;
  Graph *graph = model->graph;
  ValueId x = graph_input(graph, "pixels", TENSOR_FLOAT32, &SHAPE(-1, 3, TOY_SIZE, TOY_SIZE));
  ValueId stem = GRAPH_ADD(graph, "Relu", "stem", convolution(graph, "c1", x, 3, 8, 2, seed, 1));
  ValueId inner = GRAPH_ADD(graph, "Relu", "inner", convolution(graph, "c2", stem, 8, 8, 1, seed, 2));
  ValueId sum = GRAPH_ADD(graph, "Add", "sum", convolution(graph, "c3", inner, 8, 8, 1, seed, 3), stem);
  ValueId block = GRAPH_ADD(graph, "Relu", "block", sum);
  ValueId mean = GRAPH_ADD(graph, "ReduceMean", "mean", block);
  node_set_ints(graph_last(graph), "axes", 2, (int64_t[]){2, 3});
  node_set_int(graph_last(graph), "keepdims", 0);
  ValueId logits =
      GRAPH_ADD(graph, "Gemm", "logits", mean, weights(graph, "w", &SHAPE(TOY_SOURCE, 8), seed, 4),
                weights(graph, "b", &SHAPE(TOY_SOURCE), seed, 5));
  node_set_int(graph_last(graph), "transB", 1);
  graph_set_output(graph, logits);
  frozen_model_find_sites(model);
  return model;
}

static void fill_part(SampleSet *set, SamplePart *part, int n, uint64_t seed, uint32_t step) {
  Random random = {seed, RANDOM_DRAWING, step};
  uint8_t *pixels = g_malloc(64 * (size_t)n);
  g_ptr_array_add(set->blocks, g_bytes_new_take(pixels, 64 * (size_t)n));
  for (int i = 0; i < n; i++) {
    uint8_t *picture = pixels + 64 * (size_t)i;
    int label = i % TOY_TARGET;
    for (int p = 0; p < 64; p++) {
      int x = p % 8 / 2, y = p / 8 / 2;
      bool bright[TOY_TARGET] = {y % 2 == 0, x % 2 == 0, (x + y) % 2 == 0};
      picture[p] = (uint8_t)((bright[label] ? 120 : 0) + random_below(&random, (uint64_t)(i * 64 + p), 120));
    }
    sample_part_append(part, &(Picture){picture, 8, 8, 1}, label);
  }
}

SampleSet *toy_set(int train, int test, uint64_t seed) {
  static const char *const classes[] = {"rows", "columns", "checks", NULL};
  SampleSet *set = sample_set_new("toy", "Toy textures");
  set->classes = g_strdupv((char **)classes);
  set->n_classes = TOY_TARGET;
  fill_part(set, &set->train, train, seed, 1);
  fill_part(set, &set->test, test, seed, 2);
  return set;
}

RunSpec *toy_spec(char *const *extra) {
  static const char text[] =
      "[run]\nmodel=toy\ndataset=toy\ntrain=90\nvalidation=20\ntest=40\nseed=3\nepochs=3\nbatch=16\nthreads="
      "1\n"
      "[manipulation]\nformat=learnable\nlocation=input\noperator=concatenative\nmethod=border\nimage_size="
      "6\n"
      "[alignment]\nfamily=statistical\nmethod=ilm\n[optimiser]\nmethod=adam\nrate=0.1\n";
  g_autoptr(GError) error = NULL;
  RunSpec *spec = run_spec_parse_with(text, "toy", extra, FALSE, &error);
  g_assert_no_error(error);
  return spec;
}
