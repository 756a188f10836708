/* The contents page of the ops: one row a kind of computation. */
#include "engine/op.h"

#include <string.h>

const Op *const op_table[] = {
    NULL,
};

const Op *op_find(const char *name) {
  for (const Op *const *op = op_table; *op; op++)
    if (strcmp((*op)->name, name) == 0)
      return *op;
  return NULL;
}
