/* ONNX's backend data: a case is a folder with model.onnx and one or more test_data_set_N, each with
 * input_N.pb and output_N.pb.  https://github.com/onnx/onnx/blob/main/docs/OnnxBackendTest.md */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* What came of a case. */
typedef struct {
  char *name;       /* "node/test_add" */
  char **operators; /* the kinds that the model has, by name; may be empty */
  char *outside;    /* why it is outside the scope; NULL: it is inside */
  char *failure;    /* why it did not pass; NULL: it did */
} Case;

void case_free(Case *one);

/* Runs a case of the folder `root` in a process of its own, bounded in time and memory: a crash, an endless
 * loop or a bomb is a failure of this case only.  (transfer full) */
Case *case_run(const char *root, const char *name);

/* Why the engine leaves this operator out: "training", "random", ...; NULL: it should have it. */
const char *scope_of_operator(const char *name);
/* The same for a case whose name says that an operator is in training mode. */
const char *scope_of_case(const char *name);
/* The same for the type of an input or output: "?" is no tensor. */
const char *scope_of_type(const char *type);
