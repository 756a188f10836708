/* Which process trains a run, so that a killed run is told from a living one: process ids are used again, a
 * process id with its start time within one boot of the machine is not. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
  char *boot_id; /* /proc/sys/kernel/random/boot_id */
  int pid;
  gint64 started; /* clock ticks after boot: field 22 of /proc/PID/stat, see proc(5) */
} ProcessMark;

/* The mark of this process; clear it with process_mark_clear(). */
ProcessMark process_mark_self(void);
void process_mark_clear(ProcessMark *mark);
/* True while the process of the mark runs on this machine.  One that has ended but was not waited for does
 * not run. */
bool process_lives(const char *boot_id, int pid, gint64 started);
