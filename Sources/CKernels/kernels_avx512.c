// AVX-512 F/BW/DQ/VL: 512-bit registers (Skylake-SP, Ice Lake, Zen 4 and later).
#if defined(__x86_64__)
#include <immintrin.h>
#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c"), min_vector_width(512))), \
    apply_to = function)
#define KERNEL(name) avx512_##name
#define KERNEL_NAME "avx512"
#define ILLAVA_INT8_AVX2
#define ILLAVA_WIDE_TILES
#include "kernels.inc"
#pragma clang attribute pop
#endif
