// NEON with matrix products of bytes: as kernels_neondot.c, with two rows at a time (Armv8.6 with i8mm:
// Cortex-A510, A710, Neoverse V1 and later).
#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("dotprod,i8mm"))), apply_to = function)
#define KERNEL(name) neoni8mm_##name
#define KERNEL_NAME "neoni8mm"
#define ILLAVA_INT8_NEON
#define ILLAVA_INT8_I8MM
#include "kernels.inc"
#pragma clang attribute pop
#endif
