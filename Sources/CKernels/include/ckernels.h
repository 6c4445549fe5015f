// Vector kernels behind the Compute target.
//
// Every function here has one source (kernels.inc) that is compiled for several instruction sets; the
// best one that the processor has is chosen when the program starts. The environment variable
// ILLAVA_KERNELS=portable|avx2|avx512|avx512vnni|avx512bf16 forces one that the processor can run. The
// path plainbf16 gives the results of avx512bf16 with operations that any processor has. All paths do
// the same operations in the same order. They differ only where one of them fuses a multiplication with
// an addition, and where inputs are rounded to bf16 for bf16 weights.
#ifndef ILLAVA_CKERNELS_H
#define ILLAVA_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

// How weights and cache rows are stored.
typedef enum {
  illava_f32 = 0,
  illava_f16 = 1,
  illava_bf16 = 2,
} illava_element;

// The name of the path in use.
const char *illava_kernels_name(void);
// Switches to another path by name; returns 0 when it is unknown or the processor lacks it.
int illava_kernels_select(const char *name);

// The number of processors in this process's affinity mask (cpusets count); at least 1.
int illava_available_processors(void);

// A team of threads that wait for work between calls. Only one caller at a time.
typedef struct illava_team illava_team;
// A team of `count` threads including the caller of illava_team_run, or of fewer where the system allows
// no more; NULL without memory.
illava_team *illava_team_create(int count);
// Runs `work` once on every thread of the team, with thread numbers from 0 on, and returns when all have
// ended.
void illava_team_run(illava_team *team, void (*work)(void *context, int thread), void *context);
// Ends the threads; NULL is allowed.
void illava_team_free(illava_team *team);

// The sum of |a - b| over `lines` runs of `n` bytes that start `stride` bytes apart.
uint64_t illava_difference(const uint8_t *a, const uint8_t *b, size_t n, size_t lines, size_t stride);

// The sum of n words, for measuring how fast they are read.
uint64_t illava_sum_words(const uint64_t *words, size_t n);

// out[i] = in[i] as f32, for n elements of a stored type.
void illava_widen(illava_element type, const void *in, float *out, size_t n);
// out[i] = in[i] rounded to the nearest stored value, halves to even (f32 is copied).
void illava_narrow(illava_element type, const float *in, void *out, size_t n);

// How the numbers of a row are stored in blocks; the values are those of GGUF files.
typedef enum {
  illava_q4_0 = 2,
  illava_q4_1 = 3,
  illava_q5_0 = 6,
  illava_q5_1 = 7,
  illava_q8_0 = 8,
  illava_q2_k = 10,
  illava_q3_k = 11,
  illava_q4_k = 12,
  illava_q5_k = 13,
  illava_q6_k = 14,
  illava_iq4_nl = 20,
  illava_iq4_xs = 23,
} illava_block;

// The numbers of a block, 32 or 256, and its bytes; 0 for an unknown type.
size_t illava_block_numbers(illava_block type);
size_t illava_block_bytes(illava_block type);
// The numbers of `count` blocks as f32.
void illava_widen_blocks(illava_block type, const void *blocks, float *out, size_t count);

// out[r] = dot(rows[r, 0..<n], x) for r in 0..<count; rows are `stride` elements apart.
void illava_dot_rows(illava_element type, const void *rows, size_t stride, size_t count,
                     const float *x, size_t n, float *out);
// out[0..<n] = sum over r of p[r] * rows[r, 0..<n]; rows are `stride` elements apart.
void illava_weighted_rows(illava_element type, const void *rows, size_t stride, size_t count,
                          const float *p, size_t n, float *out);

// row = softmax(row * scale) over n logits. Returns log(sum(exp(row * scale))).
float illava_softmax(float *row, size_t n, float scale);

// The scores that attention can report about its rows.
typedef enum {
  illava_score_none = 0,
  // scores[j] += the attention that key j gets, over all queries.
  illava_score_received = 1,
  // scores[i] = log(sum(exp(logits of query i))).
  illava_score_log_sum_exp = 2,
  // scores[j] += the attention that key j gets, over the last `score_queries` queries.
  illava_score_last_queries = 3,
} illava_score;

// One head's attention: row i of `queries`, `keys`, `values` and `output` is `head_size` numbers,
// rows are the strides apart. `query_rows` queries see `rows` keys; the numbers are equal in causal
// attention and where there are places. `scores` is `rows` numbers, or NULL for no score; `key_bias` is
// `rows` numbers that are added to each query's logits after the scale, or NULL for none. `places` is
// where the rows lie in the four matrices, `rows` numbers, or NULL where row i is the matrices' row i.
typedef struct {
  const float *queries, *keys, *values, *key_bias;
  float *output, *scores;
  const uint32_t *places;
  size_t query_stride, key_stride, value_stride, output_stride;
  size_t query_rows, rows, head_size;
  float scale;
  // Whether query i sees keys 0...i only.
  int causal;
  // Whether queries, keys, values and exponentials are rounded to bf16; only allowed where
  // `illava_product_of` returns `illava_product_bf16`.
  int pairs;
  illava_score score;
  size_t score_queries;
} illava_attention;

