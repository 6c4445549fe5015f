#include "Apart.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <thread>

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/// The memory that drawing a page may take.
constexpr rlim_t most_bytes = rlim_t(1) << 30;

/// The bytes of data that this process has now; 0 where the kernel does not say.
rlim_t data_now() {
  unsigned long long fields[6] = {};
  FILE *file = std::fopen("/proc/self/statm", "re");
  if (!file) return 0;
  int count = std::fscanf(file, "%llu %llu %llu %llu %llu %llu", &fields[0], &fields[1], &fields[2],
                          &fields[3], &fields[4], &fields[5]);
  std::fclose(file);
  return count == 6 ? fields[5] * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) : 0;
}

/// What the process that draws tells.
struct Told {
  std::atomic<bool> is_done;
  struct ill_pdf result;
};

/// The process that draws: it prints nothing, has bounds, and ends with its parent.
[[noreturn]] void draw_apart(const Job &job, Told *told, uint8_t *pixels, size_t room, int seconds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int number : {SIGINT, SIGTERM, SIGABRT, SIGSEGV, SIGXCPU}) signal(number, SIG_DFL);
  int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) {
    dup2(nowhere, 1);
    dup2(nowhere, 2);
  }
  rlimit limit = {0, 0};
  setrlimit(RLIMIT_CORE, &limit);
  limit.rlim_cur = limit.rlim_max = static_cast<rlim_t>(seconds) + 1;
  setrlimit(RLIMIT_CPU, &limit);
  if (rlim_t now = data_now()) {
    limit.rlim_cur = limit.rlim_max = now + most_bytes;
    setrlimit(RLIMIT_DATA, &limit);
  }
  struct ill_pdf result = told_by(job);
  if (result.pixels) {
    size_t count = static_cast<size_t>(result.width) * static_cast<size_t>(result.height) * 3;
    if (count > room) _exit(1);
    std::memcpy(pixels, result.pixels, count);
  }
  told->result = result;
  told->is_done = true;
  _exit(0);
}

/// Waits for a process; ends it where it takes longer than `seconds`. Returns whether it ended itself.
bool wait_for(pid_t process, int seconds) {
  auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  auto pause = std::chrono::microseconds(500);
  while (std::chrono::steady_clock::now() < end) {
    pid_t ended = waitpid(process, nullptr, WNOHANG);
    if (ended == process || (ended < 0 && errno != EINTR)) return true;
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(20000));
  }
  kill(process, SIGKILL);
  while (waitpid(process, nullptr, 0) < 0 && errno == EINTR) continue;
  return false;
}

}  // namespace

bool read_apart(const Job &job, int seconds, struct ill_pdf &result) {
  size_t side = static_cast<size_t>(job.longest) + 2;
  size_t room = job.page < 0 ? 0 : side * side * 3;
  size_t count = sizeof(Told) + room;
  void *shared = mmap(nullptr, count, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return false;
  auto *told = new (shared) Told{};
  auto *pixels = static_cast<uint8_t *>(shared) + sizeof(Told);
  pid_t process = fork();
  if (process == 0) draw_apart(job, told, pixels, room, seconds);
  if (process > 0) {
    bool is_in_time = wait_for(process, seconds);
    if (told->is_done) {
      result = told->result;
    } else if (is_in_time) {
      result.state = ill_pdf_ended;
    } else {
      result.state = ill_pdf_too_slow;
    }
    if (result.pixels) {
      size_t bytes = static_cast<size_t>(result.width) * static_cast<size_t>(result.height) * 3;
      result.pixels = static_cast<uint8_t *>(std::malloc(bytes));
      if (result.pixels) {
        std::memcpy(result.pixels, pixels, bytes);
      } else {
        result.state = ill_pdf_no_memory;
      }
    }
  }
  munmap(shared, count);
  return process > 0;
}
