// zimg does the standards' arithmetic (matrices, transfer functions, primaries); what goes beyond SDR is
// compressed here. Rows pass through small buffers, so memory does not grow with the frame.
#include "light.h"

#include <libavutil/pixdesc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <zimg.h>

/// BT.2408 gives SDR white 203 cd/m2 in HDR; it is 1 here. Light up to this share of it is kept as it
/// is, and what is brighter is compressed into the rest: white itself becomes 250 of 255.
static const float light_knee = 0.8f;
/// The saturation, as a share of what BT.709 can show, up to which colors are kept as they are.
static const float gamut_knee = 0.98f;

enum { code_steps = 4096 };

/// Everything that one conversion needs.
typedef struct conversion {
  const AVFrame *frame;
  const AVPixFmtDescriptor *format;
  zimg_filter_graph *graph;
  zimg_image_buffer in;
  zimg_image_buffer out;
  void *memory[3];
  int to_sdr;
  uint8_t *pixels;
  ptrdiff_t stride;
  /// The code of linear light, tabulated over its square root so that dark values are exact.
  uint8_t codes[code_steps];
} conversion;

// MARK: Light

/// Compresses what is above `knee` so that 1 is never reached; the slope is 1 at the knee.
static float compressed(float value, float knee) {
  return knee + (1 - knee) * tanhf((value - knee) / (1 - knee));
}

/// Brings linear BT.709 light that may be negative or above 1 into what SDR can show; hue is kept.
static void limit(float *red, float *green, float *blue) {
  float r = *red, g = *green, b = *blue;
  // Luminance of BT.709.
  float luma = 0.2126f * r + 0.7152f * g + 0.0722f * b;
  if (!(luma > 0)) {
    *red = *green = *blue = 0;
    return;
  }
  float saturation = (luma - fminf(r, fminf(g, b))) / luma;
  if (saturation > gamut_knee) {
    float share = compressed(saturation, gamut_knee) / saturation;
    r = luma + (r - luma) * share;
    g = luma + (g - luma) * share;
    b = luma + (b - luma) * share;
  }
  float most = fmaxf(r, fmaxf(g, b));
  float share = most > light_knee ? compressed(most, light_knee) / most : 1;
  *red = r * share;
  *green = g * share;
  *blue = b * share;
}

/// The inverse of BT.1886's transfer function (gamma 2.4).
static void tabulate(uint8_t *codes) {
  for (int k = 0; k < code_steps; k++) {
    float root = (float)k / (code_steps - 1);
    codes[k] = (uint8_t)(powf(root * root, 1 / 2.4f) * 255 + 0.5f);
  }
}

static uint8_t code_of_light(const uint8_t *codes, float light) {
  if (!(light > 0)) return 0;
  return codes[light >= 1 ? code_steps - 1 : (int)(sqrtf(light) * (code_steps - 1) + 0.5f)];
}

static uint8_t code_of_value(float value) {
  return (uint8_t)(fminf(fmaxf(value, 0), 1) * 255 + 0.5f);
}

// MARK: Rows

static void *row_of(const zimg_image_buffer *buffer, int plane, unsigned row) {
  return (uint8_t *)buffer->plane[plane].data +
         (ptrdiff_t)(row & buffer->plane[plane].mask) * buffer->plane[plane].stride;
}

static void copy_row(const conversion *self, int plane, unsigned row, int width) {
  int source = self->format->comp[plane].plane;
  memcpy(row_of(&self->in, plane, row),
         self->frame->data[source] + (ptrdiff_t)row * self->frame->linesize[source],
         (size_t)width * (self->format->comp[0].depth > 8 ? 2 : 1));
}

