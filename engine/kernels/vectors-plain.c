/* The loops of vectors-body.h for any processor. */
#pragma GCC diagnostic ignored "-Wpsabi" /* wide vectors stay inside the functions */
#define LANES 4
#define SET   vectors_plain
#define NAME  "plain"
#include "engine/kernels/vectors-body.h"
