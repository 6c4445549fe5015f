// Still images: buffers that begin as mid gray, and formats of this machine's byte order.
#ifndef ILLAVA_CFFMPEG_IMAGE_H
#define ILLAVA_CFFMPEG_IMAGE_H

#include <libavcodec/avcodec.h>
#include <libavutil/imgutils.h>
#include <libavutil/avconfig.h>
#include <libavutil/pixdesc.h>
#include <string.h>

static const enum AVPixelFormat ill_gray16 = AV_PIX_FMT_GRAY16;
static const enum AVPixelFormat ill_ya16 = AV_PIX_FMT_YA16;
static const enum AVPixelFormat ill_rgb48 = AV_PIX_FMT_RGB48;
static const enum AVPixelFormat ill_rgba64 = AV_PIX_FMT_RGBA64;

/// What FFmpeg's names of formats with this machine's byte order end with.
static inline const char *ill_byte_order(void) { return AV_HAVE_BIGENDIAN ? "be" : "le"; }

/// The values of a plane of a frame from left to right and from top to bottom.
struct ill_size {
  int width;
  int height;
};

static inline struct ill_size ill_plane_size(const AVFrame *frame, int plane) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
  int is_chroma = format && (plane == 1 || plane == 2);
  struct ill_size size = {
      AV_CEIL_RSHIFT(frame->width, is_chroma ? format->log2_chroma_w : 0),
      AV_CEIL_RSHIFT(frame->height, is_chroma ? format->log2_chroma_h : 0),
  };
  return size;
}

/// The first byte of a plane, and the bytes from line to line.
static inline uint8_t *ill_plane(const AVFrame *frame, int plane) { return frame->data[plane]; }
static inline int ill_stride(const AVFrame *frame, int plane) { return frame->linesize[plane]; }

/// Makes every byte of a frame's planes 128.
static inline void ill_fill_gray(AVFrame *frame) {
  for (int plane = 0; plane < 4 && frame->data[plane]; plane++) {
    if (frame->linesize[plane] <= 0) continue;
    memset(frame->data[plane], 128,
           (size_t)frame->linesize[plane] * ill_plane_size(frame, plane).height);
  }
}

/// A decoder's buffer whose bytes are 128, so that what the decoder does not write is gray. Frames with a
/// palette, which is their second plane, are left alone.
static inline int ill_gray_buffer(AVCodecContext *context, AVFrame *frame, int flags) {
  int code = avcodec_default_get_buffer2(context, frame, flags);
  if (code < 0) return code;
  if (frame->format == AV_PIX_FMT_PAL8) {
    memset(frame->data[0], 128, (size_t)frame->linesize[0] * frame->height);
  } else {
    ill_fill_gray(frame);
  }
  return code;
}

/// The lines at the lower edge of which every byte of every plane is `value`.
static inline int ill_untouched_lines(const AVFrame *frame, int value) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
  if (!format) return 0;
  int planes = frame->format == AV_PIX_FMT_PAL8 ? 1 : av_pix_fmt_count_planes(frame->format);
  for (int count = 0; count < frame->height; count++) {
    int y = frame->height - 1 - count;
    for (int plane = 0; plane < planes; plane++) {
      int chroma = plane == 1 || plane == 2;
      int row = chroma ? y >> format->log2_chroma_h : y;
      int bytes = av_image_get_linesize((enum AVPixelFormat)frame->format, frame->width, plane);
      const uint8_t *line = frame->data[plane] + (ptrdiff_t)row * frame->linesize[plane];
      for (int x = 0; x < bytes; x++) {
        if (line[x] != value) return count;
      }
    }
  }
  return frame->height;
}

/// Stretches limited-range gray (16…235) to 0…255.
static inline void ill_expand_gray(uint8_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    int value = ((values[i] - 16) * 255 + 109) / 219;
    values[i] = (uint8_t)(values[i] < 16 ? 0 : value > 255 ? 255 : value);
  }
}

/// Makes an area opaque of a frame with alpha.
static inline void ill_opaque_area(AVFrame *frame, int x, int y, int width, int height) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
  if (!format || !(format->flags & AV_PIX_FMT_FLAG_ALPHA) || (format->flags & AV_PIX_FMT_FLAG_PAL)) {
    return;
  }
  const AVComponentDescriptor *alpha = &format->comp[format->nb_components - 1];
  int bytes = (alpha->depth + 7) / 8;
  for (int row = y; row < y + height && row < frame->height; row++) {
    uint8_t *line = frame->data[alpha->plane] + (ptrdiff_t)row * frame->linesize[alpha->plane];
    for (int at = x; at < x + width && at < frame->width; at++) {
      memset(line + (ptrdiff_t)at * alpha->step + alpha->offset, 0xFF, bytes);
    }
  }
}

