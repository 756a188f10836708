/* A finished prompt, applied: a stored run as a program O(f(I(x))) that answers pictures of the user's.
 *
 * The numbers are those of the run's last checkpoint, as in `hoarfrost runs export --onnx`.  The run's model
 * must be here and the same; its data set need not be: the names of the classes are asked of it, and where it
 * is gone they are numbers and apply_warning() says so.  Pictures are resized as a run's are.  One thread at
 * a time. */
#pragma once

#include "data/run-store.h"
#include "engine/pool.h"
#include "ui/answer.h"

typedef struct _Apply Apply;

/* A picture to answer. */
typedef struct {
  const char *name; /* a path, or words for what is in memory */
  GBytes *file;     /* a PNG or JPEG file in memory; NULL: `name` is read */
} ApplyPicture;

/* `run`: a UUID, its first characters, or "last".  threads 0: as many as the process may use; nice as in
 * pool_set_nice().  (transfer full) */
Apply *apply_open(RunStore *store, const char *run, int threads, int nice, GError **error);
void apply_free(Apply *apply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Apply, apply_free)

/* Whether a stored run, by its UUID, has learnt something to apply; its model may still be missing. */
bool apply_is_possible(RunStore *store, const char *id);

/* Borrowed from `apply`. */
const HfNames *apply_names(const Apply *apply);
const char *apply_warning(const Apply *apply); /* NULL: none */

/* So many pictures at a time are answered without waste. */
#define APPLY_BATCH 32
/* Answers n pictures in their order; those that cannot be read say so in their `error`.  `show`: keep small
 * pictures too.  NULL when stopped.  (transfer full) (element-type HfAnswer) */
GPtrArray *apply_answer(Apply *apply, const ApplyPicture *pictures, int n, bool show, const StopFlag *stop);
