/* The numbers that methods put in inside f, cut out of a moment's pattern as the panes show them. */
#pragma once

#include "app/neighbours.h"

/* parts (element-type ManipulationPart, by value) of the pattern; those at the input are left out, and NULL
 * is what is left of none.  start: the pattern before training, NULL: not known.  neighbours may be NULL.
 * (transfer full) (element-type HfPart) */
GPtrArray *inside_parts(const GArray *parts, const Tensor *pattern, const Tensor *start,
                        const Neighbours *neighbours);
