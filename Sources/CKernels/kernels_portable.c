// The baseline of the architecture: SSE2 on x86-64, NEON on arm64.
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif
#define KERNEL(name) portable_##name
#define KERNEL_NAME "portable"
#include "kernels.inc"
