#include "engine/random.h"

#include <math.h>

/* Philox4x32 with ten rounds; the constants are those of Salmon et al. 2011, section 4. */
static void philox(uint32_t counter[4], uint32_t key0, uint32_t key1) {
  for (int round = 0; round < 10; round++) {
    uint64_t a = (uint64_t)0xD2511F53u * counter[0];
    uint64_t b = (uint64_t)0xCD9E8D57u * counter[2];
    uint32_t c0 = (uint32_t)(b >> 32) ^ counter[1] ^ key0, c2 = (uint32_t)(a >> 32) ^ counter[3] ^ key1;
    counter[0] = c0;
    counter[1] = (uint32_t)b;
    counter[2] = c2;
    counter[3] = (uint32_t)a;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
}

uint64_t random_bits(const Random *random, uint64_t index) {
  uint32_t counter[4] = {(uint32_t)index, (uint32_t)(index >> 32), random->step, (uint32_t)random->purpose};
  philox(counter, (uint32_t)random->seed, (uint32_t)(random->seed >> 32));
  return (uint64_t)counter[1] << 32 | counter[0];
}

double random_uniform(const Random *random, uint64_t index) {
  return (double)(random_bits(random, index) >> 11) * 0x1p-53;
}

double random_normal(const Random *random, uint64_t index) {
  uint64_t bits = random_bits(random, index);
  double radius = ((double)(uint32_t)bits + 1.0) * 0x1p-32; /* in (0, 1] */
  double angle = (double)(bits >> 32) * 0x1p-32 * 2.0 * M_PI;
  return sqrt(-2.0 * log(radius)) * cos(angle);
}

uint32_t random_below(const Random *random, uint64_t index, uint32_t n) {
  return (uint32_t)(((random_bits(random, index) >> 32) * (uint64_t)n) >> 32);
}

void random_permutation(const Random *random, uint32_t *order, size_t n) {
  for (size_t i = 0; i < n; i++)
    order[i] = (uint32_t)i;
  for (size_t i = n; i > 1; i--) {
    size_t j = random_below(random, i - 1, (uint32_t)i);
    uint32_t swap = order[i - 1];
    order[i - 1] = order[j];
    order[j] = swap;
  }
}
