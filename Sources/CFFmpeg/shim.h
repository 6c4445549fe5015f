// FFmpeg as Swift sees it: the headers, the macros that Swift cannot import as constants, and the
// few inner loops over pixels (in C so that debug builds are quick as well).
#ifndef ILLAVA_CFFMPEG_SHIM_H
#define ILLAVA_CFFMPEG_SHIM_H

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avutil.h>
#include <libavutil/display.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>

#include "image.h"
#include "video.h"

static const int ill_error_again = AVERROR(EAGAIN);
static const int ill_error_end = AVERROR_EOF;
static const int ill_error_denied = AVERROR(EACCES);
static const int64_t ill_no_timestamp = AV_NOPTS_VALUE;

/// The libav error code for an `errno`.
static inline int ill_error(int number) { return AVERROR(number); }

/// The `opaque` of the codec or format context that logs, or of the one that a subordinate context
/// belongs to; NULL if there is none.
static inline void *ill_log_owner(void *context) {
  // Parents are two levels up at most today; the bound guards against a loop.
  for (int level = 0; context && level < 8; level++) {
    const AVClass *class = *(const AVClass *const *)context;
    if (!class) return NULL;
    if (class == avcodec_get_class()) return ((AVCodecContext *)context)->opaque;
    if (class == avformat_get_class()) return ((AVFormatContext *)context)->opaque;
    if (!class->parent_log_context_offset) return NULL;
    context = *(void **)((uint8_t *)context + class->parent_log_context_offset);
  }
  return NULL;
}

/// Receives one formatted message and the `opaque` of the context that it is about.
typedef void (*ill_log_sink)(void *owner, const char *line);

/// The storage of the sink. (Swift would not emit a variable at file level.)
static inline ill_log_sink *ill_log_slot(void) {
  static ill_log_sink sink;
  return &sink;
}

static inline void ill_log_callback(void *context, int level, const char *format,
                                    va_list arguments) {
  if (level > AV_LOG_ERROR) return;
  void *owner = ill_log_owner(context);
  if (!owner) return;
  char line[400];
  if (vsnprintf(line, sizeof line, format, arguments) > 0) (*ill_log_slot())(owner, line);
}

/// Sends the process's FFmpeg messages to `sink` instead of standard error. Called once. (In C because
/// Swift's type for a `va_list` differs between processors.)
static inline void ill_log_install(ill_log_sink sink) {
  *ill_log_slot() = sink;
  av_log_set_callback(ill_log_callback);
}

