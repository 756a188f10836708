/* Runs a plan: the memory of one worker, and the two loops over the nodes. */
#include "engine/error.h"
#include "engine/passes/passes.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* One node's call, forward and back, with all its tensors bound. */
typedef struct {
  const PlanNode *node;
  OpCall forward, backward;
  const Tensor **x, **kept_x; /* forward's inputs; those that backward may read */
  Tensor **y, **kept_y;
  const Tensor **dy;
  Tensor **dx;
} Call;

struct _Workspace {
  const Plan *plan;
  char *block;
  Tensor *values;    /* by ValueId */
  Tensor *gradients; /* by ValueId; data NULL where there is none */
  Tensor *unread;    /* by ValueId: shapes without numbers, for what is not kept */
  Tensor *addends;   /* one for each gradient that is added */
  float *zeros;      /* for wanted gradients that no path leads to */
  Call *calls;
};

static void *at(Workspace *self, ptrdiff_t offset) {
  return offset == NO_BUFFER ? NULL : self->block + offset;
}

static void bind_values(Workspace *self) {
  const Plan *plan = self->plan;
  size_t most = 1;
  for (guint i = 1; i < plan->values->len; i++) {
    const PlanValue *value = plan_at(plan, (ValueId)i);
    self->values[i] = self->gradients[i] = self->unread[i] = value->tensor;
    self->unread[i].data = NULL;
    if (value->offset != NO_BUFFER)
      self->values[i].data = at(self, value->offset);
    self->gradients[i].data = at(self, value->gradient_offset);
    if (value->wants_gradient)
      most = MAX(most, tensor_bytes(&value->tensor));
  }
  self->zeros = g_malloc0(most);
}

/* What backward may read of a value: its numbers if they were kept or never change. */
static Tensor *readable(Workspace *self, ValueId id, bool keeps) {
  const PlanValue *value = plan_at(self->plan, id);
  bool lasting = value->known || value->kind == VALUE_PARAMETER;
  return keeps || lasting ? &self->values[id] : &self->unread[id];
}

static void bind_call(Workspace *self, Call *call, const PlanNode *node, Tensor **addend) {
  int n = node->n_inputs, m = node->n_outputs;
  call->node = node;
  call->x = g_new0(const Tensor *, n + 1);
  call->kept_x = g_new0(const Tensor *, n + 1);
  call->dx = g_new0(Tensor *, n + 1);
  call->y = g_new0(Tensor *, m + 1);
  call->kept_y = g_new0(Tensor *, m + 1);
  call->dy = g_new0(const Tensor *, m + 1);
  for (int i = 0; i < n; i++) {
    ValueId id = node->inputs[i];
    if (id == VALUE_NONE)
      continue;
    call->x[i] = &self->values[id];
    call->kept_x[i] = readable(self, id, i < 16 && node->keeps & KEEP_INPUT(i));
    if (node->backward && i < 32 && node->wanted >> i & 1) {
      call->dx[i] = &self->gradients[id];
      if (node->addend_offset[i] != NO_BUFFER) {
        **addend = self->gradients[id];
        (*addend)->data = at(self, node->addend_offset[i]);
        call->dx[i] = (*addend)++;
      }
    }
  }
  for (int i = 0; i < m; i++) {
    ValueId id = node->outputs[i];
    call->y[i] = &self->values[id];
    call->kept_y[i] = readable(self, id, node->keeps & KEEP_OUTPUT(i));
    if (node->backward && self->gradients[id].data)
      call->dy[i] = &self->gradients[id];
  }
  call->forward = (OpCall){.node = &node->node,
                           .prepared = node->prepared,
                           .n_inputs = n,
                           .n_outputs = m,
                           .x = call->x,
                           .y = call->y,
                           .saved = at(self, node->saved_offset),
                           .scratch = at(self, node->scratch_offset),
                           .scratch_bytes = node->scratch_bytes,
                           .pool = self->plan->pool};
  call->backward = call->forward;
  call->backward.x = call->kept_x;
  call->backward.y = call->kept_y;
  call->backward.dy = call->dy;
  call->backward.dx = call->dx;
  call->backward.scratch = at(self, node->backward_scratch_offset);
  call->backward.accumulate = node->added & 1 && node->addend_offset[0] == NO_BUFFER;
}

