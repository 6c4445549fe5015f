#include "CPoppler.h"

#include <cstdio>
#include <mutex>
#include <utility>

namespace {

std::mutex lock;
int count = 0;

void swap_errors() {
#ifdef __GLIBC__
  // A stream without a file, because a confined process may not open one.
  static FILE *other = fopencookie(
      nullptr, "w",
      {nullptr, [](void *, const char *, size_t size) { return static_cast<ssize_t>(size); },
       nullptr, nullptr});
  if (other) std::swap(stderr, other);
#endif
}

}  // namespace

extern "C" void ill_silence_begin(void) {
  std::lock_guard<std::mutex> guard(lock);
  if (count++ == 0) swap_errors();
}

extern "C" void ill_silence_end(void) {
  std::lock_guard<std::mutex> guard(lock);
  if (--count == 0) swap_errors();
}
