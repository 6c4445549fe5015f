// The results of avx512bf16 for bf16 weights on any processor: slow, for tests and comparisons only.
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#define KERNEL(name) plainbf16_##name
#define KERNEL_NAME "plainbf16"
#define ILLAVA_BF16_PAIRS
#include "kernels.inc"
