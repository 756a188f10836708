/* A small picture of each class, of models and of data sets, for the cards that they are chosen from. */
#pragma once

#include "engine/sample-set.h"

#include <gtk/gtk.h>

/* The first test picture of each class of a set; NULL where there is none, and for texts.  (transfer full)
 * (element-type GdkTexture) */
GPtrArray *class_examples_of(const SampleSet *set);
/* From the sheet of a model that comes along; NULL: it has none.  Any thread.  (transfer full) (element-type
 * GdkTexture) */
GPtrArray *class_examples_of_model(const char *model, int n_classes);

/* Those of all named data sets. */
typedef struct _ClassExamples ClassExamples;

/* Loads or draws each of them that is installed, one after the other: seconds; any thread.  (transfer full)
 */
ClassExamples *class_examples_load(void);
void class_examples_free(ClassExamples *examples);
/* Borrowed; NULL: not installed. (element-type GdkTexture) */
GPtrArray *class_examples_find(const ClassExamples *examples, const char *dataset);
