/* The runs of the store as a list model of HfRunItem that follows the store.
 *
 * The list is read in threads, the newest runs first and then as a whole; only rows that differ are changed, so selection and place stay. It
 * follows while somebody watches, at most once a second, and the more seldom the longer reading takes: at
 * most a twentieth of the time is spent with it.  Main thread only. */
#pragma once

#include "data/run-store.h"
#include <gio/gio.h>

typedef struct _RunsList RunsList;

/* `store` is the main thread's, and stays at least as long as the list.  `ready` is called once, when the
 * first list is there; `failed` with a sentence whenever reading fails. */
RunsList *runs_list_new(RunStore *store, void (*ready)(gpointer data),
                        void (*failed)(const char *sentence, gpointer data), gpointer data);
void runs_list_free(RunsList *list);
/* Of HfRunItem, in no particular order.  Borrowed. */
GListModel *runs_list_model(RunsList *list);

void runs_list_watch(RunsList *list, bool on);
/* Something has changed: reads at once, or when it is watched next. */
void runs_list_refresh(RunsList *list);
/* The rows called `ids` were read again: `items` are those that are left (element-type HfRunItem). */
void runs_list_take(RunsList *list, const char *const *ids, GPtrArray *items);
/* How often the store was read. */
int runs_list_readings(const RunsList *list);
