/* Element by element with numpy broadcasting, any orders of memory: the loops that the ops of two operands
 * share, and the sums of the way back.
 *
 *     y = g(a, b)        da = reduce(dy * dg/da),  db = reduce(dy * dg/db)
 *
 * where reduce sums over the axes along which the operand was repeated.  An op gives functions for one row; b
 * may be left out. */
#pragma once

#include "engine/ops/support.h"

/* Where a row begins in the operands, and their steps in elements: 0 for an operand that is repeated.  NULL:
 * the operand is left out, or its numbers are not kept. */
typedef struct {
  const void *a, *b;
  int64_t sa, sb;
  const void *data;
} PairRow;

/* n elements of y, which may be read too where the op builds on what stands there. */
typedef void (*PairRun)(const PairRow *row, int64_t n, void *y);
/* t[i] = dy[i] * derivative by one operand */
typedef void (*PairGradient)(const PairRow *row, int64_t n, const float *dy, float *t);

/* y = run(a, b); b may be NULL.  `data` is handed on. */
void pairs_run(const OpCall *call, PairRun run, const void *data, const Tensor *a, const Tensor *b,
               const Tensor *y);
/* dx = the gradient by operand k of (a, b), which it has the shape and order of. */
void pairs_gradient(const OpCall *call, PairGradient gradient, const void *data, const Tensor *a,
                    const Tensor *b, const Tensor *dy, int k, const Tensor *dx);
/* What pairs_gradient() needs for any of the call's inputs. */
size_t pairs_scratch(const OpCall *call);

/* An op of two operands of one type. */
typedef struct {
  PairRun run[TENSOR_BOOL + 1]; /* by type of the operands; NULL: it does not take the type */
  PairGradient gradient[2];     /* by a, by b */
  unsigned reads[2];            /* what each gradient reads */
  bool truth;                   /* y is bool, not of the operands' type */
} PairKind;

bool pair_infer(const PairKind *kind, const Tensor *const *x, int n_outputs, Tensor *const *y,
                GError **error);
unsigned pair_keeps(const PairKind *kind, unsigned wanted);
void pair_forward(const OpCall *call, const PairKind *kind);
void pair_backward(const OpCall *call, const PairKind *kind);

/* Calls name##_steps with the steps of most rows as constants, so that it is compiled for each. */
#define PAIR_STEPS(name, ...)                                                                                \
  if (row->sa == 1 && row->sb == 1)                                                                          \
    name##_steps(row, 1, 1, __VA_ARGS__);                                                                    \
  else if (row->sa == 1 && row->sb == 0)                                                                     \
    name##_steps(row, 1, 0, __VA_ARGS__);                                                                    \
  else if (row->sa == 0 && row->sb == 1)                                                                     \
    name##_steps(row, 0, 1, __VA_ARGS__);                                                                    \
  else                                                                                                       \
    name##_steps(row, row->sa, row->sb, __VA_ARGS__);
/* A PairRun that computes y[i] from p = a's and q = b's element. */
#define PAIR_ROW(name, A, B, Y, expression)                                                                  \
  static inline __attribute__((always_inline)) void name##_steps(const PairRow *row, int64_t sa, int64_t sb, \
                                                                 int64_t n, Y *restrict y) {                 \
    const A *a = row->a;                                                                                     \
    const B *b = row->b;                                                                                     \
    for (int64_t i = 0; i < n; i++) {                                                                        \
      A p G_GNUC_UNUSED = P;                                                                                 \
      B q G_GNUC_UNUSED = Q;                                                                                 \
      y[i] = (expression);                                                                                   \
    }                                                                                                        \
  }                                                                                                          \
  static void name(const PairRow *row, int64_t n, void *y) {                                                 \
    PAIR_STEPS(name, n, y)                                                                                   \
  }
/* A PairGradient; `expression` may read g = dy[i], P and Q, the elements of a and b, which must be kept. */
#define PAIR_GRADIENT(name, A, B, expression)                                                                \
  static inline __attribute__((always_inline)) void name##_steps(                                            \
      const PairRow *row, int64_t sa, int64_t sb, int64_t n, const float *dy, float *restrict t) {           \
    const A *a G_GNUC_UNUSED = row->a;                                                                       \
    const B *b G_GNUC_UNUSED = row->b;                                                                       \
    for (int64_t i = 0; i < n; i++) {                                                                        \
      float g = dy[i];                                                                                       \
      t[i] = (expression);                                                                                   \
    }                                                                                                        \
  }                                                                                                          \
  static void name(const PairRow *row, int64_t n, const float *dy, float *t) {                               \
    PAIR_STEPS(name, n, dy, t)                                                                               \
  }
#define P a[i * sa]
#define Q b[i * sb]

/* The members of a row of the table of ops.  `kind`, a PairKind, may depend on `node`. */
#define PAIR_FUNCTIONS(symbol, kind)                                                                         \
  static bool symbol##_infer(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs,          \
                             Tensor *const *y, GError **error) {                                             \
    return pair_infer(&(kind), x, n_outputs, y, error);                                                      \
  }                                                                                                          \
  static void symbol##_forward(const OpCall *call) {                                                         \
    const Node *node G_GNUC_UNUSED = call->node;                                                             \
    pair_forward(call, &(kind));                                                                             \
  }
#define PAIR_MEMBERS(symbol, onnx_name)                                                                      \
  .name = onnx_name, .min_inputs = 2, .max_inputs = 2, .layout = LAYOUT_FOLLOWS, .layout_inputs = 3,         \
  .infer = symbol##_infer, .forward = symbol##_forward

/* An op with a gradient, and one without. */
#define PAIR_OP(symbol, onnx_name, kind)                                                                     \
  PAIR_FUNCTIONS(symbol, kind)                                                                               \
  static unsigned symbol##_keeps(const Node *node, unsigned wanted) {                                        \
    return pair_keeps(&(kind), wanted);                                                                      \
  }                                                                                                          \
  static void symbol##_backward(const OpCall *call) {                                                        \
    const Node *node G_GNUC_UNUSED = call->node;                                                             \
    pair_backward(call, &(kind));                                                                            \
  }                                                                                                          \
  const Op symbol = {PAIR_MEMBERS(symbol, onnx_name), .keeps = symbol##_keeps, .scratch = pairs_scratch,     \
                     .backward = symbol##_backward};
#define PAIR_TEST(symbol, onnx_name, kind)                                                                   \
  PAIR_FUNCTIONS(symbol, kind)                                                                               \
  const Op symbol = {PAIR_MEMBERS(symbol, onnx_name)};
