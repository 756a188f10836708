#include "app/interrupt.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>

static StopFlag stop;

static void ask_to_stop(int signal) {
  atomic_store_explicit(&stop, 1, memory_order_relaxed);
}

StopFlag *interrupt_flag(void) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = ask_to_stop;
  action.sa_flags = SA_RESTART | (int)SA_RESETHAND;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  return &stop;
}

void interrupt_after(double seconds) {
  seconds = fmin(seconds, 1e8); /* three years */
  struct itimerval timer = {.it_value = {(time_t)seconds, (suseconds_t)(fmod(seconds, 1) * 1e6)}};
  /* All zeros would mean never. */
  if (timer.it_value.tv_sec == 0 && timer.it_value.tv_usec == 0)
    timer.it_value.tv_usec = 1;
  signal(SIGALRM, ask_to_stop);
  setitimer(ITIMER_REAL, &timer, NULL);
}
