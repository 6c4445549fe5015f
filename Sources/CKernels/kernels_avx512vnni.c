// AVX-512 with dot products of bytes: as kernels_avx512.c, but for int8 (Cascade Lake, Zen 4 and later).
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx512vnni,avx2,fma"), \
                   min_vector_width(512))), \
    apply_to = function)
#define KERNEL(name) avx512vnni_##name
#define KERNEL_NAME "avx512vnni"
#define ILLAVA_INT8_VNNI
#define ILLAVA_WIDE_TILES
#include "kernels.inc"
#pragma clang attribute pop
#endif
