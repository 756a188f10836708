#include "engine/kernels/band.h"

#include "engine/activation.h"

#include <string.h>

#define BAND_BYTES     (128 * 1024)      /* wanted for a band with its padding */
#define MOST_ROW_BYTES (4 * 1024 * 1024) /* one row of output may need this much */

/* Rows of the scratch image for n output rows of each phase. */
static int64_t band_rows(const Direction *d, int64_t n) {
  return d->rows.most < d->rows.least ? 0 : (n - 1) * d->rows.from_step + d->rows.most - d->rows.least + 1;
}

void direction_init(Direction *d, const ConvShape *shape, bool backward) {
  void (*init)(Walk *, const Window *, int) = backward ? walk_backward : walk_forward;
  init(&d->rows, &shape->window, HEIGHT);
  init(&d->columns, &shape->window, WIDTH);
  d->from_channels = backward ? shape->outputs : shape->inputs;
  d->to_channels = backward ? shape->inputs : shape->outputs;
  const Walk *c = &d->columns;
  d->band_columns = c->most < c->least ? 0 : (c->phase[0].n - 1) * c->from_step + c->most - c->least + 1;
  d->row_floats = d->band_columns * d->from_channels;
  int64_t n = d->rows.phase[0].n, most = n;
  while (most > 1 && band_rows(d, most) * d->row_floats * (int64_t)sizeof(float) > BAND_BYTES)
    most = (most + 1) / 2;
  /* A band of 8 rows begins at a whole byte of bits, whatever the other sizes. */
  if (d->to_channels % 8 != 0)
    most = (most + 7) / 8 * 8;
  d->bands = MAX(1, (n + most - 1) / most);
  d->band = most;
}

bool direction_fits(const ConvShape *shape) {
  const Window *w = &shape->window;
  Direction d;
  if (w->kernel[DEPTH] != 1 || w->in[DEPTH] != 1 || w->out[DEPTH] != 1 || w->before[DEPTH] != 0 ||
      !walk_fits(w, HEIGHT) || !walk_fits(w, WIDTH))
    return false;
  for (int backward = 0; backward < 2; backward++) {
    direction_init(&d, shape, backward);
    if (band_rows(&d, 1) * d.row_floats * (int64_t)sizeof(float) > MOST_ROW_BYTES)
      return false;
  }
  return true;
}

int64_t band_floats(const Direction *d) {
  return (band_rows(d, MIN(d->band, d->rows.phase[0].n)) * d->row_floats + 15) & ~(int64_t)15;
}

/* to[i] = bit first + i ? from[i] : 0 */
static void mask_run(float *to, const float *from, int64_t n, const uint8_t *bits, int64_t first) {
  int64_t i = 0;
  for (; i < n && (first + i) % 8 != 0; i++)
    to[i] = bits[(first + i) / 8] >> (first + i) % 8 & 1 ? from[i] : 0;
  activation_backward(to + i, from + i, n - i, bits + (first + i) / 8);
}

Band band_make(const Direction *d, const float *x, const uint8_t *bits, int64_t first, int64_t n, float *to) {
  int64_t channels = d->from_channels, width = d->columns.from * channels;
  int64_t row = first * d->rows.from_step + d->rows.least, rows = band_rows(d, n), left = d->columns.least;
  if (!bits && row >= 0 && row + rows <= d->rows.from && left >= 0 &&
      left + d->band_columns <= d->columns.from)
    return (Band){x + row * width + left * channels, width};
  int64_t begin = CLAMP(-left, 0, d->band_columns),
          end = CLAMP(d->columns.from - left, begin, d->band_columns);
  for (int64_t r = 0; r < rows; r++) {
    float *line = to + r * d->row_floats;
    if (row + r < 0 || row + r >= d->rows.from || end == begin) {
      memset(line, 0, sizeof(float) * (size_t)d->row_floats);
      continue;
    }
    int64_t at = (row + r) * width + (left + begin) * channels, count = (end - begin) * channels;
    memset(line, 0, sizeof(float) * (size_t)(begin * channels));
    if (bits)
      mask_run(line + begin * channels, x + at, count, bits, at);
    else
      memcpy(line + begin * channels, x + at, sizeof(float) * (size_t)count);
    memset(line + end * channels, 0, sizeof(float) * (size_t)((d->band_columns - end) * channels));
  }
  return (Band){to, d->row_floats};
}

int64_t band_offsets(const Direction *d, const WalkPhase *row, const WalkPhase *column, const Band *band,
                     bool runs, int64_t offsets[]) {
  int64_t n = 0, columns = runs && column->count > 0 && walk_is_run(column) ? 1 : column->count;
  for (int i = 0; i < row->count; i++)
    for (int64_t j = 0; j < columns; j++)
      offsets[n++] = (row->offset[i] - d->rows.least) * band->row_floats +
                     (column->offset[j] - d->columns.least) * d->from_channels;
  return n;
}
