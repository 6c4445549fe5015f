// Compares the 8-bit products of every kernel path of this processor with a plain version: integers are
// summed exactly, groups are added in order with one rounding. usage: int8 PATH...
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

static uint32_t state = 1;

// From -1 to 1.
static float next_random(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(int32_t)state / 2147483648.0f;
}

static float from_bf16(uint16_t bits) {
  uint32_t wide = (uint32_t)bits << 16;
  float value;
  memcpy(&value, &wide, sizeof value);
  return value;
}

// The sum over one group, as the stored numbers have it.
static int32_t group_sum(const unsigned char *tile, const unsigned char *panel, size_t row,
                         size_t column) {
  int32_t sum = 0;
  for (size_t i = 0; i < ILLAVA_INT8_GROUP; i++) {
    int x = (int8_t)tile[row * ILLAVA_INT8_GROUP + i];
    int w = panel[2 * ILLAVA_INT8_PANEL + i / 4 * 4 * ILLAVA_INT8_PANEL + 4 * column + i % 4] - 128;
    sum += x * w;
  }
  return sum;
}

// y = rows . panel by the stored numbers; `fused` adds each group with one rounding.
static float plain(const unsigned char *tile, const unsigned char *panel, size_t groups, size_t row,
                   size_t column, int fused) {
#pragma clang fp contract(off)
  float y = 0;
  for (size_t g = 0; g < groups; g++, tile += ILLAVA_INT8_TILE_BLOCK, panel += ILLAVA_INT8_PANEL_BLOCK) {
    uint16_t scale;
    float row_scale;
    memcpy(&scale, panel + 2 * column, sizeof scale);
    memcpy(&row_scale, tile + ILLAVA_INT8_TILE * ILLAVA_INT8_GROUP + 4 * row, sizeof row_scale);
    float scaled = (float)group_sum(tile, panel, row, column) * from_bf16(scale);
    float product = scaled * row_scale;
    y = fused ? fmaf(scaled, row_scale, y) : y + product;
  }
  return y;
}

static size_t check(const char *path, size_t rows, size_t inputs, size_t columns) {
  size_t groups = illava_int8_groups(inputs), tiles = (rows + ILLAVA_INT8_TILE - 1) / ILLAVA_INT8_TILE;
  size_t tile_bytes = groups * ILLAVA_INT8_TILE_BLOCK, wrong = 0;
  float *weights = malloc(columns * inputs * sizeof(float)), *x = malloc(rows * inputs * sizeof(float));
  float *y = malloc(rows * ILLAVA_INT8_PANEL * sizeof(float));
  // What lies between rows is not defined, and must not matter.
  unsigned char *packed = malloc(tiles * tile_bytes), *panel = malloc(groups * ILLAVA_INT8_PANEL_BLOCK);
  if (!weights || !x || !y || !packed || !panel) exit(2);
  memset(packed, 0x7f, tiles * tile_bytes);
  for (size_t i = 0; i < columns * inputs; i++) weights[i] = next_random();
  // The largest and the smallest in every position of a group: sums at their limits.
  for (size_t i = 0; i < rows * inputs; i++) x[i] = rows % 2 ? (i % 3 ? 1 : -1) : next_random();
  illava_int8_pack(illava_f32, weights, inputs, columns, inputs, panel);
  for (size_t r = 0; r < rows; r += ILLAVA_INT8_TILE)
    illava_int8_quantize(x + r * inputs, inputs, rows - r < ILLAVA_INT8_TILE ? rows - r : ILLAVA_INT8_TILE,
                         inputs, packed + r / ILLAVA_INT8_TILE * tile_bytes);
  illava_packed_product(illava_panel_int8, packed, rows, panel, groups, NULL, 0, y, ILLAVA_INT8_PANEL,
                        columns);
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) {
      float right = plain(packed + r / ILLAVA_INT8_TILE * tile_bytes, panel, groups,
                          r % ILLAVA_INT8_TILE, c, strcmp(path, "portable") != 0);
      if (memcmp(&right, &y[r * ILLAVA_INT8_PANEL + c], sizeof right)) wrong++;
    }
  if (wrong) printf("%s: %zu rows, %zu inputs, %zu columns: %zu differ\n", path, rows, inputs, columns, wrong);
  free(weights), free(x), free(y), free(packed), free(panel);
  return wrong;
}

int main(int count, char **paths) {
  size_t wrong = 0, cases = 0;
  for (int p = 1; p < count; p++) {
    if (!illava_kernels_select(paths[p])) {
      printf("%s does not run here\n", paths[p]);
      return 1;
    }
    for (size_t rows = 1; rows <= 13; rows++)
      for (size_t inputs = 16; inputs <= 400; inputs += 48)
        for (size_t columns = 5; columns <= 32; columns += 9, cases++)
          wrong += check(paths[p], rows, inputs, columns);
  }
  printf("%zu products on %d paths, %zu numbers differ\n", cases, count - 1, wrong);
  return wrong || !cases;
}
