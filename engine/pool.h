/* A pool of worker threads and the one way to use them: parallel_for over pieces.
 *
 * Work is cut into pieces whose size does not depend on the number of threads; threads take pieces from a
 * counter. Whoever sums over pieces adds them in the order of the pieces, so that results are the same bits
 * with one thread and with many.  Pthreads and C11 atomics only. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

typedef struct _Pool Pool;

/* Set by anyone, read between pieces and between operations: nonzero means stop soon. */
typedef atomic_int StopFlag;

static inline bool stop_requested(const StopFlag *stop) {
  return stop && atomic_load_explicit((StopFlag *)stop, memory_order_relaxed) != 0;
}

typedef void (*PoolPiece)(void *data, int piece, int worker);

/* threads 0 = as many as the process may use.  The caller's thread is worker 0, so threads - 1 are started;
 * one pool is used by one thread at a time.  Never NULL. (transfer full) */
Pool *pool_new(int threads);
void pool_free(Pool *pool);
/* Number of workers, at least 1.  NULL is a pool of one. */
int pool_workers(const Pool *pool);
/* The scheduling priority of the started workers, 0 to 19: a window asks for 10 so that drawing goes first.
 */
void pool_set_nice(Pool *pool, int nice);
/* Calls run(data, piece, worker) for each piece in 0..pieces-1, each once, worker in 0..workers-1.  Returns
 * when all have ended; false when `stop` was set and pieces were left out.  NULL pool: in order, in this
 * thread. */
bool pool_for(Pool *pool, int pieces, PoolPiece run, void *data, const StopFlag *stop);
