#include "engine/taxonomy-rules.h"

#define FEW_PER_CLASS 16 /* fewer training samples a class than this make a counted map noisy */

static bool at(const TaxonomyChoice *choice, AxisId axis, int value) {
  return choice->cell.value[axis] == value;
}

bool method_fits(const ManipulationKind *method, Cell cell) {
  return (int)method->op == cell.value[AXIS_OPERATOR] &&
         method->locations & 1u << cell.value[AXIS_LOCATION] &&
         method->formats & 1u << cell.value[AXIS_FORMAT];
}

/* What the rules ask. */

static bool input_is_no_picture(const TaxonomyChoice *choice) {
  return !choice->context->takes_pictures && !choice->context->takes_texts;
}

static bool pictures_end_with_channels(const TaxonomyChoice *choice) {
  return input_is_no_picture(choice) && choice->context->channels_last;
}

static bool pictures_are_whole_numbers(const TaxonomyChoice *choice) {
  return input_is_no_picture(choice) && choice->context->whole_numbers;
}

static bool picture_is_not_all(const TaxonomyChoice *choice) {
  return choice->context->takes_pictures && choice->context->other_input;
}

static bool pictures_for_texts(const TaxonomyChoice *choice) {
  return !choice->context->takes_pictures && choice->context->takes_texts && !choice->context->texts;
}

static bool text_at_input(const TaxonomyChoice *choice) {
  return choice->context->takes_texts && at(choice, AXIS_LOCATION, LOCATION_INPUT);
}

static bool method_is_for_texts(const TaxonomyChoice *choice) {
  return choice->method && choice->method->texts_only && !choice->context->takes_texts;
}

static bool embedding_is_absent(const TaxonomyChoice *choice) {
  return at(choice, AXIS_LOCATION, LOCATION_EMBEDDING) && !choice->context->has_embedding;
}

static bool hidden_is_absent(const TaxonomyChoice *choice) {
  return at(choice, AXIS_LOCATION, LOCATION_HIDDEN) && !choice->context->has_hidden;
}

static bool concatenates_without_tokens(const TaxonomyChoice *choice) {
  if (!at(choice, AXIS_OPERATOR, OPERATOR_CONCATENATIVE))
    return false;
  return (at(choice, AXIS_LOCATION, LOCATION_EMBEDDING) && !choice->context->embedding_tokens) ||
         (at(choice, AXIS_LOCATION, LOCATION_HIDDEN) && !choice->context->hidden_tokens);
}

static bool no_method(const TaxonomyChoice *choice) {
  for (const ManipulationKind *const *kind = manipulation_kinds; *kind; kind++)
    if (method_fits(*kind, choice->cell))
      return false;
  return true;
}

static bool method_does_not_fit(const TaxonomyChoice *choice) {
  return choice->method && !method_fits(choice->method, choice->cell);
}

static bool alignment_is_of_another_family(const TaxonomyChoice *choice) {
  return !at(choice, AXIS_ALIGNMENT, (int)choice->alignment->family);
}

static bool source_is_unknown(const TaxonomyChoice *choice) {
  return choice->context->n_source < 1;
}

static bool maps_next_tokens(const TaxonomyChoice *choice) {
  return choice->context->next_token && !at(choice, AXIS_ALIGNMENT, FAMILY_IDENTITY);
}

static bool labels_differ(const TaxonomyChoice *choice) {
  return at(choice, AXIS_ALIGNMENT, FAMILY_IDENTITY) && !choice->context->same_labels;
}

static bool too_many_targets(const TaxonomyChoice *choice) {
  return choice->context->n_target > choice->context->n_source;
}

static bool rule_has_too_few_sources(const TaxonomyChoice *choice) {
  return at(choice, AXIS_ALIGNMENT, FAMILY_STRUCTURAL) && too_many_targets(choice);
}

static bool averages_too_many(const TaxonomyChoice *choice) {
  const TaxonomyContext *context = choice->context;
  return at(choice, AXIS_ALIGNMENT, FAMILY_STRUCTURAL) &&
         (gint64)context->averaged * context->n_target > context->n_source;
}

static bool one_to_one_has_too_few_sources(const TaxonomyChoice *choice) {
  return choice->alignment->one_to_one && too_many_targets(choice);
}

static bool is_fixed(const TaxonomyChoice *choice) {
  return at(choice, AXIS_FORMAT, FORMAT_FIXED);
}

static bool fixed_and_linear(const TaxonomyChoice *choice) {
  return is_fixed(choice) && at(choice, AXIS_ALIGNMENT, FAMILY_LINEAR);
}

