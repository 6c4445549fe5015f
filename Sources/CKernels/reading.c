#include "ckernels.h"

uint64_t illava_sum_words(const uint64_t *words, size_t n) {
  // Four cache lines at a time, each with its own sums, so that additions do not wait for each other.
  uint64_t sums[32] = {0};
  size_t i = 0;
  for (; i + 32 <= n; i += 32) {
    __builtin_prefetch(words + i + 512);
    __builtin_prefetch(words + i + 520);
    __builtin_prefetch(words + i + 528);
    __builtin_prefetch(words + i + 536);
    for (size_t lane = 0; lane < 32; lane++) sums[lane] += words[i + lane];
  }
  uint64_t sum = 0;
  for (; i < n; i++) sum += words[i];
  for (size_t lane = 0; lane < 32; lane++) sum += sums[lane];
  return sum;
}

uint64_t illava_difference(const uint8_t *a, const uint8_t *b, size_t n, size_t lines, size_t stride) {
  uint64_t sum = 0;
  for (size_t line = 0; line < lines; line++, a += stride, b += stride) {
    // A line has far fewer than the 2^24 bytes at which 32 bits could overflow.
    uint32_t own = 0;
    for (size_t i = 0; i < n; i++) own += a[i] > b[i] ? a[i] - b[i] : b[i] - a[i];
    sum += own;
  }
  return sum;
}
