/* What the files data/onnx-*.c share.  Nobody else includes this, and onnx.pb-c.h only they. */
#pragma once

#include "data/number.h"
#include "data/onnx-external.h"
#include "data/onnx-memory.h"
#include "engine/frozen-model.h"

struct Onnx__AttributeProto;
struct Onnx__ModelProto;
struct Onnx__NodeProto;
struct Onnx__TensorProto;
struct Onnx__TypeProto;
struct Onnx__ValueInfoProto;

/* An unpacked file. */
typedef struct {
  const char *where; /* for messages; borrowed */
  OnnxMemory memory;
  struct Onnx__ModelProto *proto;
  OnnxExternal *external; /* NULL: the model came from memory */
  int opset;              /* of ONNX's own operators; 0: the file names none */
} OnnxFile;

/* Checks and unpacks; the bytes are not needed afterwards.  Strings are valid UTF-8 from here on.  Close in
 * any case. */
bool onnx_file_open(OnnxFile *file, const void *bytes, size_t size, const char *where, GError **error);
void onnx_file_close(OnnxFile *file);
/* Maps the path, opens it, gives the mapping back.  sha256 may be NULL, else (transfer full): of the file's
 * bytes. */
bool onnx_file_open_path(OnnxFile *file, const char *path, char **sha256, GError **error);
/* The graph as the engine has it: fills model->graph, opset and output_shape. */
bool onnx_file_build(OnnxFile *file, FrozenModel *model, GError **error);
void onnx_file_card(const OnnxFile *file, ModelCard *card);

/* A tensor of the file in the engine's type.  Takes the numbers out of the message where their type is the
 * engine's own. `name` and `where` are for messages.  (transfer full) */
Tensor *onnx_tensor(struct Onnx__TensorProto *proto, const char *name, const char *where, GError **error);
/* Kind and shape of a tensor of the file, checked; its numbers are not looked at. */
bool onnx_tensor_layout(const struct Onnx__TensorProto *proto, const char *name, const char *where,
                        NumberKind *kind, Shape *shape, GError **error);
/* The engine's type for an element type of the file; false when it has none. */
bool onnx_tensor_type(int element, TensorType *type);
/* "float16"; NULL: unknown. */
const char *onnx_element_name(int element);
/* The element type of this name; -1: none. */
int onnx_element_number(const char *name);
/* How its numbers lie in a file; only for those that onnx_tensor_type() accepts. */
NumberKind onnx_element_kind(int element);
/* Shape of a tensor type: -1 where the file gives a name or nothing.  False when it has none or more than
 * TENSOR_MAX_RANK axes. */
bool onnx_type_shape(const struct Onnx__TypeProto *type, Shape *shape);

/* Name for messages: the node's own or its first output's. */
const char *onnx_node_name(const struct Onnx__NodeProto *node);
/* True when `op` is an operator of ONNX that the engine has; false too for the engine's own ones. */
bool onnx_has_operator(const char *op);
/* True when the node can be read; else *reason (a phrase without the node's name) if not NULL. */
bool onnx_node_supported(const struct Onnx__NodeProto *node, const char **reason);
/* Copies the attributes to a node of the graph, without those that onnx_node_upgrade() has made inputs. */
bool onnx_node_attributes(struct Onnx__NodeProto *proto, int opset, Node *node, const char *where,
                          GError **error);
/* What a Constant node holds.  (transfer full) */
Tensor *onnx_node_constant(struct Onnx__NodeProto *proto, const char *where, GError **error);
/* Attributes that later operator sets have as inputs: adds them to the graph as constants and to
 * inputs[*n_inputs]. */
void onnx_node_upgrade(const struct Onnx__NodeProto *proto, int opset, Graph *graph, ValueId *inputs,
                       int *n_inputs);

/* Messages for writing.  They live in `blocks` (a GPtrArray that frees with g_free) and borrow numbers, names
 * and texts. */
void *onnx_block(GPtrArray *blocks, size_t size);
#define ONNX_MESSAGE(blocks, Type, INIT)                                                                     \
  ({                                                                                                         \
    Type *message_ = onnx_block(blocks, sizeof(Type));                                                       \
    *message_ = (Type)INIT;                                                                                  \
    message_;                                                                                                \
  })
struct Onnx__TensorProto *onnx_message_tensor(GPtrArray *blocks, const Tensor *tensor, char *name);
/* An input or output; axis 0 of unknown size is called "batch". */
struct Onnx__ValueInfoProto *onnx_message_port(GPtrArray *blocks, char *name, TensorType type,
                                               const Shape *shape);
/* Numbers of element types become those of the engine's types. */
struct Onnx__AttributeProto *onnx_message_attribute(GPtrArray *blocks, const Attribute *attribute);
