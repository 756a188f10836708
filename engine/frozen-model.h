/* f: a frozen pretrained network.  Filled by the data floor's reader through the graph's builder; read-only
 * afterwards.
 *
 * Sites are the places where a manipulation may enter.  The first is always the input. */
#pragma once

#include "engine/graph.h"
#include "engine/model-card.h"
#include "engine/structures.h"
#include "engine/taxonomy.h"

typedef struct {
  char *name;  /* the tensor's name in the file */
  char *alias; /* "input", "embedding", "embedding+positions", "block1", "block1.attention", "block1.keys",
                  "block1.values"; NULL: none */
  Location location;
  ValueId value;
  Shape shape;      /* -1 where it depends on the input */
  int token_axis;   /* -1: none, or not known */
  int channel_axis; /* -1: none, or not known */
  int lead;         /* tokens in front of the others that stand for no part of the input: a class token */
  int block;        /* the block that computes it, 1 for the first; 0: none */
  bool keys;        /* keys of an attention; `partner` is the site of its values */
  bool inside;      /* the alias names a part of a block */
  ValueId partner;  /* of keys: the values of the same attention; of values: its keys; else VALUE_NONE */
} Site;

typedef struct {
  char *name; /* as the user gave it: a name of the table or a path */
  char *path;
  char *sha256; /* of the file's bytes and of those of the files with its weights */
  Graph *graph;
  ModelCard card;
  GPtrArray *sites; /* Site *; empty only for a graph without inputs */
  int opset;
  int structures[STRUCTURES]; /* how many of each row of structure_table were recognised */
  Shape output_shape; /* of the first output: as the file declares it, else as inferred; rank 0: unknown */
} FrozenModel;

/* An empty graph and an empty card.  (transfer full) */
FrozenModel *frozen_model_new(void);
void frozen_model_free(FrozenModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FrozenModel, frozen_model_free)

/* Fills `sites` from the graph: the input, then every float tensor on a way from the input to the first
 * output, in the order in which they are computed.  The ends of the network's blocks (blocks.h) are called
 * block1, block2, ...; what is behind the attention of a transformer's block, and what the op Attention
 * reads, block1.attention, block1.keys, block1.values.  `embedding` is the output of the token or patch
 * embedding, `embedding+positions` the same with positions (and class token).  Call once after the graph is
 * complete and its structures are recognised. */
void frozen_model_find_sites(FrozenModel *model);
/* By tensor name or alias; NULL when there is none. */
const Site *frozen_model_site(const FrozenModel *model, const char *name);
/* The site of a value of the model's graph; NULL when it is none. */
const Site *frozen_model_site_of(const FrozenModel *model, ValueId value);
/* Where a location is when no site is named: the input; the embedding with positions where there is one, else
 * without; the first block.  NULL when there is none. */
const Site *frozen_model_default_site(const FrozenModel *model, Location location);
/* The blocks' own sites in order.  (transfer container) (element-type Site) */
GPtrArray *frozen_model_blocks(const FrozenModel *model);
/* Numbers in all frozen float tensors. */
int64_t frozen_model_parameters(const FrozenModel *model);
/* SHA-256 over names, shapes and numbers of all frozen tensors in memory, as hexadecimal text. (transfer
 * full) */
char *frozen_model_digest(const FrozenModel *model);
/* What the first input wants as a picture: channels, height, width.  False when it is not one picture a row.
 */
bool frozen_model_picture(const FrozenModel *model, int *channels, int *height, int *width);
/* Number of answers a row: all numbers of a row of the output, or where it is a row of tokens (a language
 * model, a length that depends on the input) the last axis, else the card's classes; -1 when unknown. */
int frozen_model_classes(const FrozenModel *model);
/* Name of source class i, or its number as text.  The text lives as long as the program or the model. */
const char *frozen_model_class_name(const FrozenModel *model, int i);
