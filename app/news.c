#include "app/news.h"

#include <math.h>

News *news_new(WorkerPhase phase) {
  News *news = g_new0(News, 1);
  news->phase = phase;
  news->steps = g_array_new(FALSE, FALSE, sizeof(RunStep));
  news->evaluations = g_array_new(FALSE, FALSE, sizeof(RunEvaluation));
  news->stored_steps = g_array_new(FALSE, FALSE, sizeof(int));
  news->sentences = g_ptr_array_new_with_free_func(g_free);
  news->no_prompt = news->no_prompt_full_size = NAN;
  news->no_prompt_loss = news->no_prompt_full_size_loss = NAN;
  return news;
}

void news_free(News *news) {
  if (!news)
    return;
  g_free(news->run_id);
  g_array_unref(news->steps);
  g_array_unref(news->evaluations);
  g_array_unref(news->stored_steps);
  g_ptr_array_unref(news->sentences);
  g_free(news->failure);
  hf_snapshot_unref(news->snapshot);
  moment_clear(&news->moment);
  g_free(news);
}

static void append(GArray *to, const GArray *from) {
  if (from->len)
    g_array_append_vals(to, from->data, from->len);
}

/* The newer one where it is there; what it replaces is freed with the newer news. */
#define TAKE_NEWER(field)                                                                                    \
  do {                                                                                                       \
    __typeof__(older->field) kept = older->field;                                                            \
    if (newer->field) {                                                                                      \
      older->field = newer->field;                                                                           \
      newer->field = kept;                                                                                   \
    }                                                                                                        \
  } while (0)

News *news_merge(News *older, News *newer) {
  append(older->steps, newer->steps);
  append(older->evaluations, newer->evaluations);
  append(older->stored_steps, newer->stored_steps);
  g_ptr_array_extend_and_steal(older->sentences, g_steal_pointer(&newer->sentences));
  newer->sentences = g_ptr_array_new();
  if (newer->run_id)
    older->total_steps = newer->total_steps;
  if (!isnan(newer->no_prompt)) {
    older->no_prompt = newer->no_prompt;
    older->no_prompt_loss = newer->no_prompt_loss;
  }
  if (!isnan(newer->no_prompt_full_size)) {
    older->no_prompt_full_size = newer->no_prompt_full_size;
    older->no_prompt_full_size_loss = newer->no_prompt_full_size_loss;
  }
  if (newer->to_count) {
    older->counted = newer->counted;
    older->to_count = newer->to_count;
  }
  TAKE_NEWER(phase);
  if (newer->works) {
    older->works = true;
    older->work = newer->work;
  }
  TAKE_NEWER(run_id);
  TAKE_NEWER(failure);
  if (newer->snapshot) {
    Moment moment = older->moment;
    older->moment = newer->moment;
    newer->moment = moment;
  }
  TAKE_NEWER(snapshot);
  news_free(newer);
  return older;
}
