#include "data/file.h"

#include "data/held-file.h"
#include "engine/error.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

GMappedFile *file_map(const char *path, GError **error) {
  GStatBuf about;
  if (g_stat(path, &about) != 0) {
    input_error(error, "cannot read %s: %s; give the path of a file", path, g_strerror(errno));
    return NULL;
  }
  if (!S_ISREG(about.st_mode)) {
    input_error(error, "%s is not a file but a folder or a device; give the path of a file", path);
    return NULL;
  }
  if (about.st_size == 0) {
    input_error(error, "%s is empty; fetch or write it again", path);
    return NULL;
  }
  if (held_file_refuses(path, error))
    return NULL;
  g_autoptr(GError) reason = NULL;
  GMappedFile *file = g_mapped_file_new(path, FALSE, &reason);
  if (!file)
    input_error(error, "cannot read %s: %s", path, reason->message);
  return file;
}

static bool write_all(int file, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t written = write(file, bytes, MIN(size, (size_t)1 << 30));
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes += written;
    size -= (size_t)written;
  }
  return true;
}

static bool write_failed(const char *path, int reason, GError **error) {
  return input_error(error, "cannot write %s: %s; make room or choose another place", path,
                     g_strerror(reason));
}

/* A device or a pipe is written to, never replaced. */
static bool write_into(const char *path, const void *bytes, size_t size, GError **error) {
  int file = g_open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0)
    return write_failed(path, errno, error);
  bool written = write_all(file, bytes, size);
  int reason = errno;
  if (close(file) != 0 && written) {
    written = false;
    reason = errno;
  }
  return written || write_failed(path, reason, error);
}

bool file_replace(const char *path, const void *bytes, size_t size, GError **error) {
  if (held_file_refuses(path, error))
    return false;
  GStatBuf about;
  if (g_stat(path, &about) == 0 && !S_ISREG(about.st_mode))
    return write_into(path, bytes, size, error);
  g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
  int file = g_mkstemp_full(temporary, O_RDWR | O_CLOEXEC, 0666);
  if (file < 0)
    return write_failed(path, errno, error);
  bool written = write_all(file, bytes, size) && fsync(file) == 0;
  int reason = errno;
  if (close(file) != 0 && written) {
    written = false;
    reason = errno;
  }
  if (written && g_rename(temporary, path) != 0) {
    written = false;
    reason = errno;
  }
  if (written)
    return true;
  g_unlink(temporary);
  return write_failed(path, reason, error);
}
