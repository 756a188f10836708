#include "ui/pipeline-stages.h"

#include "ui/pipeline-blocks.h"

#include <glib/gi18n.h>

/* A subscript in Pango markup. */
#define BELOW(text) "<span size=\"x-small\" rise=\"-3000\">" text "</span>"

static void stage_free(gpointer data) {
  Stage *stage = data;
  g_free(stage->title);
  g_free(stage->name);
  g_free(stage->shape);
  g_free(stage->note);
  g_free(stage->help);
  g_ptr_array_unref(stage->details);
  g_free(stage);
}

static Stage *add_stage(GPtrArray *stages, StageKind kind, const char *title, const char *name) {
  Stage *stage = g_new0(Stage, 1);
  stage->kind = kind;
  stage->title = g_strdup(title);
  stage->name = g_strdup(name);
  stage->details = g_ptr_array_new_with_free_func(g_free);
  g_ptr_array_add(stages, stage);
  return stage;
}

/* Takes the value. */
static void add_detail(Stage *stage, const char *name, char *value) {
  g_ptr_array_add(stage->details, g_strdup(name));
  g_ptr_array_add(stage->details, value);
}

static const ManipulationSpec *manipulation(const RunSpec *spec) {
  return g_ptr_array_index(spec->manipulations, 0);
}

static void add_sample(GPtrArray *stages, const RunSpec *spec, const SampleSet *set) {
  Stage *stage = add_stage(stages, STAGE_SAMPLE, "<i>x</i>", "x");
  stage->help = g_strdup(_("A sample of the task, before anything is done to it."));
  stage->shape = g_strdup(set ? set->title : spec->dataset);
  if (!set)
    return;
  if (set->train.pictures->len > 0) {
    const Picture *picture = &g_array_index(set->train.pictures, Picture, 0);
    stage->note = g_strdup_printf("%d×%d", picture->width, picture->height);
    add_detail(stage, _("Picture"),
               g_strdup_printf("%d×%d×%d", picture->channels, picture->height, picture->width));
  }
  add_detail(stage, _("Training file"), grouped_number(sample_part_size(&set->train)));
  add_detail(stage, _("Test file"), grouped_number(sample_part_size(&set->test)));
  add_detail(stage, _("Licence"), g_strdup(set->license));
}

static void add_manipulation(GPtrArray *stages, const RunSpec *spec, const ChoiceFacts *facts) {
  const ManipulationSpec *chosen = manipulation(spec);
  Stage *stage =
      add_stage(stages, STAGE_MANIPULATION, "<i>I</i>" BELOW("λ,τ,ℓ") "(<i>x</i>, <i>c</i>)", "I(x, c)");
  stage->help = g_strdup(chosen->kind ? chosen->kind->summary : _("No method of this version does this."));
  g_autofree char *number = grouped_number(facts->pattern);
  stage->shape = g_strdup(chosen->kind ? chosen->kind->title : _("no method"));
  stage->note = chosen->format == FORMAT_FIXED ? g_strdup(_("fixed"))
                : facts->pattern > 0           ? g_strdup_printf(_("%s trained"), number)
                                               : g_strdup(_("trained"));
  for (int axis = AXIS_FORMAT; axis <= AXIS_OPERATOR; axis++)
    add_detail(stage, taxonomy_axes[axis].title,
               g_strdup(taxonomy_axes[axis].values[run_spec_cell(spec, 0).value[axis]].title));
  add_detail(stage, _("Trained numbers"), g_steal_pointer(&number));
  if (chosen->kind)
    add_detail(stage, _("Source"), g_strdup(chosen->kind->paper));
}

static void add_block(GPtrArray *stages, const FrozenModel *model, const PipelineBlock *block) {
  g_autofree char *escaped = g_markup_escape_text(block->name, -1);
  Stage *stage = add_stage(stages, STAGE_FROZEN, escaped, block->name);
  stage->shape = shape_words(&block->shape);
  stage->help = g_strdup(block->operators ? _("Frozen: computed as the file says; nothing here is trained.")
                                          : _("What f is given: here nothing has been computed yet."));
  add_detail(stage, _("Shape"), g_strdup(stage->shape));
  if (block->operators)
    add_detail(stage, _("Operators"), g_strdup(block->operators));
  if (block->numbers > 0)
    add_detail(stage, _("Frozen numbers"), grouped_number(block->numbers));
  add_detail(stage, _("Name in the file"), g_strdup(block->tensor));
  if (block->hidden > 0)
    add_detail(stage, _("Hidden tensors"), g_strdup_printf("%d", block->hidden));
}

static void add_answers(GPtrArray *stages, const FrozenModel *model, const PipelineBlock *block,
                        const ChoiceFacts *facts) {
  g_autofree char *text =
      facts->n_source > 0 ? g_strdup_printf(_("%d answers"), facts->n_source) : g_strdup(_("answers"));
  add_block(stages, model, block);
  Stage *stage = g_ptr_array_index(stages, stages->len - 1);
  g_autofree char *frozen = grouped_number(facts->frozen);
  g_free(stage->title);
  g_free(stage->name);
  g_free(stage->shape);
  stage->name = g_steal_pointer(&text);
  stage->title = g_markup_escape_text(stage->name, -1);
  stage->shape = g_strdup_printf("f: ❄ %s", frozen);
  add_detail(stage, _("Frozen in all"), g_steal_pointer(&frozen));
  add_detail(stage, _("Licence"), g_strdup(model->card.license));
}

/* f as long as it is not known. */
static void add_unknown(GPtrArray *stages, const RunSpec *spec) {
  Stage *stage = add_stage(stages, STAGE_FROZEN, "<i>f</i>", "f");
  stage->shape = g_strdup(spec->model);
  stage->help = g_strdup(_("The frozen network."));
}