/// Gives zimg one row of chroma and the rows of luma that belong to it.
static int read_rows(void *user, unsigned row, unsigned left, unsigned right) {
  const conversion *self = user;
  (void)left;
  (void)right;
  int is_rgb = (self->format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  int across = is_rgb ? 0 : self->format->log2_chroma_w;
  int down = is_rgb ? 0 : self->format->log2_chroma_h;
  for (unsigned k = 0; k < 1u << down; k++) copy_row(self, 0, row + k, self->frame->width);
  for (int plane = 1; plane < 3; plane++)
    copy_row(self, plane, row >> down, self->frame->width >> across);
  return 0;
}

static int write_row(void *user, unsigned row, unsigned left, unsigned right) {
  const conversion *self = user;
  const float *red = row_of(&self->out, 0, row);
  const float *green = row_of(&self->out, 1, row);
  const float *blue = row_of(&self->out, 2, row);
  ptrdiff_t plane = self->stride * self->frame->height;
  uint8_t *out = self->pixels + (ptrdiff_t)row * self->stride;
  for (unsigned x = left; x < right; x++) {
    float r = red[x], g = green[x], b = blue[x];
    if (self->to_sdr) {
      limit(&r, &g, &b);
      out[x] = code_of_light(self->codes, r);
      out[plane + x] = code_of_light(self->codes, g);
      out[2 * plane + x] = code_of_light(self->codes, b);
    } else {
      out[x] = code_of_value(r);
      out[plane + x] = code_of_value(g);
      out[2 * plane + x] = code_of_value(b);
    }
  }
  return 0;
}

// MARK: Buffers

/// Points the three planes of a buffer into memory for `count` rows of `width` bytes.
static void *allocate(zimg_image_buffer *buffer, unsigned count, size_t width, int height) {
  // Whole vectors are read and written behind a row's end.
  size_t stride = (width + 191) & ~(size_t)63;
  unsigned mask = zimg_select_buffer_mask(count);
  size_t rows = mask == ZIMG_BUFFER_MAX ? (size_t)height + 64 : (size_t)mask + 1;
  void *memory = NULL;
  if (posix_memalign(&memory, 64, 3 * stride * rows)) return NULL;
  buffer->version = ZIMG_API_VERSION;
  for (int plane = 0; plane < 3; plane++) {
    buffer->plane[plane].data = (uint8_t *)memory + (size_t)plane * stride * rows;
    buffer->plane[plane].stride = (ptrdiff_t)stride;
    buffer->plane[plane].mask = mask;
  }
  return memory;
}

static zimg_image_buffer_const constant(const zimg_image_buffer *buffer) {
  zimg_image_buffer_const result;
  memset(&result, 0, sizeof result);
  result.version = ZIMG_API_VERSION;
  for (int plane = 0; plane < 3; plane++) {
    result.plane[plane].data = buffer->plane[plane].data;
    result.plane[plane].stride = buffer->plane[plane].stride;
    result.plane[plane].mask = buffer->plane[plane].mask;
  }
  return result;
}

static int run(conversion *self) {
  unsigned before = ZIMG_BUFFER_MAX, after = ZIMG_BUFFER_MAX;
  size_t scratch = 0;
  if (zimg_filter_graph_get_input_buffering(self->graph, &before) ||
      zimg_filter_graph_get_output_buffering(self->graph, &after) ||
      zimg_filter_graph_get_tmp_size(self->graph, &scratch))
    return -1;
  size_t width = (size_t)self->frame->width;
  self->memory[0] = allocate(&self->in, before, 2 * width, self->frame->height);
  self->memory[1] = allocate(&self->out, after, sizeof(float) * width, self->frame->height);
  if (posix_memalign(&self->memory[2], 64, scratch + 64)) self->memory[2] = NULL;
  if (!self->memory[0] || !self->memory[1] || !self->memory[2]) return -1;
  zimg_image_buffer_const source = constant(&self->in);
  return zimg_filter_graph_process(self->graph, &source, &self->out, self->memory[2], read_rows,
                                   self, write_row, self)
             ? -1
             : 0;
}

// MARK: Conversion

int ill_light_reads(int pixel_format) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)pixel_format);
  uint64_t strange = AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_HWACCEL | AV_PIX_FMT_FLAG_PAL |
                     AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_FLOAT | AV_PIX_FMT_FLAG_BITSTREAM;
  if (!format || (format->flags & strange) || !(format->flags & AV_PIX_FMT_FLAG_PLANAR)) return 0;
  if (format->nb_components < 3 || format->log2_chroma_w > 2 || format->log2_chroma_h > 2) return 0;
  int depth = format->comp[0].depth;
  for (int k = 0; k < 3; k++) {
    const AVComponentDescriptor *part = &format->comp[k];
    if (part->shift || part->offset || part->depth != depth || depth > 16) return 0;
    if (part->step != (depth > 8 ? 2 : 1)) return 0;
    for (int other = 0; other < k; other++)
      if (format->comp[other].plane == part->plane) return 0;
  }
  return 1;
}

