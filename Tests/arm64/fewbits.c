// Compares the products with weights of 4 to 6 bits, and with those of 8 whose scales are f16, of every
// kernel path of this processor with a plain version: integers are summed exactly, groups are added in
// order with one rounding each. usage: fewbits PATH...
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

enum { GROUP = ILLAVA_INT8_GROUP, OUTPUTS = ILLAVA_INT8_PANEL, TILE = ILLAVA_INT8_TILE, INPUTS = 768 };

static uint32_t state = 1;

static uint32_t next_random(void) {
  state = state * 1664525u + 1013904223u;
  return state >> 8;
}

// Random blocks whose f16 are sensible.
static void fill(illava_block type, unsigned char *blocks, size_t count) {
  size_t bytes = illava_block_bytes(type);
  for (size_t i = 0; i < count * bytes; i++) blocks[i] = (unsigned char)(next_random() >> 8);
  for (size_t i = 0; i < count; i++) {
    float first = (float)(next_random() % 1000) * 1e-5f - 4e-3f, second = first * 3 - 1e-3f;
    unsigned char *block = blocks + i * bytes;
    illava_narrow(illava_f16, &first, block + (type == illava_q6_k ? 208 : 0), 1);
    if (type == illava_q4_1 || type == illava_q4_k || type == illava_q5_k)
      illava_narrow(illava_f16, &second, block + 2, 1);
  }
}

// A weight as its integer, and the numbers of its group: scale and minimum as f32.
typedef struct {
  int code;
  float scale, minimum;
} weight;

static float half(const unsigned char *p) {
  float value;
  illava_widen(illava_f16, p, &value, 1);
  return value;
}

static weight weight_of(illava_block type, const unsigned char *row, size_t input) {
  size_t per = illava_block_numbers(type), i = input % per, g = i / GROUP, place = i % GROUP;
  const unsigned char *b = row + input / per * illava_block_bytes(type), *packed = b + 4;
  if (type == illava_q4_0)
    return (weight){b[2 + i % 16] >> (i / 16 * 4) & 15, half(b), 8 * half(b)};
  if (type == illava_q4_1)
    return (weight){b[4 + i % 16] >> (i / 16 * 4) & 15, half(b), -half(b + 2)};
  if (type == illava_q8_0) return (weight){(int8_t)b[2 + i], half(b), 0};
  if (type == illava_q6_k) {
    int low = b[i / 128 * 64 + i % 64] >> (i % 128 / 64 * 4) & 15;
    int high = b[128 + i / 128 * 32 + i % 32] >> (i % 128 / 32 * 2) & 3;
    // The code of the half belongs to the integer.
    return (weight){((low | high << 4) - 32) * (int8_t)b[192 + i / 16], half(b + 208), 0};
  }
  int five = type == illava_q5_k;
  int scale = g < 4 ? packed[g] & 63 : (packed[g + 4] & 15) | packed[g - 4] >> 6 << 4;
  int minimum = g < 4 ? packed[g + 4] & 63 : packed[g + 4] >> 4 | packed[g] >> 6 << 4;
  int code = b[(five ? 48 : 16) + g / 2 * 32 + place] >> (g % 2 * 4) & 15;
  if (five) code |= (b[16 + place] >> g & 1) << 4;
  return (weight){code, half(b) * (float)scale, half(b + 2) * (float)minimum};
}

// y = rows . weights by the stored numbers; `fused` adds with one rounding.
static float plain(illava_block type, const unsigned char *tile, const unsigned char *row, size_t r,
                   int fused) {
#pragma clang fp contract(off)
  float y = 0;
  int has_minimum = type != illava_q8_0 && type != illava_q6_k;
  for (size_t g = 0; g < INPUTS / GROUP; g++, tile += ILLAVA_INT8_TILE_BLOCK) {
    weight w = {0, 0, 0};
    int32_t sum = 0, inputs = 0;
    for (size_t i = 0; i < GROUP; i++) {
      int x = (int8_t)tile[r * GROUP + i];
      w = weight_of(type, row, g * GROUP + i);
      sum += x * w.code;
      inputs += x;
    }
    float row_scale, value = (float)sum * w.scale;
    memcpy(&row_scale, tile + TILE * GROUP + 4 * r, sizeof row_scale);
    if (has_minimum) {
      float correction = (float)(-128 * inputs), minimum = w.minimum * 0x1p-7f;
      float product = correction * minimum;
      value = fused ? fmaf(correction, minimum, value) : product + value;
    }
    float product = value * row_scale;
    y = fused ? fmaf(value, row_scale, y) : product + y;
  }
  return y;
}

static size_t check(const char *path, illava_block type, size_t rows) {
  size_t groups = INPUTS / GROUP, tiles = (rows + TILE - 1) / TILE, wrong = 0;
  size_t tile_bytes = groups * ILLAVA_INT8_TILE_BLOCK;
  size_t row_bytes = INPUTS / illava_block_numbers(type) * illava_block_bytes(type);
  unsigned char *blocks = malloc(OUTPUTS * row_bytes), *packed = malloc(tiles * tile_bytes);
  unsigned char *panel = malloc(illava_panel_bytes((illava_panel)illava_block_panel(type), groups));
  float *x = malloc(rows * INPUTS * sizeof *x), *y = malloc(rows * OUTPUTS * sizeof *y);
  if (!blocks || !packed || !panel || !x || !y) exit(2);
  memset(packed, 0x7f, tiles * tile_bytes);
  fill(type, blocks, OUTPUTS * row_bytes / illava_block_bytes(type));
  illava_block_repack(type, blocks, OUTPUTS, INPUTS, panel);
  // The largest and the smallest in every position of a group: sums at their limits.
  for (size_t i = 0; i < rows * INPUTS; i++)
    x[i] = rows % 2 ? (i % 3 ? 1 : -1) : (float)(int32_t)next_random() * 1e-7f - 0.8f;
  for (size_t r = 0; r < rows; r += TILE)
    illava_int8_quantize(x + r * INPUTS, INPUTS, rows - r < TILE ? rows - r : TILE, INPUTS,
                         packed + r / TILE * tile_bytes);
  illava_packed_product((illava_panel)illava_block_panel(type), packed, rows, panel, groups, NULL, 0, y, OUTPUTS,
                        OUTPUTS);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < OUTPUTS; c++) {
      float right = plain(type, packed + r / TILE * tile_bytes, blocks + c * row_bytes, r % TILE,
                          strcmp(path, "portable") != 0);
      if (memcmp(&right, &y[r * OUTPUTS + c], sizeof right)) wrong++;
    }
  if (wrong) printf("%s: type %d, %zu rows: %zu differ\n", path, (int)type, rows, wrong);
  free(blocks), free(packed), free(panel), free(x), free(y);
  return wrong;
}

int main(int count, char **paths) {
  size_t wrong = 0, cases = 0;
  for (int p = 1; p < count; p++) {
    if (!illava_kernels_select(paths[p])) {
      printf("%s does not run here\n", paths[p]);
      return 1;
    }
    for (int type = 0; type < 32; type++)
      for (size_t rows = 1; rows <= 13 && illava_block_panel((illava_block)type) >= 0; rows++, cases++)
        wrong += check(paths[p], (illava_block)type, rows);
  }
  printf("%zu products on %d paths, %zu numbers differ\n", cases, count - 1, wrong);
  return wrong || !cases;
}
