#include "tests/support/hostile.h"

#include "data/onnx.h"
#include "engine/error.h"

#include <string.h>
#include <sys/resource.h>

#define MOST_MEBIBYTES 512
#ifndef __has_feature /* clang's way to say it */
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || __has_feature(address_sanitizer) ||     \
    __has_feature(thread_sanitizer)
#define MOST_SECONDS 10
#define MEASURED     0
#else
#define MOST_SECONDS 1
#define MEASURED     1
#endif

/* In the processor's time of this program: others may keep the machine busy. */
static gint64 used(struct rusage *usage) {
  getrusage(RUSAGE_SELF, usage);
  return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * G_USEC_PER_SEC + usage->ru_utime.tv_usec +
         usage->ru_stime.tv_usec;
}

Effort effort_start(void) {
  struct rusage usage;
  gint64 now = used(&usage);
  return (Effort){now, usage.ru_maxrss};
}

void effort_check(const Effort *effort) {
  struct rusage usage;
  double seconds = (double)(used(&usage) - effort->started) / G_USEC_PER_SEC;
  long mebibytes = (usage.ru_maxrss - effort->peak) / 1024;
  g_assert_cmpfloat(seconds, <, MOST_SECONDS);
  if (MEASURED)
    g_assert_cmpint(mebibytes, <, MOST_MEBIBYTES);
}

void assert_sentence(const GError *error, const char *words) {
  g_assert_error(error, HOARFROST_ERROR, HOARFROST_ERROR_INPUT);
  g_assert_null(strchr(error->message, '\n'));
  g_auto(GStrv) all = g_strsplit(words, "|", -1);
  for (char **word = all; *word; word++)
    if (!strstr(error->message, *word))
      g_error("'%s' is not in: %s", *word, error->message);
}

void assert_refused(GByteArray *part, const char *words) {
  g_autoptr(GError) error = NULL;
  Effort effort = effort_start();
  g_autoptr(FrozenModel) model = onnx_load_bytes(part->data, part->len, "tiny.onnx", &error);
  g_assert_null(model);
  assert_sentence(error, words);
  effort_check(&effort);
  g_byte_array_unref(part);
}
