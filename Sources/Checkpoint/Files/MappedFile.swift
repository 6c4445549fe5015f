@preconcurrency import Glibc

import Diagnostics

/// A whole file mapped for reading, unmapped with the last reference.
///
/// The kernel reads pages when they are first touched and may drop them again, so a checkpoint larger
/// than the free memory can still be opened. If another program shortens the file afterwards, the
/// process ends with SIGBUS.
final class MappedFile: @unchecked Sendable {
  // Unchecked: the pages are mapped without the right to write and never remapped.

  let path: String
  let bytes: UnsafeRawBufferPointer

  init(path: String) throws(Failure) {
    let file = try RegularFile(path: path)
    self.path = path
    guard file.size > 0 else {
      // mmap refuses a length of zero.
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let start = mmap(nil, file.size, PROT_READ, MAP_PRIVATE, file.descriptor, 0)
    guard start != MAP_FAILED, let start else {
      let code = errno
      let kind: Failure.Kind = code == ENOMEM ? .outOfMemory : .modelUnusable
      throw Failure(
        kind, code: .checkpointMapFailed,
        "\(path): mapping \(file.size) bytes: \(String(cString: strerror(code)))",
        remedy: code == ENOMEM
          ? "Raise the limit on address space (ulimit -v)."
          : "Copy the file to a local disk that supports memory mapping.")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: file.size)
  }

  deinit {
    guard let base = bytes.baseAddress else { return }
    munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
  }

  /// Asks the kernel to read the file ahead of its use; a hint that cannot fail.
  func prefetch() {
    guard let base = bytes.baseAddress else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: base), bytes.count, MADV_WILLNEED)
  }

  /// Releases the pages that lie completely within `range` (bytes of the file); they are read again if
  /// they are touched again.
  func discard(_ range: Range<Int>) {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    guard page > 0, let base = bytes.baseAddress,
      range.lowerBound >= 0, range.upperBound <= bytes.count
    else { return }
    let first = (range.lowerBound + page - 1) / page * page
    // Nothing but the file lies in its last page.
    let end = range.upperBound == bytes.count ? bytes.count : range.upperBound / page * page
    guard first < end else { return }
    _ = madvise(UnsafeMutableRawPointer(mutating: base + first), end - first, MADV_DONTNEED)
  }
}
