// Panels of packed weights: their sizes, single rows, and blocks of GGUF files as panels.
//
// The blocks are those of ggml's quantization formats (block_q4_0, block_q4_1, block_q8_0, block_q4_K,
// block_q5_K, block_q6_K in ggml-common.h).
#include <string.h>

#include "panels.h"

enum { OUTPUTS = ILLAVA_INT8_PANEL, GROUP_INPUTS = ILLAVA_INT8_GROUP };

static int is_eight(illava_panel kind) {
  return kind == illava_panel_int8 || kind == illava_panel_half8;
}

size_t illava_panel_bytes(illava_panel kind, size_t groups) {
  if (is_eight(kind)) return groups * ILLAVA_INT8_PANEL_BLOCK;
  panel_parts parts = parts_of(kind);
  return (groups + parts.span - 1) / parts.span * parts.header + groups * group_bytes(parts);
}

// The header of a group, and its block.
static uint8_t *header_of(illava_panel kind, void *panel, size_t group) {
  return (uint8_t *)panel + group / parts_of(kind).span * span_bytes(parts_of(kind));
}
static uint8_t *block_of(illava_panel kind, void *panel, size_t group) {
  panel_parts parts = parts_of(kind);
  return header_of(kind, panel, group) + parts.header + group % parts.span * group_bytes(parts);
}

static float stored_number(illava_element type, const uint8_t *base, size_t index) {
  float value;
  illava_widen(type, base + 2 * index, &value, 1);
  return value;
}

static void unpack_eight(illava_panel kind, const uint8_t *block, size_t column, float *out, size_t n) {
  for (size_t start = 0; start < n; start += GROUP_INPUTS, block += ILLAVA_INT8_PANEL_BLOCK) {
    float scale =
        stored_number(kind == illava_panel_half8 ? illava_f16 : illava_bf16, block, column);
    const uint8_t *weights = block + 2 * OUTPUTS + 4 * column;
    for (size_t i = 0; i < GROUP_INPUTS && start + i < n; i++)
      out[start + i] = (float)((int)weights[i / 4 * PANEL_PLANE + i % 4] - 128) * scale;
  }
}

// The code of weight i of a group, from its column of nibbles.
static unsigned code_of(illava_panel kind, const uint8_t *nibbles, size_t i) {
  size_t half = i / 16, k = i % 16 / 4, lane = i % 4;
  unsigned code = nibbles[k * PANEL_PLANE + lane] >> (4 * half) & 15;
  const uint8_t *planes = nibbles + PANEL_NIBBLES + lane;
  if (kind == illava_panel_five) code |= (planes[0] >> (i / 4) & 1u) << 4;
  if (kind == illava_panel_six) code |= (planes[half * PANEL_PLANE] >> (2 * k) & 3u) << 4;
  return code;
}

// The embedding of one token at a time, so plain loops are fast enough.
void illava_panel_unpack_row(illava_panel kind, const void *panel, size_t column, float *out,
                             size_t n) {
#pragma clang fp contract(off)
  if (is_eight(kind)) return unpack_eight(kind, panel, column, out, n);
  panel_parts parts = parts_of(kind);
  for (size_t i = 0; i < n; i++) {
    const uint8_t *header = header_of(kind, (void *)(uintptr_t)panel, i / GROUP_INPUTS);
    const uint8_t *block = block_of(kind, (void *)(uintptr_t)panel, i / GROUP_INPUTS);
    size_t place = i % GROUP_INPUTS;
    float scale = stored_number(illava_f16, header, column), minimum = 0;
    float code = (float)code_of(kind, block + parts.codes + 4 * column, place);
    if (kind == illava_panel_six) {
      scale *= (float)(int8_t)block[2 * column + place / 16];
      code -= 32;
    } else {
      minimum = stored_number(illava_f16, header, OUTPUTS + column);
      if (parts.codes) {
        scale *= (float)block[column];
        minimum *= (float)block[OUTPUTS + column];
      }
    }
    out[i] = kind == illava_panel_six ? code * scale : scale * code - minimum;
  }
}

// Puts a code into its place; the block is zeros before.
static void put(illava_panel kind, uint8_t *nibbles, size_t i, unsigned code) {
  size_t half = i / 16, k = i % 16 / 4, lane = i % 4;
  nibbles[k * PANEL_PLANE + lane] |= (uint8_t)((code & 15) << (4 * half));
  uint8_t *planes = nibbles + PANEL_NIBBLES + lane;
  if (kind == illava_panel_five) planes[0] |= (uint8_t)((code >> 4 & 1) << (i / 4));
  if (kind == illava_panel_six) planes[half * PANEL_PLANE] |= (uint8_t)((code >> 4 & 3) << (2 * k));
}

