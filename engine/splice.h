/* Splicing: f replayed into a graph with something put in at its sites.
 *
 * At a site the value that f computes goes through a builder function, and everything behind the site reads
 * what that returns.  The builder adds nodes like any other and writes no chain rule; what it adds may be of
 * the site's own shape (added, scaled, overwritten) or longer along the site's token axis (concatenated).
 *
 * Splice first, fold afterwards: nothing of f has been folded yet, so shape arithmetic inside f follows by
 * itself.  Where a graph has sizes as constants, each longer axis carries a tag (how much longer, in front of
 * which of f's own elements) from node to node: a number in Reshape, Expand or Slice is corrected where
 * exactly one tagged axis explains it; otherwise the splice is refused with the node's name.  Numbers that
 * name elements along the token axis (Gather, Slice) still name the same elements.  A frozen operand as long
 * as f's own tokens is made longer with what is neutral: positions by zeros; a mask that is added to the
 * scores or chosen by lets everybody see what was put in.  Keys and values (the pair of sites that an
 * Attention reads; give both a splice) may be longer than the queries.
 *
 * Operators with such a correction are rows of splice-repairs.c. */
#pragma once

#include "engine/frozen-model.h"

/* Adds nodes behind x, the value at the site, and returns what is read instead.  The shape is x's, or with
 * `tokens` more along the token axis. */
typedef ValueId (*SpliceBuild)(void *data, Graph *graph, ValueId x);

typedef struct {
  const Site *site; /* of the model that is imported */
  SpliceBuild build;
  void *data;
  int64_t tokens;   /* what build puts in along the site's token axis; 0: the shape stays */
  int64_t position; /* in front of which of f's own tokens, 0: in front of the first */
  bool unseen;      /* no attention looks at what is put in: for checks, f then says what it says without */
} Splice;

/* Copies the model's graph with the splices; several at one site are built in their order.  inputs[i], a
 * value of `graph`, stands for the model's i-th input.  Errors are kept in the graph, as ever.  Returns the
 * map from ids of the model's graph to ids of `graph`; a site's id leads to what is read behind it. (transfer
 * full) (element-type ValueId) */
GArray *splice_import(Graph *graph, const FrozenModel *model, const ValueId *inputs, const Splice *splices,
                      int n_splices);

/* Nodes that builders and their callers need.  `axis` is a token axis, never 0 (the batch).  A table has x's
 * shape without the batch: (tokens, channels) for x (batch, tokens, channels), (heads, tokens, channels) for
 * keys. */

/* x with the table's `count` tokens in front of token `position`. */
ValueId tokens_insert(Graph *graph, ValueId x, int axis, int64_t position, ValueId table);
/* x with tokens position .. position + count - 1 replaced by the table. */
ValueId tokens_overwrite(Graph *graph, ValueId x, int axis, int64_t position, int64_t count, ValueId table);
/* x without tokens position .. position + count - 1. */
ValueId tokens_drop(Graph *graph, ValueId x, int axis, int64_t position, int64_t count);
/* ids (batch, tokens) with `count` times `id` in front.  A decoder's soft prompt: f runs on these, a splice
 * at the embedding overwrites the first `count` rows (tokens_overwrite), and the logits behind them are
 * returned (tokens_drop), so that masks, positions and rotary angles come out right by themselves. */
ValueId tokens_dummy(Graph *graph, ValueId ids, int64_t count, int64_t id);
