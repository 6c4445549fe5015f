import CKernels
import Diagnostics
import Synchronization

/// Measures how fast memory can be read, which limits the speed of decode.
public enum MemoryBenchmark {
  /// The bytes read in a measurement: far more than caches hold.
  private static let bytes = 256 << 20
  /// The bytes that one task reads.
  private static let taskBytes = 1 << 20

  /// GB/s that all threads read together, the median of several runs.
  ///
  /// - Throws: `compute.no-memory`.
  public static func readBandwidth(
    repetitions: Int = 5, threads: ThreadTeam
  ) throws(Failure) -> Double {
    // On huge pages, like packed weights.
    let memory = try PackedMemory(bytes: bytes)
    let words = taskBytes / MemoryLayout<UInt64>.stride
    let base = memory.base.bindMemory(to: UInt64.self, capacity: bytes / taskBytes * words)
    // Pages that were never written to all map to a single page of zeros.
    threads.forEach(bytes / taskBytes) { task, _ in
      (base + task * words).initialize(repeating: 1, count: words)
    }
    let clock = ContinuousClock()
    let sum = Atomic<UInt64>(0)
    var seconds: [Double] = []
    for _ in 0..<max(1, repetitions) {
      let start = clock.now
      threads.forEach(bytes / taskBytes) { task, _ in
        let part = illava_sum_words(base + task * words, words)
        // The sum is used so that the compiler cannot remove the reads.
        sum.wrappingAdd(part, ordering: .relaxed)
      }
      seconds.append((clock.now - start) / .seconds(1))
    }
    return 1e-9 * Double(bytes) / seconds.sorted()[seconds.count / 2]
  }
}
