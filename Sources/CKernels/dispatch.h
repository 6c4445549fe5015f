// The table of kernels that every instruction set fills in, and the list of tables.
#ifndef ILLAVA_DISPATCH_H
#define ILLAVA_DISPATCH_H

#include "ckernels.h"

typedef struct {
  const char *name;
  void (*widen)(illava_element, const void *, float *, size_t);
  void (*narrow_bf16)(const float *, uint16_t *, size_t);
  void (*dot_rows)(illava_element, const void *, size_t, size_t, const float *, size_t, float *);
  void (*weighted_rows)(illava_element, const void *, size_t, size_t, const float *, size_t,
                        float *);
  float (*softmax)(float *, size_t, float);
  void (*attention)(const illava_attention *, float *);
  void (*layer_norm)(const float *, float *, const float *, const float *, size_t, float);
  void (*rms_norm)(const float *, float *, const float *, size_t, float);
  void (*gelu_tanh)(float *, size_t);
  void (*gelu_quick)(float *, size_t);
  void (*silu_multiply)(float *, const float *, size_t);
  void (*sigmoid_multiply)(float *, const float *, size_t);
  void (*gated_norm)(float *, const float *, const float *, size_t, float);
  void (*convolution)(const illava_convolution *);
  void (*delta_steps)(const illava_delta *);
  void (*delta_chunks)(const illava_delta *, float *);
  void (*rotary)(float *, size_t, size_t, const float *, const float *);
  void (*add)(float *, const float *, size_t);
  void (*add_scale)(float *, const float *, float, size_t);
  void (*axpy)(float *, float, const float *, size_t);
  void (*int8_quantize)(const float *, size_t, size_t, size_t, void *);
  void (*int8_pack)(illava_element, const void *, size_t, size_t, size_t, void *);
  void (*four_pack)(illava_element, const void *, size_t, size_t, size_t, const float *, void *);
  void (*packed_product)(illava_panel, const void *, size_t, const void *, size_t, const float *,
                         int, float *, size_t, size_t);
  // NULL where OpenBLAS is faster.
  void (*product)(const illava_product *, float *);
  // Whether products of bf16 weights take pairs of bf16.
  int multiplies_pairs;
} illava_kernel_table;

extern const illava_kernel_table portable_table;
extern const illava_kernel_table plainbf16_table;
#if defined(__x86_64__)
extern const illava_kernel_table avx2_table;
extern const illava_kernel_table avx512_table;
extern const illava_kernel_table avx512vnni_table;
extern const illava_kernel_table avx512bf16_table;
#elif defined(__aarch64__)
extern const illava_kernel_table neondot_table;
extern const illava_kernel_table neoni8mm_table;
#endif

#endif
