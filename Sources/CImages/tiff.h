// What Swift cannot say to libtiff: functions with variable arguments, and loops over pixels.
#ifndef ILLAVA_CIMAGES_TIFF_H
#define ILLAVA_CIMAGES_TIFF_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

/// The first message of libtiff about one file, and the number of its messages.
struct ill_tiff_log {
  char first[300];
  int count;
};

static inline int ill_tiff_error(TIFF *tiff, void *user, const char *module, const char *format,
                                 va_list arguments) {
  (void)tiff;
  (void)module;
  struct ill_tiff_log *log = user;
  if (log->count++ == 0) vsnprintf(log->first, sizeof log->first, format, arguments);
  return 1;
}

static inline int ill_tiff_warning(TIFF *tiff, void *user, const char *module, const char *format,
                                   va_list arguments) {
  (void)tiff, (void)user, (void)module, (void)format, (void)arguments;
  return 1;
}

/// Options for a file whose messages go to `log` and which may ask for at most `most` bytes at once;
/// NULL where there is no memory.
static inline TIFFOpenOptions *ill_tiff_options(struct ill_tiff_log *log, tmsize_t most) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (!options) return NULL;
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, most);
  TIFFOpenOptionsSetErrorHandlerExtR(options, ill_tiff_error, log);
  TIFFOpenOptionsSetWarningHandlerExtR(options, ill_tiff_warning, log);
  return options;
}

/// A tag with a value of 16 bits, or its default; `fallback` where there is neither.
static inline int ill_tiff_short(TIFF *tiff, uint32_t tag, int fallback) {
  uint16_t value = 0;
  return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : fallback;
}

/// A tag with a value of 32 bits; `fallback` where there is none.
static inline uint32_t ill_tiff_long(TIFF *tiff, uint32_t tag, uint32_t fallback) {
  uint32_t value = 0;
  return TIFFGetField(tiff, tag, &value) ? value : fallback;
}

/// The meaning of the first sample after the colors (EXTRASAMPLE_*); -1 where the file states none.
static inline int ill_tiff_extra(TIFF *tiff) {
  uint16_t count = 0;
  uint16_t *kinds = NULL;
  if (!TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &count, &kinds) || !count || !kinds) return -1;
  return kinds[0];
}

/// Copies `count` samples of 8 or 16 bits from every `from_step`th place to every `to_step`th one;
/// `invert` turns white into black.
static inline void ill_copy_samples(const void *from, int from_step, void *to, int to_step, int count,
                                    int is_wide, int invert) {
  if (is_wide) {
    const uint16_t *in = (const uint16_t *)from;
    uint16_t *out = (uint16_t *)to;
    uint16_t mask = invert ? 0xFFFF : 0;
    for (int i = 0; i < count; i++) out[(size_t)i * to_step] = in[(size_t)i * from_step] ^ mask;
  } else {
    const uint8_t *in = (const uint8_t *)from;
    uint8_t *out = (uint8_t *)to;
    uint8_t mask = invert ? 0xFF : 0;
    for (int i = 0; i < count; i++) out[(size_t)i * to_step] = in[(size_t)i * from_step] ^ mask;
  }
}

/// Divides the colors of a line by its alpha, which is the last of `channels` samples.
static inline void ill_straighten(void *line, int channels, int count, int is_wide) {
  uint32_t top = is_wide ? 65535 : 255;
  for (int i = 0; i < count; i++) {
    uint16_t *wide = (uint16_t *)line + (size_t)i * channels;
    uint8_t *narrow = (uint8_t *)line + (size_t)i * channels;
    uint32_t alpha = is_wide ? wide[channels - 1] : narrow[channels - 1];
    if (alpha == 0 || alpha == top) continue;
    for (int c = 0; c < channels - 1; c++) {
      uint32_t value = is_wide ? wide[c] : narrow[c];
      uint64_t straight = ((uint64_t)value * top + alpha / 2) / alpha;
      if (straight > top) straight = top;
      if (is_wide) {
        wide[c] = (uint16_t)straight;
      } else {
        narrow[c] = (uint8_t)straight;
      }
    }
  }
}

/// Writes pixels of TIFFRGBAImageGet (alpha in the highest byte) as bytes R, G, B, A.
static inline void ill_unpack_rgba(const uint32_t *from, int count, uint8_t *to) {
  for (int i = 0; i < count; i++) {
    to[4 * i] = TIFFGetR(from[i]);
    to[4 * i + 1] = TIFFGetG(from[i]);
    to[4 * i + 2] = TIFFGetB(from[i]);
    to[4 * i + 3] = TIFFGetA(from[i]);
  }
}

#endif
