#include "app/interrupt.h"

#include <signal.h>
#include <string.h>

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
