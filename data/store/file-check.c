#include "data/store/file-check.h"

#include "engine/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header of an SQLite file: https://sqlite.org/fileformat2.html section 1.3. */
#define HEADER            100
#define PAGE_SIZE_AT      16
#define PAGES_AT          28
#define APPLICATION_ID_AT 68

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

static bool read_header(const char *path, guint8 header[HEADER], GError **error) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  ssize_t n = file < 0 ? -1 : pread(file, header, HEADER, 0);
  int why = errno;
  if (file >= 0)
    close(file);
  if (n < 0)
    return input_error(error, "the store %s cannot be read (%s); give another with --store", path,
                       g_strerror(why));
  memset(header + n, 0, HEADER - (size_t)n);
  return true;
}

static bool check_header(const char *path, const guint8 *header, goffset size, GError **error) {
  if (size < HEADER || memcmp(header, "SQLite format 3", 16) != 0)
    return input_error(
        error, "%s is not a run store, nor any SQLite database; give another file with --store", path);
  if (big_endian(header + APPLICATION_ID_AT, 4) != STORE_APPLICATION_ID)
    return input_error(error, "%s is the database of another program; give another file with --store", path);
  guint32 page = big_endian(header + PAGE_SIZE_AT, 2);
  goffset whole = (goffset)(page == 1 ? 65536 : page) * big_endian(header + PAGES_AT, 4);
  if (size < whole && !store_file_has_log(path))
    return input_error(error,
                       "the store %s is cut short (%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                       " bytes); put back a copy or give another file with --store",
                       path, (gint64)size, (gint64)whole);
  return true;
}

StoreFile store_file_check(const char *path, GError **error) {
  struct stat at;
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
  if (at.st_size == 0)
    return STORE_FILE_EMPTY;
  /* With a journal beside it somebody was killed while making the store: SQLite undoes what was half done. */
  if (has_content(path, "-journal"))
    return STORE_FILE_STORE;
  guint8 header[HEADER];
  if (!read_header(path, header, error) || !check_header(path, header, at.st_size, error))
    return STORE_FILE_REFUSED;
  return STORE_FILE_STORE;
}
