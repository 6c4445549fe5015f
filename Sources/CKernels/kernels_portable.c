// The baseline of the architecture: SSE2 on x86-64, NEON on arm64.
#define KERNEL(name) portable_##name
#define KERNEL_NAME "portable"
#include "kernels.inc"
