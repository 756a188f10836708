#include "tests/support/conformance.h"

#include <string.h>

static const struct {
  const char *reason;
  const char *operators; /* between spaces */
} rows[] = {
    {"training", " Adagrad Adam Gradient Momentum "},
    {"sequence",
     " ConcatFromSequence SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert "
     "SequenceLength SequenceMap SplitToSequence "},
    {"optional", " Optional OptionalGetElement OptionalHasElement "},
    {"text", " StringNormalizer TfIdfVectorizer "},
    {"random", " Bernoulli Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike "},
    {"quantised product", " ConvInteger MatMulInteger QLinearConv QLinearMatMul "},
    {"loop, scan or if", " If Loop Scan "},
    {"signal window or transform", " BlackmanWindow DFT HammingWindow HannWindow MelWeightMatrix STFT "},
};

const char *scope_of_operator(const char *name) {
  g_autofree char *word = g_strdup_printf(" %s ", name);
  for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
    if (strstr(rows[i].operators, word))
      return rows[i].reason;
  return g_str_has_prefix(name, "ai.onnx.preview.training.") ? "training" : NULL;
}

const char *scope_of_case(const char *name) {
  bool trains = strstr(name, "/test_training_") || g_str_has_suffix(name, "_training_mode");
  return trains ? "training" : NULL;
}

const char *scope_of_type(const char *type) {
  if (strcmp(type, "?") == 0)
    return "sequence or optional";
  return strcmp(type, "string") == 0 ? "text" : NULL;
}
