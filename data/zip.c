#include "data/zip.h"

#include "data/held-file.h"
#include "engine/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define BLOCK 65536

struct _ZipFile {
  const char *path;
  struct archive *archive;
};

static bool write_failed(const char *path, struct archive *archive, GError **error) {
  return input_error(error, "cannot write %s: %s; make room or choose another place", path,
                     archive ? archive_error_string(archive) : g_strerror(errno));
}

bool zip_add(ZipFile *zip, const char *name, const void *bytes, gsize size, GError **error) {
  struct archive_entry *entry = archive_entry_new();
  archive_entry_set_pathname(entry, name);
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_size(entry, (la_int64_t)size);
  bool done = archive_write_header(zip->archive, entry) == ARCHIVE_OK &&
              archive_write_data(zip->archive, bytes, size) == (la_ssize_t)size;
  archive_entry_free(entry);
  return done || write_failed(zip->path, zip->archive, error);
}

static bool write_to(int file, const char *path, ZipFill fill, void *data, GError **error) {
  struct archive *archive = archive_write_new();
  ZipFile zip = {path, archive};
  bool done = archive_write_set_format_zip(archive) == ARCHIVE_OK &&
              archive_write_open_fd(archive, file) == ARCHIVE_OK;
  if (!done)
    write_failed(path, archive, error);
  done = done && fill(&zip, data, error);
  if (done && archive_write_close(archive) != ARCHIVE_OK)
    done = write_failed(path, archive, error);
  archive_write_free(archive);
  return done;
}

bool zip_write(const char *path, ZipFill fill, void *data, GError **error) {
  if (held_file_refuses(path, error))
    return false;
  g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
  int file = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0666);
  if (file < 0)
    return write_failed(path, NULL, error);
  bool done = write_to(file, path, fill, data, error);
  if (done && fsync(file) != 0)
    done = write_failed(path, NULL, error);
  if (close(file) != 0 && done)
    done = write_failed(path, NULL, error);
  if (done && g_rename(temporary, path) != 0)
    done = write_failed(path, NULL, error);
  if (!done)
    g_unlink(temporary);
  return done;
}

static bool leads_elsewhere(const char *name) {
  g_auto(GStrv) parts = g_strsplit(name, "/", -1);
  return *name == '/' || strchr(name, '\\') || g_strv_contains((const char *const *)parts, "..");
}

/* (transfer full) NULL on error. */
static GByteArray *unpack(struct archive *archive, const char *path, const char *name, gsize limit,
                          GError **error) {
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  guint8 block[BLOCK];
  la_ssize_t n;
  while ((n = archive_read_data(archive, block, sizeof block)) > 0 && bytes->len + (gsize)n <= limit)
    g_byte_array_append(bytes, block, (guint)n);
  if (n == 0)
    return g_steal_pointer(&bytes);
  if (n > 0)
    input_error(error, "%s in %s is larger than %" G_GSIZE_FORMAT " bytes when unpacked; use another file",
                name, path, limit);
  else
    input_error(error, "%s in %s cannot be unpacked (%s); fetch the file again", name, path,
                archive_error_string(archive));
  return NULL;
}

typedef struct {
  const char *path;
  const ZipLimits *limits;
  ZipWanted wanted;
  ZipEntry entry;
  void *data;
  gsize total;
} Reading;

static bool read_entry(Reading *reading, struct archive *archive, struct archive_entry *entry,
                       GError **error) {
  const char *name = archive_entry_pathname_utf8(entry);
  if (!name || leads_elsewhere(name))
    return input_error(error, "%s holds a file with a name that leads elsewhere (%s); use another file",
                       reading->path, name ? name : "not text");
  if (archive_entry_filetype(entry) == AE_IFDIR)
    return true;
  if (archive_entry_filetype(entry) != AE_IFREG)
    return input_error(error, "%s in %s is a link or a device; use another file", name, reading->path);
  if (!reading->wanted(name))
    return true;
  gsize limit = MIN(reading->limits->one, reading->limits->total - reading->total);
  g_autoptr(GByteArray) bytes = unpack(archive, reading->path, name, limit, error);
  if (!bytes)
    return false;
  reading->total += bytes->len;
  return reading->entry(name, bytes->data, bytes->len, reading->data, error);
}

static bool read_entries(Reading *reading, struct archive *archive, GError **error) {
  struct archive_entry *entry;
  int code, n = 0;
  while ((code = archive_read_next_header(archive, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN) {
    if (n++ == reading->limits->entries)
      return input_error(error, "%s holds more than %d files; use another file", reading->path,
                         reading->limits->entries);
    if (!read_entry(reading, archive, entry, error))
      return false;
  }
  return code == ARCHIVE_EOF || input_error(error, "%s is damaged (%s); fetch it again", reading->path,
                                            archive_error_string(archive));
}

bool zip_read(const char *path, const ZipLimits *limits, ZipWanted wanted, ZipEntry entry, void *data,
              GError **error) {
  Reading reading = {path, limits, wanted, entry, data, 0};
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR))
    return input_error(error, "there is no file %s; give the path of a ZIP file", path);
  if (held_file_refuses(path, error))
    return false;
  struct archive *archive = archive_read_new();
  bool done = archive_read_support_format_zip(archive) == ARCHIVE_OK &&
              archive_read_open_filename(archive, path, BLOCK) == ARCHIVE_OK;
  if (!done)
    input_error(error, "%s cannot be read (%s); give the path of a ZIP file", path,
                archive_error_string(archive));
  done = done && read_entries(&reading, archive, error);
  archive_read_free(archive);
  return done;
}
