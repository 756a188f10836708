#include "ui/runs-order.h"

struct _RunsOrder {
  GtkSorter *sorter;
  GtkSorter *headers;       /* of the view, borrowed; NULL: not followed yet */
  HfRunItem *probes[2];     /* the first is smaller in every column */
  const HfRunColumn *found; /* the column that last looked at the probes */
  const HfRunColumn *column;
  gboolean descending;
};

typedef struct {
  RunsOrder *order;
  const HfRunColumn *column;
} Header;

/* A view does not say by which column it is sorted and which way, and turns unknown values round with the
 * others.  So its own sorter is only asked about the probes: the first column's answer comes back, turned
 * round or not. */
static int compare_probes(gconstpointer a, gconstpointer b, gpointer data) {
  Header *header = data;
  header->order->found = header->column;
  return a == header->order->probes[0] ? -1 : 1;
}

static int newest_first(HfRunItem *a, HfRunItem *b) {
  gint64 left = hf_run_item_facts(a)->created, right = hf_run_item_facts(b)->created;
  return left == right ? 0 : left > right ? -1 : 1;
}

static int compare(gconstpointer left, gconstpointer right, gpointer data) {
  RunsOrder *order = data;
  HfRunItem *a = (HfRunItem *)left, *b = (HfRunItem *)right;
  const HfRunColumn *column = order->column;
  if (!column)
    return newest_first(a, b);
  if (column->unknown) {
    int unknown = column->unknown(a) - column->unknown(b);
    if (unknown)
      return unknown;
  }
  int answer = column->compare(a, b);
  if (answer)
    return order->descending ? -answer : answer;
  return newest_first(a, b);
}

RunsOrder *runs_order_new(void) {
  RunsOrder *order = g_new0(RunsOrder, 1);
  for (int i = 0; i < 2; i++)
    order->probes[i] = hf_run_item_new(&(HfRunFacts){0});
  order->sorter = GTK_SORTER(gtk_custom_sorter_new(compare, order, NULL));
  return order;
}

void runs_order_free(RunsOrder *order) {
  if (order->headers)
    g_signal_handlers_disconnect_by_data(order->headers, order);
  g_clear_object(&order->headers);
  g_object_unref(order->sorter);
  for (int i = 0; i < 2; i++)
    g_object_unref(order->probes[i]);
  g_free(order);
}

void runs_order_add(RunsOrder *order, GtkColumnViewColumn *made, const HfRunColumn *column) {
  if (!column->compare)
    return;
  Header *header = g_new(Header, 1);
  *header = (Header){order, column};
  g_autoptr(GtkSorter) sorter = GTK_SORTER(gtk_custom_sorter_new(compare_probes, header, g_free));
  gtk_column_view_column_set_sorter(made, sorter);
}

static void on_headers(RunsOrder *order) {
  order->found = NULL;
  GtkOrdering answer = gtk_sorter_compare(order->headers, order->probes[0], order->probes[1]);
  gboolean descending = answer == GTK_ORDERING_LARGER;
  if (order->found == order->column && descending == order->descending)
    return;
  order->column = order->found;
  order->descending = descending;
  gtk_sorter_changed(order->sorter, GTK_SORTER_CHANGE_DIFFERENT);
}

void runs_order_follow(RunsOrder *order, GtkColumnView *view) {
  order->headers = g_object_ref(gtk_column_view_get_sorter(view));
  g_signal_connect_swapped(order->headers, "changed", G_CALLBACK(on_headers), order);
  on_headers(order);
}

GtkSorter *runs_order_sorter(RunsOrder *order) {
  return order->sorter;
}