/* The stage that ends with the value; else that of the block it is a part of; else the first that ends later.
 */
static guint block_of(const FrozenModel *model, const GPtrArray *blocks, ValueId value) {
  const Site *site = frozen_model_site_of(model, value);
  g_autofree char *name = site && site->block > 0 ? g_strdup_printf("block%d", site->block) : NULL;
  guint within = blocks->len, later = blocks->len - 1;
  for (guint i = blocks->len; i-- > 0;) {
    const PipelineBlock *block = g_ptr_array_index(blocks, i);
    if (block->value == value)
      return i;
    if (g_strcmp0(block->name, name) == 0)
      within = i;
    if (block->value > value)
      later = i;
  }
  return within < blocks->len ? within : later;
}

/* The value that the spec names, or that the location has by itself. */
static ValueId named_value(const FrozenModel *model, const RunSpec *spec) {
  const ManipulationSpec *chosen = manipulation(spec);
  bool named = chosen->site && *chosen->site;
  const Site *site =
      named ? frozen_model_site(model, chosen->site) : frozen_model_default_site(model, chosen->location);
  return site ? site->value : VALUE_NONE;
}

/* Where the pattern enters, by block; returns the first.  (transfer full) */
static bool *lit_blocks(const FrozenModel *model, const RunSpec *spec, const ChoiceFacts *facts,
                        const GPtrArray *blocks, guint *first) {
  bool *lit = g_new0(bool, blocks->len);
  for (int i = 0; i < facts->n_sites; i++)
    lit[block_of(model, blocks, facts->sites[i])] = true;
  if (facts->n_sites == 0)
    lit[block_of(model, blocks, named_value(model, spec))] = true;
  for (*first = 0; !lit[*first];)
    ++*first;
  return lit;
}

static void add_network(GPtrArray *stages, const FrozenModel *model, const RunSpec *spec,
                        const ChoiceFacts *facts) {
  g_autoptr(GPtrArray) blocks = pipeline_blocks(model);
  guint site;
  g_autofree bool *lit = lit_blocks(model, spec, facts, blocks, &site);
  bool before = manipulation(spec)->location == LOCATION_INPUT;
  for (guint i = 0; i < blocks->len; i++) {
    if (before && i == site)
      add_manipulation(stages, spec, facts);
    if (i + 1 < blocks->len)
      add_block(stages, model, g_ptr_array_index(blocks, i));
    else
      add_answers(stages, model, g_ptr_array_index(blocks, i), facts);
    ((Stage *)g_ptr_array_index(stages, stages->len - 1))->site = lit[i];
    if (!before && i == site)
      add_manipulation(stages, spec, facts);
  }
}

static void add_alignment(GPtrArray *stages, const RunSpec *spec, const ChoiceFacts *facts) {
  static const char *const written[] = {[FAMILY_IDENTITY] = N_("taken as is"),
                                        [FAMILY_STRUCTURAL] = N_("by a rule"),
                                        [FAMILY_STATISTICAL] = N_("counted"),
                                        [FAMILY_LINEAR] = N_("trained")};
  const AlignmentKind *kind = spec->alignment;
  Stage *stage = add_stage(stages, STAGE_ALIGNMENT, "<i>O</i>" BELOW("ω"), "O");
  g_autofree char *number = grouped_number(facts->alignment);
  stage->help = g_strdup(kind->summary);
  const char *family = taxonomy_axes[AXIS_ALIGNMENT].values[kind->family].name;
  stage->shape =
      g_str_equal(family, kind->name) ? g_strdup(family) : g_strdup_printf("%s, %s", family, kind->name);
  stage->note =
      facts->alignment > 0 ? g_strdup_printf(_("%s trained"), number)
      : facts->n_source > 0 && facts->n_target > 0
          ? g_strdup_printf("%d → %d, %s", facts->n_source, facts->n_target, _(written[kind->family]))
          : g_strdup(_(written[kind->family]));
  add_detail(stage, _("Method"), g_strdup(kind->title));
  add_detail(stage, _("Family"), g_strdup(taxonomy_axes[AXIS_ALIGNMENT].values[kind->family].title));
  if (facts->n_source > 0 && facts->n_target > 0)
    add_detail(stage, "ω", g_strdup_printf("%d×%d", facts->n_source, facts->n_target));
  add_detail(stage, _("Trained numbers"), g_steal_pointer(&number));
  add_detail(stage, _("Source"), g_strdup(kind->paper));
}

static void add_answer(GPtrArray *stages, const SampleSet *set) {
  Stage *stage = add_stage(stages, STAGE_ANSWER, "<i>ŷ</i>", "y");
  stage->help = g_strdup(_("The answer: how likely each class of the task is."));
  stage->shape =
      set ? g_strdup_printf(ngettext("%d class", "%d classes", (gulong)set->n_classes), set->n_classes)
          : g_strdup(_("classes"));
  if (set)
    add_detail(stage, _("Classes"), g_strjoinv(", ", set->classes));
}

GPtrArray *pipeline_stages(const FrozenModel *model, const RunSpec *spec, const SampleSet *set,
                           const ChoiceFacts *facts) {
  GPtrArray *stages = g_ptr_array_new_with_free_func(stage_free);
  add_sample(stages, spec, set);
  if (model && model->sites->len > 0) {
    add_network(stages, model, spec, facts);
  } else {
    add_manipulation(stages, spec, facts);
    add_unknown(stages, spec);
  }
  add_alignment(stages, spec, facts);
  add_answer(stages, set);
  return stages;
}