static zimg_filter_graph *make_graph(const AVFrame *frame, const AVPixFmtDescriptor *format,
                                     const ill_light *light) {
  zimg_image_format in;
  zimg_image_format_default(&in, ZIMG_API_VERSION);
  int is_rgb = (format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
  in.width = (unsigned)frame->width;
  in.height = (unsigned)frame->height;
  in.pixel_type = format->comp[0].depth > 8 ? ZIMG_PIXEL_WORD : ZIMG_PIXEL_BYTE;
  in.subsample_w = is_rgb ? 0 : format->log2_chroma_w;
  in.subsample_h = is_rgb ? 0 : format->log2_chroma_h;
  in.color_family = is_rgb ? ZIMG_COLOR_RGB : ZIMG_COLOR_YUV;
  in.matrix_coefficients = is_rgb ? ZIMG_MATRIX_RGB : (zimg_matrix_coefficients_e)light->matrix;
  in.transfer_characteristics = (zimg_transfer_characteristics_e)light->transfer;
  in.color_primaries = (zimg_color_primaries_e)light->primaries;
  in.depth = (unsigned)format->comp[0].depth;
  in.pixel_range = light->full_range || is_rgb ? ZIMG_RANGE_FULL : ZIMG_RANGE_LIMITED;
  if (frame->chroma_location != AVCHROMA_LOC_UNSPECIFIED)
    in.chroma_location = (zimg_chroma_location_e)(frame->chroma_location - 1);
  zimg_image_format out = in;
  out.pixel_type = ZIMG_PIXEL_FLOAT;
  out.subsample_w = out.subsample_h = 0;
  out.color_family = ZIMG_COLOR_RGB;
  out.matrix_coefficients = ZIMG_MATRIX_RGB;
  out.depth = 32;
  out.pixel_range = ZIMG_RANGE_FULL;
  if (light->to_sdr) {
    out.transfer_characteristics = ZIMG_TRANSFER_LINEAR;
    out.color_primaries = ZIMG_PRIMARIES_BT709;
  }
  zimg_graph_builder_params params;
  zimg_graph_builder_params_default(&params, ZIMG_API_VERSION);
  params.nominal_peak_luminance = 203;
  return zimg_filter_graph_build(&in, &out, &params);
}

int ill_light_convert(const AVFrame *frame, const ill_light *light, uint8_t *pixels,
                      ptrdiff_t stride) {
  if (!ill_light_reads(frame->format) || frame->width <= 0 || frame->height <= 0) return -1;
  conversion self;
  memset(&self, 0, sizeof self);
  self.frame = frame;
  self.format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
  self.to_sdr = light->to_sdr;
  self.pixels = pixels;
  self.stride = stride;
  tabulate(self.codes);
  self.graph = make_graph(frame, self.format, light);
  int code = self.graph ? run(&self) : -1;
  for (int k = 0; k < 3; k++) free(self.memory[k]);
  zimg_filter_graph_free(self.graph);
  return code;
}
