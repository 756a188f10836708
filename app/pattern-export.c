#include "app/pattern-export.h"

#include "ui/draw/pattern-picture.h"

#include <math.h>

#define ROW 256 /* numbers a row, where they have no shape of their own */

bool pattern_is_picture(const RunSpec *spec) {
  for (guint i = 0; i < spec->manipulations->len; i++)
    if (manipulation_is_inside(((const ManipulationSpec *)g_ptr_array_index(spec->manipulations, i))->kind))
      return false;
  return true;
}

/* What a store holds may have any shape. */
static bool is_picture(const RunSpec *spec, const Tensor *pattern) {
  return pattern_is_picture(spec) && pattern->shape.rank == 3;
}

/* Inside the model numbers are drawn as they are: grey, the last axis along the rows. */
static void set_numbers(PatternNumbers *numbers, const Tensor *pattern) {
  const Shape *shape = &pattern->shape;
  int64_t count = tensor_count(pattern);
  int64_t last = shape->rank < 2 ? MIN(count, ROW) : shape->dim[shape->rank - 1];
  numbers->channels = 1;
  numbers->width = (int)last;
  numbers->height = (int)(count / MAX(1, last));
}

Tensor *pattern_export_mask(const RunSpec *spec, const Tensor *pattern) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  if (spec->manipulations->len > 1 || first->kind->op != OPERATOR_CONCATENATIVE || !is_picture(spec, pattern))
    return NULL;
  /* Only sizes matter here; a dot stands in for a picture of the user's. */
  static const uint8_t dot[1];
  Picture picture = {dot, 1, 1, 1};
  ManipulationInput input = {.channels = (int)pattern->shape.dim[0],
                             .height = (int)pattern->shape.dim[1],
                             .width = (int)pattern->shape.dim[2],
                             .std = {1, 1, 1, 1},
                             .user_picture = &picture};
  g_autoptr(Manipulation) manipulation =
      manipulation_new(first->kind, first->format, first->settings, &input, &(Random){0}, NULL);
  return manipulation ? manipulation_outside_mask(manipulation) : NULL;
}

/* A drawing with the texts that it owns. */
typedef struct {
  PatternPicture picture;
  Tensor *mask;
  char *title, *subtitle, *caption;
} Export;

static void export_clear(Export *export) {
  tensor_unref(export->mask);
  g_free(export->title);
  g_free(export->subtitle);
  g_free(export->caption);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Export, export_clear)

char *pattern_export_caption(const RunResult *result) {
  /* The better baseline is the one to compare with; NaN loses. */
  double baseline = fmax(result->no_prompt_test_accuracy, result->no_prompt_full_size_test_accuracy);
  if (!isfinite(result->best_test_accuracy))
    return NULL;
  g_autoptr(GString) caption = g_string_new(NULL);
  g_string_append_printf(caption, "Test accuracy %.1f %%", 100 * result->best_test_accuracy);
  if (isfinite(baseline))
    g_string_append_printf(caption, ", without a prompt %.1f %%", 100 * baseline);
  return g_string_free(g_steal_pointer(&caption), FALSE);
}

static void export_init(Export *export, const RunSpec *spec, const Tensor *pattern, int step,
                        const RunResult *result) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  export->mask = pattern_export_mask(spec, pattern);
  export->title = g_strdup_printf("%s, step %d", first->kind->title, step);
  export->subtitle = g_strdup_printf("%s → %s, %s, seed %" G_GUINT64_FORMAT, spec->model, spec->dataset,
                                     spec->alignment->name, spec->seed);
  export->caption = pattern_export_caption(result);
  PatternNumbers numbers = {.numbers = tensor_floats(pattern),
                            .channels = (int)pattern->shape.dim[0],
                            .height = (int)pattern->shape.dim[1],
                            .width = (int)pattern->shape.dim[2],
                            .mask = export->mask ? tensor_floats(export->mask) : NULL,
                            .neutral = first->kind->neutral};
  if (!is_picture(spec, pattern))
    set_numbers(&numbers, pattern);
  export->picture = (PatternPicture){
      .pattern = numbers, .title = export->title, .subtitle = export->subtitle, .caption = export->caption};
}

GBytes *pattern_export_png(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           GError **error) {
  g_auto(Export) export = {0};
  export_init(&export, spec, pattern, step, result);
  return pattern_picture_png(&export.picture, error);
}

GBytes *pattern_export_pdf(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           const char *date, GError **error) {
  g_auto(Export) export = {0};
  export_init(&export, spec, pattern, step, result);
  return pattern_picture_pdf(&export.picture, date, error);
}