// d: f16 scale, m: f16 less than which nothing is. Q4_0: (q - 8) d. Q4_1: q d + m.
static void place_plain4(illava_block type, const uint8_t *block, size_t group, size_t column,
                         void *panel) {
  uint8_t *header = header_of(illava_panel_plain4, panel, group);
  uint8_t *nibbles = block_of(illava_panel_plain4, panel, group) + 4 * column;
  const uint8_t *codes = block + (type == illava_q4_0 ? 2 : 4);
  memcpy(header + 2 * column, block, 2);
  if (type == illava_q4_0) {
    float minimum = 8 * stored_number(illava_f16, block, 0);
    illava_narrow(illava_f16, &minimum, header + 2 * (OUTPUTS + column), 1);
  } else {
    header[2 * (OUTPUTS + column)] = block[2];
    header[2 * (OUTPUTS + column) + 1] = block[3] ^ 0x80;
  }
  for (size_t i = 0; i < GROUP_INPUTS; i++)
    put(illava_panel_plain4, nibbles, i, codes[i % 16] >> (i / 16 * 4) & 15u);
}

// d: f16, 32 signed bytes.
static void place_half8(const uint8_t *block, size_t group, size_t column, void *panel) {
  uint8_t *to = (uint8_t *)panel + group * ILLAVA_INT8_PANEL_BLOCK;
  memcpy(to + 2 * column, block, 2);
  for (size_t i = 0; i < GROUP_INPUTS; i++)
    to[2 * OUTPUTS + 4 * column + i / 4 * PANEL_PLANE + i % 4] = block[2 + i] ^ 0x80;
}

// d, dmin: f16; 8 scales and 8 minima of 6 bits in 12 bytes; with 5 bits 32 bytes of fifth bits; 128 bytes of
// nibbles, 32 of which hold two groups.
static void place_k(illava_panel kind, const uint8_t *block, size_t first, size_t column, void *panel) {
  uint8_t *header = header_of(kind, panel, first);
  memcpy(header + 2 * column, block, 2);
  memcpy(header + 2 * (OUTPUTS + column), block + 2, 2);
  const uint8_t *packed = block + 4, *fifth = block + 16;
  const uint8_t *nibbles = fifth + (kind == illava_panel_five ? 32 : 0);
  for (size_t g = 0; g < 8; g++) {
    uint8_t *to = block_of(kind, panel, first + g);
    to[column] = g < 4 ? packed[g] & 63
                       : (uint8_t)((packed[g + 4] & 15) | packed[g - 4] >> 6 << 4);
    to[OUTPUTS + column] = g < 4 ? packed[g + 4] & 63
                                 : (uint8_t)(packed[g + 4] >> 4 | packed[g] >> 6 << 4);
    for (size_t i = 0; i < GROUP_INPUTS; i++) {
      unsigned code = nibbles[g / 2 * 32 + i] >> (g % 2 * 4) & 15u;
      if (kind == illava_panel_five) code |= (fifth[i] >> g & 1u) << 4;
      put(kind, to + parts_of(kind).codes + 4 * column, i, code);
    }
  }
}

// 128 bytes of nibbles, 64 of two bits each, 16 signed scales, d: f16.
static void place_six(const uint8_t *block, size_t first, size_t column, void *panel) {
  const illava_panel kind = illava_panel_six;
  memcpy(header_of(kind, panel, first) + 2 * column, block + 208, 2);
  for (size_t g = 0; g < 8; g++) {
    uint8_t *to = block_of(kind, panel, first + g);
    const uint8_t *low = block + g / 4 * 64 + g % 2 * 32, *high = block + 128 + g / 4 * 32;
    memcpy(to + 2 * column, block + 192 + 2 * g, 2);
    for (size_t i = 0; i < GROUP_INPUTS; i++)
      put(kind, to + parts_of(kind).codes + 4 * column, i,
          (low[i] >> (g % 4 / 2 * 4) & 15u) | (high[i] >> (g % 4 * 2) & 3u) << 4);
  }
}

int illava_block_panel(illava_block type) {
  switch (type) {
    case illava_q4_k: return illava_panel_four;
    case illava_q5_k: return illava_panel_five;
    case illava_q6_k: return illava_panel_six;
    case illava_q8_0: return illava_panel_half8;
    case illava_q4_0:
    case illava_q4_1: return illava_panel_plain4;
    default: return -1;
  }
}

void illava_block_repack(illava_block type, const void *rows, size_t count, size_t n, void *panel) {
  int known = illava_block_panel(type);
  if (known < 0) return;
  illava_panel kind = (illava_panel)known;
  const uint8_t *block = rows;
  // Outputs beyond the last have scales of zero.
  memset(panel, 0, illava_panel_bytes(kind, illava_int8_groups(n)));
  for (size_t column = 0; column < count; column++)
    for (size_t start = 0; start < n; start += illava_block_numbers(type)) {
      size_t group = start / GROUP_INPUTS;
      switch (kind) {
        case illava_panel_half8: place_half8(block, group, column, panel); break;
        case illava_panel_four:
        case illava_panel_five: place_k(kind, block, group, column, panel); break;
        case illava_panel_six: place_six(block, group, column, panel); break;
        default: place_plain4(type, block, group, column, panel); break;
      }
      block += illava_block_bytes(type);
    }
}