static bool fixed_and_counted(const TaxonomyChoice *choice) {
  return is_fixed(choice) && choice->alignment->counted;
}

static bool fixed_and_neither(const TaxonomyChoice *choice) {
  return is_fixed(choice) && !fixed_and_linear(choice) && !fixed_and_counted(choice);
}

static bool counts_few(const TaxonomyChoice *choice) {
  const TaxonomyContext *context = choice->context;
  return choice->alignment->counted && context->n_train < (gint64)FEW_PER_CLASS * context->n_target;
}

static bool learns_beside(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && at(choice, AXIS_OPERATOR, OPERATOR_CONCATENATIVE);
}

static bool learns_sum(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && at(choice, AXIS_OPERATOR, OPERATOR_ADDITIVE);
}

static bool learns_map(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && at(choice, AXIS_OPERATOR, OPERATOR_PARAMETRIC);
}

static bool has_note(const TaxonomyChoice *choice) {
  return manipulation_note(choice->method, (Format)choice->cell.value[AXIS_FORMAT]) != NULL;
}

static bool learns_linear(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && at(choice, AXIS_ALIGNMENT, FAMILY_LINEAR);
}

static bool map_is_drawn(const TaxonomyChoice *choice) {
  return at(choice, AXIS_ALIGNMENT, FAMILY_STATISTICAL) && choice->alignment->refit == REFIT_NEVER;
}

static bool counts_once(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && choice->alignment->refit == REFIT_ONCE;
}

static bool counts_each_epoch(const TaxonomyChoice *choice) {
  return !is_fixed(choice) && choice->alignment->refit == REFIT_EACH_EPOCH;
}

static bool follows_rule(const TaxonomyChoice *choice) {
  return at(choice, AXIS_ALIGNMENT, FAMILY_STRUCTURAL);
}

#define OUTSIDE(text)                                                                                        \
  { text, NO_AXIS, 0, NULL }
#define TAKE(axis, value, text)                                                                              \
  { text, axis, value, NULL }
#define ALIGN(family, name, text)                                                                            \
  { text, AXIS_ALIGNMENT, family, name }

#define FEWER_CLASSES OUTSIDE("Take a task with at most {source} classes")
#define MANY_TO_MANY                                                                                         \
  ALIGN(FAMILY_STATISTICAL, "blm", "Use BLM: many source classes may share in a target class"),              \
      ALIGN(FAMILY_STATISTICAL, "blm+", "Use BLM+: as BLM, from probabilities instead of counts"),           \
      ALIGN(FAMILY_LINEAR, "linear", "Use a linear alignment: a learnt matrix takes any number of classes")

