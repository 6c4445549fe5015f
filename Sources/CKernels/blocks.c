// Numbers from blocks as GGUF files have them. Every operation is rounded to f32 by itself and in the
// order that the format's reference in Python has, so that the results are the same bit by bit.
#include <string.h>

#include "ckernels.h"

#pragma STDC FP_CONTRACT OFF

// Half to single: shift exponent and fraction into place, rebias by a multiplication, restore
// infinities and the sign.
static float half_at(const uint8_t *p) {
  uint32_t h = (uint32_t)p[0] | (uint32_t)p[1] << 8;
  uint32_t bits = (h & 0x7fff) << 13;
  float value;
  memcpy(&value, &bits, 4);
  value *= 0x1p112f;
  uint32_t sized;
  memcpy(&sized, &value, 4);
  if (bits >= 0x0f800000) sized |= 0x7f800000;
  sized |= (h & 0x8000) << 16;
  memcpy(&value, &sized, 4);
  return value;
}

// The values of the four bits of IQ4_NL and IQ4_XS.
static const int8_t uneven[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                  1,    13,   25,  38,  53,  69,  89,  113};

static void q4_0(const uint8_t *b, float *y) {
  float d = half_at(b);
  for (int i = 0; i < 16; i++) {
    y[i] = d * (float)((b[2 + i] & 15) - 8);
    y[i + 16] = d * (float)((b[2 + i] >> 4) - 8);
  }
}

static void q4_1(const uint8_t *b, float *y) {
  float d = half_at(b), m = half_at(b + 2);
  for (int i = 0; i < 16; i++) {
    y[i] = d * (float)(b[4 + i] & 15) + m;
    y[i + 16] = d * (float)(b[4 + i] >> 4) + m;
  }
}

// The fifth bit of number i of a block of 32.
static int fifth(const uint8_t *bits, int i) { return (bits[i / 8] >> (i % 8) & 1) << 4; }

static void q5_0(const uint8_t *b, float *y) {
  float d = half_at(b);
  for (int i = 0; i < 16; i++) {
    y[i] = d * (float)(((b[6 + i] & 15) | fifth(b + 2, i)) - 16);
    y[i + 16] = d * (float)((b[6 + i] >> 4 | fifth(b + 2, i + 16)) - 16);
  }
}

static void q5_1(const uint8_t *b, float *y) {
  float d = half_at(b), m = half_at(b + 2);
  for (int i = 0; i < 16; i++) {
    y[i] = d * (float)((b[8 + i] & 15) | fifth(b + 4, i)) + m;
    y[i + 16] = d * (float)(b[8 + i] >> 4 | fifth(b + 4, i + 16)) + m;
  }
}

static void q8_0(const uint8_t *b, float *y) {
  float d = half_at(b);
  for (int i = 0; i < 32; i++) y[i] = (float)(int8_t)b[2 + i] * d;
}

