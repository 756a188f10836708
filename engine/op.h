/* An op: one kind of computation, its shape rule, its value and its chain rule side by side in one file of
 * ops/.
 *
 * The table at the bottom of ops/ops.c lists them all.  A new op is one file, one row there, one line in
 * meson.build; the tests loop over the table and compare every chain rule with finite differences.
 *
 * Ops never allocate, never fail after `infer`, keep no state and may run in several threads at once. */
#pragma once

#include "engine/pool.h"
#include "engine/tensor.h"

#define OP_MAX_INPUTS  64 /* more are refused by name: Concat of a hostile file */
#define OP_MAX_OUTPUTS 16

typedef enum {
  ATTRIBUTE_INT,
  ATTRIBUTE_FLOAT,
  ATTRIBUTE_TEXT,
  ATTRIBUTE_INTS,
  ATTRIBUTE_FLOATS,
  ATTRIBUTE_TENSOR
} AttributeType;

/* A named setting of a node, as ONNX has it. */
typedef struct {
  char *name;
  AttributeType type;
  int64_t i;
  float f;
  char *text;
  int64_t *ints; /* n_numbers of them */
  float *floats; /* n_numbers of them */
  int n_numbers;
  Tensor *tensor;
} Attribute;

/* An activation that a pass has moved into the op in front of it.  It passes z where low < z < high (for Clip
 * the bounds pass too) and keeps one bit an element for the way back. */
typedef enum { ACTIVATION_NONE, ACTIVATION_RELU, ACTIVATION_CLIP } ActivationKind;
typedef struct {
  ActivationKind kind;
  float low, high;
} Activation;

typedef struct _Op Op;

/* One computation of a graph: an op with its settings. */
typedef struct {
  const Op *op;
  char *name; /* the ONNX node's name, or the builder's: for messages */
  GPtrArray *attributes;
  Activation activation;
} Node;

int64_t node_int(const Node *node, const char *name, int64_t otherwise);
float node_float(const Node *node, const char *name, float otherwise);
const char *node_text(const Node *node, const char *name, const char *otherwise);
/* The numbers of an INTS attribute and how many; NULL and 0 when it is absent. */
const int64_t *node_ints(const Node *node, const char *name, int *n);
const Attribute *node_attribute(const Node *node, const char *name);

/* What one call of an op works on. */
typedef struct {
  const Node *node;
  const void *prepared; /* what `prepare` returned */
  int n_inputs, n_outputs;
  const Tensor *const
      *x; /* inputs; NULL: an optional one that was left out.  In backward ->data is NULL unless kept */
  Tensor *const *y;        /* outputs; likewise in backward */
  const Tensor *const *dy; /* backward: gradients of the outputs, in the outputs' order of memory */
  Tensor *const *dx;    /* backward: gradients to write, in the inputs' order of memory; NULL: not wanted */
  bool accumulate;      /* backward, ops with adds_gradient only: add to dx[0] instead of writing it */
  void *saved;          /* what forward leaves for backward; NULL in a forward that no backward follows */
  char *scratch;        /* op->scratch() bytes for each worker of `pool`, one after the other */
  size_t scratch_bytes; /* the bytes of one worker */
  Pool *pool;           /* NULL: this call is itself a piece of some pool's work */
  const StopFlag *stop; /* for calls that take long; may be NULL */
} OpCall;

/* What backward reads, as a set. */
#define KEEP_INPUT(k)  (1u << (k))
#define KEEP_OUTPUT(k) (1u << (16 + (k)))

/* How an op stands to the channels-last order of memory. */
typedef enum {
  LAYOUT_ROW_MAJOR, /* reads and writes row-major only */
  LAYOUT_PREFERS,   /* faster in channels-last: convolution, pooling */
  LAYOUT_FOLLOWS,   /* takes either, as long as all its tensors of the full rank have the same */
} LayoutRule;

struct _Op {
  const char *name; /* the ONNX operator's name: never rename */
  int min_inputs, max_inputs;
  LayoutRule layout;
  /* LAYOUT_FOLLOWS and LAYOUT_PREFERS: which inputs take part in the layout (bit k = input k); the others
   * stay row-major. */
  unsigned layout_inputs;
  bool fuses_activation; /* forward applies node->activation, backward undoes it; the bits are part of `saved`
                          */
  bool adds_gradient;    /* backward honours `accumulate` */
  bool shape_only;       /* forward reads the shapes of x, not its numbers: can be folded before the run */
  unsigned no_gradient;  /* inputs (bit k) that no gradient passes to although there is a backward: bounds,
                            statistics */
  /* Types and shapes of y from those of x.  x[k]->data is set where the numbers are known before the run
   * (constants, folded shapes).  y[] come zeroed; set type and shape of each.  Returns the error with the
   * reason only: the caller adds the node's name. */
  bool (*infer)(const Node *node, int n_inputs, const Tensor *const *x, int n_outputs, Tensor *const *y,
                GError **error);
  /* Packs frozen weights once, when the plan is made.  x[k]->data is set for constants.  NULL: nothing to
   * prepare. */
  void *(*prepare)(const Node *node, int n_inputs, const Tensor *const *x, Tensor *const *y);
  void (*release)(void *prepared);
  /* Bytes of `scratch` one worker needs.  NULL: none. */
  size_t (*scratch)(const OpCall *call);
  /* Bytes of `saved`.  NULL: none (an activation's bits included). */
  size_t (*saved)(const OpCall *call);
  /* The set of x and y that backward reads when dx is wanted for the set `wanted` (bit k = input k).  NULL:
   * nothing. */
  unsigned (*keeps)(const Node *node, unsigned wanted);
  void (*forward)(const OpCall *call);
  void (*backward)(const OpCall *call); /* NULL: no gradient passes */
};

/* NULL when there is no op of this name. */
const Op *op_find(const char *name);
/* All ops, by name; NULL after the last. */
extern const Op *const op_table[];
