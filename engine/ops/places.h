/* Where the pieces lie that an int64 tensor of indices names in a tensor of data: shared by the gathering and
 * the scattering ops.
 *
 * Piece k is `inner` neighbouring elements of the data.  GatherElements and ScatterElements name one element
 * by its own position with one axis exchanged; GatherND and ScatterND name the first axes.  Negative indices
 * count from the end.  One that is out of range is refused where it is known before the run; in data it names
 * nothing. */
#pragma once

#include "engine/op.h"

typedef struct {
  int64_t n, inner;
  int rank;                        /* axes of `at` */
  int64_t dim[TENSOR_MAX_RANK];    /* sizes that indices are checked against */
  int64_t stride[TENSOR_MAX_RANK]; /* elements of data between neighbours */
  int width;                       /* indices to a piece */
  /* elements: size of the indices' axes, and the axis that is exchanged; -1: the ND form */
  int64_t own[TENSOR_MAX_RANK];
  int axis;
  /* ND: pieces and elements of one entry of the batch axes */
  int64_t batch_pieces, batch_elements;
} Places;

/* GatherElements, ScatterElements: indices of the data's rank, not larger than it but along the axis. */
bool places_of_elements(Places *places, const Shape *data, int64_t axis, const Tensor *indices,
                        GError **error);
/* GatherND, ScatterND: the last axis of the indices holds the first axes of the data behind the batch axes.
 */
bool places_of_slices(Places *places, const Shape *data, int64_t batch_axes, const Tensor *indices,
                      GError **error);
/* Offset in data of the first element of piece k, -1 when its indices are out of range. */
int64_t places_at(const Places *places, const int64_t *indices, int64_t k);
/* Refuses indices that are known (indices->data is set) and out of range. */
bool places_check(const Places *places, const Tensor *indices, GError **error);
