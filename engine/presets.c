/* The methods of the literature as named points of the taxonomy.  Constants are those of the reference code
 * where the deviations do not say otherwise. */
#include "engine/preset.h"

#include <string.h>

#define ADDITIVE_STATISTICAL "learnable/input/additive/statistical"
#define DISJOINT                                                                                             \
  "The pattern stands around the picture and touches none of its pixels, which is concatenative here; the "  \
  "list follows the papers' plus sign."
#define SMALL_SCALE                                                                                          \
  "10,000 training pictures of Fashion-MNIST on objects-letters (64 pixels) instead of twelve data sets on " \
  "ImageNet networks (224 pixels); 20 epochs instead of 200; the best epoch is chosen by validation, not "   \
  "by test accuracy."
#define PAPER_SCHEDULE                                                                                       \
  "method = adam\n"                                                                                          \
  "rate = 0.01\n"                                                                                            \
  "schedule = multistep\n"                                                                                   \
  "milestones = 0.5, 0.72\n"                                                                                 \
  "gamma = 0.1\n"

const Preset presets[] = {
    {
        .name = "default",
        .title = "Default experiment",
        .paper = "Chen et al. 2023, arXiv 2211.11635",
        .summary = "A border and an iterative label map on Fashion-MNIST: ILM-VP in little, in minutes.",
        .needs = "",
        .text = "[run]\n"
                "model = objects-letters\n"
                "dataset = fashion-mnist\n"
                "train = 10000\n"
                "validation = 1000\n"
                "test = 0\n"
                "seed = 1\n"
                "epochs = 5\n"
                "batch = 64\n"
                "evaluate_every = 1 epoch\n"
                "threads = 0\n"
                "[manipulation]\n"
                "format = learnable\n"
                "location = input\n"
                "operator = concatenative\n"
                "method = border\n"
                "image_size = 32\n"
                "[alignment]\n"
                "family = statistical\n"
                "method = ilm\n"
                "[optimiser]\n"
                "method = adam\n"
                "rate = 0.05\n"
                "schedule = constant\n",
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = DISJOINT,
        .deviations = "As ILM-VP, with 5 epochs, batches of 64 and a constant rate of 0.05.",
    },
    {
        .name = "ilm-vp",
        .title = "ILM-VP",
        .paper = "Chen et al. 2023, arXiv 2211.11635",
        .summary = "A sigmoid border with a label map that is counted again every epoch.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 128\n"
                "[manipulation]\n"
                "method = border\n"
                "form = sigmoid\n"
                "[alignment]\n"
                "method = ilm\n"
                "[optimiser]\n" PAPER_SCHEDULE,
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = DISJOINT,
        .deviations = SMALL_SCALE,
    },
    {
        .name = "elsayed",
        .title = "Adversarial reprogramming",
        .paper = "Elsayed et al. 2019, arXiv 1806.11146",
        .summary = "A tanh border teaches a network to count squares; class i stands for i + 1 squares.",
        .needs = "",
        .text = "[run]\n"
                "dataset = squares\n"
                "epochs = 20\n"
                "[manipulation]\n"
                "method = border\n"
                "form = tanh\n"
                "[alignment]\n"
                "method = structural\n"
                "[optimiser]\n"
                "method = adam\n"
                "rate = 0.05\n"
                "weight_decay = 1e-6\n",
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = "The pattern stands around the picture and touches none of its pixels, which is "
                  "concatenative here; the "
                  "map of the first ten classes is a rule and counts nothing.",
        .deviations =
            "The program is (1 + tanh W)/2 in pixels 0..1, W from zero, instead of tanh W in -1..1; "
            "objects-letters "
            "instead of ImageNet networks; weight penalty of a re-implementation (5e-7); a constant rate.",
    },
    {
        .name = "blm",
        .title = "BLM with padding",
        .paper = "Cai et al. 2024, arXiv 2410.24018",
        .summary = "A sigmoid border with a many-to-many label map from counts.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 256\n"
                "[manipulation]\n"
                "method = border\n"
                "form = sigmoid\n"
                "[alignment]\n"
                "method = blm\n"
                "smoothing = 1\n"
                "[optimiser]\n" PAPER_SCHEDULE,
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = DISJOINT,
        .deviations = SMALL_SCALE,
    },
    {
        .name = "blm+",
        .title = "BLM+ with padding",
        .paper = "Cai et al. 2024, arXiv 2410.24018",
        .summary = "A sigmoid border with a many-to-many label map from probabilities.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 256\n"
                "[manipulation]\n"
                "method = border\n"
                "form = sigmoid\n"
                "[alignment]\n"
                "method = blm+\n"
                "smoothing = 1\n"
                "top = 0.15\n"
                "[optimiser]\n" PAPER_SCHEDULE,
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = DISJOINT,
        .deviations =
            SMALL_SCALE " At least one probability a sample is kept, also for six classes and fewer.",
    },
    {
        .name = "overlay-full",
        .title = "BLM+ with watermarking",
        .paper = "Cai et al. 2024, arXiv 2410.24018",
        .summary =
            "A pattern added to the whole picture after normalisation, with a label map from probabilities.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 256\n"
                "[manipulation]\n"
                "method = overlay\n"
                "image_size = 0\n"
                "add = after\n"
                "[alignment]\n"
                "method = blm+\n"
                "[optimiser]\n" PAPER_SCHEDULE,
        .filed_as = ADDITIVE_STATISTICAL,
        .reason = "",
        .deviations = SMALL_SCALE " No random crops and no flips.",
    },
    {
        .name = "overlay-frame",
        .title = "Visual prompting (VP)",
        .paper = "Bahng et al. 2022, arXiv 2203.17274",
        .summary = "A frame added over a full-size picture after normalisation; class i stands for class i.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 128\n"
                "[manipulation]\n"
                "method = overlay\n"
                "image_size = 0\n"
                "frame = 9\n"
                "add = after\n"
                "start = random\n"
                "[alignment]\n"
                "method = structural\n"
                "[optimiser]\n"
                "method = sgd\n"
                "rate = 3\n"
                "momentum = 0.9\n"
                "schedule = cosine\n",
        .filed_as = ADDITIVE_STATISTICAL,
        .reason =
            "On vision networks the first classes stand for the task's by a rule, which counts nothing.",
        .deviations = "A frame of 9 of 64 pixels instead of 30 of 224; a rate of 3 instead of 40, at which "
                      "this small network's loss "
                      "grows without end; 20 epochs instead of 1000; no warm-up; Fashion-MNIST on "
                      "objects-letters instead of "
                      "twelve data sets on ImageNet networks; no CLIP.",
    },
    {
        .name = "overlay-linf",
        .title = "Bounded overlay",
        .paper = "Moosavi-Dezfooli et al. 2017, arXiv 1610.08401",
        .summary = "A pattern over the whole picture that changes no pixel by more than 16/255, with an "
                   "iterative label map.",
        .needs = "",
        .text = "[run]\n"
                "epochs = 20\n"
                "batch = 128\n"
                "[manipulation]\n"
                "method = overlay\n"
                "image_size = 0\n"
                "bound = linf\n"
                "radius = 0.0627\n"
                "clamp = yes\n"
                "[alignment]\n"
                "method = ilm\n"
                "[optimiser]\n" PAPER_SCHEDULE,
        .filed_as = "not listed",
        .reason = "The paper bounds a universal perturbation in this way but fools the network with it; the "
                  "list has no "
                  "reprogramming method with such a bound.",
        .deviations = "The bound is the paper's idea; task, label map and optimiser are those of ILM-VP.",
    },
#include "engine/presets-inside.inc"
    {NULL},
};

