#include "CPoppler.h"

#include <atomic>
#include <chrono>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <thread>

#include "Apart.hpp"
#include "Job.hpp"

namespace {

std::atomic<int> left_over{0};

void work(const std::shared_ptr<Job> &job) {
  struct ill_pdf result = told_by(*job);
  std::lock_guard<std::mutex> guard(job->lock);
  if (job->is_abandoned) {
    left_over--;
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

}  // namespace


extern "C" struct ill_pdf ill_pdf_read(const uint8_t *bytes, size_t count, int page, int longest,
                                       int64_t most_pixels, int seconds) {
  if (!bytes || count == 0 || count > INT_MAX || longest < 1 || most_pixels < 1) {
    return failed(ill_pdf_damaged);
  }
  try {
    listen_to_poppler();
    auto job = std::make_shared<Job>();
    job->bytes.assign(bytes, bytes + count);
    job->page = page;
    job->longest = longest;
    job->most_pixels = most_pixels;
    struct ill_pdf apart = {};
    if (read_apart(*job, seconds, apart)) return apart;
    // A process that confines itself may not start others; the daemon ends it where it hangs.
    ill_silence_begin();
    std::thread(work, job).detach();
    std::unique_lock<std::mutex> guard(job->lock);
    if (job->finished.wait_for(guard, std::chrono::seconds(seconds), [&] { return job->is_done; })) {
      ill_silence_end();
      return job->result;
    }
    job->is_abandoned = true;
    left_over++;
    ill_silence_end();
    return failed(ill_pdf_too_slow);
  } catch (...) {
    return failed(ill_pdf_no_memory);
  }
}

extern "C" int ill_pdf_left_over(void) { return left_over; }

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
    listen_to_poppler();
    // On this thread: a process that confines itself should have no other ones.
    auto job = std::make_shared<Job>();
    job->bytes.assign(page, page + sizeof page - 1);
    job->page = 0;
    job->longest = 9;
    job->most_pixels = 81;
    ill_silence_begin();
    work(job);
    ill_silence_end();
    std::free(job->result.pixels);
  } catch (...) {
    // Then a document will find out.
  }
}
