// What is asked of a document, and how it is answered on the thread that asks.
#ifndef ILLAVA_CPOPPLER_JOB_HPP
#define ILLAVA_CPOPPLER_JOB_HPP

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "CPoppler.h"

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

/// Reads a document and draws its page; never throws.
struct ill_pdf told_by(const Job &job);

/// Sends poppler's messages to the thread that reads, once for the whole process.
void listen_to_poppler();

#endif
