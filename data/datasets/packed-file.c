#include "data/datasets/packed-file.h"

#include "data/input-file.h"
#include "engine/error.h"

#include <unistd.h>
#include <zlib.h>

struct _PackedFile {
  gzFile stream; /* reads files that are not packed as they are */
  char *path;
};

PackedFile *packed_file_open(const char *path, GError **error) {
  int file = input_file_open(path, error);
  if (file < 0)
    return NULL;
  gzFile stream = gzdopen(file, "rb");
  if (!stream) {
    close(file);
    input_error(error, "there is no memory left to read %s; close other programs", path);
    return NULL;
  }
  gzbuffer(stream, 128 * 1024);
  PackedFile *packed = g_new(PackedFile, 1);
  *packed = (PackedFile){stream, g_strdup(path)};
  return packed;
}

void packed_file_close(PackedFile *file) {
  if (!file)
    return;
  gzclose_r(file->stream);
  g_free(file->path);
  g_free(file);
}

uint8_t *packed_file_read(PackedFile *file, gsize most, gsize *size, GError **error) {
  gsize have = 0, room = MIN(most, 65536);
  g_autofree uint8_t *bytes = g_malloc(room + 1);
  int got = 1;
  while (got > 0 && have < most) {
    if (have == room) {
      room = MIN(most, 2 * room);
      uint8_t *larger = g_try_realloc(bytes, room + 1);
      if (!larger) {
        input_error(error, "there is no memory left to read %s; close other programs", file->path);
        return NULL;
      }
      bytes = larger;
    }
    got = gzread(file->stream, bytes + have, (unsigned)MIN(room - have, 1u << 30));
    have += (gsize)MAX(got, 0);
  }
  int code = Z_OK;
  const char *problem = gzerror(file->stream, &code);
  if (got < 0 || code == Z_BUF_ERROR) {
    input_error(error, "cannot unpack %s: %s; fetch it again", file->path,
                code == Z_BUF_ERROR ? "it ends early" : problem);
    return NULL;
  }
  *size = have;
  return g_steal_pointer(&bytes);
}
