/* Old operator sets in the form of the newest: a table of rules, applied to each node while a file is read.
 * What was an attribute and became an input is `moved` of onnx-node.c; all else is here.
 *
 * Source of the old forms: ONNX's Changelog (https://github.com/onnx/onnx/blob/main/docs/Changelog.md). */
#pragma once

#include "engine/graph.h"

struct Onnx__AttributeProto;
struct Onnx__NodeProto;

#define ONNX_MORE_INPUTS 8 /* that old forms may add to a node */

/* What is known of a value before shapes are inferred; -1: nothing. */
typedef struct {
  int rank;
  int count; /* elements of a list or of a single number: a list of sizes tells the rank of what it shapes */
} OnnxRank;

/* A node on its way into the graph. */
typedef struct {
  const struct Onnx__NodeProto *proto;
  const char *where; /* for messages */
  int opset;
  Graph *graph;
  GArray *ranks;    /* OnnxRank by ValueId; shorter than the ids where the rest was not asked for */
  GArray *elements; /* int by ValueId: the file's element types as far as onnx_element() knows */
  const char *op;   /* the operator's name today */
  ValueId inputs[OP_MAX_INPUTS + ONNX_MORE_INPUTS];
  int n_inputs;
  ValueId shape; /* the first output gets this shape again; VALUE_NONE: it stays */
} OnnxNode;

/* Today's name of an operator that was renamed, else the name itself. */
const char *onnx_operator_today(const char *name);
/* Before the node is added: renames it, rearranges and adds inputs. */
bool onnx_upgrade_inputs(OnnxNode *node, GError **error);
/* True where a rule takes the place of this attribute, so that it is not copied. */
bool onnx_upgrade_replaces(const struct Onnx__NodeProto *proto, int opset, const char *attribute);
/* After the attributes are copied: adds those that the old form implies. */
bool onnx_upgrade_attributes(const OnnxNode *node, Node *added, GError **error);

/* Number of axes of a value of the graph as far as the nodes tell; -1: not known. */
int onnx_rank(const OnnxNode *node, ValueId value);
/* Notes the ranks of the node's outputs. */
void onnx_note_ranks(OnnxNode *node, int n_outputs, const ValueId *outputs);

/* The file's element type of a value, where the nodes tell: what is not noted otherwise has that of its first
 * input.  0: not known. */
int onnx_element(const GArray *elements, ValueId value);
void onnx_note_element(GArray *elements, ValueId value, int element);
/* Notes those of the outputs of `node`, which is `added` in the graph. */
void onnx_note_elements(const OnnxNode *node, const Node *added, int n_outputs, const ValueId *outputs);