const Preset *preset_find(const char *name) {
  for (const Preset *preset = presets; preset->name; preset++)
    if (strcmp(preset->name, name) == 0)
      return preset;
  return NULL;
}

RunSpec *preset_spec(const Preset *preset, char *const *assignments, GError **error) {
  g_autofree char *text = g_strdup_printf("[run]\npreset = %s\n", preset->name);
  return run_spec_parse_with(text, preset->name, assignments, true, error);
}

RunSpec *preset_spec_beside(const Preset *preset, const RunSpec *present, GError **error) {
  if (!*preset->needs)
    return preset_spec(preset, NULL, error);
  g_autofree char *model = g_strconcat("run.model=", present->model, NULL),
                  *dataset = g_strconcat("run.dataset=", present->dataset, NULL);
  return preset_spec(preset, (char *[]){model, dataset, NULL}, error);
}

bool preset_is(const Preset *preset, const RunSpec *spec) {
  g_autoptr(RunSpec) wanted = preset_spec_beside(preset, spec, NULL);
  if (!wanted)
    return false;
  wanted->threads = spec->threads;
  g_free(wanted->preset);
  wanted->preset = g_strdup(spec->preset);
  g_autofree char *text = run_spec_text(spec), *wanted_text = run_spec_text(wanted);
  return g_str_equal(text, wanted_text);
}
