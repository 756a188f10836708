/* How sites get their names and axes: sites.c lists them, site-names.c names them. */
#pragma once

#include "engine/frozen-model.h"

/* Axes, embedding, blocks, keys and values of the sites that are listed with their shapes.  path: for each
 * value whether the signal passes through it (blocks.h). */
void sites_name(FrozenModel *model, const GArray *path);
