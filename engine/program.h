/* The equation as code: builds O o f o I into one graph and runs it over batches, cut into pieces for the
 * pool.
 *
 * Pieces have a fixed number of samples that depends on the model only, each piece runs forward and backward
 * as a whole in one worker, and gradients are added in the order of the pieces: the same bits with any number
 * of threads. */
#pragma once

#include "engine/alignment.h"
#include "engine/frozen-model.h"
#include "engine/manipulation.h"
#include "engine/plan.h"
#include "engine/pool.h"

/* What I does to the picture in this program. */
typedef enum {
  PROMPT_ON,        /* the manipulations */
  PROMPT_OFF,       /* the same placement and resizing with zeros where the pattern would be */
  PROMPT_FULL_SIZE, /* the picture resized to fill f's input */
} PromptMode;

/* A set of numbers that the optimiser writes. */
typedef struct {
  const char *name; /* "pattern", "pattern 2", "omega", "bias" */
  Tensor *tensor;   /* borrowed from the manipulation or the alignment */
  ValueId value;
} Parameter;

typedef struct _Program Program;

/* Writes sample `index`.  Called from any worker.
 *
 *     pictures   floats: channels planes of height x width in 0..1, in the order red, green, blue
 *     texts      int64: text.tokens ids, any behind the sample's last, and then the place of that one */
typedef void (*SampleSource)(void *data, int index, void *numbers);

/* manipulations: element-type Manipulation *, borrowed; may be empty with PROMPT_OFF and PROMPT_FULL_SIZE.
 * trains: plan the way back too.  (transfer full) */
Program *program_new(const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                     Alignment *alignment, bool trains, Pool *pool, GError **error);
/* The same for texts, of which programs without a pool take one sample at a time: for program_inspect().
 * PROMPT_FULL_SIZE means nothing there.  (transfer full) */
Program *program_new_text(const FrozenModel *model, const TextForm *text, PromptMode mode,
                          GPtrArray *manipulations, Alignment *alignment, bool trains, Pool *pool,
                          GError **error);
/* For program_inspect(): one sample at a time, in the caller's thread.  (transfer full) */
Program *program_new_single(const FrozenModel *model, PromptMode mode, GPtrArray *manipulations,
                            Alignment *alignment, GError **error);
/* f without a pattern whose values at a site are read: program_site_means().  (transfer full) */
Program *program_new_watching(const FrozenModel *model, GPtrArray *manipulations, Alignment *alignment,
                              const Site *site, Pool *pool, GError **error);
void program_free(Program *program);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Program, program_free)

/* How many samples a piece has, where a plan for one sample is this one: the same for every number of
 * threads. */
int program_piece_size(const Plan *single);

/* Size of the picture that SampleSource is asked for. */
void program_picture_size(const Program *program, int *channels, int *height, int *width);
/* Texts: ids a sample; 0: the samples are pictures. */
int program_tokens(const Program *program);
int program_n_parameters(const Program *program);
const Parameter *program_parameter(const Program *program, int i);
int program_n_source(const Program *program);
size_t program_kept_bytes_per_item(const Program *program);

/* Answers of f for n samples: z (n, n_source).  False when stopped. */
bool program_answers(Program *program, SampleSource source, void *data, const int *indices, int n, float *z,
                     const StopFlag *stop);
/* The same, and exactly what f receives, (n, channels, height, width) of f's input; either may be NULL. */
bool program_receive(Program *program, SampleSource source, void *data, const int *indices, int n,
                     float *received, float *z, const StopFlag *stop);
/* One batch: losses (n, cross-entropy each), correct (n, 0 or 1; may be NULL), and for each parameter the
 * gradient of the mean loss, gradients[i] as long as the parameter.  Where each token is to be told from those
 * in front of it, a sample's loss is the mean over its tokens and correct the share that is.  False when
 * stopped. */
bool program_gradient(Program *program, SampleSource source, void *data, const int *indices,
                      const int *labels, int n, float *losses, float *correct, float *const *gradients,
                      const StopFlag *stop);
/* Forward only: losses and correct as above, either may be NULL.  False when stopped. */
bool program_evaluate(Program *program, SampleSource source, void *data, const int *indices,
                      const int *labels, int n, float *losses, float *correct, const StopFlag *stop);
/* Of a program that watches a site: the mean of its values over all axes but batch and channels, a row a sample:
 * rows (n, channels).  False when stopped. */
bool program_site_means(Program *program, SampleSource source, void *data, const int *indices, int n,
                        float *rows, const StopFlag *stop);
/* O o f o I as a graph: its input is the picture, resized, in 0..1 and in the model's channel order, (batch,
 * channels, height, width) of program_picture_size(); its output the target classes' answers.  Borrowed; its
 * parameters have the numbers of now. */
const Graph *program_graph(const Program *program);
/* The pattern now, in the shape that manipulation.h tells: at the input (channels, height, width) in pixel units
 * 0..1 before normalisation, the sum over stacked manipulations.  (transfer full) */
Tensor *program_pattern(Program *program, GError **error);
/* The pattern of manipulations (at least one) as they are now, without a model.  (transfer full) */
Tensor *program_first_pattern(GPtrArray *manipulations, GError **error);
/* Exactly what f receives for one sample, (1, channels, height, width), and f's answers (1, n_source), for
 * the views. Either may be NULL; texts are received as they are: `received` must be NULL. */
bool program_inspect(Program *program, SampleSource source, void *data, int index, Tensor **received,
                     Tensor **z, GError **error);