/// The nine numbers of the stream's display matrix, or NULL.
static inline const int32_t *ill_stream_matrix(const AVStream *stream) {
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *data =
      av_packet_side_data_get(stream->codecpar->coded_side_data,
                              stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
#else
  size_t size = 0;
  const uint8_t *data = av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
  return data && size >= 9 * sizeof(int32_t) ? (const int32_t *)data : NULL;
#endif
}

/// The nine numbers of the frame's display matrix, or NULL.
static inline const int32_t *ill_frame_matrix(const AVFrame *frame) {
  const AVFrameSideData *data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
  return data && data->size >= 9 * sizeof(int32_t) ? (const int32_t *)data->data : NULL;
}

/// Makes a context that converts frames to another format at their own size; NULL where swscale cannot.
/// (Untyped because FFmpeg 7.1 made the type public, which changes how Swift imports it.)
static inline void *ill_unscaled_make(enum AVPixelFormat from, enum AVPixelFormat to, int width,
                                      int height) {
  if (sws_isSupportedInput(from) <= 0) return NULL;
  struct SwsContext *context = sws_alloc_context();
  if (!context) return NULL;
  int flags =
      SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
  av_opt_set_int(context, "srcw", width, 0);
  av_opt_set_int(context, "srch", height, 0);
  av_opt_set_int(context, "src_format", from, 0);
  av_opt_set_int(context, "dstw", width, 0);
  av_opt_set_int(context, "dsth", height, 0);
  av_opt_set_int(context, "dst_format", to, 0);
  av_opt_set_int(context, "sws_flags", flags, 0);
  if (sws_init_context(context, NULL, NULL) < 0) {
    sws_freeContext(context);
    return NULL;
  }
  return context;
}

/// Makes a context that converts frames to AV_PIX_FMT_GBRP. `matrix` is one of SWS_CS_*.
static inline void *ill_converter_make(enum AVPixelFormat format, int width, int height, int matrix,
                                       int full_range) {
  void *context = ill_unscaled_make(format, AV_PIX_FMT_GBRP, width, height);
  if (!context) return NULL;
  // Returns -1 for inputs without a matrix, which is harmless.
  sws_setColorspaceDetails((struct SwsContext *)context, sws_getCoefficients(matrix), full_range,
                           sws_getCoefficients(SWS_CS_DEFAULT), 1, 0, 1 << 16, 1 << 16);
  return context;
}

/// Makes a context that brings frames into a planar format of 16 bits; colors keep their meaning.
static inline void *ill_planar_make(enum AVPixelFormat format, int width, int height,
                                    enum AVPixelFormat planar, int full_range) {
  void *context = ill_unscaled_make(format, planar, width, height);
  if (!context) return NULL;
  const int *same = sws_getCoefficients(SWS_CS_DEFAULT);
  sws_setColorspaceDetails((struct SwsContext *)context, same, full_range, same, full_range, 0,
                           1 << 16, 1 << 16);
  return context;
}

/// Fills `planar`, which has its buffers, from `frame`. Returns the number of lines written.
static inline int ill_planar_fill(void *context, const AVFrame *frame, AVFrame *planar) {
  return sws_scale((struct SwsContext *)context, (const uint8_t *const *)frame->data,
                   frame->linesize, 0, frame->height, planar->data, planar->linesize);
}

static inline void ill_converter_free(void *converter) {
  sws_freeContext((struct SwsContext *)converter);
}

/// Converts a whole frame into three planes of `stride * frame->height` bytes each, red first. Returns
/// the number of lines written.
static inline int ill_convert_frame(void *converter, const AVFrame *frame, uint8_t *out,
                                    int stride) {
  size_t plane = (size_t)stride * frame->height;
  uint8_t *planes[4] = {out + plane, out + 2 * plane, out, NULL};
  int strides[4] = {stride, stride, stride, 0};
  return sws_scale((struct SwsContext *)converter, (const uint8_t *const *)frame->data,
                   frame->linesize, 0, frame->height, planes, strides);
}

/// Makes a context that converts packed full-range RGB to another size and format, bicubic; NULL where
/// swscale cannot. YUV is BT.601, full-range as in JPEG or limited as in videos.
static inline void *ill_writer_make(int width, int height, int out_format, int out_width,
                                    int out_height, int out_full_range) {
  struct SwsContext *context = sws_alloc_context();
  if (!context) return NULL;
  int flags =
      SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP | SWS_BITEXACT;
  av_opt_set_int(context, "srcw", width, 0);
  av_opt_set_int(context, "srch", height, 0);
  av_opt_set_int(context, "src_format", AV_PIX_FMT_RGB24, 0);
  av_opt_set_int(context, "dstw", out_width, 0);
  av_opt_set_int(context, "dsth", out_height, 0);
  av_opt_set_int(context, "dst_format", out_format, 0);
  av_opt_set_int(context, "sws_flags", flags, 0);
  if (sws_init_context(context, NULL, NULL) < 0) {
    sws_freeContext(context);
    return NULL;
  }
  // Returns -1 where neither side is YUV.
  sws_setColorspaceDetails(context, sws_getCoefficients(SWS_CS_DEFAULT), 1,
                           sws_getCoefficients(SWS_CS_DEFAULT), out_full_range, 0, 1 << 16,
                           1 << 16);
  return context;
}

static inline void ill_writer_free(void *writer) { sws_freeContext((struct SwsContext *)writer); }

/// Converts packed RGB, lines `stride` bytes apart, into a frame that has its buffers. Returns the
/// number of lines written.
static inline int ill_writer_fill(void *writer, const uint8_t *packed, int stride, int height,
                                  AVFrame *out) {
  const uint8_t *planes[4] = {packed, NULL, NULL, NULL};
  int strides[4] = {stride, 0, 0, 0};
  return sws_scale((struct SwsContext *)writer, planes, strides, 0, height, out->data,
                   out->linesize);
}

static inline uint8_t ill_clamp(int32_t sum, int shift) {
  sum >>= shift;
  return (uint8_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
}

/// Resamples one line. Value i of the result is the weighted sum of `counts[i]` values of `in` from
/// `firsts[i]` on; the weights start at `weights + i * taps` and are fractions of 1 << shift.
static inline void ill_resample_row(const uint8_t *in, const int32_t *firsts, const int32_t *counts,
                                    const int16_t *weights, int taps, int shift, int width,
                                    uint8_t *out) {
  for (int i = 0; i < width; i++) {
    const uint8_t *from = in + firsts[i];
    const int16_t *weight = weights + (size_t)i * taps;
    int32_t sum = 1 << (shift - 1);
    for (int k = 0; k < counts[i]; k++) sum += from[k] * weight[k];
    out[i] = ill_clamp(sum, shift);
  }
}

/// Computes one line from `count` consecutive lines of equal `width`. `sums` has space for one line of
/// values.
static inline void ill_resample_column(const uint8_t *in, int count, const int16_t *weights,
                                       int shift, int width, int32_t *sums, uint8_t *out) {
  for (int x = 0; x < width; x++) sums[x] = 1 << (shift - 1);
  for (int k = 0; k < count; k++, in += width) {
    int32_t weight = weights[k];
    for (int x = 0; x < width; x++) sums[x] += in[x] * weight;
  }
  for (int x = 0; x < width; x++) out[x] = ill_clamp(sums[x], shift);
}

/// Reads line `y` of component `component` of a frame as 8 bits per value; a palette's fourth one is
/// its alpha, and deeper values are rounded (16 bits: divided by 257). `scratch` has space for one line of values.
static inline void ill_read_row(const AVFrame *frame, const AVPixFmtDescriptor *format, int y,
                                int component, uint16_t *scratch, uint8_t *out) {
  int width = frame->width;
  int palette = (format->flags & AV_PIX_FMT_FLAG_PAL) != 0;
  int source = palette ? 0 : component;
  av_read_image_line2(scratch, (const uint8_t **)frame->data, frame->linesize, format, 0, y, source,
                      width, 0, 2);
  if (palette) {
    // Entries are native-endian 0xAARRGGBB.
    uint8_t colors[256];
    for (int i = 0; i < 256; i++) {
      uint32_t entry;
      memcpy(&entry, frame->data[1] + 4 * i, 4);
      colors[i] = (uint8_t)(entry >> (component == 3 ? 24 : 16 - 8 * component));
    }
    for (int x = 0; x < width; x++) out[x] = colors[scratch[x] & 255];
    return;
  }
  uint32_t top = (1u << format->comp[source].depth) - 1;
  if (top == 255) {
    for (int x = 0; x < width; x++) out[x] = (uint8_t)scratch[x];
  } else {
    for (int x = 0; x < width; x++) out[x] = (uint8_t)((scratch[x] * 255u + top / 2) / top);
  }
}

/// Blends a line over a background of one value, by its alpha.
static inline void ill_blend_row(uint8_t *values, const uint8_t *alpha, int background,
                                 size_t count) {
  for (size_t i = 0; i < count; i++) {
    values[i] = (uint8_t)((values[i] * alpha[i] + background * (255 - alpha[i]) + 127) / 255);
  }
}

/// Writes packed RGB [height, width, 3] (or [width, height, 3] when transposed) from three planes whose
/// lines are `stride` bytes apart. The flips read the planes from their right or lower edge.
static inline void ill_pack_rgb(const uint8_t *red, const uint8_t *green, const uint8_t *blue,
                                ptrdiff_t stride, int width, int height, int transposed,
                                int flip_x, int flip_y, uint8_t *out) {
  int out_width = transposed ? height : width;
  int out_height = transposed ? width : height;
  ptrdiff_t along_x = flip_x ? -1 : 1;
  ptrdiff_t along_y = flip_y ? -stride : stride;
  ptrdiff_t origin = (flip_x ? width - 1 : 0) + (flip_y ? (height - 1) * stride : 0);
  ptrdiff_t per_column = transposed ? along_y : along_x;
  ptrdiff_t per_row = transposed ? along_x : along_y;
  for (int y = 0; y < out_height; y++) {
    ptrdiff_t at = origin + y * per_row;
    for (int x = 0; x < out_width; x++, at += per_column, out += 3) {
      out[0] = red[at];
      out[1] = green[at];
      out[2] = blue[at];
    }
  }
}

#endif
