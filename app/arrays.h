/* Arrays between NPY files and a graph's own tensors, for the commands that run a model as it is. */
#pragma once

#include "engine/frozen-model.h"
#include "engine/plan.h"

/* An argument "[NAME=]FILE": which value of the graph it is about, and the file. */
typedef struct {
  ValueId value;
  const char *path; /* inside the argument */
} ArrayArgument;

/* Reads arguments (NULL-terminated, NULL: none) for `values`, the graph's inputs or outputs (element-type
 * ValueId). Arguments without a name take the values that no argument names, in order.  `what` is "input" or
 * "output", for the messages.  (transfer full) (element-type ArrayArgument) */
GArray *array_arguments(const Graph *graph, const GArray *values, const char *what, char *const *arguments,
                        GError **error);

/* Reads an array for every input of the graph and checks its type and shape.  An int64 file serves integer
 * and bool inputs.  (transfer full) (element-type Tensor), in the order of the inputs. */
GPtrArray *arrays_read(const Graph *graph, char *const *arguments, GError **error);
/* The shapes of such arrays, for PlanOptions.  (transfer full) */
Shape *arrays_shapes(const GPtrArray *tensors);
/* Copies them into the workspace's inputs. */
void arrays_bind(Workspace *workspace, const Graph *graph, const GPtrArray *tensors);

/* The tensor that a user calls by a site's name or alias or by any ONNX tensor name; VALUE_NONE and an error.
 */
ValueId array_site(const FrozenModel *model, const char *name, GError **error);
