// Conversion of frames whose colors swscale cannot show: HDR, wide gamut, and matrices that it lacks.
#ifndef ILLAVA_CLIGHT_LIGHT_H
#define ILLAVA_CLIGHT_LIGHT_H

#include <libavutil/frame.h>
#include <stdint.h>

/// How a frame's values are meant; the numbers are those of ITU-T H.273.
typedef struct ill_light {
  int matrix;
  int transfer;
  int primaries;
  /// Whether luma uses all codes instead of 16…235.
  int full_range;
  /// Whether the result is SDR with BT.709's primaries; otherwise only the matrix is undone.
  int to_sdr;
} ill_light;

/// Whether the planes of a pixel format can be converted as they are; other formats have to be made
/// planar first.
int ill_light_reads(int pixel_format);

/// Converts a frame to three 8-bit planes of `stride * frame->height` bytes each, red first.
///
/// Returns 0, or -1 where zimg cannot do it.
int ill_light_convert(const AVFrame *frame, const ill_light *light, uint8_t *pixels,
                      ptrdiff_t stride);

#endif
