#include "app/pattern-export.h"

#include "ui/draw/pattern-picture.h"

#include <math.h>

/* 1 where the pattern may be: around the picture for a concatenative method, everywhere else NULL.  (transfer
 * full) */
static Tensor *pattern_mask(const RunSpec *spec, const Tensor *pattern) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  if (spec->manipulations->len > 1 || first->kind->op != OPERATOR_CONCATENATIVE)
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

GBytes *pattern_export_png(const RunSpec *spec, const Tensor *pattern, int step, const RunResult *result,
                           GError **error) {
  const ManipulationSpec *first = g_ptr_array_index(spec->manipulations, 0);
  g_autoptr(Tensor) mask = pattern_mask(spec, pattern);
  g_autofree char *title = g_strdup_printf("%s, step %d", first->kind->title, step);
  g_autofree char *subtitle = g_strdup_printf("%s → %s, %s, seed %" G_GUINT64_FORMAT, spec->model,
                                              spec->dataset, spec->alignment->name, spec->seed);
  g_autoptr(GString) caption = g_string_new(NULL);
  if (isfinite(result->best_test_accuracy))
    g_string_append_printf(caption, "Test accuracy %.1f %%", 100 * result->best_test_accuracy);
  /* The better baseline is the one to compare with; NaN loses. */
  double baseline = fmax(result->no_prompt_test_accuracy, result->no_prompt_full_size_test_accuracy);
  if (caption->len && isfinite(baseline))
    g_string_append_printf(caption, ", without a prompt %.1f %%", 100 * baseline);
  PatternPicture picture = {.numbers = tensor_floats(pattern),
                            .channels = (int)pattern->shape.dim[0],
                            .height = (int)pattern->shape.dim[1],
                            .width = (int)pattern->shape.dim[2],
                            .mask = mask ? tensor_floats(mask) : NULL,
                            .neutral = first->kind->neutral,
                            .title = title,
                            .subtitle = subtitle,
                            .caption = caption->len ? caption->str : NULL};
  return pattern_picture_png(&picture, error);
}
