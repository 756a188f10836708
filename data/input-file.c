#include "data/input-file.h"

#include "data/held-file.h"
#include "engine/error.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

int input_file_open(const char *path, GError **error) {
  if (held_file_refuses(path, error))
    return -1;
  int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    input_error(error, "cannot open %s: %s; check its name and permissions", path, g_strerror(errno));
    return -1;
  }
  struct stat about;
  if (fstat(file, &about) < 0 || !S_ISREG(about.st_mode)) {
    close(file);
    input_error(error, "%s is not a file but a folder, a pipe or a device; give the path of a file", path);
    return -1;
  }
  return file;
}

GBytes *input_file_read(const char *path, gsize most, GError **error) {
  int file = input_file_open(path, error);
  if (file < 0)
    return NULL;
  g_autoptr(GByteArray) bytes = g_byte_array_new();
  gsize have = 0;
  gssize got = 0;
  do {
    if (have == bytes->len)
      g_byte_array_set_size(bytes, (guint)MIN(MAX(2 * have, 65536), most + 1));
    got = read(file, bytes->data + have, bytes->len - have);
    have += (gsize)MAX(got, 0);
  } while ((got > 0 && have <= most) || (got < 0 && errno == EINTR));
  int problem = errno;
  close(file);
  if (got < 0) {
    input_error(error, "cannot read %s: %s; check the disk that it lies on", path, g_strerror(problem));
    return NULL;
  }
  if (have > most) {
    input_error(error, "%s is larger than %" G_GSIZE_FORMAT " MiB; give a smaller file", path, most >> 20);
    return NULL;
  }
  g_byte_array_set_size(bytes, (guint)have);
  return g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}
