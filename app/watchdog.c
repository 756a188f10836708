#include "app/watchdog.h"

#include "app/json-line.h"

#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define STALL 50.0 /* milliseconds */

static struct {
  bool awake;
  GPollFunc poll;     /* the usual one */
  double turn;        /* when the turn that goes on began */
  double first_frame; /* when it was drawn; NaN: not yet */
  double started;     /* the process */
  double longest, longest_training;
  double turn_cpu,
      longest_cpu; /* of the main thread: what a turn costs on a machine that is busy otherwise */
  int stalls, frames, training_frames;
  HfState state;
  double running_since, training; /* time in which a run was running */
  double run_asked, run_shown;    /* run_shown: how long it took */
  bool moment_came;               /* the run's first one is to be drawn */
  double stop_asked, stop_took;
} dog;

static double milliseconds(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

static double now(void) {
  return milliseconds(CLOCK_MONOTONIC);
}

/* As the kernel counts it, in hundredths of a second. */
static double process_start(void) {
  g_autofree char *stat = NULL;
  if (!g_file_get_contents("/proc/self/stat", &stat, NULL, NULL))
    return now();
  /* The fields behind the name, which may have blanks: the start is the 22nd of all. */
  const char *behind = strrchr(stat, ')');
  for (int field = 2; behind && field < 22; field++)
    behind = strchr(behind + 1, ' ');
  if (!behind)
    return now();
  double ticks = g_ascii_strtod(behind, NULL), since_boot = 1e3 * ticks / (double)sysconf(_SC_CLK_TCK);
  return now() - (milliseconds(CLOCK_BOOTTIME) - since_boot);
}

/* A turn is over. */
static void judge_turn(void) {
  if (isnan(dog.first_frame))
    return;
  double took = now() - dog.turn, cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID) - dog.turn_cpu;
  dog.longest_cpu = MAX(dog.longest_cpu, cpu);
  dog.longest = MAX(dog.longest, took);
  dog.stalls += took > STALL;
  if (dog.state == HF_STATE_RUNNING)
    dog.longest_training = fmax(dog.longest_training, took);
}

static int timed_poll(GPollFD *descriptors, guint n, int timeout) {
  judge_turn();
  int ready = dog.poll(descriptors, n, timeout);
  dog.turn = now();
  dog.turn_cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  return ready;
}

static void on_frame(void) {
  if (isnan(dog.first_frame)) {
    dog.first_frame = now();
    dog.turn = dog.first_frame; /* what came before is the start, no stall */
    dog.turn_cpu = milliseconds(CLOCK_THREAD_CPUTIME_ID);
  }
  dog.frames++;
  dog.training_frames += dog.state == HF_STATE_RUNNING;
  if (dog.moment_came && isnan(dog.run_shown))
    dog.run_shown = now() - dog.run_asked;
}

static bool is_at_rest(HfState state) {
  return state == HF_STATE_IDLE || state == HF_STATE_ENDED || state == HF_STATE_REPLAY;
}

static void on_state(HfController *controller) {
  HfState before = dog.state, state = hf_controller_state(controller);
  dog.state = state;
  if (is_at_rest(before) && !is_at_rest(state) && isnan(dog.run_asked))
    dog.run_asked = dog.turn;
  if (state == HF_STATE_RUNNING && before != HF_STATE_RUNNING)
    dog.running_since = now();
  if (before == HF_STATE_RUNNING && state != HF_STATE_RUNNING)
    dog.training += now() - dog.running_since;
  if (state == HF_STATE_STOPPING && before != HF_STATE_STOPPING)
    dog.stop_asked = dog.turn;
  if (before == HF_STATE_STOPPING && is_at_rest(state))
    dog.stop_took = fmax(dog.stop_took, now() - dog.stop_asked);
}

/* The run's first one: those before it show the choice. */
static void on_snapshot(HfController *controller) {
  if (!isnan(dog.run_asked) && hf_controller_run_id(controller))
    dog.moment_came = true;
}

static void on_realize(GtkWidget *window) {
  g_signal_connect_after(gtk_widget_get_frame_clock(window), "paint", G_CALLBACK(on_frame), NULL);
}

void watchdog_start(void) {
  if (g_strcmp0(g_getenv("HOARFROST_WATCHDOG"), "1") != 0)
    return;
  dog.awake = true;
  dog.first_frame = dog.longest_training = dog.run_asked = dog.run_shown = dog.stop_took = NAN;
  dog.started = process_start();
  dog.turn = now();
  dog.poll = g_main_context_get_poll_func(NULL);
  g_main_context_set_poll_func(NULL, timed_poll);
}

void watchdog_watch(GtkWindow *window, HfController *controller) {
  if (!dog.awake)
    return;
  dog.state = hf_controller_state(controller);
  g_signal_connect_after(window, "realize", G_CALLBACK(on_realize), NULL);
  g_signal_connect(controller, "state-changed", G_CALLBACK(on_state), NULL);
  g_signal_connect(controller, "snapshot", G_CALLBACK(on_snapshot), NULL);
}

void watchdog_report(void) {
  if (!dog.awake)
    return;
  g_main_context_set_poll_func(NULL, dog.poll);
  bool drawn = !isnan(dog.first_frame);
  JsonLine *json = json_line_new();
  json_number(json, "first_frame_ms", dog.first_frame - dog.started);
  json_number(json, "run_to_first_panes_ms", dog.run_shown);
  json_number(json, "stop_ms", dog.stop_took);
  json_number(json, "longest_stall_ms", drawn ? dog.longest : NAN);
  json_integer(json, "stalls_over_50", dog.stalls);
  json_number(json, "longest_turn_cpu_ms", drawn ? dog.longest_cpu : NAN);
  json_number(json, "longest_stall_training_ms", dog.longest_training);
  json_number(json, "fps_while_training", dog.training > 0 ? 1e3 * dog.training_frames / dog.training : NAN);
  json_integer(json, "frames", dog.frames);
  json_number(json, "seconds", drawn ? (now() - dog.first_frame) / 1e3 : NAN);
  json_print(json);
}
