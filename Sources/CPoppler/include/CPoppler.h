// Pages of PDF documents as pictures, by poppler. Nothing here throws or prints, and nothing takes longer
// than the caller allows: poppler, which cannot be stopped, works in a process of its own. Where none may
// be started, it works on a thread of its own, which is left alone when the time is over.
#ifndef ILLAVA_CPOPPLER_H
#define ILLAVA_CPOPPLER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What became of a document.
enum ill_pdf_state {
  /// All is well.
  ill_pdf_fine = 0,
  /// The document cannot be read, or its page cannot be drawn.
  ill_pdf_damaged,
  /// The document cannot be read without a password.
  ill_pdf_locked,
  /// There is no memory or no thread.
  ill_pdf_no_memory,
  /// The time is over.
  ill_pdf_too_slow,
  /// The process that drew the page has ended: it took too much memory, or crashed.
  ill_pdf_ended,
};

/// A document or one page of it.
struct ill_pdf {
  enum ill_pdf_state state;
  /// The number of pages of the document.
  int pages;
  /// The page's picture: red, green, blue, `3 * width` bytes per line; NULL where none was asked for.
  /// It belongs to the caller, who frees it.
  uint8_t *pixels;
  int width;
  int height;
  /// Whether a font of the text was not found.
  int lacks_fonts;
  /// Poppler's first message, or an empty text.
  char message[200];
};

/// Opens a document from its bytes, which are copied, and draws one of its pages on white.
///
/// `page` is counted from 0, negative for none; the longer side has `longest` pixels or fewer, all
/// together have `most_pixels` at most. `seconds` are waited.
struct ill_pdf ill_pdf_read(const uint8_t *bytes, size_t count, int page, int longest,
                            int64_t most_pixels, int seconds);

/// The threads that go on with a page for which nobody waits any more.
int ill_pdf_left_over(void);

/// Until the end of the silence, nothing is written to the C library's standard error, to which libraries
/// print what is wrong with a picture. Both are counted.
void ill_silence_begin(void);
void ill_silence_end(void);

/// Lets poppler read what it needs from the system: settings and lists of fonts.
void ill_pdf_prepare(void);

#ifdef __cplusplus
}
#endif

#endif
