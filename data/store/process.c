#include "data/store/process.h"

#include <string.h>
#include <unistd.h>

#define STATE_FIELD 3
#define START_FIELD 22

/* Start time of a process; -1 when there is none or it has ended.  The name in field 2 may hold anything, so
 * fields are counted from its last bracket. */
static gint64 start_time(int pid) {
  g_autofree char *path = g_strdup_printf("/proc/%d/stat", pid);
  g_autofree char *text = NULL;
  if (!g_file_get_contents(path, &text, NULL, NULL))
    return -1;
  char *end_of_name = strrchr(text, ')');
  if (!end_of_name || !end_of_name[1])
    return -1;
  g_auto(GStrv) fields = g_strsplit(end_of_name + 2, " ", START_FIELD);
  if (g_strv_length(fields) <= START_FIELD - STATE_FIELD || strchr("ZX", fields[0][0]))
    return -1;
  return g_ascii_strtoll(fields[START_FIELD - STATE_FIELD], NULL, 10);
}

static char *boot_id(void) {
  char *text = NULL;
  if (!g_file_get_contents("/proc/sys/kernel/random/boot_id", &text, NULL, NULL))
    return g_strdup("");
  return g_strstrip(text);
}

ProcessMark process_mark_self(void) {
  int pid = (int)getpid();
  return (ProcessMark){.boot_id = boot_id(), .pid = pid, .started = start_time(pid)};
}

void process_mark_clear(ProcessMark *mark) {
  g_clear_pointer(&mark->boot_id, g_free);
}

bool process_lives(const char *boot, int pid, gint64 started) {
  static char *here;
  if (g_once_init_enter(&here))
    g_once_init_leave(&here, boot_id());
  return g_strcmp0(boot, here) == 0 && pid > 0 && started >= 0 && start_time(pid) == started;
}
