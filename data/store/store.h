/* What RunStore is made of. */
#pragma once

#include "data/run-store.h"
#include "data/store/database.h"

struct _RunStore {
  Database *db;
  gint64 data_version;
};

/* Milliseconds since 1970, UTC. */
gint64 store_now(void);
/* Tags sorted, trimmed, without doubles.  (transfer full) */
char *store_tags(const char *tags);