// The number of queries whose logits are in memory at a time.
size_t illava_attention_block(size_t rows);
// The number of scratch floats that one head takes.
size_t illava_attention_scratch(size_t rows, size_t head_size);
// output = softmax(queries keys^T * scale) values for one head.
void illava_attention_head(const illava_attention *work, float *scratch);

// out = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias, over n elements.
void illava_layer_norm(const float *x, float *out, const float *weight, const float *bias, size_t n,
                       float epsilon);
// out = x / sqrt(mean(x^2) + epsilon) * weight, over n elements; x and out may be the same.
void illava_rms_norm(const float *x, float *out, const float *weight, size_t n, float epsilon);

// x = x * 0.5 * (1 + tanh(sqrt(2/pi) * (x + 0.044715 x^3))), over n elements.
void illava_gelu_tanh(float *x, size_t n);
// x = x * 0.5 * (1 + erf(x / sqrt(2))), over n elements.
void illava_gelu_erf(float *x, size_t n);
// x = x * sigmoid(1.702 x), over n elements.
void illava_gelu_quick(float *x, size_t n);
// gate = gate * sigmoid(gate) * up, over n elements.
void illava_silu_multiply(float *gate, const float *up, size_t n);

// Rotates `heads` vectors of 2 * half elements, one after another, by the angles of one position:
// (a, b) -> (a cos - b sin, b cos + a sin) for a in the first and b in the second half.
void illava_rotary(float *x, size_t heads, size_t half, const float *cosine, const float *sine);

// x = x * sigmoid(gate), over n elements.
void illava_sigmoid_multiply(float *x, const float *gate, size_t n);
// x = x / sqrt(mean(x^2) + epsilon) * weight * gate * sigmoid(gate), over n elements.
void illava_gated_norm(float *x, const float *gate, const float *weight, size_t n, float epsilon);

enum {
  // The most taps of a convolution, and the most rows of a chunk.
  ILLAVA_CONVOLUTION_TAPS = 16,
  ILLAVA_DELTA_CHUNK = 64,
};

// A causal convolution over rows with one filter for each channel, in place, then x * sigmoid(x):
// x[r, c] = sum over j of weights[j, c] * x[r - (taps - 1) + j, c] for the channels first..<end. Rows of x
// are `stride` apart. `before`, `[taps - 1, channels]`, holds the inputs before the first row, and
// afterwards those before the next one. `weights` is `[taps, channels]`, 1 to 16 taps.
typedef struct {
  float *x, *before;
  const float *weights;
  size_t stride, rows, channels, first, end, taps;
} illava_convolution;
void illava_causal_convolution(const illava_convolution *work);

// The gates of the delta rule, over n heads: b = sigmoid(b), a = -rate * log(1 + exp(a + bias)).
void illava_delta_gates(float *a, float *b, const float *rate, const float *bias, size_t n);

// The gated delta rule of one head over some rows: for each row S = e^decay S; d = beta (v - S^T k);
// S += k d^T; output = S^T q. Row r of queries, keys, values and output is r * stride elements on; output
// may be the values. `state` is S, `[key_size, illava_delta_width(value_size)]` with zeros in the columns
// beyond value_size, before and afterwards.
typedef struct {
  const float *queries, *keys, *values, *decay, *beta;
  float *output, *state;
  size_t stride, gate_stride, rows, key_size, value_size;
  // The rows that are computed together by illava_delta_chunks, 1 to 64.
  size_t chunk;
} illava_delta;
// value_size as whole vectors.
size_t illava_delta_width(size_t value_size);
// The scratch floats that illava_delta_chunks takes.
size_t illava_delta_scratch(size_t key_size, size_t value_size);
// The rule row by row.
void illava_delta_steps(const illava_delta *work);
// The rule for chunks of rows, as matrix products.
void illava_delta_chunks(const illava_delta *work, float *scratch);

// y += x, over n elements.
void illava_add(float *y, const float *x, size_t n);
// y = (y + x) * scale, over n elements.
void illava_add_scale(float *y, const float *x, float scale, size_t n);
// y += a * x, over n elements.
void illava_axpy(float *y, float a, const float *x, size_t n);

