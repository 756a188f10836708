/* A trained run as one ONNX model: O(f(I(x))), pictures in 0..1 in, the task's classes out. */
#pragma once

#include "app/session.h"

/* Builds the program of a stored run in its last state and writes its graph.  The card names the task's
 * classes. */
bool onnx_export(RunStore *store, const RunRow *row, const char *path, GError **error);
