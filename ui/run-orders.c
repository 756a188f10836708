#include "ui/run-orders.h"

#include <math.h>
#include <string.h>

#define COMPARE_NUMBERS(x, y) (((x) > (y)) - ((x) < (y)))

#define COMPARE_TEXT(function, text)                                                                         \
  int function(HfRunItem *a, HfRunItem *b) {                                                                 \
    return strcmp(hf_run_item_sort_key(a, text), hf_run_item_sort_key(b, text));                             \
  }
#define COMPARE_FACT(function, fact)                                                                         \
  int function(HfRunItem *a, HfRunItem *b) {                                                                 \
    return COMPARE_NUMBERS(hf_run_item_facts(a)->fact, hf_run_item_facts(b)->fact);                          \
  }
COMPARE_TEXT(run_order_by_names, HF_RUN_NAME)
COMPARE_TEXT(run_order_by_models, HF_RUN_MODEL)
COMPARE_TEXT(run_order_by_tasks, HF_RUN_TASK)
COMPARE_TEXT(run_order_by_tags, HF_RUN_TAGS)
COMPARE_FACT(run_order_by_gains, gain)
COMPARE_FACT(run_order_by_steps, steps)
COMPARE_FACT(run_order_by_dates, created)
COMPARE_FACT(run_order_by_statuses, status)

/* Those with a star first. */
int run_order_by_stars(HfRunItem *a, HfRunItem *b) {
  return hf_run_item_facts(b)->star - hf_run_item_facts(a)->star;
}

int run_order_by_axes(HfRunItem *a, HfRunItem *b) {
  for (int axis = 0; axis < N_AXES; axis++) {
    int left = axis_value(axis, hf_run_item_text(a, HF_RUN_AXES + axis));
    int right = axis_value(axis, hf_run_item_text(b, HF_RUN_AXES + axis));
    if (left != right)
      return COMPARE_NUMBERS(left, right);
  }
  return 0;
}

gboolean run_order_no_gain(HfRunItem *item) {
  return isnan(hf_run_item_facts(item)->gain);
}

gboolean run_order_no_name(HfRunItem *item) {
  return !*hf_run_item_text(item, HF_RUN_NAME);
}

gboolean run_order_no_tags(HfRunItem *item) {
  return !*hf_run_item_text(item, HF_RUN_TAGS);
}
