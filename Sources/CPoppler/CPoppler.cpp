#include "CPoppler.h"

#include <algorithm>
#include <chrono>
#include <climits>
#include <cmath>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

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

/// Lets nothing be written to the C library's standard error as long as it lives: libjpeg, which poppler
/// uses, prints what is wrong with a picture, and poppler when a document asks for too much memory.
class Silence {
 public:
  Silence() {
    std::lock_guard<std::mutex> guard(lock);
    if (count++ == 0) swap();
  }
  ~Silence() {
    std::lock_guard<std::mutex> guard(lock);
    if (--count == 0) swap();
  }
  Silence(const Silence &) = delete;
  Silence &operator=(const Silence &) = delete;

 private:
  static std::mutex lock;
  static int count;

  static void swap() {
#ifdef __GLIBC__
    // A stream without a file, because a confined process may not open one.
    static FILE *other = fopencookie(
        nullptr, "w",
        {nullptr, [](void *, const char *, size_t size) { return static_cast<ssize_t>(size); },
         nullptr, nullptr});
    if (other) std::swap(stderr, other);
#endif
  }
};
std::mutex Silence::lock;
int Silence::count = 0;

/// What is asked of a document. Its thread may live longer than the one that asked.
struct Job {
  std::vector<char> bytes;
  int page = -1;
  int longest = 0;
  int64_t most_pixels = 0;

  std::mutex lock;
  std::condition_variable finished;
  bool is_done = false;
  bool is_abandoned = false;
  struct ill_pdf result = {};
};

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

void work(const std::shared_ptr<Job> &job) {
  Messages messages;
  heard = &messages;
  ill_pdf result = {};
  try {
    result.state = read(*job, result);
  } catch (const std::bad_alloc &) {
    result.state = ill_pdf_no_memory;
  } catch (...) {
    result.state = ill_pdf_damaged;
  }
  heard = nullptr;
  result.lacks_fonts = messages.lacks_fonts ? 1 : 0;
  size_t length = std::min(messages.first.size(), sizeof result.message - 1);
  std::memcpy(result.message, messages.first.data(), length);
  std::lock_guard<std::mutex> guard(job->lock);
  if (job->is_abandoned) {
    std::free(result.pixels);
    return;
  }
  job->result = result;
  job->is_done = true;
  job->finished.notify_one();
}

struct ill_pdf failed(ill_pdf_state state) {
  struct ill_pdf result = {};
  result.state = state;
  return result;
}

void listen() {
  static std::once_flag once;
  std::call_once(once, [] { poppler::set_debug_error_function(hear, nullptr); });
}

}  // namespace

extern "C" struct ill_pdf ill_pdf_read(const uint8_t *bytes, size_t count, int page, int longest,
                                       int64_t most_pixels, int seconds) {
  if (!bytes || count == 0 || count > INT_MAX || longest < 1 || most_pixels < 1) {
    return failed(ill_pdf_damaged);
  }
  try {
    listen();
    auto job = std::make_shared<Job>();
    job->bytes.assign(bytes, bytes + count);
    job->page = page;
    job->longest = longest;
    job->most_pixels = most_pixels;
    Silence silence;
    std::thread(work, job).detach();
    std::unique_lock<std::mutex> guard(job->lock);
    if (job->finished.wait_for(guard, std::chrono::seconds(seconds), [&] { return job->is_done; })) {
      return job->result;
    }
    job->is_abandoned = true;
    return failed(ill_pdf_too_slow);
  } catch (...) {
    return failed(ill_pdf_no_memory);
  }
}

extern "C" void ill_pdf_prepare(void) {
  // A page with a letter in a font that is not part of the document makes poppler look for fonts.
  static const char page[] =
      "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
      "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
      "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>"
      ">>>>endobj\n4 0 obj<</Length 31>>stream\nBT /F 9 Tf 0 0 Td (a) Tj ET    \nendstream endobj\n"
      "5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
      "trailer<</Root 1 0 R/Size 6>>\n";
  try {
    listen();
    // On this thread: a process that confines itself should have no other ones.
    auto job = std::make_shared<Job>();
    job->bytes.assign(page, page + sizeof page - 1);
    job->page = 0;
    job->longest = 9;
    job->most_pixels = 81;
    Silence silence;
    work(job);
    std::free(job->result.pixels);
  } catch (...) {
    // Then a document will find out.
  }
}
