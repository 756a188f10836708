/* Schedules: the factor on the rate as a function of the place in the run. */
#include "engine/optimiser.h"

#include <math.h>
#include <string.h>

#define MAX_RATE 1e6

const Setting optimiser_settings[] = {
    {"rate", "Learning rate", SETTING_NUMBER, "0.05", 0, MAX_RATE, NULL,
     "Size of the steps, before the schedule."},
    {"schedule", "Schedule", SETTING_CHOICE, "constant", 0, 0, "constant|multistep|cosine",
     "How the rate changes over the run."},
    {"milestones", "Milestones", SETTING_NUMBERS, "0.5, 0.72", 0, 1e6, NULL,
     "Multistep: where the rate is multiplied by gamma; below 1 a fraction of the run's steps, from 1 on an "
     "epoch "
     "(100 = after 100 epochs).",
     "schedule=multistep"},
    {"gamma", "γ", SETTING_NUMBER, "0.1", 0, 1, NULL, "Multistep: the factor at each milestone.",
     "schedule=multistep"},
    {NULL},
};

static double constant(const Settings *settings, int step, int steps, int epoch, int epochs) {
  return 1;
}

/* gamma^k, k = how many milestones have been reached.  ILM-VP's 0.5 and 0.72 of 200 epochs are its 100 and
 * 144. */
static double multistep(const Settings *settings, int step, int steps, int epoch, int epochs) {
  double milestones[SETTING_MAX_NUMBERS];
  int n = settings_numbers(settings, "milestones", milestones, SETTING_MAX_NUMBERS), reached = 0;
  for (int i = 0; i < n; i++)
    reached += milestones[i] < 1 ? step >= milestones[i] * steps - 1e-6 : epoch >= milestones[i];
  return pow(settings_number(settings, "gamma"), reached);
}

/* Half a wave from 1 down to 0, a little at each step (Loshchilov & Hutter 2017, without restarts). */
static double cosine(const Settings *settings, int step, int steps, int epoch, int epochs) {
  return steps > 0 ? 0.5 * (1 + cos(M_PI * MIN(step, steps) / steps)) : 1;
}

const ScheduleKind schedule_kinds[] = {
    {"constant", "Constant", "The rate stays as it is.", constant},
    {"multistep", "Multistep", "The rate is multiplied by gamma at each milestone.", multistep},
    {"cosine", "Cosine", "The rate falls along half a cosine to zero at the last step.", cosine},
    {NULL},
};

const ScheduleKind *schedule_find(const char *name) {
  for (const ScheduleKind *kind = schedule_kinds; kind->name; kind++)
    if (strcmp(kind->name, name) == 0)
      return kind;
  return NULL;
}

double schedule_rate(const Settings *settings, int step, int steps, int epoch, int epochs) {
  const ScheduleKind *kind = schedule_find(settings_text(settings, "schedule"));
  return settings_number(settings, "rate") * kind->factor(settings, step, steps, epoch, epochs);
}