/// Makes lines gray of a frame for which 128 does not mean gray: a palette gets gray in a place that no
/// other line uses, if there is one; of one bit per pixel, every other one is white.
static inline void ill_gray_lines(AVFrame *frame, int first, int count) {
  ill_opaque_area(frame, 0, first, frame->width, count);
  int is_mono = frame->format == AV_PIX_FMT_MONOBLACK || frame->format == AV_PIX_FMT_MONOWHITE;
  if (!is_mono && frame->format != AV_PIX_FMT_PAL8) return;
  int value = 0xAA;
  if (!is_mono) {
    int uses[256] = {0};
    for (int y = 0; y < frame->height; y++) {
      if (y >= first && y < first + count) continue;
      const uint8_t *line = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
      for (int x = 0; x < frame->width; x++) uses[line[x]] = 1;
    }
    for (value = 255; value >= 0 && uses[value]; value--) continue;
    if (value < 0) return;
    uint32_t gray = 0xFF808080;
    memcpy(frame->data[1] + 4 * value, &gray, 4);
  }
  for (int y = first; y < first + count && y < frame->height; y++) {
    memset(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], value,
           is_mono ? (size_t)(frame->width + 7) / 8 : (size_t)frame->width);
  }
}

/// Makes gray what a decoder of progressive JPEG has not got of a planar YCbCr frame of 8 bits: it leaves
/// zeros in all planes, which are an impossible green. Returns the number of such lines at the lower
/// edge. Zeros of a gray image are black, so they count only in its first scan (`is_first`).
static inline int ill_mend_progressive(AVFrame *frame, int is_first) {
  const AVPixFmtDescriptor *format = av_pix_fmt_desc_get((enum AVPixelFormat)frame->format);
  if (format && format->nb_components == 1 && format->comp[0].depth == 8 && is_first) {
    int lines = ill_untouched_lines(frame, 0);
    for (int y = frame->height - lines; y < frame->height; y++) {
      memset(frame->data[0] + (ptrdiff_t)y * frame->linesize[0], 128, (size_t)frame->width);
    }
    return lines;
  }
  if (!format || format->nb_components != 3 || format->comp[0].depth != 8 ||
      !(format->flags & AV_PIX_FMT_FLAG_PLANAR) || (format->flags & AV_PIX_FMT_FLAG_RGB)) {
    return 0;
  }
  int across = 1 << format->log2_chroma_w, down = 1 << format->log2_chroma_h;
  struct ill_size size = ill_plane_size(frame, 1);
  int missing = 0;
  for (int y = 0; y < size.height; y++) {
    uint8_t *blue = frame->data[1] + (ptrdiff_t)y * frame->linesize[1];
    uint8_t *red = frame->data[2] + (ptrdiff_t)y * frame->linesize[2];
    int is_missing = 1;
    for (int x = 0; x < size.width; x++) {
      if (blue[x] || red[x]) {
        is_missing = 0;
        continue;
      }
      blue[x] = red[x] = 128;
      for (int row = y * down; row < (y + 1) * down && row < frame->height; row++) {
        uint8_t *luma = frame->data[0] + (ptrdiff_t)row * frame->linesize[0];
        for (int at = x * across; at < (x + 1) * across && at < frame->width; at++) {
          if (luma[at]) {
            is_missing = 0;
          } else {
            luma[at] = 128;
          }
        }
      }
    }
    missing = is_missing ? missing + 1 : 0;
  }
  return missing * down < frame->height ? missing * down : frame->height;
}

