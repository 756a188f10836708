#include "ui/choice-facts.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

/* The first manipulation stands for the choice: the axes show one cell. */
static const ManipulationSpec *first(const RunSpec *spec) {
  return g_ptr_array_index(spec->manipulations, 0);
}

/* Counts what is trainable by making the numbers, from zeros: a picture that it may start from is not needed.
 */
static void count_pattern(ChoiceFacts *facts, const ManipulationSpec *spec, const FrozenModel *model) {
  ManipulationInput input = {.channels = facts->channels,
                             .height = facts->height,
                             .width = facts->width,
                             .model = model,
                             .location = spec->location,
                             .site = spec->site};
  for (int c = 0; c < 4; c++) {
    input.mean[c] = model->card.mean[c];
    input.std[c] = model->card.std[c];
  }
  g_autoptr(Settings) settings = settings_copy(spec->settings);
  if (settings_row(settings, "start"))
    settings_set(settings, "start", "zeros", NULL);
  if (settings_row(settings, "norm"))
    settings_set(settings, "norm", "0", NULL);
  g_autoptr(Manipulation) manipulation =
      manipulation_new(spec->kind, spec->format, settings, &input, &(Random){0}, NULL);
  if (!manipulation)
    return;
  facts->picture_height = manipulation->picture_height;
  facts->picture_width = manipulation->picture_width;
  if (spec->format == FORMAT_LEARNABLE)
    facts->pattern = manipulation->trainable;
  for (guint i = 0; manipulation->parts && i < manipulation->parts->len && i < CHOICE_MOST_SITES; i++)
    facts->sites[facts->n_sites++] =
        ((const ManipulationPart *)g_ptr_array_index(manipulation->parts, i))->site->value;
}

ChoiceFacts choice_facts(const RunSpec *spec, const FrozenModel *model, const SampleSet *set) {
  ChoiceFacts facts = {
      .n_source = -1, .n_target = set ? set->n_classes : -1, .texts = set && set->text.tokens > 0};
  if (!model)
    return facts;
  facts.frozen = frozen_model_parameters(model);
  facts.n_source = frozen_model_classes(model);
  if (frozen_model_picture(model, &facts.channels, &facts.height, &facts.width) ||
      manipulation_is_inside(first(spec)->kind))
    count_pattern(&facts, first(spec), model);
  if (spec->alignment->family == FAMILY_LINEAR && facts.n_source > 0 && facts.n_target > 0) {
    bool bias = settings_is(spec->alignment_settings, "bias", "yes");
    facts.alignment = (int64_t)facts.n_target * (facts.n_source + (bias ? 1 : 0));
  }
  return facts;
}

GKeyFile *choice_meant(const ChoiceFacts *facts) {
  GKeyFile *file = g_key_file_new();
  if (facts->picture_width > 0)
    g_key_file_set_integer(file, "manipulation", "image_size", facts->picture_width);
  g_key_file_set_integer(file, "run", "threads", (int)g_get_num_processors());
  return file;
}

char *grouped_number(int64_t number) {
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, number);
  GString *text = g_string_new(NULL);
  size_t n = strlen(digits);
  for (size_t i = 0; i < n; i++) {
    if (i > 0 && (n - i) % 3 == 0 && digits[i - 1] != '-')
      g_string_append(text, "\u202f");
    g_string_append_c(text, digits[i]);
  }
  return g_string_free(text, FALSE);
}

char *percent_words(double percent) {
  int digits = percent > 0 ? (int)CLAMP(1 - floor(log10(percent)), 0, 12) : 0;
  return g_strdup_printf("%.*f %%", digits, percent);
}

char *shape_words(const Shape *shape) {
  GString *text = g_string_new(NULL);
  for (int axis = 1; axis < shape->rank; axis++) {
    g_string_append(text, text->len ? "×" : "");
    if (shape->dim[axis] < 0)
      g_string_append_c(text, '?');
    else
      g_string_append_printf(text, "%" G_GINT64_FORMAT, shape->dim[axis]);
  }
  return g_string_free(text, FALSE);
}

static char *format_consequence(const RunSpec *spec, const ChoiceFacts *facts) {
  if (first(spec)->format == FORMAT_FIXED)
    return g_strdup(facts->alignment ? _("The pattern stays as given; only the label map is trained.")
                                     : _("The pattern stays as given: Run only measures."));
  if (facts->pattern == 0)
    return g_strdup(_("The pattern is trained, nothing of the network."));
  g_autofree char *number = grouped_number(facts->pattern);
  return g_strdup_printf(_("%s numbers are trained, none of the network’s."), number);
}