// Linear layers over 8-bit weights. Weights are packed into panels of 32 outputs, activations are
// quantized into tiles of 6 rows; both have one scale per row and group of 32 inputs, so that an outlier
// reduces the precision of its own group only. The last panel, tile and group are padded with zeros.
enum {
  ILLAVA_INT8_GROUP = 32,
  ILLAVA_INT8_PANEL = 32,
  ILLAVA_INT8_TILE = 6,
  // Bytes per group of a panel: a bf16 scale and 32 bytes for each output.
  ILLAVA_INT8_PANEL_BLOCK = ILLAVA_INT8_PANEL * (2 + ILLAVA_INT8_GROUP),
  // Bytes per group of a tile: 32 bytes, a scale, a correction and a sum for each row, padded to 256.
  ILLAVA_INT8_TILE_BLOCK = ILLAVA_INT8_TILE * ILLAVA_INT8_GROUP + 64,
};

// The number of groups for this many inputs; the last one may be partly filled.
size_t illava_int8_groups(size_t inputs);
// Packs `count` <= 32 rows of n stored weights, `stride` elements apart, into one panel.
void illava_int8_pack(illava_element type, const void *rows, size_t stride, size_t count, size_t n,
                      void *panel);
// Quantizes `count` <= 6 rows of n numbers, `stride` apart, into one tile. A number that is not finite
// makes the sums of its row not finite.
void illava_int8_quantize(const float *rows, size_t stride, size_t count, size_t n, void *tile);

// What a panel of weights holds for each group of 32 inputs. A weight is q * scale - minimum.
typedef enum {
  // 8 bits and a bf16 scale.
  illava_panel_int8 = 0,
  // 8 bits and an f16 scale, as GGUF's Q8_0.
  illava_panel_half8 = 1,
  // 4 bits; scale and minimum are codes of 8 bits times a pair of f16 for 8 groups, as GGUF's Q4_K.
  illava_panel_four = 2,
  // The same with 5 bits, as GGUF's Q5_K.
  illava_panel_five = 3,
  // 6 bits less 32; a signed code of 8 bits for each half of the group times an f16 for 8 groups, as GGUF's
  // Q6_K.
  illava_panel_six = 4,
  // 4 bits; scale and minimum are f16, as GGUF's Q4_0 and Q4_1.
  illava_panel_plain4 = 5,
} illava_panel;

// The bytes of a panel of so many groups.
size_t illava_panel_bytes(illava_panel kind, size_t groups);
// Packs `count` <= 32 rows of n stored weights, `stride` elements apart, into one panel of 4 bits
// (illava_panel_four). Scale and minimum of a group have the least sum of squared errors, each times the
// `importance` of its input, n numbers of at least 0, or NULL for 1.
void illava_four_pack(illava_element type, const void *rows, size_t stride, size_t count, size_t n,
                      const float *importance, void *panel);
// out[0..<n] = the weights of one output of a panel as f32.
void illava_panel_unpack_row(illava_panel kind, const void *panel, size_t column, float *out, size_t n);
// y[r, 0..<columns] = rows . panel (+ bias) (+ y if `accumulate`) for the first `rows` rows of
// consecutive tiles; bias may be NULL, rows of y are `stride` apart, columns <= 32.
void illava_packed_product(illava_panel kind, const void *tiles, size_t rows, const void *panel,
                           size_t groups, const float *bias, int accumulate, float *y, size_t stride,
                           size_t columns);

// The panels that hold blocks of a type without loss; -1 for types that none holds.
int illava_block_panel(illava_block type);
// Moves `count` <= 32 rows of n weights, one right after the other in whole blocks, into one panel of that
// kind.
void illava_block_repack(illava_block type, const void *rows, size_t count, size_t n, void *panel);

// How products of many rows with stored weights are computed.
typedef enum {
  // By OpenBLAS: the path has no kernel for them.
  illava_product_none = 0,
  // With weights converted to f32.
  illava_product_f32 = 1,
  // With rows of x rounded to bf16, which is faster; sums are f32.
  illava_product_bf16 = 2,
} illava_product_kind;

enum {
  // The outputs, and the rows, that are computed together.
  ILLAVA_PRODUCT_PANEL = 64,
  ILLAVA_PRODUCT_ROWS = 6,
  // The inputs, or pairs of inputs, that are in memory at a time.
  ILLAVA_PRODUCT_STEPS = 512,
};

// y[rows, columns] (+)= x[rows, inputs] weights[columns, inputs]^T (+ bias), columns <= 64. Strides are
// elements from one row to the next. With `pairs`, x holds pairs of bf16, the first one in the low half,
// an odd last one with a zero beside it, and x_stride counts pairs.
typedef struct {
  illava_element type;
  int pairs, accumulate;
  const void *weights;
  const float *x, *bias;
  float *y;
  size_t weight_stride, x_stride, y_stride;
  size_t rows, columns, inputs;
} illava_product;

// How the path in use computes products with weights of this type.
illava_product_kind illava_product_of(illava_element weights);
// The number of scratch floats that a thread takes.
size_t illava_product_scratch(void);
// The product with up to 64 outputs; only where the kind is not `illava_product_none`.
void illava_panel_product(const illava_product *work, float *scratch);

#endif
