#include "engine/pool.h"

#include <glib.h>
#include <pthread.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One job at a time: `serial` counts jobs, a worker that sees a new number takes pieces until none is left.
 */
struct _Pool {
  int n_started;
  pthread_t *threads;
  pthread_mutex_t lock;
  pthread_cond_t job_ready, job_ended;
  unsigned serial;
  int working; /* started workers that have not finished the job */
  bool closing;
  int nice;

  PoolPiece run;
  void *data;
  int pieces;
  const StopFlag *stop;
  atomic_int next;
  atomic_bool left_out;
};

typedef struct {
  Pool *pool;
  int worker;
} Start;

static void take_pieces(Pool *pool, int worker) {
  for (;;) {
    int piece = atomic_fetch_add(&pool->next, 1);
    if (piece >= pool->pieces)
      return;
    if (stop_requested(pool->stop)) {
      atomic_store(&pool->left_out, true);
      return;
    }
    pool->run(pool->data, piece, worker);
  }
}

static void *work(void *argument) {
  Start start = *(Start *)argument;
  g_free(argument);
  Pool *pool = start.pool;
  unsigned seen = 0;
  int nice_now = 0;
  pthread_mutex_lock(&pool->lock);
  for (;;) {
    while (pool->serial == seen && !pool->closing)
      pthread_cond_wait(&pool->job_ready, &pool->lock);
    if (pool->closing)
      break;
    seen = pool->serial;
    int nice_wanted = pool->nice;
    pthread_mutex_unlock(&pool->lock);
    if (nice_wanted != nice_now) {
      setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), nice_wanted);
      nice_now = nice_wanted;
    }
    take_pieces(pool, start.worker);
    pthread_mutex_lock(&pool->lock);
    if (--pool->working == 0)
      pthread_cond_signal(&pool->job_ended);
  }
  pthread_mutex_unlock(&pool->lock);
  return NULL;
}

static int processors(void) {
  cpu_set_t set;
  return sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

Pool *pool_new(int threads) {
  Pool *pool = g_new0(Pool, 1);
  int wanted = threads > 0 ? threads : processors();
  pthread_mutex_init(&pool->lock, NULL);
  pthread_cond_init(&pool->job_ready, NULL);
  pthread_cond_init(&pool->job_ended, NULL);
  pool->threads = g_new0(pthread_t, MAX(wanted - 1, 1));
  for (int i = 1; i < wanted; i++) {
    Start *start = g_new(Start, 1);
    *start = (Start){pool, i};
    if (pthread_create(&pool->threads[pool->n_started], NULL, work, start) != 0) {
      g_free(start);
      break; /* fewer workers do the same work */
    }
    pool->n_started++;
  }
  return pool;
}

void pool_free(Pool *pool) {
  if (!pool)
    return;
  pthread_mutex_lock(&pool->lock);
  pool->closing = true;
  pthread_cond_broadcast(&pool->job_ready);
  pthread_mutex_unlock(&pool->lock);
  for (int i = 0; i < pool->n_started; i++)
    pthread_join(pool->threads[i], NULL);
  pthread_cond_destroy(&pool->job_ready);
  pthread_cond_destroy(&pool->job_ended);
  pthread_mutex_destroy(&pool->lock);
  g_free(pool->threads);
  g_free(pool);
}

int pool_workers(const Pool *pool) {
  return pool ? pool->n_started + 1 : 1;
}

void pool_set_nice(Pool *pool, int nice) {
  pthread_mutex_lock(&pool->lock);
  pool->nice = nice;
  pthread_mutex_unlock(&pool->lock);
}

static bool run_here(int pieces, PoolPiece run, void *data, const StopFlag *stop) {
  for (int i = 0; i < pieces; i++) {
    if (stop_requested(stop))
      return false;
    run(data, i, 0);
  }
  return true;
}

bool pool_for(Pool *pool, int pieces, PoolPiece run, void *data, const StopFlag *stop) {
  if (!pool || pool->n_started == 0 || pieces <= 1)
    return run_here(pieces, run, data, stop);
  pthread_mutex_lock(&pool->lock);
  pool->run = run;
  pool->data = data;
  pool->pieces = pieces;
  pool->stop = stop;
  atomic_store(&pool->next, 0);
  atomic_store(&pool->left_out, false);
  pool->working = pool->n_started;
  pool->serial++;
  pthread_cond_broadcast(&pool->job_ready);
  pthread_mutex_unlock(&pool->lock);

  take_pieces(pool, 0);

  pthread_mutex_lock(&pool->lock);
  while (pool->working > 0)
    pthread_cond_wait(&pool->job_ended, &pool->lock);
  pthread_mutex_unlock(&pool->lock);
  return !atomic_load(&pool->left_out);
}
