// AVX-512 with dot products of bytes and of bf16 (Cooper Lake, Sapphire Rapids, Zen 4 and later).
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx512bf16,avx2,fma"), \
                   min_vector_width(512))), \
    apply_to = function)
#define KERNEL(name) avx512bf16_##name
#define KERNEL_NAME "avx512bf16"
#define ILLAVA_INT8_VNNI
#define ILLAVA_WIDE_TILES
#define ILLAVA_BF16_PAIRS
#define ILLAVA_BF16_INSTRUCTIONS
#include "kernels.inc"
#pragma clang attribute pop
#endif
