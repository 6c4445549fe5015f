// Chooses a table when the program starts and forwards every call to it.
#include "dispatch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#if defined(__aarch64__)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

static const illava_kernel_table *kernels = &portable_table;

static int supported(const illava_kernel_table *table) {
#if defined(__x86_64__)
  if (table == &avx512bf16_table)
    return supported(&avx512vnni_table) && __builtin_cpu_supports("avx512bf16");
  if (table == &avx512vnni_table)
    return supported(&avx512_table) && __builtin_cpu_supports("avx512vnni");
  if (table == &avx512_table)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
           __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
  if (table == &avx2_table)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
           __builtin_cpu_supports("f16c");
#elif defined(__aarch64__)
  if (table == &neoni8mm_table)
    return supported(&neondot_table) && (getauxval(AT_HWCAP2) & HWCAP2_I8MM) != 0;
  if (table == &neondot_table) return (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0;
#endif
  return table == &portable_table || table == &plainbf16_table;
}

// Best first; paths after the portable one are never chosen automatically.
static const illava_kernel_table *const tables[] = {
#if defined(__x86_64__)
    &avx512bf16_table,
    &avx512vnni_table,
    &avx512_table,
    &avx2_table,
#elif defined(__aarch64__)
    &neoni8mm_table,
    &neondot_table,
#endif
    &portable_table,
    &plainbf16_table,
};
#define TABLES (sizeof tables / sizeof *tables)

const char *illava_kernels_name(void) { return kernels->name; }

int illava_kernels_select(const char *name) {
  for (size_t i = 0; i < TABLES; i++)
    if (!strcmp(tables[i]->name, name) && supported(tables[i])) {
      kernels = tables[i];
      return 1;
    }
  return 0;
}

__attribute__((constructor)) static void choose_kernels(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#endif
  const char *forced = getenv("ILLAVA_KERNELS");
  if (forced && illava_kernels_select(forced)) return;
  for (size_t i = 0; i < TABLES; i++)
    if (supported(tables[i])) {
      kernels = tables[i];
      return;
    }
}

// Single to half, halves to even. Only bf16 is on a hot path; this one serves f16 caches and tests.
static uint16_t narrow_f16(float value) {
  uint32_t u;
  memcpy(&u, &value, sizeof u);
  uint16_t sign = (u >> 16) & 0x8000;
  u &= 0x7fffffff;
  if (u > 0x7f800000) return sign | 0x7e00;
  if (u >= 0x477ff000) return sign | 0x7c00;  // rounds to 65,536 or more: infinity
  if (u < 0x38800000) {                       // below 2^-14: a subnormal, in units of 2^-24
    float magnitude;
    memcpy(&magnitude, &u, sizeof magnitude);
    return sign | (uint16_t)lrintf(magnitude * 0x1p24f);
  }
  return sign | (uint16_t)((u - 0x38000000 + 0xfff + ((u >> 13) & 1)) >> 13);
}

void illava_widen(illava_element type, const void *in, float *out, size_t n) {
  if (type == illava_f32)
    memcpy(out, in, n * sizeof(float));
  else
    kernels->widen(type, in, out, n);
}
void illava_narrow(illava_element type, const float *in, void *out, size_t n) {
  switch (type) {
    case illava_bf16: kernels->narrow_bf16(in, out, n); break;
    case illava_f16:
      for (size_t i = 0; i < n; i++) ((uint16_t *)out)[i] = narrow_f16(in[i]);
      break;
    default: memcpy(out, in, n * sizeof(float)); break;
  }
}
void illava_dot_rows(illava_element type, const void *rows, size_t stride, size_t count,
                     const float *x, size_t n, float *out) {
  kernels->dot_rows(type, rows, stride, count, x, n, out);
}
void illava_weighted_rows(illava_element type, const void *rows, size_t stride, size_t count,
                          const float *p, size_t n, float *out) {
  kernels->weighted_rows(type, rows, stride, count, p, n, out);
}
float illava_softmax(float *row, size_t n, float scale) { return kernels->softmax(row, n, scale); }
size_t illava_attention_block(size_t rows) {
  // 512 KiB of logits, at most 96 rows, whole tiles of 6.
  size_t block = (1 << 17) / (rows + 1) / 6 * 6;
  return block < 6 ? 6 : block > 96 ? 96 : block;
}
size_t illava_attention_scratch(size_t rows, size_t head_size) {
  size_t padded = (rows + 63) / 64 * 64, width = (head_size + 15) / 16 * 16;
  return (padded + illava_attention_block(rows)) * (head_size + width) +
         illava_attention_block(rows) * padded + 16;
}
void illava_attention_head(const illava_attention *work, float *scratch) {
  kernels->attention(work, scratch);
}
void illava_layer_norm(const float *x, float *out, const float *weight, const float *bias, size_t n,
                       float epsilon) {
  kernels->layer_norm(x, out, weight, bias, n, epsilon);
}
void illava_rms_norm(const float *x, float *out, const float *weight, size_t n, float epsilon) {
  kernels->rms_norm(x, out, weight, n, epsilon);
}
void illava_gelu_tanh(float *x, size_t n) { kernels->gelu_tanh(x, n); }
void illava_gelu_quick(float *x, size_t n) { kernels->gelu_quick(x, n); }
// Only patch mergers use the exact form, so the C library's erf is fast enough.
void illava_gelu_erf(float *x, size_t n) {
  for (size_t i = 0; i < n; i++) x[i] = x[i] * 0.5f * (1.0f + erff(x[i] * 0.70710678118654752f));
}
void illava_silu_multiply(float *gate, const float *up, size_t n) {
  kernels->silu_multiply(gate, up, n);
}
void illava_sigmoid_multiply(float *x, const float *gate, size_t n) {
  kernels->sigmoid_multiply(x, gate, n);
}
void illava_gated_norm(float *x, const float *gate, const float *weight, size_t n, float epsilon) {
  kernels->gated_norm(x, gate, weight, n, epsilon);
}
void illava_causal_convolution(const illava_convolution *work) { kernels->convolution(work); }
// A few numbers a row, so the C library's functions are fast enough.
void illava_delta_gates(float *a, float *b, const float *rate, const float *bias, size_t n) {
  for (size_t i = 0; i < n; i++) {
    float x = a[i] + bias[i];
    a[i] = -rate[i] * (x > 20 ? x : log1pf(expf(x)));
    b[i] = 1.0f / (1.0f + expf(-b[i]));
  }
}
size_t illava_delta_width(size_t value_size) { return (value_size + 15) / 16 * 16; }
size_t illava_delta_scratch(size_t key_size, size_t value_size) {
  size_t keys = key_size + 5, width = illava_delta_width(value_size);
  size_t rows = ILLAVA_DELTA_CHUNK + 5;
  return 2 * keys * ILLAVA_DELTA_CHUNK + keys * width +
         2 * rows * (width + ILLAVA_DELTA_CHUNK + key_size) + 16;
}
void illava_delta_steps(const illava_delta *work) { kernels->delta_steps(work); }
void illava_delta_chunks(const illava_delta *work, float *scratch) {
  kernels->delta_chunks(work, scratch);
}
void illava_rotary(float *x, size_t heads, size_t half, const float *cosine, const float *sine) {
  kernels->rotary(x, heads, half, cosine, sine);
}
void illava_add(float *y, const float *x, size_t n) { kernels->add(y, x, n); }
void illava_add_scale(float *y, const float *x, float scale, size_t n) {
  kernels->add_scale(y, x, scale, n);
}
void illava_axpy(float *y, float a, const float *x, size_t n) { kernels->axpy(y, a, x, n); }

size_t illava_int8_groups(size_t inputs) {
  return inputs / ILLAVA_INT8_GROUP + (inputs % ILLAVA_INT8_GROUP != 0);
}
void illava_int8_pack(illava_element type, const void *rows, size_t stride, size_t count, size_t n,
                      void *panel) {
  kernels->int8_pack(type, rows, stride, count, n, panel);
}
void illava_int8_quantize(const float *rows, size_t stride, size_t count, size_t n, void *tile) {
  kernels->int8_quantize(rows, stride, count, n, tile);
}
void illava_four_pack(illava_element type, const void *rows, size_t stride, size_t count, size_t n,
                      const float *importance, void *panel) {
  kernels->four_pack(type, rows, stride, count, n, importance, panel);
}
void illava_packed_product(illava_panel kind, const void *tiles, size_t rows, const void *panel,
                           size_t groups, const float *bias, int accumulate, float *y, size_t stride,
                           size_t columns) {
  kernels->packed_product(
      kind, tiles, rows, panel, groups, bias, accumulate, y, stride, columns);
}

illava_product_kind illava_product_of(illava_element weights) {
  if (!kernels->product) return illava_product_none;
  return kernels->multiplies_pairs && weights == illava_bf16 ? illava_product_bf16
                                                             : illava_product_f32;
}
size_t illava_product_scratch(void) {
  return (ILLAVA_PRODUCT_STEPS + ILLAVA_PRODUCT_ROWS) * ILLAVA_PRODUCT_PANEL + 16;
}
void illava_panel_product(const illava_product *work, float *scratch) {
  kernels->product(work, scratch);
}
