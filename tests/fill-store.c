/* fill-store FILE.db N   repeats the newest run of a store until there are N, each with its spec and its last
 * pattern, for measures with many runs. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 2048 /* bytes of the columns' names */

/* %s: the columns. */
static const char before[] = "BEGIN;"
                             "CREATE TEMP TABLE one AS SELECT %s FROM runs ORDER BY number DESC LIMIT 1;"
                             "CREATE TEMP TABLE first AS SELECT number FROM one;";

/* %d: which repetition; %s: the columns.  UUIDs that differ from the start, since people type their
 * beginnings. */
static const char each[] =
    "UPDATE one SET number = (SELECT max(number) + 1 FROM runs),"
    "  id = printf('%%08x-0000-4000-8000-%%012x', %d * 7919, %d), name = 'Run ' || (%d * 7919 %% 10007),"
    "  seed = %d, created = created - 3600000, star = %d %% 11 = 0;"
    "INSERT INTO runs (%s) SELECT %s FROM one;"
    "INSERT INTO specs SELECT (SELECT number FROM one), spec FROM specs WHERE run = (SELECT number FROM "
    "first);"
    "INSERT INTO patterns SELECT (SELECT number FROM one), step, shape, preview, data FROM patterns"
    "  WHERE run = (SELECT number FROM first) ORDER BY step DESC LIMIT 1;";

static sqlite3 *store;

static void do_all(const char *statements) {
  char *failure = NULL;
  if (sqlite3_exec(store, statements, NULL, NULL, &failure) == SQLITE_OK)
    return;
  fprintf(stderr, "fill-store: %s\n", failure);
  exit(1);
}

static int keep(void *place, int n, char **values, char **names) {
  snprintf(place, MOST, "%s", values[0] ? values[0] : "");
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 3 || sqlite3_open_v2(argv[1], &store, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
    fprintf(stderr, "usage: fill-store FILE.db N\n");
    return 2;
  }
  char columns[MOST] = "", statements[4 * MOST];
  /* Those that are computed are not among them. */
  sqlite3_exec(store, "SELECT group_concat(name) FROM pragma_table_info('runs')", keep, columns, NULL);
  snprintf(statements, sizeof statements, before, columns);
  do_all(statements);
  for (int i = 1; i < atoi(argv[2]); i++) {
    snprintf(statements, sizeof statements, each, i, i, i, i, i, columns, columns);
    do_all(statements);
  }
  do_all("COMMIT;");
  sqlite3_close(store);
  return 0;
}
