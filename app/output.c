#include "app/output.h"

#include "engine/error.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

static int failure; /* errno of the first failure, 0: none */

void output_start(void) {
  signal(SIGPIPE, SIG_IGN);
}

static void check(bool written) {
  if (!written && !failure)
    failure = errno ? errno : EIO;
}

void output_text(const char *text) {
  if (!failure)
    check(fputs(text, stdout) >= 0);
}

void output_line(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *line = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  output_text(line);
  output_text("\n");
}

bool output_flush(void) {
  if (!failure)
    check(fflush(stdout) == 0);
  return !failure;
}

bool output_finish(GError **error) {
  if (output_flush() || failure == EPIPE)
    return true;
  return input_error(error, "The output cannot be written: %s.", g_strerror(failure));
}

static int columns(int descriptor) {
  struct winsize size;
  if (!isatty(descriptor))
    return 0;
  return ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

int output_columns(void) {
  return columns(STDOUT_FILENO);
}

int output_error_columns(void) {
  return columns(STDERR_FILENO);
}

static bool write_into(const char *path, const void *data, gsize length) {
  FILE *file = fopen(path, "wb");
  if (!file)
    return false;
  bool written = fwrite(data, 1, length, file) == length;
  int saved = errno;
  if (fclose(file) != 0)
    return false;
  errno = saved;
  return written;
}

bool output_file(const char *path, GBytes *bytes, GError **error) {
  gsize length;
  const void *data = g_bytes_get_data(bytes, &length);
  struct stat there;
  bool ordinary = stat(path, &there) != 0 || S_ISREG(there.st_mode);
  if (!ordinary) {
    if (write_into(path, data, length))
      return true;
    return input_error(error, "%s cannot be written: %s.", path, g_strerror(errno));
  }
  g_autoptr(GError) fault = NULL;
  if (g_file_set_contents_full(path, data, (gssize)length, G_FILE_SET_CONTENTS_CONSISTENT, 0666, &fault))
    return true;
  /* GLib's sentence ends in ": reason" and names the file beside it, which nobody knows. */
  const char *reason = strrchr(fault->message, ':');
  return input_error(error, "%s cannot be written: %s.", path, reason ? reason + 2 : fault->message);
}
