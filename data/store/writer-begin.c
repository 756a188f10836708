/* A run's row at its beginning, and taken up again. */
#include "data/store/checkpoint.h"
#include "data/store/process.h"
#include "data/store/row.h"
#include "data/store/schema.h"
#include "data/store/store.h"
#include "data/store/writer.h"
#include "engine/error.h"

static MessageTarget target_of(const RunRow *row, gint64 number) {
  return (MessageTarget){number, row->neutral, g_strcmp0(row->channel_order, "BGR") == 0};
}

/* A connection that can write.  (transfer full) */
static Database *open_to_write(const RunStore *store, GError **error) {
  g_autoptr(Database) db = schema_open(store->db->path, error);
  if (db && db->read_only) {
    input_error(error,
                "the store %s can only be read; make it and its folder writable or give another with --store",
                db->path);
    return NULL;
  }
  return g_steal_pointer(&db);
}

typedef struct {
  RunRow row;
  gint64 number;
} Begin;

static bool insert(Database *db, void *data, GError **error) {
  Begin *begin = data;
  return run_row_insert(db, &begin->row, ROW_START, &begin->number, error);
}

RunWriter *run_writer_new(const RunStore *store, const RunRow *row, RunWriterTold told, void *data,
                          GError **error) {
  g_autoptr(Database) db = open_to_write(store, error);
  if (!db)
    return NULL;
  ProcessMark mark = process_mark_self();
  g_autofree char *id = row->id ? g_strdup(row->id) : g_uuid_string_random();
  g_autofree char *task = g_path_get_basename(row->dataset);
  g_autofree char *name =
      row->name ? g_strdup(row->name) : g_strdup_printf("%s, %s on %s", row->method, row->alignment, task);
  Begin begin = {*row, 0};
  begin.row.id = id;
  begin.row.name = name;
  begin.row.created = store_now();
  begin.row.status = STATUS_RUNNING;
  begin.row.boot_id = mark.boot_id;
  begin.row.pid = mark.pid;
  begin.row.process_start = mark.started;
  bool done = database_change(db, insert, &begin, error);
  process_mark_clear(&mark);
  MessageTarget target = target_of(row, begin.number);
  return done ? run_writer_start(g_steal_pointer(&db), id, &target, told, data) : NULL;
}

typedef struct {
  const char *id;
  gint64 number;
  RunRow *row;
  RunState *state;
} TakeUp;

/* Why a run cannot go on; NULL: it can. */
static const char *hindrance(const RunRow *row, bool complete) {
  if (row->deleted_at)
    return "is deleted; undelete it first";
  if (row->status == STATUS_FINISHED)
    return "has finished; start a new one from its spec";
  if (row->status == STATUS_RUNNING)
    return "is being trained by another process; stop that one first";
  return complete ? NULL
                  : "came with a bundle, which does not carry all that going on needs; start a new one from "
                    "its spec";
}

/* Reads and marks the run in one transaction, so that of two processes one gets it. */
static bool take_up(Database *db, void *data, GError **error) {
  TakeUp *take = data;
  bool complete = true;
  if (!run_number(db, take->id, &take->number, error) ||
      !checkpoint_read(db, take->number, &take->state, &complete, error))
    return false;
  take->row = run_row_by_number(db, take->number, error);
  if (!take->row)
    return false;
  const char *why = hindrance(take->row, complete);
  if (why)
    return input_error(error, "the run %s %s", take->id, why);
  ProcessMark mark = process_mark_self();
  bool done = database_do(
      db, error,
      "UPDATE runs SET state = 'running', error = NULL, boot_id = ?2, pid = ?3, process_start = ?4 "
      "WHERE number = ?1",
      "lsil", take->number, mark.boot_id, mark.pid, mark.started);
  process_mark_clear(&mark);
  return done;
}

RunWriter *run_writer_resume(const RunStore *store, const char *id, RunState **state, RunWriterTold told,
                             void *data, GError **error) {
  *state = NULL;
  g_autoptr(Database) db = open_to_write(store, error);
  if (!db)
    return NULL;
  TakeUp take = {.id = id};
  RunWriter *writer = NULL;
  if (database_change(db, take_up, &take, error)) {
    MessageTarget target = target_of(take.row, take.number);
    writer = run_writer_start(g_steal_pointer(&db), id, &target, told, data);
    /* One that was interrupted cannot be so again by a process that goes on living. */
    writer->status_before = take.row->status == STATUS_FAILED ? STATUS_FAILED : STATUS_STOPPED;
    writer->error_before = g_strdup(take.row->error);
    *state = g_steal_pointer(&take.state);
  }
  run_row_free(take.row);
  run_state_free(take.state);
  return writer;
}