static char *location_consequence(const RunSpec *spec, const ChoiceFacts *facts) {
  static const char *const sentences[] = {
      [LOCATION_INPUT] = N_("Before the first layer of f."),
      [LOCATION_EMBEDDING] = N_("Among the embedded tokens, before f’s first block."),
      [LOCATION_HIDDEN] = N_("Inside f, on a tensor between two blocks."),
  };
  const char *site = first(spec)->site;
  const char *sentence = _(sentences[first(spec)->location]);
  return site ? g_strdup_printf("%s (%s)", sentence, site) : g_strdup(sentence);
}

static char *operator_consequence(const RunSpec *spec, const ChoiceFacts *facts) {
  static const char *const sentences[] = {
      [OPERATOR_ADDITIVE] = N_("The pattern lies over the signal: both share the same elements."),
      [OPERATOR_CONCATENATIVE] = N_("Nothing is laid over the signal; the pattern stands beside it."),
      [OPERATOR_PARAMETRIC] = N_("The signal itself goes through a learnable map."),
  };
  bool frames = first(spec)->op == OPERATOR_CONCATENATIVE && first(spec)->location == LOCATION_INPUT;
  if (frames && facts->picture_width > 0)
    return g_strdup_printf(
        _("The picture is resized to %d×%d, nothing is laid over it; the pattern fills the rest."),
        facts->picture_width, facts->picture_height);
  return g_strdup(_(sentences[first(spec)->op]));
}

static char *alignment_consequence(const RunSpec *spec, const ChoiceFacts *facts) {
  static const char *const sentences[] = {
      [FAMILY_IDENTITY] = N_("f’s classes are taken as they are."),
      [FAMILY_STRUCTURAL] = N_("A rule assigns f’s classes; nothing is counted or trained."),
      [FAMILY_STATISTICAL] = N_("f’s answers are counted against the labels, without a gradient."),
      [FAMILY_LINEAR] = N_("A matrix on f’s answers is trained together with the pattern."),
  };
  static const char *const times[] = {
      [REFIT_NEVER] = N_("One source class for each class of the task, drawn once."),
      [REFIT_ONCE] = N_("Source classes are counted once, before training."),
      [REFIT_EACH_EPOCH] = N_("Source classes are counted again at the start of each epoch."),
  };
  if (spec->alignment->family == FAMILY_STATISTICAL)
    return g_strdup(_(times[spec->alignment->refit]));
  if (facts->alignment == 0)
    return g_strdup(_(sentences[spec->alignment->family]));
  int64_t weights = (int64_t)facts->n_source * facts->n_target, shifts = facts->alignment - weights;
  g_autofree char *matrix = grouped_number(weights), *bias = grouped_number(shifts);
  return shifts
             ? g_strdup_printf(_("A matrix of %s numbers on f’s answers and %s of a bias are trained too."),
                               matrix, bias)
             : g_strdup_printf(_("A matrix of %s numbers on f’s answers is trained too."), matrix);
}

char *choice_consequence(AxisId axis, const RunSpec *spec, const ChoiceFacts *facts) {
  static char *(*const sentence[])(const RunSpec *, const ChoiceFacts *) = {
      [AXIS_FORMAT] = format_consequence,
      [AXIS_LOCATION] = location_consequence,
      [AXIS_OPERATOR] = operator_consequence,
      [AXIS_ALIGNMENT] = alignment_consequence,
  };
  return sentence[axis](spec, facts);
}

const char *choice_family(Cell cell) {
  static const char *const learnt[] = {
      [LOCATION_INPUT] = N_("Model reprogramming"),
      [LOCATION_EMBEDDING] = N_("Prompt tuning"),
      [LOCATION_HIDDEN] = N_("Prompt tuning, deep"),
  };
  static const char *const given[] = {
      [LOCATION_INPUT] = N_("Prompt instruction"),
      [LOCATION_EMBEDDING] = N_("Given prompt at the embedding"),
      [LOCATION_HIDDEN] = N_("Activation steering"),
  };
  bool learnable = cell.value[AXIS_FORMAT] == FORMAT_LEARNABLE;
  return _((learnable ? learnt : given)[cell.value[AXIS_LOCATION]]);
}
