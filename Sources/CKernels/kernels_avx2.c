// AVX2 with fused multiply-add and conversions of halves: 256-bit registers (Haswell, Zen and later).
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push(__attribute__((target("avx2,fma,f16c"))), apply_to = function)
#define KERNEL(name) avx2_##name
#define KERNEL_NAME "avx2"
#define ILLAVA_INT8_AVX2
#define ILLAVA_NARROW_TILES
#include "kernels.inc"
#pragma clang attribute pop
#endif
