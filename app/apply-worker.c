#include "app/apply-worker.h"

#include "app/picture-files.h"
#include "engine/error.h"

#include <gio/gio.h>
#include <glib/gi18n.h>

#define NICE 10
/* More answers than these a window does not show: each keeps two small pictures. */
#define MOST 5000

/* What orders that are dropped together have in common.  Counted by references. */
typedef struct {
  int references;
  StopFlag stop;
} Round;

struct _ApplyWorker {
  char *store_path;
  ApplyTold told;
  gpointer data;
  GAsyncQueue *orders;
  GThread *thread; /* NULL: not needed yet */
  Round *round;
};

typedef struct {
  ApplyWorker *worker;
  Round *round;
  char *run_id; /* NULL: the thread ends */
  GPtrArray *inputs;
} Order;

typedef struct {
  ApplyWorker *worker; /* may be gone when the round has stopped */
  Round *round;
  ApplyNews news;
} Message;

static Round *round_ref(Round *round) {
  __atomic_add_fetch(&round->references, 1, __ATOMIC_RELAXED);
  return round;
}

static void round_unref(Round *round) {
  if (__atomic_sub_fetch(&round->references, 1, __ATOMIC_ACQ_REL) == 0)
    g_free(round);
}

static Round *round_new(void) {
  Round *round = g_new0(Round, 1);
  round->references = 1;
  return round;
}

ApplyInput *apply_input_new(const char *name, GBytes *file) {
  ApplyInput *input = g_new0(ApplyInput, 1);
  *input = (ApplyInput){g_strdup(name), file ? g_bytes_ref(file) : NULL};
  return input;
}

void apply_input_free(ApplyInput *input) {
  g_free(input->name);
  g_clear_pointer(&input->file, g_bytes_unref);
  g_free(input);
}

static void order_free(gpointer data) {
  Order *order = data;
  g_free(order->run_id);
  g_clear_pointer(&order->inputs, g_ptr_array_unref);
  round_unref(order->round);
  g_free(order);
}

static void message_free(gpointer data) {
  Message *message = data;
  g_clear_pointer(&message->news.answers, g_ptr_array_unref);
  g_free((char *)message->news.warning);
  g_free((char *)message->news.error);
  round_unref(message->round);
  g_free(message);
}

static gboolean deliver(gpointer data) {
  const Message *message = data;
  if (!stop_requested(&message->round->stop))
    message->worker->told(&message->news, message->worker->data);
  return G_SOURCE_REMOVE;
}

/* The texts and answers become the message's. */
static void tell(const Order *order, ApplyNews news) {
  Message *message = g_new0(Message, 1);
  *message = (Message){order->worker, round_ref(order->round), news};
  g_idle_add_full(G_PRIORITY_DEFAULT_IDLE, deliver, message, message_free);
}

static void free_input(gpointer input) {
  apply_input_free(input);
}

/* Folders become the pictures in them.  (transfer full) (element-type ApplyInput) */
static GPtrArray *expand(const Order *order, GError **error) {
  g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_input);
  for (guint i = 0; i < order->inputs->len; i++) {
    const ApplyInput *input = g_ptr_array_index(order->inputs, i);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    if (input->file)
      g_ptr_array_add(paths, g_strdup(input->name));
    else if (!picture_files_add(paths, input->name, NULL, error))
      return NULL;
    if (paths->len == 0) {
      input_error(error, "the folder %s holds no PNG or JPEG picture; give another folder", input->name);
      return NULL;
    }
    for (guint k = 0; k < paths->len; k++)
      g_ptr_array_add(all, apply_input_new(g_ptr_array_index(paths, k), input->file));
  }
  return g_steal_pointer(&all);
}

/* Small batches first, so that the first cards come at once. */
static void answer_all(const Order *order, Apply *apply, const GPtrArray *inputs) {
  int batch = 4;
  for (guint first = 0; first < inputs->len && !stop_requested(&order->round->stop);) {
    ApplyPicture pictures[APPLY_BATCH];
    int n = MIN(batch, (int)(inputs->len - first));
    for (int i = 0; i < n; i++) {
      const ApplyInput *input = g_ptr_array_index(inputs, first + (guint)i);
      pictures[i] = (ApplyPicture){input->name, input->file};
    }
    GPtrArray *answers = apply_answer(apply, pictures, n, true, &order->round->stop);
    if (!answers)
      return;
    tell(order, (ApplyNews){.answers = answers});
    first += (guint)n;
    batch = MIN(2 * batch, APPLY_BATCH);
  }
}

static bool carry_out(const Order *order, GError **error) {
  g_autoptr(GPtrArray) inputs = expand(order, error);
  if (!inputs)
    return false;
  char *warning = NULL;
  if (inputs->len > MOST) {
    warning = g_strdup_printf(_("Of %u pictures the first %d are shown; hoarfrost apply takes any number."),
                              inputs->len, MOST);
    g_ptr_array_remove_range(inputs, MOST, inputs->len - MOST);
  }
  tell(order, (ApplyNews){.found = (int)inputs->len - (int)order->inputs->len, .warning = warning});
  g_autoptr(RunStore) store = run_store_open(order->worker->store_path, error);
  g_autoptr(Apply) apply = store ? apply_open(store, order->run_id, 0, NICE, error) : NULL;
  if (!apply)
    return false;
  if (apply_warning(apply))
    tell(order, (ApplyNews){.warning = g_strdup(apply_warning(apply))});
  answer_all(order, apply, inputs);
  return true;
}

static gpointer work(gpointer data) {
  ApplyWorker *self = data;
  for (bool on = true; on;) {
    Order *order = g_async_queue_pop(self->orders);
    on = order->run_id != NULL;
    if (on && !stop_requested(&order->round->stop)) {
      g_autoptr(GError) error = NULL;
      bool done = carry_out(order, &error);
      tell(order, (ApplyNews){.error = done ? NULL : g_strdup(error->message), .ended = true});
    }
    order_free(order);
  }
  return NULL;
}

ApplyWorker *apply_worker_new(const char *store_path, ApplyTold told, gpointer data) {
  ApplyWorker *self = g_new0(ApplyWorker, 1);
  *self = (ApplyWorker){.store_path = g_strdup(store_path), .told = told, .data = data};
  self->orders = g_async_queue_new_full(order_free);
  self->round = round_new();
  return self;
}

static void push(ApplyWorker *self, const char *run_id, GPtrArray *inputs) {
  Order *order = g_new0(Order, 1);
  *order = (Order){self, round_ref(self->round), g_strdup(run_id), inputs};
  g_async_queue_push(self->orders, order);
}

void apply_worker_order(ApplyWorker *self, const char *run_id, GPtrArray *inputs) {
  push(self, run_id, inputs);
  if (!self->thread)
    self->thread = g_thread_new("apply", work, self);
}

void apply_worker_drop(ApplyWorker *self) {
  atomic_store(&self->round->stop, 1);
  round_unref(self->round);
  self->round = round_new();
}

void apply_worker_free(ApplyWorker *self) {
  if (!self)
    return;
  apply_worker_drop(self);
  atomic_store(&self->round->stop, 1);
  if (self->thread) {
    push(self, NULL, NULL);
    g_thread_join(self->thread);
  }
  g_async_queue_unref(self->orders);
  round_unref(self->round);
  g_free(self->store_path);
  g_free(self);
}
