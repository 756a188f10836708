/* The inside of the controller, by subject: controller-choice.c (what is chosen), controller-load.c (what the
 * choice names is loaded and judged), controller-run.c (the worker), controller-open.c (stored runs),
 * controller-look.c (the moment that is shown). */
#pragma once

#include "app/choice-history.h"
#include "app/controller.h"
#include "app/replay.h"
#include "app/worker.h"

typedef enum {
  SIGNAL_CHOICE,
  SIGNAL_JUDGED,
  SIGNAL_STATE,
  SIGNAL_SNAPSHOT,
  SIGNAL_SERIES,
  SIGNAL_MESSAGE,
  SIGNAL_FAILED,
  SIGNAL_RUNS,
  SIGNAL_REFUSED,
  N_SIGNALS,
} ControllerSignal;

/* What Run does when the choice is loaded. */
typedef enum { START_NOTHING, START_RUN, START_STEP } Start;

/* What becomes of a stored run that is opened. */
typedef enum {
  OPEN_RUN,   /* it is shown, and the choice becomes its own */
  OPEN_AGAIN, /* it is shown, the choice stays */
  OPEN_RESUME,
} OpenHow;

/* What happens when the worker has ended. */
typedef enum { AFTER_STAY, AFTER_RESET } AfterEnd;

/* The run that is shown, or the choice before training: run_id NULL. */
typedef struct {
  char *run_id;
  Session *session; /* NULL: nothing is shown */
  RunSpec *spec;    /* as it was chosen, where the session's has a number for norm = run:ID; NULL likewise */
  Replay *replay;
  HfSeries *series;
  GArray *stored_steps; /* int, ascending */
  GArray *map_steps;    /* RunMapStep of a run that was opened; NULL otherwise */
  Moment moment;        /* the newest that is known; pattern NULL: none yet */
} Shown;

struct _HfController {
  GObject parent_instance;
  RunStore *store;
  bool closed;

  ChoiceHistory *history;
  guint save_source;
  int choice_serial;
  /* Of the choice's model and task, once loaded; an older choice's settings while a newer one is on its way.
   */
  Session *session;
  Session *last_session; /* that was loaded, for its model and task; NULL: none yet */
  int session_serial;    /* the choice that `session` was loaded for */
  bool loading;          /* a thread is at work */
  int model_serial;      /* what was loaded before it grew is out of date */
  GPtrArray *verdicts;   /* N_CELLS of Verdict; NULL: not judged */
  Verdict *verdict;      /* on the choice itself; likewise */
  char *problem;         /* why what the choice names cannot be loaded; NULL: it can, or is being loaded */

  char *wanted_run; /* is opened when what is loading is there; NULL: none */
  OpenHow wanted_how;

  HfState state;
  Start start;
  AfterEnd after_end;
  Worker *worker;
  RunWork work; /* that it is at */
  Shown shown;

  int sample;
  int seek;                    /* -1: the newest */
  HfSnapshot *snapshot, *live; /* what is shown; the newest from the worker */
  bool snapshot_old;           /* it is of what was shown before */
  bool looking;                /* a thread is at work */
  bool look_old;               /* what it finds is not to be shown any more */
  bool look_wanted;
  bool mistake_wanted;
  StopFlag *search; /* of the thread, while it looks for a mistake; NULL: it does not */
  int look_serial;  /* looks begun for another run or choice are dropped */
  int open_serial;  /* likewise runs that were to be opened */
  guint play_source;
};

void controller_tell(HfController *self, ControllerSignal signal);
void controller_say(HfController *self, ControllerSignal signal, const char *sentence);
void controller_set_state(HfController *self, HfState state);

/* controller-choice.c: the choice has become another one. */
void controller_take_choice(HfController *self, RunSpec *spec, const char *keys);
void controller_save_choice(HfController *self);

/* controller-load.c */
void controller_load(HfController *self);
void controller_judge(HfController *self, const Session *session, GPtrArray *verdicts);
/* Whether the choice is loaded, and impossible. */
bool controller_refuses(const HfController *self);
/* What was known of the choice's model and task is out of date. */
void controller_forget_verdict(HfController *self);
/* Verdicts on all cells.  Any thread.  (transfer full) */
GPtrArray *controller_judge_all(const Session *session);

/* controller-run.c */
/* resume NULL: a new run.  */
void controller_start_worker(HfController *self, Session *session, const char *resume, bool one_step);
/* Model and task are there, or cannot be had. */
void controller_loaded(HfController *self, bool good);

/* controller-open.c */
/* What had to wait for the loading. */
void controller_open_wanted(HfController *self);
/* A run that is being opened is let be; what was shown before stays. */
void controller_drop_opening(HfController *self);

/* controller-look.c */
/* Shows this session: a run (steps and so on are filled in by the caller) or, run_id NULL, the choice before
 * training. */
void controller_show(HfController *self, Session *session, const char *run_id);
void controller_clear_shown(HfController *self);
/* Shows the choice before training; nothing at all while it is not loaded. */
void controller_show_choice(HfController *self);
/* Asks for a snapshot of the moment that is to be shown. */
void controller_look(HfController *self);
/* One that is shown.  (transfer full) */
void controller_take_snapshot(HfController *self, HfSnapshot *snapshot);
void controller_stop_play(HfController *self);
/* The search for a mistake that is under way ends without one. */
void controller_stop_search(HfController *self);
