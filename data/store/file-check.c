#include "data/store/file-check.h"

#include "engine/error.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

/* The header of an SQLite file: https://sqlite.org/fileformat2.html section 1.3. */
#define HEADER            100
#define PAGE_SIZE_AT      16
#define PAGES_AT          28
#define APPLICATION_ID_AT 68

#define LOOKS              100
#define PAUSE_MICROSECONDS 10000

static guint32 big_endian(const guint8 *bytes, int n) {
  guint32 number = 0;
  for (int i = 0; i < n; i++)
    number = number << 8 | bytes[i];
  return number;
}

static bool has_content(const char *path, const char *suffix) {
  g_autofree char *name = g_strconcat(path, suffix, NULL);
  struct stat at;
  return stat(name, &at) == 0 && at.st_size > 0;
}

bool store_file_has_log(const char *path) {
  return has_content(path, "-wal");
}

/* SQLite's own file reads it: POSIX drops all locks of a process on a file with the first descriptor of it
 * that is closed, and a store without its locks is taken for closed by other processes, and overwritten. */
static bool read_header(const char *path, guint8 header[HEADER], GError **error) {
  g_autofree char *absolute = g_canonicalize_filename(path, NULL);
  sqlite3 *handle = NULL;
  sqlite3_file *file = NULL;
  int code = sqlite3_open_v2(absolute, &handle, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL);
  int why = code == SQLITE_OK ? 0 : sqlite3_system_errno(handle);
  if (code == SQLITE_OK)
    code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  if (code == SQLITE_OK)
    code = file->pMethods->xRead(file, header, HEADER, 0); /* a short read fills up with zeros */
  bool read = code == SQLITE_OK || code == SQLITE_IOERR_SHORT_READ;
  sqlite3_close(handle);
  return read || input_error(error, "the store %s cannot be read (%s); give another with --store", path,
                             g_strerror(why ? why : EIO));
}

/* An empty database of one page is nobody's: it is what a store is for a moment while it is made. */
static bool check_header(const char *path, const guint8 *header, goffset size, GError **error) {
  if (size < HEADER || memcmp(header, "SQLite format 3", 16) != 0)
    return input_error(
        error, "%s is not a run store, nor any SQLite database; give another file with --store", path);
  guint32 id = big_endian(header + APPLICATION_ID_AT, 4), pages = big_endian(header + PAGES_AT, 4);
  if (id != STORE_APPLICATION_ID && !(id == 0 && pages == 1))
    return input_error(error, "%s is the database of another program; give another file with --store", path);
  guint32 page = big_endian(header + PAGE_SIZE_AT, 2);
  goffset whole = (goffset)(page == 1 ? 65536 : page) * pages;
  if (size < whole && !store_file_has_log(path))
    return input_error(error,
                       "the store %s is cut short (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                       " bytes); put back a copy or give another file with --store",
                       path, (gint64)size, (gint64)whole);
  return true;
}

/* With a journal beside it somebody is making the store, or was killed while doing so: then SQLite undoes
 * what was half done. */
static StoreFile check_file(const char *path, const struct stat *at, GError **error) {
  guint8 header[HEADER];
  if (at->st_size == 0)
    return STORE_FILE_EMPTY;
  if (has_content(path, "-journal"))
    return STORE_FILE_STORE;
  return read_header(path, header, error) && check_header(path, header, at->st_size, error)
             ? STORE_FILE_STORE
             : STORE_FILE_REFUSED;
}

static bool same_state(const struct stat *a, const struct stat *b) {
  return a->st_size == b->st_size && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

StoreFile store_file_check(const char *path, GError **error) {
  struct stat at, after;
  if (stat(path, &at) != 0) {
    if (errno == ENOENT)
      return STORE_FILE_ABSENT;
    input_error(error, "the store %s cannot be reached (%s); give another with --store", path,
                g_strerror(errno));
    return STORE_FILE_REFUSED;
  }
  if (!S_ISREG(at.st_mode)) {
    input_error(error, "%s is a %s, not a run store; give a file with --store", path,
                S_ISDIR(at.st_mode) ? "folder" : "device or pipe");
    return STORE_FILE_REFUSED;
  }
  /* Looked at again where another process was writing it meanwhile. */
  for (int i = 0;; i++) {
    g_autoptr(GError) why = NULL;
    StoreFile file = check_file(path, &at, &why);
    bool still = stat(path, &after) != 0 || (same_state(&at, &after) && !has_content(path, "-journal"));
    if (!why || still || i == LOOKS) {
      if (why)
        g_propagate_error(error, g_steal_pointer(&why));
      return file;
    }
    at = after;
    g_usleep(PAUSE_MICROSECONDS);
  }
}
