/* Mean and spread of neighbouring numbers, in doubles and in eight lanes: the same bits on every machine. */
#pragma once

#include <math.h>
#include <stdint.h>

#define MOMENT_LANES 8

/* sum of `term`, an expression of i, over i < n */
#define LANE_SUM(n, term)                                                                                    \
  ({                                                                                                         \
    double lane_[MOMENT_LANES] = {0}, total_ = 0;                                                            \
    int64_t k_ = 0, n_ = (n);                                                                                \
    for (; k_ + MOMENT_LANES <= n_; k_ += MOMENT_LANES)                                                      \
      for (int l_ = 0; l_ < MOMENT_LANES; l_++) {                                                            \
        int64_t i = k_ + l_;                                                                                 \
        lane_[l_] += (term);                                                                                 \
      }                                                                                                      \
    for (int64_t i = k_; i < n_; i++)                                                                        \
      lane_[i - k_] += (term);                                                                               \
    for (int l_ = 0; l_ < MOMENT_LANES; l_++)                                                                \
      total_ += lane_[l_];                                                                                   \
    total_;                                                                                                  \
  })

static inline double mean_of(const float *x, int64_t n) {
  return LANE_SUM(n, (double)x[i]) / (double)n;
}

/* The mean of the squared distances from `mean`. */
static inline double variance_of(const float *x, int64_t n, double mean) {
  return LANE_SUM(n, (x[i] - mean) * (x[i] - mean)) / (double)n;
}
