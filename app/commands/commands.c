/* The table of commands, in the order of `hoarfrost --help`. */
#include "app/commands/commands.h"

static const char spec_help[] =
    "A spec is a key file; its keys and their defaults are what hoarfrost check writes.  An example is\n"
    "data/specs/default.ini.  Ctrl-C stops cleanly: the run is kept and hoarfrost resume goes on.";

const Command commands[] = {
    {"run", "SPEC.ini | --preset NAME", "Trains or evaluates one run and keeps it", spec_help, command_run},
    {"resume", "RUN", "Goes on with a stopped run from its last checkpoint",
     "RUN is the run's UUID, its first characters (at least 4), or \"last\".", command_resume},
    {"models", "", "Lists the frozen models that are here", NULL, command_models},
    {"datasets", "", "Lists the data sets that are here", NULL, command_datasets},
    {"methods", "[NAME…]", "Lists the manipulations: how a pattern enters the model", NULL, command_methods},
    {"alignments", "[NAME…]", "Lists the alignments: how the model's answers are read", NULL,
     command_alignments},
    {"optimisers", "[NAME…]", "Lists the optimisers", NULL, command_optimisers},
    {"presets", "[NAME…]", "Lists the methods of the literature as ready specs", NULL, command_presets},
    {"check", "SPEC.ini | --preset NAME", "Writes a spec with all defaults, or says why it is impossible",
     spec_help, command_check},
    {"inspect", "MODEL", "Tells what an ONNX file holds, its sites, and what is not supported",
     "MODEL is a name from hoarfrost models or the path of an ONNX file.", command_inspect},
    {"forward", "MODEL", "Runs a model on arrays",
     "The arrays are the graph's own tensors: nothing is resized or normalised.  NPY files, float32 and "
     "int64.",
     command_forward},
    {"gradient", "MODEL", "The gradient of the mean cross-entropy to the input or a site",
     "Without --target, for a language model: the mean next-token cross-entropy.", command_gradient},
    {"align", "METHOD", "Fits an alignment on given answers", NULL, command_align},
    {"apply", "RUN", "Applies a stored prompt to pictures of your own",
     "RUN is the run's UUID, its first characters (at least 4), or \"last\".  Pictures are resized as in a "
     "run;\n"
     "in a folder, PNG and JPEG files are found in all folders below.  The last step's pattern and map are "
     "used.",
     command_apply},
    {"prompt", "MODEL", "Lets a language model continue a text",
     "MODEL is the path of an ONNX file whose card has the task causal-lm and a tokenizer.  Without\n"
     "--temperature each token is the most likely one.  The text ends at the model's end token, or after\n"
     "--max tokens.",
     command_prompt},
    {"bench", "MODEL | SPEC.ini", "Measures how long a model, or a run's step, takes", NULL, command_bench},
    {"runs", "list | show | export | compare | delete | merge", "The stored runs", NULL, command_runs},
    {NULL},
};
