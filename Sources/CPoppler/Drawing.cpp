#include "Job.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string>

#include <poppler/cpp/poppler-document.h>
#include <poppler/cpp/poppler-global.h>
#include <poppler/cpp/poppler-image.h>
#include <poppler/cpp/poppler-page-renderer.h>
#include <poppler/cpp/poppler-page.h>

namespace {


/// The resolution of a very small page, in pixels per inch, is not higher than that of a fine scan.
constexpr double most_per_inch = 600;

/// What one thread hears from poppler, which has one receiver of messages for the whole process.
struct Messages {
  std::string first;
  bool lacks_fonts = false;
};
thread_local Messages *heard = nullptr;

void hear(const std::string &text, void *) {
  if (!heard) return;
  if (heard->first.empty()) heard->first = text;
  // "Couldn't find a font for 'X'", "Missing language pack for 'X' mapping".
  for (const char *sign : {"find a font", "find font file", "create a font", "language pack"}) {
    if (text.find(sign) != std::string::npos) heard->lacks_fonts = true;
  }
}

/// The resolution at which a page is drawn, in pixels per inch; 0 for a page without a size.
double resolution(const Job &job, double width, double height) {
  if (!std::isfinite(width) || !std::isfinite(height) || width <= 0 || height <= 0) return 0;
  double per_inch = std::min(most_per_inch, job.longest * 72.0 / std::max(width, height));
  double across = std::ceil(width * per_inch / 72), down = std::ceil(height * per_inch / 72);
  if (across * down > static_cast<double>(job.most_pixels)) {
    per_inch *= std::sqrt(static_cast<double>(job.most_pixels) / (across * down)) * 0.99;
  }
  return per_inch;
}

ill_pdf_state draw(const Job &job, const poppler::document &document, ill_pdf &result) {
  std::unique_ptr<poppler::page> page(document.create_page(job.page));
  if (!page) return ill_pdf_damaged;
  poppler::rectf box = page->page_rect(poppler::crop_box);
  double per_inch = resolution(job, box.width(), box.height());
  if (per_inch <= 0) return ill_pdf_damaged;
  poppler::page_renderer renderer;
  renderer.set_render_hint(poppler::page_renderer::antialiasing, true);
  renderer.set_render_hint(poppler::page_renderer::text_antialiasing, true);
  renderer.set_image_format(poppler::image::format_rgb24);
  renderer.set_paper_color(0xFFFFFFFF);
  poppler::image image = renderer.render_page(page.get(), per_inch, per_inch);
  if (!image.is_valid() || image.width() <= 0 || image.height() <= 0 ||
      image.format() != poppler::image::format_rgb24) {
    return ill_pdf_damaged;
  }
  size_t line = static_cast<size_t>(image.width()) * 3;
  size_t stride = static_cast<size_t>(std::max(0, image.bytes_per_row()));
  if (stride < line) return ill_pdf_damaged;
  auto *pixels = static_cast<uint8_t *>(std::malloc(line * static_cast<size_t>(image.height())));
  if (!pixels) return ill_pdf_no_memory;
  const char *from = image.const_data();
  for (size_t y = 0; y < static_cast<size_t>(image.height()); y++) {
    std::memcpy(pixels + y * line, from + y * stride, line);
  }
  result.pixels = pixels;
  result.width = image.width();
  result.height = image.height();
  return ill_pdf_fine;
}

ill_pdf_state read(const Job &job, ill_pdf &result) {
  std::unique_ptr<poppler::document> document(
      poppler::document::load_from_raw_data(job.bytes.data(), static_cast<int>(job.bytes.size())));
  if (!document) return ill_pdf_damaged;
  if (document->is_locked()) return ill_pdf_locked;
  result.pages = document->pages();
  if (result.pages <= 0 || job.page >= result.pages) return ill_pdf_damaged;
  return job.page < 0 ? ill_pdf_fine : draw(job, *document, result);
}

}  // namespace

struct ill_pdf told_by(const Job &job) {
  Messages messages;
  heard = &messages;
  ill_pdf result = {};
  try {
    result.state = read(job, result);
  } catch (const std::bad_alloc &) {
    result.state = ill_pdf_no_memory;
  } catch (...) {
    result.state = ill_pdf_damaged;
  }
  heard = nullptr;
  result.lacks_fonts = messages.lacks_fonts ? 1 : 0;
  size_t length = std::min(messages.first.size(), sizeof result.message - 1);
  std::memcpy(result.message, messages.first.data(), length);
  return result;
}

void listen_to_poppler() {
  static std::once_flag once;
  std::call_once(once, [] { poppler::set_debug_error_function(hear, nullptr); });
}