// Sixteen scales and minima of four bits, then the numbers, then what the scales are multiplied by.
static void q2_k(const uint8_t *b, float *y) {
  float d = half_at(b + 80), least = half_at(b + 82);
  for (int i = 0; i < 256; i++) {
    uint8_t scale = b[i / 16];
    int q = b[16 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
    float dl = d * (float)(scale & 15), ml = least * (float)(scale >> 4);
    y[i] = dl * (float)q - ml;
  }
}

// The third bits first, then two bits a number, then scales of six bits in twelve bytes.
static void q3_k(const uint8_t *b, float *y) {
  const uint8_t *scales = b + 96;
  float d = half_at(b + 108);
  for (int group = 0; group < 16; group++) {
    int low = group < 8 ? scales[group] & 15 : scales[group - 8] >> 4;
    int high = scales[8 + group % 4] >> (group / 4 * 2) & 3;
    float dl = d * (float)((low | high << 4) - 32);
    for (int i = group * 16; i < group * 16 + 16; i++) {
      int q = b[32 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
      int isLow = (b[i % 32] >> (i / 32) & 1) ^ 1;
      y[i] = dl * (float)(q - (isLow << 2));
    }
  }
}

// The scale and the minimum of one of the eight groups of Q4_K and Q5_K: six bits each, in twelve bytes.
static void scale_and_minimum(const uint8_t *s, int group, int *scale, int *minimum) {
  if (group < 4) {
    *scale = s[group] & 63;
    *minimum = s[4 + group] & 63;
  } else {
    *scale = (s[4 + group] & 15) | (s[group - 4] >> 2 & 48);
    *minimum = s[4 + group] >> 4 | (s[group] >> 2 & 48);
  }
}

// `fifths` is where the fifth bits are, or NULL for Q4_K.
static void q4_or_q5_k(const uint8_t *b, const uint8_t *fifths, const uint8_t *numbers, float *y) {
  float d = half_at(b), least = half_at(b + 2);
  for (int group = 0; group < 8; group++) {
    int scale, minimum;
    scale_and_minimum(b + 4, group, &scale, &minimum);
    float dl = d * (float)scale, ml = least * (float)minimum;
    const uint8_t *qs = numbers + group / 2 * 32;
    for (int i = 0; i < 32; i++) {
      int q = qs[i] >> (group % 2 * 4) & 15;
      if (fifths) q |= (fifths[i] >> group & 1) << 4;
      y[group * 32 + i] = dl * (float)q - ml;
    }
  }
}

static void q4_k(const uint8_t *b, float *y) { q4_or_q5_k(b, NULL, b + 16, y); }
static void q5_k(const uint8_t *b, float *y) { q4_or_q5_k(b, b + 16, b + 48, y); }

// Four bits a number, two more a number, sixteen scales of eight bits.
static void q6_k(const uint8_t *b, float *y) {
  float d = half_at(b + 208);
  for (int group = 0; group < 16; group++) {
    float dl = d * (float)(int8_t)b[192 + group];
    for (int i = group * 16; i < group * 16 + 16; i++) {
      int low = b[i / 128 * 64 + i % 64] >> (i / 64 % 2 * 4) & 15;
      int high = b[128 + i / 128 * 32 + i % 32] >> (i / 32 % 4 * 2) & 3;
      y[i] = dl * (float)((low | high << 4) - 32);
    }
  }
}

static void iq4_nl(const uint8_t *b, float *y) {
  float d = half_at(b);
  for (int i = 0; i < 16; i++) {
    y[i] = d * (float)uneven[b[2 + i] & 15];
    y[i + 16] = d * (float)uneven[b[2 + i] >> 4];
  }
}

// Eight groups of 32 with scales of six bits: two bits of each in two bytes, four in four bytes.
static void iq4_xs(const uint8_t *b, float *y) {
  float d = half_at(b);
  uint32_t high = (uint32_t)b[2] | (uint32_t)b[3] << 8;
  for (int group = 0; group < 8; group++) {
    int scale = (b[4 + group / 2] >> (group % 2 * 4) & 15) | (int)(high >> (2 * group) & 3) << 4;
    float dl = d * (float)(scale - 32);
    const uint8_t *qs = b + 8 + group * 16;
    for (int i = 0; i < 16; i++) {
      y[group * 32 + i] = dl * (float)uneven[qs[i] & 15];
      y[group * 32 + 16 + i] = dl * (float)uneven[qs[i] >> 4];
    }
  }
}

typedef struct {
  int type, numbers, bytes;
  void (*widen)(const uint8_t *, float *);
} kind;

static const kind kinds[] = {
    {illava_q4_0, 32, 18, q4_0},      {illava_q4_1, 32, 20, q4_1},
    {illava_q5_0, 32, 22, q5_0},      {illava_q5_1, 32, 24, q5_1},
    {illava_q8_0, 32, 34, q8_0},      {illava_q2_k, 256, 84, q2_k},
    {illava_q3_k, 256, 110, q3_k},    {illava_q4_k, 256, 144, q4_k},
    {illava_q5_k, 256, 176, q5_k},    {illava_q6_k, 256, 210, q6_k},
    {illava_iq4_nl, 32, 18, iq4_nl},  {illava_iq4_xs, 256, 136, iq4_xs},
};

static const kind *kind_of(illava_block type) {
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (kinds[i].type == (int)type) return kinds + i;
  return NULL;
}

size_t illava_block_numbers(illava_block type) {
  const kind *k = kind_of(type);
  return k ? (size_t)k->numbers : 0;
}

size_t illava_block_bytes(illava_block type) {
  const kind *k = kind_of(type);
  return k ? (size_t)k->bytes : 0;
}

void illava_widen_blocks(illava_block type, const void *blocks, float *out, size_t count) {
  const kind *k = kind_of(type);
  if (!k) return;
  const uint8_t *block = blocks;
  for (size_t i = 0; i < count; i++, block += k->bytes, out += k->numbers) k->widen(block, out);
}
