#include "app/output.h"

#include "engine/error.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
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

void output_path(const char *words, const char *path) {
  g_autofree char *line = text_one_line(path);
  output_line("%s %s", words, line);
}

bool output_flush(void) {
  if (!failure)
    check(fflush(stdout) == 0);
  return !failure;
}

bool output_finish(GError **error) {
  if (output_flush() || failure == EPIPE)
    return true;
  return input_error(error, "the output cannot be written: %s", g_strerror(failure));
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