/* The system hands out more memory than the machine has, and ends the program when it is used. */
static bool machine_has(size_t bytes) {
  long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
  return pages <= 0 || size <= 0 || bytes / (size_t)size < (size_t)pages;
}

Workspace *workspace_new(const Plan *plan, GError **error) {
  size_t bytes = plan->block_bytes + TENSOR_ALIGNMENT;
  char *block =
      machine_has(bytes)
          ? aligned_alloc(TENSOR_ALIGNMENT, (bytes + TENSOR_ALIGNMENT - 1) & ~(size_t)(TENSOR_ALIGNMENT - 1))
          : NULL;
  if (!block) {
    input_error(error,
                "running the model takes %zu MiB a worker, which cannot be had; use a smaller input or batch",
                bytes >> 20);
    return NULL;
  }
  Workspace *self = g_new0(Workspace, 1);
  guint n = plan->values->len;
  self->plan = plan;
  self->block = block;
  self->values = g_new0(Tensor, n);
  self->gradients = g_new0(Tensor, n);
  self->unread = g_new0(Tensor, n);
  self->calls = g_new0(Call, plan->nodes->len + 1);
  bind_values(self);
  int addends = 0;
  for (guint k = 0; k < plan->nodes->len; k++)
    for (int i = 0; i < plan_node(plan, k)->n_inputs; i++)
      addends += plan_node(plan, k)->addend_offset[i] != NO_BUFFER;
  self->addends = g_new0(Tensor, addends + 1);
  Tensor *addend = self->addends;
  for (guint k = 0; k < plan->nodes->len; k++)
    bind_call(self, &self->calls[k], plan_node(plan, k), &addend);
  for (guint i = 0; i < plan->inputs->len; i++) {
    const Tensor *input = &self->values[g_array_index(plan->inputs, ValueId, i)];
    memset(input->data, 0, tensor_bytes(input));
  }
  return self;
}

void workspace_free(Workspace *self) {
  if (!self)
    return;
  for (guint k = 0; k < self->plan->nodes->len; k++) {
    Call *call = &self->calls[k];
    g_free(call->x);
    g_free(call->kept_x);
    g_free(call->y);
    g_free(call->kept_y);
    g_free(call->dy);
    g_free(call->dx);
  }
  g_free(self->calls);
  g_free(self->addends);
  g_free(self->values);
  g_free(self->gradients);
  g_free(self->unread);
  g_free(self->zeros);
  free(self->block);
  g_free(self);
}

Tensor *workspace_input(Workspace *self, ValueId input) {
  return plan_at(self->plan, input)->known ? NULL : &self->values[input];
}

bool workspace_forward(Workspace *self, const StopFlag *stop) {
  for (guint k = 0; k < self->plan->nodes->len; k++) {
    if (stop_requested(stop))
      return false;
    OpCall *call = &self->calls[k].forward;
    call->stop = stop;
    self->calls[k].node->node.op->forward(call);
  }
  return !stop_requested(stop);
}

const Tensor *workspace_output(Workspace *self, ValueId value) {
  return &self->values[value];
}

Tensor *workspace_seed(Workspace *self) {
  return &self->gradients[self->plan->target];
}

static void add_to(Tensor *sum, const Tensor *addend) {
  float *restrict a = tensor_floats(sum);
  const float *restrict b = tensor_floats(addend);
  int64_t n = tensor_count(sum);
  for (int64_t i = 0; i < n; i++)
    a[i] += b[i];
}

bool workspace_backward(Workspace *self, const StopFlag *stop) {
  for (guint k = self->plan->nodes->len; k-- > 0;) {
    const PlanNode *node = self->calls[k].node;
    if (!node->backward)
      continue;
    if (stop_requested(stop))
      return false;
    OpCall *call = &self->calls[k].backward;
    call->stop = stop;
    node->node.op->backward(call);
    for (int i = 0; i < node->n_inputs; i++)
      if (node->addend_offset[i] != NO_BUFFER)
        add_to(&self->gradients[node->inputs[i]], call->dx[i]);
  }
  return !stop_requested(stop);
}

const Tensor *workspace_gradient(Workspace *self, ValueId value) {
  Tensor *gradient = &self->gradients[value];
  if (!gradient->data)
    gradient->data = self->zeros;
  return gradient;
}
