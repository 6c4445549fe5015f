// NEON with dot products of bytes: as the portable path, but for int8 (Armv8.2 with dotprod: Cortex-A55,
// A76 and later).
#if defined(__aarch64__)
#include <arm_neon.h>
#pragma clang attribute push(__attribute__((target("dotprod"))), apply_to = function)
#define KERNEL(name) neondot_##name
#define KERNEL_NAME "neondot"
#define ILLAVA_INT8_NEON
#include "kernels.inc"
#pragma clang attribute pop
#endif
