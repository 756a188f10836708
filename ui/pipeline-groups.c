#include "ui/pipeline-groups.h"

#include <string.h>

typedef struct {
  const GPtrArray *stages;
  GArray *groups; /* StageGroup */
  int between;
  StageWidth width;
  gpointer data;
} Row;

static const Stage *stage_at(const GPtrArray *stages, guint i) {
  return g_ptr_array_index(stages, i);
}

static StageGroup *group_at(const Row *row, guint i) {
  return &g_array_index(row->groups, StageGroup, i);
}

/* Behind the letters of "block12"; NULL: the name has no number. */
static const char *number_of(const char *name) {
  const char *digits = name + strlen(name);
  while (digits > name && g_ascii_isdigit(digits[-1]))
    digits--;
  return *digits && digits > name ? digits : NULL;
}

/* Numbered blocks of the same name, both lit or both not. */
static bool belong(const Stage *a, const Stage *b) {
  const char *one = number_of(a->name), *two = number_of(b->name);
  return a->kind == STAGE_FROZEN && b->kind == STAGE_FROZEN && a->site == b->site && one && two &&
         one - a->name == two - b->name && strncmp(a->name, b->name, (size_t)(one - a->name)) == 0;
}

char *stage_group_name(const GPtrArray *stages, const StageGroup *group) {
  const char *first = stage_at(stages, group->first)->name, *last = stage_at(stages, group->last)->name;
  return group->first == group->last ? g_strdup(first) : g_strdup_printf("%s–%s", first, number_of(last));
}

char *stage_group_shape(const GPtrArray *stages, const StageGroup *group) {
  const char *last = stage_at(stages, group->last)->shape;
  bool same = true;
  for (guint i = group->first; i < group->last; i++)
    same = same && g_strcmp0(stage_at(stages, i)->shape, last) == 0;
  return same ? g_strdup(last) : g_strdup_printf("→ %s", last);
}

static int total(const Row *row) {
  int sum = row->between * ((int)row->groups->len - 1);
  for (guint i = 0; i < row->groups->len; i++)
    sum += group_at(row, i)->width;
  return sum;
}

/* The groups i..j become one. */
static void merge(Row *row, guint i, guint j) {
  StageGroup *group = group_at(row, i);
  group->last = group_at(row, j)->last;
  g_autofree char *name = stage_group_name(row->stages, group),
                  *shape = stage_group_shape(row->stages, group);
  group->width = row->width(group->first, name, shape, row->data);
  g_array_remove_range(row->groups, i + 1, j - i);
}

static bool mergeable(const Row *row, guint i, bool lit) {
  if (i + 1 >= row->groups->len)
    return false;
  const Stage *a = stage_at(row->stages, group_at(row, i)->last);
  const Stage *b = stage_at(row->stages, group_at(row, i + 1)->first);
  return a->site == lit && belong(a, b);
}

static bool same_shape(const Row *row, guint i) {
  return g_strcmp0(stage_at(row->stages, group_at(row, i)->last)->shape,
                   stage_at(row->stages, group_at(row, i + 1)->first)->shape) == 0;
}

/* The longest run of equal shapes; false: there is none. */
static bool merge_run(Row *row, bool lit) {
  guint from = 0, most = 0;
  for (guint i = 0, n; i < row->groups->len; i += n + 1) {
    n = 0;
    while (mergeable(row, i + n, lit) && same_shape(row, i + n))
      n++;
    if (n > most) {
      most = n;
      from = i;
    }
  }
  if (most > 0)
    merge(row, from, from + most);
  return most > 0;
}

/* The two neighbours that are the fewest blocks together; false: there are none. */
static bool merge_neighbours(Row *row, bool lit) {
  guint from = 0, fewest = G_MAXUINT;
  for (guint i = 0; i < row->groups->len; i++) {
    if (!mergeable(row, i, lit))
      continue;
    guint n = group_at(row, i + 1)->last - group_at(row, i)->first;
    if (n < fewest) {
      fewest = n;
      from = i;
    }
  }
  if (fewest < G_MAXUINT)
    merge(row, from, from + 1);
  return fewest < G_MAXUINT;
}

GArray *pipeline_groups(const GPtrArray *stages, const int *widths, int between, int available,
                        StageWidth width, gpointer data) {
  static const struct {
    bool (*step)(Row *, bool lit);
    bool lit;
  } ways[] = {{merge_run, false}, {merge_neighbours, false}, {merge_run, true}, {merge_neighbours, true}};
  Row row = {stages, g_array_new(FALSE, FALSE, sizeof(StageGroup)), between, width, data};
  for (guint i = 0; i < stages->len; i++) {
    StageGroup alone = {i, i, widths[i]};
    g_array_append_val(row.groups, alone);
  }
  for (size_t way = 0; way < G_N_ELEMENTS(ways); way++)
    while (total(&row) > available && ways[way].step(&row, ways[way].lit))
      ;
  return row.groups;
}