const TaxonomyRule taxonomy_rules[] = {
    {pictures_end_with_channels,
     VERDICT_IMPOSSIBLE,
     "{model} takes pictures with their channels last, and prompts for pictures need them first.",
     {OUTSIDE("Export it so that it takes batch, channels, height, width")}},
    {pictures_are_whole_numbers,
     VERDICT_IMPOSSIBLE,
     "{model} takes pictures of whole numbers, which no pattern can be learnt for.",
     {OUTSIDE("Export it without the conversion in front, so that it takes pictures of floats")}},
    {picture_is_not_all,
     VERDICT_IMPOSSIBLE,
     "{model} has an input '{other input}' beside the picture, and there is nothing to give it.",
     {OUTSIDE("Export it with that input as a constant, or choose a model that takes a picture only")}},
    {input_is_no_picture,
     VERDICT_IMPOSSIBLE,
     "{model} does not take one picture a row, and the methods of this version work on pictures and on texts "
     "that a model continues.",
     {OUTSIDE("Choose a model that takes pictures")}},
    {pictures_for_texts,
     VERDICT_IMPOSSIBLE,
     "{model} takes texts, and {task} has none.",
     {OUTSIDE("Give a file of text as the data set")}},
    {text_at_input,
     VERDICT_IMPOSSIBLE,
     "{model} takes the numbers of tokens, and no method of this version changes those.",
     {TAKE(AXIS_LOCATION, LOCATION_EMBEDDING, "Let the pattern enter at the embedding"),
      TAKE(AXIS_LOCATION, LOCATION_HIDDEN, "Let the pattern enter inside")}},
    {embedding_is_absent,
     VERDICT_IMPOSSIBLE,
     "{model} has no token or patch embedding.",
     {TAKE(AXIS_LOCATION, LOCATION_INPUT, "Let the pattern enter at the input"),
      OUTSIDE("Choose a model with an embedding, such as a vision transformer")}},
    {hidden_is_absent,
     VERDICT_IMPOSSIBLE,
     "{model} has no hidden tensor that a pattern could enter at.",
     {TAKE(AXIS_LOCATION, LOCATION_INPUT, "Let the pattern enter at the input"),
      OUTSIDE("Choose a model with named hidden tensors")}},
    {concatenates_without_tokens,
     VERDICT_IMPOSSIBLE,
     "A pattern can stand beside a signal inside {model} only along a token axis, and there is none "
     "{location}.",
     {TAKE(AXIS_OPERATOR, OPERATOR_ADDITIVE, "Add the pattern instead"),
      TAKE(AXIS_LOCATION, LOCATION_INPUT, "Put the pattern around the picture at the input")}},
    {no_method, VERDICT_IMPOSSIBLE,
     "No method of this version is {operator} {location} with a {format} pattern."},
    {method_does_not_fit, VERDICT_IMPOSSIBLE,
     "The method {method} is {method's operator} and works {method's locations}."},
    {method_is_for_texts,
     VERDICT_IMPOSSIBLE,
     "The method {method} stands in front of a text, and {model} takes none.",
     {OUTSIDE("Choose a language model")}},
    {alignment_is_of_another_family, VERDICT_IMPOSSIBLE,
     "The alignment {alignment} is {alignment's family}, not {family}."},
    {source_is_unknown,
     VERDICT_IMPOSSIBLE,
     "{model} does not say how many classes it answers with.",
     {OUTSIDE("Choose a model whose card names its classes")}},
    {maps_next_tokens,
     VERDICT_IMPOSSIBLE,
     "{task} asks for {model}'s own tokens, so its answers are taken as they are.",
     {TAKE(AXIS_ALIGNMENT, FAMILY_IDENTITY, "Take the answers as they are"),
      OUTSIDE("Choose texts with labels")}},
    {labels_differ,
     VERDICT_IMPOSSIBLE,
     "The classes of {task} are not those of {model}, so its answers cannot be taken as they are.",
     {TAKE(AXIS_ALIGNMENT, FAMILY_STRUCTURAL, "Use a rule: class i stands for class i"),
      TAKE(AXIS_ALIGNMENT, FAMILY_STATISTICAL, "Count which answers go with which class")}},
    {rule_has_too_few_sources,
     VERDICT_IMPOSSIBLE,
     "{task} has {target} classes and {model} only {source}: a rule cannot give each one a source class.",
     {MANY_TO_MANY, FEWER_CLASSES}},
    {averages_too_many,
     VERDICT_IMPOSSIBLE,
     "Averaging {averaged} source classes for each of {target} classes needs {needed}, and {model} has "
     "{source}.",
     {OUTSIDE("Average at most {fit}: alignment.averaged = {fit}"),
      TAKE(AXIS_ALIGNMENT, FAMILY_STATISTICAL, "Count which answers go with which class"), FEWER_CLASSES}},
    {one_to_one_has_too_few_sources,
     VERDICT_IMPOSSIBLE,
     "{alignment title} gives each class a source class of its own, and {task} has {target} classes, {model} "
     "only "
     "{source}.",
     {MANY_TO_MANY, FEWER_CLASSES}},
    {fixed_and_neither, VERDICT_ALLOWED_BUT, "Nothing is trained: Run becomes Evaluate."},
    {fixed_and_counted, VERDICT_ALLOWED_BUT,
     "Nothing is trained: Run becomes Evaluate, and the label map is counted from the training part."},
    {fixed_and_linear, VERDICT_ALLOWED_BUT, "Only the alignment is trained: ω has {numbers} numbers."},
    {counts_few, VERDICT_ALLOWED_BUT, "The label map is noisy: {per class} a class."},
    {learns_beside, VERDICT_POSSIBLE,
     "The pattern beside the signal is trained; the signal stays untouched."},
    {learns_sum, VERDICT_POSSIBLE, "The pattern that is added to the signal is trained."},
    {learns_map, VERDICT_POSSIBLE, "The map that the signal goes through is trained."},
    {has_note, VERDICT_POSSIBLE, "{note}"},
    {learns_linear, VERDICT_POSSIBLE, "The alignment is trained too: ω has {numbers} numbers."},
    {follows_rule, VERDICT_POSSIBLE, "The label map follows a rule and stays as it is."},
    {map_is_drawn, VERDICT_POSSIBLE, "The label map is drawn once, by the seed."},
    {counts_once, VERDICT_POSSIBLE, "The label map is counted once, with the initial pattern."},
    {counts_each_epoch, VERDICT_POSSIBLE, "The label map is counted again at the start of every epoch."},
    {NULL},
};
