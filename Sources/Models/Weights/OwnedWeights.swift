import Compute
import Diagnostics

@preconcurrency import Glibc

/// A tensor in memory of its own, for weights that are not in a mapped file.
final class OwnedWeights: @unchecked Sendable {
  // Unchecked: filled before it is shared, read-only afterwards.

  let base: UnsafeMutableRawPointer
  private let bytes: Int
  private let shape: [Int]
  private let elementType: ElementType

  init(shape: [Int], elementType: ElementType) throws(Failure) {
    var bytes = elementType.size
    for extent in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: extent)
      guard extent > 0, !overflow, product < 1 << 46 else {
        throw Failure(
          .modelUnusable, code: .modelTensorTooLarge,
          "a tensor of \(shape) is larger than any memory")
      }
      bytes = product
    }
    guard
      let memory = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      memory != MAP_FAILED
    else {
      throw Failure(
        .outOfMemory, code: .modelNoMemory, "no memory for \(bytes >> 20) MiB of weights",
        remedy: "Use a smaller model or free some memory.")
    }
    self.shape = shape
    self.elementType = elementType
    self.bytes = bytes
    base = memory
  }

  deinit { munmap(base, bytes) }

  var storage: WeightStorage {
    WeightStorage(shape: shape, elementType: elementType, base: base, owner: self)
  }
}
