// Reading a document in a process of its own.
#ifndef ILLAVA_CPOPPLER_APART_HPP
#define ILLAVA_CPOPPLER_APART_HPP

#include "Job.hpp"

/// Reads a document in a process of its own, so that neither a crash nor a page without end nor one that
/// takes all memory does harm. Returns false where no process can be started.
bool read_apart(const Job &job, int seconds, struct ill_pdf &result);

#endif