/// Copies a plane of `from_bits` per value into one of `to_bits` and of another size, which takes the
/// nearest value. `stretch` maps the largest value to the largest (alpha); otherwise values are shifted.
/// Values of more than 8 bits have two bytes in this machine's order.
static inline void ill_copy_plane(const uint8_t *from, ptrdiff_t from_stride, int from_width,
                                  int from_height, int from_bits, uint8_t *to, ptrdiff_t to_stride,
                                  int to_width, int to_height, int to_bits, int stretch) {
  uint32_t from_top = (1u << from_bits) - 1, to_top = (1u << to_bits) - 1;
  for (int y = 0; y < to_height; y++) {
    const uint8_t *line = from + (ptrdiff_t)((int64_t)y * from_height / to_height) * from_stride;
    uint8_t *out = to + y * to_stride;
    for (int x = 0; x < to_width; x++) {
      int at = from_width == to_width ? x : (int)((int64_t)x * from_width / to_width);
      uint32_t value = from_bits > 8 ? ((const uint16_t *)line)[at] : line[at];
      if (from_bits != to_bits) {
        value = stretch ? (value * to_top + from_top / 2) / from_top
                : to_bits > from_bits ? value << (to_bits - from_bits)
                                      : value >> (from_bits - to_bits);
      }
      if (value > to_top) value = to_top;
      if (to_bits > 8) {
        ((uint16_t *)out)[x] = (uint16_t)value;
      } else {
        out[x] = (uint8_t)value;
      }
    }
  }
}

/// Takes a fourth byte for what it is where it is no transparency: nothing.
static inline void ill_drop_alpha(AVFrame *frame) {
  switch (frame->format) {
    case AV_PIX_FMT_BGRA: frame->format = AV_PIX_FMT_BGR0; break;
    case AV_PIX_FMT_RGBA: frame->format = AV_PIX_FMT_RGB0; break;
    case AV_PIX_FMT_ABGR: frame->format = AV_PIX_FMT_0BGR; break;
    case AV_PIX_FMT_ARGB: frame->format = AV_PIX_FMT_0RGB; break;
    default: break;
  }
}

/// A copy of a gray frame of up to 8 bits in which one gray is transparent; NULL without memory or for
/// other frames. Frames of one bit have 0 and 255; alpha that is there already is replaced.
static inline AVFrame *ill_gray_with_key(const AVFrame *frame, int key) {
  int is_mono = frame->format == AV_PIX_FMT_MONOBLACK;
  int step = frame->format == AV_PIX_FMT_YA8 ? 2 : 1;
  if (!is_mono && step == 1 && frame->format != AV_PIX_FMT_GRAY8) return NULL;
  AVFrame *copy = av_frame_alloc();
  if (!copy) return NULL;
  copy->format = AV_PIX_FMT_YA8;
  copy->width = frame->width;
  copy->height = frame->height;
  if (av_frame_get_buffer(copy, 0) < 0) {
    av_frame_free(&copy);
    return NULL;
  }
  for (int y = 0; y < frame->height; y++) {
    const uint8_t *in = frame->data[0] + (ptrdiff_t)y * frame->linesize[0];
    uint8_t *out = copy->data[0] + (ptrdiff_t)y * copy->linesize[0];
    for (int x = 0; x < frame->width; x++) {
      int value = is_mono ? 255 * (in[x / 8] >> (7 - x % 8) & 1) : in[x * step];
      out[2 * x] = (uint8_t)value;
      out[2 * x + 1] = value == key ? 0 : 255;
    }
  }
  return copy;
}

/// Makes every value of a plane `value`.
static inline void ill_fill_plane(uint8_t *plane, ptrdiff_t stride, int width, int height, int bits,
                                  int value) {
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < width; x++) {
      if (bits > 8) {
        ((uint16_t *)(plane + y * stride))[x] = (uint16_t)value;
      } else {
        plane[y * stride + x] = (uint8_t)value;
      }
    }
  }
}

/// Divides the values of a plane by alpha around `zero`, the value that stands for no color: black of
/// luma and RGB, the middle of chroma.
static inline void ill_straighten_plane(uint8_t *plane, ptrdiff_t stride, int width, int height,
                                        int bits, int zero, const uint8_t *alpha,
                                        ptrdiff_t alpha_stride, int alpha_width, int alpha_height) {
  int top = (1 << bits) - 1;
  for (int y = 0; y < height; y++) {
    const uint8_t *shares = alpha + (ptrdiff_t)((int64_t)y * alpha_height / height) * alpha_stride;
    for (int x = 0; x < width; x++) {
      int at = (int)((int64_t)x * alpha_width / width);
      int share = bits > 8 ? ((const uint16_t *)shares)[at] : shares[at];
      if (share == 0 || share == top) continue;
      uint8_t *narrow = plane + y * stride + x;
      uint16_t *wide = (uint16_t *)(plane + y * stride) + x;
      int64_t value = zero + ((bits > 8 ? *wide : *narrow) - zero) * (int64_t)top / share;
      if (value < 0) value = 0;
      if (value > top) value = top;
      if (bits > 8) {
        *wide = (uint16_t)value;
      } else {
        *narrow = (uint8_t)value;
      }
    }
  }
}

#endif
