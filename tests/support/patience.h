/* Limits of time, on machines where other programs run too and in builds that are slow by nature. */
#pragma once

#include <glib.h>
#include <stdlib.h>

#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SLOWNESS 10.0
#else
#define SLOWNESS 1.0
#endif

/* How many times as long things may take: what the build costs, times what the machine has to do more than it
 * has cores for. */
static inline double patience(void) {
  double load = 0;
  return getloadavg(&load, 1) == 1 ? SLOWNESS * MAX(1, load / g_get_num_processors()) : SLOWNESS;
}
