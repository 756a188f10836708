/* What libFuzzer calls; tests/test-fuzz-corpus.c calls it with the files of corpus/. */
#pragma once

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
