/* Rows of the store as items of lists. */
#pragma once

#include "data/run-store.h"
#include "ui/run-item.h"

/* Any thread.  (transfer full) */
HfRunItem *run_item_from_row(const RunRow *row);
