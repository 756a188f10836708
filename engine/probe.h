/* Shapes, and small numbers that are known before the run, of a graph while it is still being built.
 *
 * A probe follows a graph with example sizes for what is not known (-1): axis 0 of every input is `batch`,
 * the others are primes of their own.  Whoever adds nodes asks it in between what came out. */
#pragma once

#include "engine/graph.h"

typedef struct _Probe Probe;

/* Follows `graph`, which must outlive the probe.  input_shapes: as many as the graph has inputs now; NULL:
 * the graph's own with examples for -1.  (transfer full) */
Probe *probe_new(const Graph *graph, int64_t batch, const Shape *input_shapes);
void probe_free(Probe *probe);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Probe, probe_free)
/* Takes in what was added since the last call.  False with an error that names the node. */
bool probe_extend(Probe *probe, GError **error);
/* Type and shape, and the numbers where they are known (constants, shape arithmetic); else data is NULL. */
const Tensor *probe_value(const Probe *probe, ValueId value);
